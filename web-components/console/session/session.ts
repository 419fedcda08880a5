import type { FetchToken, Problem } from '../../client/contract.js';

export type Role = 'viewer' | 'operator' | 'admin';

export interface User {
  username: string;
  role: Role;
}

export interface Signed {
  token: string;
  expiresAt: string;
  user: User;
}

const key = 'signalbox-session';

type Post = (path: string, body: unknown, token?: string) => Promise<Response>;

const post: Post = (path, body, token) =>
  fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });

/** What a refused sign-in answered, as a Problem. */
async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const text = (name: string): string | null => (typeof body[name] === 'string' ? body[name] : null);
  const seconds = Number(response.headers.get('retry-after'));
  return Object.assign(new Error(text('detail') ?? text('title') ?? 'Signalbox did not answer as expected.'), {
    status: response.status,
    code: text('code') ?? 'INTERNAL',
    hint: text('hint'),
    retryAfter: seconds > 0 ? seconds : null,
    body,
  });
}

/** Who is signed in, in this tab only: the token lives in sessionStorage and nowhere else. */
export class Session {
  get signed(): Signed | null {
    const text = sessionStorage.getItem(key);
    const signed = text ? (JSON.parse(text) as Signed) : null;
    return signed && Date.parse(signed.expiresAt) > Date.now() ? signed : null;
  }

  async signIn(username: string, password: string): Promise<Signed> {
    const response = await post('/auth/login', { username, password });
    if (!response.ok) throw await problemOf(response);
    return this.#keep((await response.json()) as Signed);
  }

  async signOut(): Promise<void> {
    const { signed } = this;
    this.forget();
    if (signed) await post('/auth/logout', {}, signed.token).catch(() => null);
  }

  forget(): void {
    sessionStorage.removeItem(key);
  }

  /** For the client: the kept token, a renewed one, or null where the server refused it. */
  readonly fetchToken: FetchToken = async ({ reason }) => {
    if (reason === 'rejected') this.forget();
    if (reason === 'refresh') await this.#renew();
    const { signed } = this;
    return signed && { token: signed.token, expiresAt: signed.expiresAt };
  };

  /** What a path answers, where that is text and not JSON; throws a Problem. */
  readonly text = async (path: string): Promise<string> => {
    const response = await fetch(path, { headers: { authorization: `Bearer ${this.signed?.token ?? ''}` } });
    if (!response.ok) throw await problemOf(response);
    return response.text();
  };

  /** A server that cannot be reached changes nothing; one that refuses ends the session. */
  async #renew(): Promise<void> {
    const { signed } = this;
    if (!signed) return;
    const response = await post('/auth/renew', {}, signed.token).catch(() => null);
    if (response?.ok) this.#keep({ ...signed, ...((await response.json()) as Partial<Signed>) });
    else if (response?.status === 401) this.forget();
  }

  #keep(signed: Signed): Signed {
    sessionStorage.setItem(key, JSON.stringify(signed));
    return signed;
  }
}
