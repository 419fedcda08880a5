/** The portal's backend: signs its users in, serves its pages under a strict policy, and gets tokens for the elements in them. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { URLSearchParams } from 'node:url';
import { mintingAt } from './tokens.js';
import { users } from './users.js';

const { PORT = '8080', SIGNALBOX_URL: signalbox = 'http://127.0.0.1:3000', TOKEN_SECONDS = '600' } = process.env;
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

const FILES = { '/portal.js': 'text/javascript', '/portal.css': 'text/css' };

async function page(name, user) {
  const html = await readFile(new URL(`public/${name}.html`, import.meta.url), 'utf8');
  const values = { signalbox, integrity, user: user?.name };
  return html.replace(/\{\{(\w+)\}\}/g, (_, key) => values[key]);
}

/** Stands for your own sign-in: whoever knows a name is let in, so this one must never face a network. */
async function signIn(request) {
  let form = '';
  for await (const chunk of request) form += chunk;
  const name = new URLSearchParams(form).get('name');
  const id = randomUUID();
  if (Object.hasOwn(users, name)) sessions.set(id, users[name]);
  return { status: 303, headers: { location: '/', 'set-cookie': `portal=${id}; HttpOnly; SameSite=Strict` } };
}

async function answer(request) {
  const { method, url } = request;
  const id = /(?:^|; )portal=([^;]*)/.exec(request.headers.cookie ?? '')?.[1];
  const user = sessions.get(id);
  if (method === 'POST' && url === '/sign-in') return signIn(request);
  if (method === 'POST' && url === '/sign-out') {
    sessions.delete(id);
    return { status: 303, headers: { location: '/' } };
  }
  if (method === 'POST' && url === '/signalbox-token') {
    if (!user) return { status: 401 };
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
    return { headers, body: JSON.stringify(await mint(user)) };
  }
  if (method !== 'GET') return { status: 405 };
  if (url === '/')
    return { headers: { 'content-type': 'text/html' }, body: await page(user ? 'index' : 'sign-in', user) };
  if (!FILES[url]) return { status: 404 };
  const body = await readFile(new URL(`public${url}`, import.meta.url));
  return { headers: { 'content-type': FILES[url] }, body };
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
