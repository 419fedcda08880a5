/**
 * The certificate REST of an appliance (developer.cisco.com/docs/certificate-management; CUCM, IM&P, CUC and CER from release 14):
 * its calls, with the patience that a restarting Tomcat needs. What cannot be mended ends the run by `run.fail`.
 */
import type { CertificateRun } from '../../../../server/platforms/contract.js';
import { Backoff } from '../../../../server/ssh/backoff.js';
import { Deadline } from '../../../../server/ssh/deadline.js';
import type { World } from '../world.js';
import { exchange, type Answer, type Call } from './exchange.js';
import { openLink } from './link.js';
import { refusalOf, type Purpose } from './refusal.js';
import { settingsOf, type InstallSettings } from './settings.js';
import { AnswerError, LinkError, UntrustedError } from './trouble.js';

const BASE = '/platformcom/api/v1/certmgr/config';
/** How often a change is sent where each time its answer is lost. */
const MOST_SENDS = 3;

export interface CertmgrOptions {
  /** Certificates that are this machine's own beside those that the run knows. */
  fingerprints?: string[];
  patienceMs?: number;
}

type Asked = Call & { purpose: Purpose };

export interface Change {
  purpose: Exclude<Purpose, 'read'>;
  path: string;
  body: object;
}

/** A call that ended without a usable answer. */
interface Setback {
  /** One sentence. */
  why: string;
  /** Whether it may have been carried out all the same. */
  maySent: boolean;
  /** Whether another try can help. */
  passing: boolean;
}

const BUSY = [502, 503, 504];

export class Certmgr {
  readonly #run: CertificateRun;
  readonly #world: World;
  readonly #settings: InstallSettings;
  readonly #fingerprints: ReadonlySet<string>;
  readonly #authorization: string;
  readonly #patienceMs: number;

  private constructor(run: CertificateRun, world: World, authorization: string, options: CertmgrOptions) {
    this.#run = run;
    this.#world = world;
    this.#authorization = authorization;
    this.#settings = settingsOf(run);
    this.#patienceMs = options.patienceMs ?? world.certmgr.patienceMs;
    const known = [this.#settings.tlsFingerprint, ...run.knownFingerprints, ...(options.fingerprints ?? [])];
    this.#fingerprints = new Set(known.filter((one) => one !== null).map((one) => one.toUpperCase()));
  }

  /** Sends nothing yet. */
  static async open(run: CertificateRun, world: World, options: CertmgrOptions = {}): Promise<Certmgr> {
    const { username, password } = await run.login();
    if (password === null)
      run.fail(
        'INSTALL_SETTINGS_MISSING',
        'The certificate interface takes a password only, and the connection has none.',
      );
    const basic = Buffer.from(`${username}:${password}`).toString('base64');
    return new Certmgr(run, world, `Basic ${basic}`, options);
  }

  /** The answer, whatever its status, except where the login was refused or nobody answers at all. */
  get(path: string): Promise<Answer> {
    return this.#persist({ method: 'GET', path, purpose: 'read' }, () => Promise.resolve(null));
  }

  /** The JSON of a 2xx answer. */
  async read(path: string): Promise<unknown> {
    const answer = await this.get(path);
    if (!isFine(answer)) this.refuse('read', answer);
    return this.json(answer);
  }

  /**
   * Sends a change. Where its answer is lost, `settled` looks whether it was carried out: it answers with what `post` shall
   * answer then, or with null where it was not and may be sent again.
   */
  post(change: Change, settled: () => Promise<Answer | null>): Promise<Answer> {
    return this.#persist({ method: 'POST', ...change }, settled);
  }

  json({ text }: Answer): unknown {
    try {
      return JSON.parse(text);
    } catch {
      // What was sent instead helps nobody: most likely the page of another web server.
      this.#run.fail('INSTALL_FAILED', `${this.#host} answered with something else than JSON.`);
    }
  }

  /** Ends the run with what the refusal means. */
  refuse(purpose: Purpose, answer: Answer): never {
    const { code, message } = refusalOf(purpose, answer, this.#host);
    this.#run.fail(code, message, { status: answer.status });
  }

  get #host(): string {
    return this.#run.connection.hostname;
  }

  async #persist(call: Asked, settled: () => Promise<Answer | null>): Promise<Answer> {
    const { firstRetryMs: firstMs, mostRetryMs: mostMs } = this.#world.certmgr;
    const backoff = new Backoff({ firstMs, mostMs });
    const deadline = new Deadline(this.#patienceMs);
    for (let sends = 0; ;) {
      const result = await this.#attempt(call);
      if ('status' in result) return result;
      if (result.maySent) {
        sends += 1;
        const answer = await settled();
        if (answer) return answer;
      }
      const spent = call.method === 'POST' && sends === MOST_SENDS;
      if (!result.passing || spent || deadline.passed) this.#run.fail('INSTALL_UNREACHABLE', result.why);
      this.#run.log(`${result.why} Trying again.`, 'note');
      this.#run.message('The certificate interface does not answer yet');
      await this.#world.sleep(backoff.nextMs(), this.#run.signal);
    }
  }

  async #attempt(call: Asked): Promise<Answer | Setback> {
    const what = `${call.method} ${call.path}`;
    try {
      const answer = await this.#call(call);
      if (answer.status === 401 || answer.status === 403) this.refuse(call.purpose, answer);
      if (!BUSY.includes(answer.status)) return answer;
      // Such an answer comes from a proxy before Tomcat, which may have handed the call on.
      return { why: `${this.#host} answered ${what} with ${answer.status}.`, maySent: true, passing: true };
    } catch (error) {
      if (error instanceof LinkError) return setbackOf(error);
      if (error instanceof UntrustedError) this.#distrust(error);
      if (error instanceof AnswerError) this.#run.fail('INSTALL_FAILED', error.message);
      throw error;
    }
  }

  async #call(call: Call): Promise<Answer> {
    const { connectTimeoutMs, readTimeoutMs, writeTimeoutMs } = this.#world.certmgr;
    const { certmgrPort: port, tlsRootsPem: rootsPem } = this.#settings;
    const { signal } = this.#run;
    const host = this.#host;
    const trust = { fingerprints: this.#fingerprints, rootsPem };
    const secure = await openLink({ host, port, trust, signal, timeoutMs: connectTimeoutMs });
    const timeoutMs = call.method === 'GET' ? readTimeoutMs : writeTimeoutMs;
    const options = { host, port, authorization: this.#authorization, signal, timeoutMs };
    const answer = await exchange(secure, { ...call, path: `${BASE}${call.path}` }, options);
    this.#run.log(`${call.method} ${call.path}: ${answer.status}`, 'note');
    return answer;
  }

  #distrust({ fingerprint256, subject, message: why }: UntrustedError): never {
    const shown = `${this.#host} shows a certificate that is neither pinned nor verified: ${why}. No password was sent.`;
    this.#run.fail('INSTALL_TLS_UNTRUSTED', `${shown} Its SHA-256 fingerprint is ${fingerprint256}.`, {
      fingerprint256,
      subject,
    });
  }
}

export const isFine = ({ status }: Answer): boolean => status >= 200 && status < 300;

function setbackOf({ trouble, message }: LinkError): Setback {
  const maySent = trouble === 'lost' || trouble === 'silent';
  // A call that is still at work behind the silence must not get company.
  return { why: message, maySent, passing: trouble === 'refused' || trouble === 'lost' };
}
