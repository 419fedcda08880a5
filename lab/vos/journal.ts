/** What the appliance was really given, for tests that must know. */
import { EventEmitter } from 'node:events';
import type { ServiceState, ServiceVerb } from './services.js';

/** A command that was carried out: which service, and when (milliseconds of the epoch). */
export interface AcceptedCommand {
  verb: ServiceVerb;
  service: string;
  at: number;
}

export interface Happenings {
  accepted: [AcceptedCommand];
  state: [service: string, state: ServiceState];
  /** The TLS port was opened or closed. */
  serving: [boolean];
  /** A complete line came at the prompt. */
  command: [line: string];
  /** Bytes came on a CLI, one character each. */
  received: [text: string];
  login: [];
  failedLogin: [];
  /** The number of open CLI sessions changed. */
  sessions: [number];
  /** The number of open TCP connections to the SSH port changed. */
  connections: [number];
}

export class Journal {
  readonly events = new EventEmitter<Happenings>();
  accepted: AcceptedCommand[] = [];
  commands: string[] = [];
  received = '';
  ctrlC = 0;
  logins = 0;
  failedLogins = 0;
  mostSessions = 0;
  /** Calls of the certificate REST with the right password: `POST /csr`. */
  calls: string[] = [];
  /** Keys and requests made. */
  csrs = 0;
  /** Uploads of an identity, refused ones too. */
  uploads = 0;
  /** Identities stored. */
  installs = 0;
  /** CA certificates uploaded, known ones too. */
  trusts = 0;

  accept(verb: ServiceVerb, service: string): void {
    const entry = { verb, service, at: Date.now() };
    this.accepted.push(entry);
    this.events.emit('accepted', entry);
  }

  receive(text: string): void {
    this.received += text;
    this.events.emit('received', text);
  }

  command(line: string): void {
    this.commands.push(line);
    this.events.emit('command', line);
  }

  login(): void {
    this.logins++;
    this.events.emit('login');
  }

  failedLogin(): void {
    this.failedLogins++;
    this.events.emit('failedLogin');
  }

  sessions(open: number): void {
    this.mostSessions = Math.max(this.mostSessions, open);
    this.events.emit('sessions', open);
  }

  reset(): void {
    this.accepted = [];
    this.commands = [];
    this.received = '';
    this.ctrlC = 0;
    this.logins = 0;
    this.failedLogins = 0;
    this.mostSessions = 0;
    this.calls = [];
    this.csrs = 0;
    this.uploads = 0;
    this.installs = 0;
    this.trusts = 0;
  }
}
