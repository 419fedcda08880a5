/** What a connection is: how to log in and what can be done there. Types only. */
import type { ObjectSchema } from 'joi';
import type { ConnectionTarget } from '../connections/contract.js';
import type { JsonObject, LogStream } from '../operations/contract.js';
import type { SshSession } from '../ssh/contract.js';

export interface PlatformRun {
  signal: AbortSignal;
  log(text: string, stream?: LogStream): void;
}

/** What a session proved to be able to do once it was authenticated. */
export interface Readiness {
  /** `exec`: a command ran; `prompt`: a shell's prompt was seen. */
  how: 'exec' | 'prompt';
  /** What the machine says of itself, one line; null where it says nothing. */
  system: string | null;
}

/** A service as the machine itself lists it. */
export interface ListedService {
  name: string;
  /** The machine's own word: STARTED, STOPPING, active, failed, … */
  state: string;
  /** Why, where the machine says so: “Commanded Out of Service”. */
  reason: string | null;
}

/**
 * The parts of a restart, in order; a platform enters those that it can tell apart. From `stopping` on the command has
 * been, or may have been, sent, and nobody can cancel any more.
 */
export type RestartPhase = 'connect' | 'check' | 'stopping' | 'starting' | 'prove';

/** Why a restart ended badly; the operation type adds the hint. */
export type RestartFailure =
  /** The machine knows no service of this name. */
  | 'SERVICE_UNKNOWN'
  /** Somebody else's restart of it is under way: nothing was sent. */
  | 'SERVICE_IN_TRANSITION'
  /** The account may not restart it. */
  | 'SERVICE_NOT_PERMITTED'
  /** The machine refused the command, or it ended with a failure; its own words are in the message. */
  | 'SERVICE_RESTART_FAILED'
  /** The command was given, and the service did not come back; also where the deadline passed. */
  | 'SERVICE_NOT_STARTED'
  /** It says that it runs, but what it serves cannot be reached. */
  | 'SERVICE_NOT_SERVING'
  /** The connection lacks a setting that this platform needs. */
  | 'SERVICE_SETTINGS_MISSING'
  /** The command may have been sent, and whether the service was restarted can no longer be told. */
  | 'OP_OUTCOME_UNKNOWN';

/** What was stored durably before the command was sent, and what has been seen since. */
export interface SentRestart {
  /** When it was about to be sent; UTC, ISO 8601. */
  at: string;
  /** What the platform found before: main process, timestamps, the list's state. */
  before: JsonObject;
  /** What has been seen since, so that a new owner knows as much: `{state: "STOPPING"}`. */
  seen: JsonObject;
}

