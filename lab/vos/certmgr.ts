/**
 * The certificate REST of a node (developer.cisco.com/docs/certificate-management), of which the service `tomcat` is there.
 * The bodies of errors, /options, trackingId and the file names are guesses.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import { CertmgrError } from './certmgr-error.js';
import { certificatesOf, csrRequest, parseFields, type Fields } from './certmgr-fields.js';
import { HOSTNAME, type Identity } from './identity.js';

const BASE = '/platformcom/api/v1/certmgr/config';
const SERVICE = 'tomcat';
const MAX_BODY_BYTES = 1 << 20;
const REALM = { 'www-authenticate': 'Basic realm="CMPlatform Realm"' };

interface Call {
  query: URLSearchParams;
  body: Fields;
}
interface Reply {
  status: number;
  body: object;
}
type Route = (call: Call) => Reply | Promise<Reply>;

export interface CertmgrOptions {
  identity: Identity;
  username: string;
  password: string;
}

export function certmgr({ identity, username, password }: CertmgrOptions): RequestListener {
  const expected = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const routes = routesOf(identity);
  const answer = async (request: IncomingMessage): Promise<Reply> => {
    if (request.headers.authorization !== expected) throw new CertmgrError(401, 'Unauthorized');
    const url = new URL(request.url ?? '/', 'https://node');
    const route = routes.get(`${request.method} ${url.pathname}`);
    if (!route) throw new CertmgrError(404, 'Not Found');
    return route({ query: url.searchParams, body: await readFields(request) });
  };
  return (request, response) => {
    const reply = ({ status, body }: Reply) => {
      const headers = { 'content-type': 'application/json' };
      response.writeHead(status, status === 401 ? { ...headers, ...REALM } : headers).end(JSON.stringify(body));
    };
    void answer(request)
      .then(reply)
      .catch((error: unknown) => {
        // A restart in the middle of a call: nobody is there any more to be told.
        if (!response.socket?.writable) return;
        reply(refusal(error));
      });
  };
}

function routesOf(identity: Identity): Map<string, Route> {
  const routes: Record<string, Route> = {
    'GET /snapshot/server': () => ok(snapshot(identity)),
    'GET /options': () => ok({ services: [SERVICE], distributions: ['this-server'], keyTypes: ['rsa'] }),
    'POST /csr': async ({ body }) => {
      const { names, keyBits } = csrRequest(body, SERVICE);
      return ok({ service: SERVICE, distribution: 'this-server', csr: await identity.request(names, keyBits) });
    },
    'GET /csr': (call) => ok({ service: known(call), csr: found(identity.csr, 'There is no CSR') }),
    'DELETE /csr': (call) => {
      known(call);
      identity.dropRequest();
      return ok({ message: 'CSR deleted' });
    },
    'GET /identity/certificate': (call) => ok({ service: known(call), certificate: storedPem(identity) }),
    'POST /identity/certificates': ({ body }) => {
      if (body['service'] !== SERVICE) throw new CertmgrError(400, 'Unknown service');
      identity.install(certificatesOf(body));
      return { status: 201, body: { message: 'Certificate uploaded, restart Cisco Tomcat to serve it' } };
    },
    'GET /trust/certificate': (call) => ok({ service: known(call), certificates: trustedOf(identity) }),
    'POST /trust/certificates': ({ body }) => {
      const services: unknown = body['service'];
      if (!Array.isArray(services) || !services.includes(SERVICE)) throw new CertmgrError(400, 'Unknown service');
      identity.trust(certificatesOf(body));
      return { status: 201, body: { message: 'Certificates uploaded' } };
    },
  };
  const withBase = (key: string) => key.replace(' ', ` ${BASE}`);
  return new Map(Object.entries(routes).map(([key, route]) => [withBase(key), route]));
}

const ok = (body: object): Reply => ({ status: 200, body });

function refusal(error: unknown): Reply {
  if (error instanceof CertmgrError) return { status: error.status, body: { message: error.message } };
  throw error;
}

function known({ query }: Call): string {
  if (query.get('service') !== SERVICE) throw new CertmgrError(400, 'Unknown service');
  return SERVICE;
}

function found<T>(value: T | null, message: string): T {
  if (value === null) throw new CertmgrError(404, message);
  return value;
}

const storedPem = (identity: Identity) => String(identity.stored.chain[0]);

const trustedOf = ({ trusted }: Identity) =>
  trusted.map((certificate) => ({ filename: `${certificate.serialNumber}.pem`, certificate: String(certificate) }));

function snapshot(identity: Identity): object {
  return {
    server: HOSTNAME,
    trackingId: randomUUID(),
    identities: [{ service: SERVICE, certificate: storedPem(identity), csr: identity.csr }],
    trusts: [{ service: SERVICE, certificate_data: trustedOf(identity) }],
    revokedCertificates: [],
  };
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
