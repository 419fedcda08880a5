/** Who gets in: by password, by keyboard-interactive, or by either; three wrong passwords lock the account. */
import type { AuthContext, Connection } from 'ssh2';
import type { Journal } from './journal.js';
import type { Lockout } from './lockout.js';
import type { Settings } from './options.js';

/** As OpenSSH counts: more refusals than this end the connection. */
const MOST_TRIES = 6;

export interface SignInOptions {
  settings: Settings;
  lockout: Lockout;
  journal: Journal;
}

/** Answers the authentication requests of one connection. */
export function signIn(client: Connection, { settings, lockout, journal }: SignInOptions): void {
  const { auth, username, password } = settings;
  const methods: AuthMethod[] = auth === 'both' ? ['password', 'keyboard-interactive'] : [auth];
  let refusals = 0;

  const refuse = (request: AuthContext) => {
    if (request.method !== 'none' && ++refusals >= MOST_TRIES) client.end();
    else request.reject(methods);
  };
  const judge = (request: AuthContext, given: string | undefined) => {
    const isRight = request.username === username && given === password;
    if (isRight && !lockout.locked) {
      lockout.passed();
      journal.login();
      return request.accept();
    }
    journal.failedLogin();
    if (request.username === username && !lockout.locked) lockout.failed();
    refuse(request);
  };
  client.on('authentication', (request) => {
    const isOffered = methods.some((method) => method === request.method);
    if (isOffered && request.method === 'password') judge(request, request.password);
    else if (isOffered && request.method === 'keyboard-interactive')
      request.prompt([{ prompt: 'Password: ', echo: false }], (answers) => {
        // An aborted question comes back as an error.
        if (Array.isArray(answers)) judge(request, answers[0]);
      });
    else refuse(request);
  });
}

type AuthMethod = 'password' | 'keyboard-interactive';
