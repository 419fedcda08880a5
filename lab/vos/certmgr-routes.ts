/** The calls of the certificate REST, of which the service `tomcat` is there; each does its work or throws a CertmgrError. */
import { randomUUID } from 'node:crypto';
import { CertmgrError } from './certmgr-error.js';
import { certificatesOf, csrRequest, type Fields } from './certmgr-fields.js';
import type { Identity } from './identity.js';
import type { VosNode } from './node.js';

const SERVICE = 'tomcat';

export interface Call {
  query: URLSearchParams;
  body: Fields;
}
export interface Reply {
  status: number;
  body: object;
}
export type Route = (call: Call) => Reply | Promise<Reply>;

/** By method and path: `GET /snapshot/server`. */
export function certmgrRoutes(node: VosNode): Map<string, Route> {
  const { identity } = node;
  return new Map(
    Object.entries<Route>({
      'GET /snapshot/server': () => ok(snapshot(node)),
      'GET /options': () => ok({ services: [SERVICE], distributions: ['this-server'], keyTypes: ['rsa'] }),
      'POST /csr': ({ body }) => requested(node, body),
      'GET /csr': (call) => ok({ service: known(call), csr: found(identity.csr, 'There is no CSR') }),
      'DELETE /csr': (call) => {
        known(call);
        identity.dropRequest();
        return ok({ message: 'CSR deleted' });
      },
      'GET /identity/certificate': (call) => ok({ service: known(call), certificate: storedPem(identity) }),
      'POST /identity/certificates': ({ body }) => uploaded(node, body),
      'GET /trust/certificate': (call) => ok({ service: known(call), certificates: trustedOf(identity) }),
      'POST /trust/certificates': ({ body }) => trusted(node, body),
    }),
  );
}

const ok = (body: object): Reply => ({ status: 200, body });
const created = (message: string): Reply => ({ status: 201, body: { message } });

async function requested({ identity, journal, settings }: VosNode, body: Fields): Promise<Reply> {
  const { names, keyBits } = csrRequest(body, SERVICE);
  const altNames = [...new Set([...names.altNames, ...settings.csrNames])];
  const csr = await identity.request({ ...names, altNames }, keyBits);
  journal.csrs++;
  return ok({ service: SERVICE, distribution: 'this-server', csr });
}

function uploaded({ identity, journal, faults }: VosNode, body: Fields): Reply {
  journal.uploads++;
  if (body['service'] !== SERVICE) throw new CertmgrError(400, 'Unknown service');
  const certificates = certificatesOf(body);
  if (!faults.rest_forgets) {
    identity.install(certificates);
    journal.installs++;
  }
  return created('Certificate uploaded, restart Cisco Tomcat to serve it');
}

function trusted({ identity, journal }: VosNode, body: Fields): Reply {
  const services: unknown = body['service'];
  if (!Array.isArray(services) || !services.includes(SERVICE)) throw new CertmgrError(400, 'Unknown service');
  const certificates = certificatesOf(body);
  identity.trust(certificates);
  journal.trusts += certificates.length;
  return created('Certificates uploaded');
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

function snapshot({ identity, settings }: VosNode): object {
  return {
    server: settings.hostname,
    trackingId: randomUUID(),
    identities: [{ service: SERVICE, certificate: storedPem(identity), csr: identity.csr }],
    trusts: [{ service: SERVICE, certificate_data: trustedOf(identity) }],
    revokedCertificates: [],
  };
}
