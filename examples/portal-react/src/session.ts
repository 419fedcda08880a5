/** The portal's own sign-in, and its way to a token for the elements. */
import type { FetchToken, Token } from 'signalbox/client';

const post = (path: string, body = ''): Promise<Response> => fetch(path, { method: 'POST', body });

/** The signed-in user's name; null: nobody is. */
export async function whoIsIt(): Promise<string | null> {
  const answer = await fetch('/me');
  return answer.ok ? ((await answer.json()) as { name: string }).name : null;
}

export const signIn = async (name: string): Promise<boolean> => (await post('/sign-in', name)).ok;
export const signOut = async (): Promise<void> => void (await post('/sign-out'));

/** Null: nobody is signed in. Anything else that goes wrong is tried again by the elements. */
export const fetchToken: FetchToken = async () => {
  const answer = await post('/signalbox-token');
  if (answer.status === 401) return null;
  if (!answer.ok) throw new TypeError(`The portal gave no token: ${answer.status}`);
  return (await answer.json()) as Token;
};
