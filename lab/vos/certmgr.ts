/**
 * The certificate REST of a node (developer.cisco.com/docs/certificate-management): who may call, what goes wrong on the way.
 * The bodies of errors, /options, trackingId and the file names are guesses.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { CertmgrError } from './certmgr-error.js';
import { parseFields, type Fields } from './certmgr-fields.js';
import { certmgrRoutes, type Reply, type Route } from './certmgr-routes.js';
import type { VosNode } from './node.js';

const BASE = '/platformcom/api/v1/certmgr/config';
const MAX_BODY_BYTES = 1 << 20;
const REALM = { 'www-authenticate': 'Basic realm="CMPlatform Realm"' };

export function certmgr(node: VosNode): RequestListener {
  const desk = new Desk(node);
  return (request, response) => void desk.serve(request, response);
}

class Desk {
  readonly #node: VosNode;
  readonly #routes: Map<string, Route>;
  readonly #expected: string;

  constructor(node: VosNode) {
    const { username, password } = node.settings;
    this.#node = node;
    this.#routes = certmgrRoutes(node);
    this.#expected = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { faults } = this.#node;
    if (faults.rest_silent) return void request.resume();
    if (faults.rest_unavailable) return void response.writeHead(503).end('<h1>503 Service Unavailable</h1>');
    const isWrite = request.method === 'POST';
    if (isWrite && faults.rest_lost_request) {
      faults.rest_lost_request = false;
      return void request.socket.destroy();
    }
    const reply = await this.#answer(request).catch((error: unknown) => refusal(error, response));
    // A restart in the middle of a call: nobody is there any more to be told.
    if (reply === null || !response.socket?.writable) return;
    if (!isWrite || !faults.rest_lost_answer) return send(response, reply);
    faults.rest_lost_answer = false;
    request.socket.destroy();
  }

  async #answer(request: IncomingMessage): Promise<Reply> {
    if (request.headers.authorization !== this.#expected) throw new CertmgrError(401, 'Unauthorized');
    const url = new URL(request.url ?? '/', 'https://node');
    const call = `${request.method} ${url.pathname.startsWith(BASE) ? url.pathname.slice(BASE.length) : url.pathname}`;
    this.#node.journal.calls.push(call);
    const route = this.#routes.get(url.pathname.startsWith(BASE) ? call : '');
    if (!route) throw new CertmgrError(404, 'Not Found');
    if (request.method !== 'GET' && this.#node.faults.rest_read_only) throw new CertmgrError(403, 'Forbidden');
    return route({ query: url.searchParams, body: await readFields(request) });
  }
}

function send(response: ServerResponse, { status, body }: Reply): void {
  const headers = { 'content-type': 'application/json' };
  response.writeHead(status, status === 401 ? { ...headers, ...REALM } : headers).end(JSON.stringify(body));
}

/** Null where the caller has gone. */
function refusal(error: unknown, { socket }: ServerResponse): Reply | null {
  if (!socket?.writable) return null;
  if (error instanceof CertmgrError) return { status: error.status, body: { message: error.message } };
  throw error;
}

async function readFields(request: IncomingMessage): Promise<Fields> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Read to its end all the same: to leave here would destroy the socket, and nobody would learn why.
    if (length <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (length > MAX_BODY_BYTES) throw new CertmgrError(413, 'The body is too long');
  return length === 0 ? {} : parseFields(Buffer.concat(chunks).toString('utf8'));
}
