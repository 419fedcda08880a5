/** The portal's backend: signs its users in, serves its page under a strict policy, and gets tokens for the elements in it. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { mintingAt } from './tokens.js';
import { users } from './users.js';

const { PORT = '8081', SIGNALBOX_URL: signalbox = 'http://127.0.0.1:3000', TOKEN_SECONDS = '600' } = process.env;
const { SIGNALBOX_USERNAME: username = 'portal', SIGNALBOX_PASSWORD: password = '' } = process.env;
const { PORTAL_URL: origin = `http://127.0.0.1:${PORT}` } = process.env;

const mint = mintingAt(signalbox, { username, password, origin, ttlSeconds: Number(TOKEN_SECONDS) });
/** Signed-in users by the value of their cookie. */
const sessions = new Map();
const integrity = (await (await fetch(`${signalbox}/elements/v1/integrity.json`)).json())['signalbox.js'];

const POLICY = [
  "default-src 'none'",
  `script-src 'self' ${signalbox}`,
  `connect-src 'self' ${signalbox} ${signalbox.replace('http', 'ws')}`,
  "style-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const FILES = {
  '/': ['public/index.html', 'text/html'],
  '/portal.css': ['public/portal.css', 'text/css'],
  '/portal.js': ['dist/portal.js', 'text/javascript'],
};

const json = (value) => ({
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify(value),
});

async function file(url) {
  const [path, type] = FILES[url];
  const content = await readFile(new URL(path, import.meta.url), 'utf8');
  const values = { signalbox, integrity };
  const body = type === 'text/html' ? content.replace(/\{\{(\w+)\}\}/g, (_, key) => values[key]) : content;
  return { headers: { 'content-type': type }, body };
}

/** Stands for your own sign-in: whoever knows a name is let in, so this one must never face a network. */
async function signIn(request) {
  let name = '';
  for await (const chunk of request) name += chunk;
  if (!Object.hasOwn(users, name)) return { status: 401 };
  const id = randomUUID();
  sessions.set(id, users[name]);
  return { status: 204, headers: { 'set-cookie': `kessler=${id}; Path=/; HttpOnly; SameSite=Strict` } };
}

async function answer(request) {
  const { method, url } = request;
  if (method === 'GET' && Object.hasOwn(FILES, url)) return file(url);
  if (method === 'POST' && url === '/sign-in') return signIn(request);
  const id = /(?:^|; )kessler=([^;]*)/.exec(request.headers.cookie ?? '')?.[1];
  const user = sessions.get(id);
  if (!user) return { status: 401 };
  if (method === 'GET' && url === '/me') return json({ name: user.name });
  if (method === 'POST' && url === '/signalbox-token') return json(await mint(user));
  if (method === 'POST' && url === '/sign-out') return { status: sessions.delete(id) ? 204 : 401 };
  return { status: 404 };
}

const server = createServer(async (request, response) => {
  const {
    status = 200,
    headers = {},
    body,
  } = await answer(request).catch((error) => {
    console.error(error.message);
    return { status: 502 };
  });
  response.writeHead(status, { 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff', ...headers });
  response.end(body);
});

server.listen(Number(PORT), '127.0.0.1', () => console.log(`The portal is at ${origin}`));
