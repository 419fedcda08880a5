/** Tokens for the elements, minted by the portal's own account at Signalbox, whose password never leaves this process. */
export function mintingAt(signalbox, { username, password, origin, ttlSeconds }) {
  let own = null;

  const post = (path, body, token) =>
    fetch(`${signalbox}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });

  async function signIn() {
    const answer = await post('/auth/login', { username, password });
    if (!answer.ok) throw new Error(`Signalbox refused the portal's account: ${answer.status}`);
    return (await answer.json()).token;
  }

  /** For these connections, types of operation (all, where none are named) and actions, for pages of this portal alone. */
  return async function mint({ connections, operations, actions }) {
    const scope = { connections, operations, actions, origins: [origin], ttlSeconds };
    own ??= await signIn();
    let answer = await post('/auth/embed-tokens', scope, own);
    if (answer.status === 401) {
      own = await signIn();
      answer = await post('/auth/embed-tokens', scope, own);
    }
    if (!answer.ok) throw new Error(`Signalbox minted no token: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
}