/** What a platform works with while it restarts one service. */
export interface RestartRun extends PlatformRun {
  readonly connection: ConnectionTarget;
  /** Matches the platform's `servicePattern`, and is the default or one of the connection's services. */
  readonly service: string;
  /** Non-null: the command has been sent, or may have been, by a run that was lost. Then look; never send. */
  readonly sent: SentRestart | null;
  /** Opens a session, each time a new one; the platform closes it. Rejects with an SshError. */
  open(signal: AbortSignal): Promise<SshSession>;
  /**
   * Enters a phase. Phases come in their order, may be left out, never come twice. The signal is the run's own;
   * `log` lines, `message` and failures belong to the phase.
   */
  phase<T>(phase: RestartPhase, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** The sentence that people see beneath the phase. */
  message(text: string): void;
  /**
   * Must have resolved before the first byte of the command is sent, inside a phase from `stopping` on: then it is durable
   * that the command may have been sent. Throws where somebody has cancelled, or where it was called before.
   */
  aboutToSend(before: JsonObject): Promise<void>;
  /** Adds to what has been seen since; durable when it resolves. */
  saw(seen: JsonObject): Promise<void>;
  /** Ends the restart as failed. `detail` goes into the result: output tail, journal tail, last states. */
  fail(code: RestartFailure, message: string, detail?: JsonObject): never;
}

/** How a restart was proven, as the result shows it. */
export interface RestartProof {
  /** The machine's own word for the state at the end. */
  state: string;
  /** By what: `list`, `list+tls`, `main_pid`, `exit_code+port`, … */
  how: string;
  /** What backs it: process ids, timestamps, certificate, the states seen. */
  evidence: JsonObject;
}

/** Why a certificate could not be asked for or installed; the operation type adds the hint. */
export type InstallFailure =
  /** The connection's certificate settings lack something that this platform needs. */
  | 'INSTALL_SETTINGS_MISSING'
  /** The account may not do this: 401, sudo refused, permission denied. */
  | 'INSTALL_NOT_PERMITTED'
  /** The machine's own TLS is neither verified nor pinned; its fingerprint is in the message. */
  | 'INSTALL_TLS_UNTRUSTED'
  /** The machine does not know the CA. */
  | 'INSTALL_CA_MISSING'
  /** The certificate does not belong to the request that the machine holds: another was made meanwhile. */
  | 'INSTALL_STALE_CSR'
  /** The names of request and certificate differ. */
  | 'INSTALL_NAMES_DIFFER'
  | 'INSTALL_DISK_FULL'
  /** The machine's own check refused the new files; the old ones are back. */
  | 'INSTALL_TEST_FAILED'
  /** The reload failed; the old files are back. */
  | 'INSTALL_RELOAD_FAILED'
  /** The machine can't be reached, or does not answer in time. */
  | 'INSTALL_UNREACHABLE'
  /** Anything else, in the machine's own words. */
  | 'INSTALL_FAILED';

/** What a platform works with for a certificate. */
export interface CertificateRun extends PlatformRun {
  readonly connection: ConnectionTarget;
  /** What the platform's `certificate.settings` describes, completed. */
  readonly install: JsonObject;
  /** SHA-256 fingerprints (`AA:BB:…`) of certificates that we know to be this machine's own. */
  readonly knownFingerprints: string[];
  /** Opens a session, each time a new one; the platform closes it. Rejects with an SshError. */
  open(signal: AbortSignal): Promise<SshSession>;
  /** The connection's login, for interfaces that are not SSH. */
  login(): Promise<{ username: string; password: string | null }>;
  /** The sentence that people see beneath the step. */
  message(text: string): void;
  /** Ends the operation as failed. `detail` goes into the result. */
  fail(code: InstallFailure, message: string, detail?: JsonObject): never;
}

export interface CsrWish {
  names: string[];
  rsaBits: 2048 | 3072 | 4096 | null;
}

export interface InstallRun extends CertificateRun {
  readonly certificate: {
    /** Unique for this certificate and the same on every try: for temporary names. */
    id: string;
    leafPem: string;
    /** The intermediates, and the root where the CA sent it. */
    chainPems: string[];
    /** Null where the machine made the key. */
    keyPem: string | null;
    /** PEM of the roots that the chain ends in, where they are known. */
    rootPems: string[];
    serialNumber: string;
  };
  /**
   * Whether every endpoint serves the new certificate now (looked at for some seconds, through the reload race). For a
   * platform that reloads by itself, and takes back what it installed where the new certificate is not served.
   */
  served(signal: AbortSignal): Promise<{ served: boolean; instead: string }>;
}

/** What was done, as the result shows it. */
export interface InstallReport {
  /** One line for people. */
  summary: string;
  detail: JsonObject;
}

/** What a platform says of its certificates. */
export interface PlatformCertificate {
  keyBy: 'device' | 'signalbox';
  /** Where it is served by default. */
  ports: number[];
  /** The service that has to be restarted (by service_restart) until it is served; null where the install reloads. */
  restartService: string | null;
  /** Describes `certificate.install` of a connection, a default for each key; an admin writes them. */
  settings?: ObjectSchema;
}

/** What a folder of plugins/platforms hands to `server.platform()`: a small required part and optional capabilities. */
export interface Platform {
  /** The word in the column `platform` and the folder's name. */
  name: string;
  title: string;
  defaultPort: number;
  /** The service that a restart without params restarts; null: the first one of the connection's own list. */
  defaultService: string | null;
  /** What a service's name looks like here; nothing else reaches a command line. Required with `restartService`. */
  servicePattern?: RegExp;
  /** How long a restart usually takes here, in ms, until the connection's own history says better. Default: 60,000. */
  restartDurationMs?: number;
  /** Describes the connection's `platformSettings`, with a default for each; without it there are none. */
  settings?: ObjectSchema;
  /** True where only an admin may write the settings: what they hold runs on the machine as it stands. */
  settingsByAdmin?: boolean;
  /** Proves that the authenticated session takes commands. */
  sshTest?(session: SshSession, run: PlatformRun): Promise<Readiness>;
  /** What the machine runs, as it says itself. */
  listServices?(session: SshSession, run: PlatformRun): Promise<ListedService[]>;
  /** Restarts one service and proves it; see `RestartRun`. */
  restartService?(run: RestartRun): Promise<RestartProof>;
  /** What is special about certificates here; required with `installCertificate`. */
  certificate?: PlatformCertificate;
  /** Lets the machine make a key and answers with its CSR (PEM); the key never leaves. Required where it makes the key. */
  makeCsr?(run: CertificateRun, wish: CsrWish): Promise<string>;
  /** Puts the certificate in place; may be called again with the same one after a failure or a crash. */
  installCertificate?(run: InstallRun): Promise<InstallReport>;
  /** Looks whether login and rights suffice, and changes nothing; answers with one line for people. */
  checkInstall?(run: CertificateRun): Promise<string>;
  /** Places `content` as file `token` beneath /.well-known/acme-challenge/ on the host. */
  placeChallenge?(run: CertificateRun, token: string, content: string): Promise<void>;
  /** Takes it away; harmless where it is gone. */
  removeChallenge?(run: CertificateRun, token: string): Promise<void>;
}
