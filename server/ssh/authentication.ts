/**
 * Who we say we are, in which order: nothing (to hear what the host takes; OpenSSH does not count it), the key, then
 * the password by one method and once. Devices lock accounts out, so no secret is ever sent a second time.
 */
import type { AnyAuthMethod, KeyboardInteractiveCallback, ParsedKey, Prompt } from 'ssh2';
import { SshError } from './errors.js';
import { plainNames } from './text.js';

type Method = 'none' | 'publickey' | 'password' | 'keyboard-interactive';

const PASSWORD_PROMPT = /passw(?:or[dt])?\b|kennwort|mot de passe|contraseña|senha|пароль|パスワード|密码|密碼/iu;
const OTHER_SECRET = /one[- ]?time|\botp\b|\bnew\b|token|passcode|verification|challenge/iu;
const LOCKED = /\baccount\b(?: (?:is|has been|was))?(?: \w+)? locked\b|\blocked out\b/iu;

/** Whether the host's own words say that the account is locked. */
export function saysLocked(text: string): boolean {
  return LOCKED.test(text);
}

/** Whether these prompts ask for the password and nothing else. */
export function asksForPassword(prompts: readonly Prompt[]): boolean {
  const [only] = prompts;
  if (prompts.length !== 1 || only === undefined || only.echo === true) return false;
  return PASSWORD_PROMPT.test(only.prompt) && !OTHER_SECRET.test(only.prompt);
}

export interface Identity {
  username: string;
  key: ParsedKey | null;
  password: string | null;
}

export class Authentication {
  readonly #identity: Identity;
  readonly #refuse: (error: SshError) => void;
  readonly #tried: Method[] = [];
  readonly #passed: Method[] = [];
  #takes: string[] = [];
  #passwordSent = false;
  #locked = false;

  /** `refuse` ends the session; it is called where there is nothing left to try. */
  constructor(identity: Identity, refuse: (error: SshError) => void) {
    this.#identity = identity;
    this.#refuse = refuse;
  }

  /** Whether the password went out: from then on nobody may try again without a person. */
  get passwordSent(): boolean {
    return this.#passwordSent;
  }

  /** Whether a key or the password went out. */
  get credentialSent(): boolean {
    return this.#passwordSent || this.#tried.includes('publickey');
  }

  /** Whether the host said that the account is locked. */
  get locked(): boolean {
    return this.#locked;
  }

  /** The methods that let us in, in order. */
  get method(): string {
    return [...this.#passed, this.#tried.at(-1)].join(',');
  }

  /** What the host says meanwhile can tell why it refuses. */
  hear(text: string): void {
    this.#locked ||= saysLocked(text);
  }

  /** The host wants a new password instead of letting us in. */
  expire(): void {
    this.#refuse(new SshError('SSH_PASSWORD_EXPIRED'));
  }

  /** Answers ssh2: what to try next; null after it refused. `takes` is null before the first answer of the host. */
  next(takes: readonly string[] | null, partialSuccess: boolean | null): AnyAuthMethod | null {
    const { username } = this.#identity;
    if (takes === null) return this.#try({ type: 'none', username });
    const last = this.#tried.at(-1);
    if (partialSuccess === true && last !== undefined) this.#passed.push(last);
    this.#takes = plainNames(takes, 8);
    const next = this.#nextMethod();
    if (next) return this.#try(next);
    this.#refuse(this.#refusal());
    return null;
  }

  #try(method: AnyAuthMethod): AnyAuthMethod {
    this.#tried.push(method.type as Method);
    return method;
  }

  #nextMethod(): AnyAuthMethod | null {
    const { username, key, password } = this.#identity;
    const open = (method: Method) => this.#takes.includes(method) && !this.#tried.includes(method);
    if (key && open('publickey')) return { type: 'publickey', username, key };
    if (password === null || this.#passwordSent || this.#locked) return null;
    if (open('password')) {
      this.#passwordSent = true;
      return { type: 'password', username, password };
    }
    if (!open('keyboard-interactive')) return null;
    return {
      type: 'keyboard-interactive',
      username,
      prompt: (...asked) => this.#answer(password, ...asked),
    };
  }

  #answer(
    password: string,
    name: string,
    instructions: string,
    _language: string,
    prompts: Prompt[],
    finish: KeyboardInteractiveCallback,
  ): void {
    this.hear([name, instructions, ...prompts.map(({ prompt }) => prompt)].join('\n'));
    if (this.#locked || this.#passwordSent) return this.#refuse(this.#refusal());
    if (!asksForPassword(prompts)) return this.#refuse(this.#asksForMore());
    this.#passwordSent = true;
    finish([password]);
  }

  #asksForMore(): SshError {
    return new SshError('SSH_AUTH_REFUSED', 'The host asks for something else than a password; nothing was sent.', {
      hint: 'Use an account that signs in by password or key alone, without a second factor.',
    });
  }

  #refusal(): SshError {
    if (this.#locked) return new SshError('SSH_ACCOUNT_LOCKED');
    const takes = this.#takes.join(', ') || 'nothing';
    if (this.#passed.length > 0)
      return new SshError(
        'SSH_AUTH_REFUSED',
        `The host accepted ${this.#passed.join(' and ')} and then wants more: ${takes}.`,
        { hint: 'Give the connection both the key and the password that the host asks for.' },
      );
    return new SshError('SSH_AUTH_REFUSED', `${this.#refusedSentence()} The host takes: ${takes}.`);
  }

  #refusedSentence(): string {
    const { username, key, password } = this.#identity;
    const sent = [
      ...(this.#tried.includes('publickey') ? ['the private key'] : []),
      ...(this.#passwordSent ? ['the password'] : []),
    ];
    if (sent.length > 0) return `The host refused ${sent.join(' and ')} of ${username}.`;
    const held = [...(key ? ['a private key'] : []), ...(password === null ? [] : ['a password'])];
    return `The host takes no credential that the connection holds (${held.join(' and ')}).`;
  }
}
