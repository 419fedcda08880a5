/** What a connection is: how to log in and what can be done there. Types only. */
import type { SshSession } from '../ssh/contract.js';

export interface PlatformRun {
  signal: AbortSignal;
  log(text: string, stream?: 'out' | 'err' | 'in' | 'note'): void;
}

/** What a session proved to be able to do once it was authenticated. */
export interface Readiness {
  /** `exec`: a command ran; `prompt`: a shell's prompt was seen. */
  how: 'exec' | 'prompt';
  /** What the machine says of itself, one line; null where it says nothing. */
  system: string | null;
}

/** What a folder of plugins/platforms hands to `server.platform()`: a small required part and optional capabilities. */
export interface Platform {
  /** The word in the column `platform` and the folder's name. */
  name: string;
  title: string;
  defaultPort: number;
  /** The service that a restart without params restarts; null where there is none. */
  defaultService: string | null;
  /** Proves that the authenticated session takes commands. */
  sshTest?(session: SshSession, run: PlatformRun): Promise<Readiness>;
}
