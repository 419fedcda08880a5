/** A session as the console keeps it, with a token that ends soon. */
import Jwt from '@hapi/jwt';
import { until } from '../peers/house.js';
import { JWT_SECRET } from './site.js';

const SECONDS = 10;

export interface ShortLived {
  text: string;
  /** Resolves when the token has ended. */
  ended(): Promise<void>;
}

/** The same user's, with the same claims but the end. */
export function shortLived(text: string): ShortLived {
  const session = JSON.parse(text) as { token: string };
  const claims = JSON.parse(Buffer.from(session.token.split('.')[1] ?? '', 'base64url').toString()) as object;
  const exp = Math.floor(Date.now() / 1000) + SECONDS;
  const token = Jwt.token.generate({ ...claims, exp }, { key: JWT_SECRET, algorithm: 'HS256' });
  const expiresAt = new Date(exp * 1000).toISOString();
  const now = () => Promise.resolve(Date.now());
  return {
    text: JSON.stringify({ ...session, token, expiresAt }),
    ended: async () => void (await until(now, (at) => at > (exp + 1) * 1000)),
  };
}
