/** All that a renewal meets, real but for the appliance: a CA behind a front, name servers, and connections to renew on. */
import { readdir } from 'node:fs/promises';
import type { Operation } from '../../server/operations/contract.js';
import { AcmeFront } from './acme-front.js';
import { startBind, type Bind, type BindOptions } from './bind.js';
import type { Visitor } from './house.js';
import { startPebble, type Pebble, type PebbleOptions } from './pebble.js';
import { freePort } from './ports.js';
import type { TlsNginx } from './tls-nginx.js';
import { ended } from './vos-house.js';

export interface RenewalWorld {
  bind: Bind;
  pebble: Pebble;
  front: AcmeFront;
  /** Settings of the server, as its environment has them. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

export interface WorldOptions {
  pebble?: PebbleOptions;
  bind?: Partial<BindOptions>;
}

/** The zone `web.test` and all below it lead to the loopback, `delegated.test` delegates its challenges there; http-01 is looked at where the server listens. */
export async function startWorld({ pebble: more = {}, bind: dns = {} }: WorldOptions = {}): Promise<RenewalWorld> {
  const port = await freePort();
  const records = ['@ A 127.0.0.1', '* A 127.0.0.1'];
  const delegated = ['@ A 127.0.0.1', '_acme-challenge CNAME delegated.web.test.'];
  const zones = [
    { name: 'web.test', records },
    { name: 'delegated.test', records: delegated },
  ];
  const bind = await startBind({ zones, ...dns });
  const dnsServer = `${bind.address}:53`;
  const pebble = await startPebble({ dnsServer, httpPort: port, validitySeconds: 90 * 86_400, ...more });
  const front = await AcmeFront.start(pebble);
  return {
    ...{ bind, pebble, front },
    env: { PORT: String(port), SIGNALBOX_DNS_RESOLVERS: bind.address },
    async stop() {
      await front.stop();
      await pebble.stop();
      await bind.stop();
    },
  };
}

async function created(admin: Visitor, path: string, body: unknown): Promise<number> {
  const answer = await admin.call('POST', path, body);
  if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  return Number(answer.body['id']);
}

/** Makes the CA the default one; answers with its id. */
export async function addAuthority(
  admin: Visitor,
  { pebble, front }: RenewalWorld,
  more: object = {},
): Promise<number> {
  const roots = await pebble.issuedRoots();
  return created(admin, '/certificate-authorities', {
    ...{ name: 'Pebble', directoryUrl: front.directoryUrl, directoryRootsPem: pebble.rootPem },
    ...{ issuedRootsPem: roots.join('\n'), contactEmails: ['ops@web.test'], termsAgreed: true, isDefault: true },
    ...more,
  });
}

export function addCredential(admin: Visitor, { bind }: RenewalWorld, more: object = {}): Promise<number> {
  const { name, algorithm, secret } = bind.key;
  const settings = { server: `${bind.address}:53`, keyName: name, algorithm, secret, ...more };
  return created(admin, '/dns-credentials', { name: `bind ${Date.now()}`, provider: 'rfc2136', settings });
}

export interface HostLogin {
  port: number;
  username: string;
  privateKey?: string;
  password?: string;
}

export type Served = Pick<TlsNginx, 'port' | 'keyPath' | 'fullchainPath' | 'testCommand' | 'reloadCommand'>;

/** A host whose nginx is to serve the certificate; answers with the connection's id. */
export function addSite(admin: Visitor, login: HostLogin, site: Served, certificate: object): Promise<number> {
  const { keyPath, fullchainPath, testCommand, reloadCommand } = site;
  return created(admin, '/connections', {
    ...{ name: `site-${site.port}`, platform: 'linux', hostname: '127.0.0.1', ...login },
    certificate: {
      endpoints: [{ host: null, port: site.port, servername: null }],
      install: { keyPath, fullchainPath, testCommand, reloadCommand },
      renewal: { automatic: false },
      ...certificate,
    },
  });
}

/** The names of the files beside key and certificate, theirs included. */
export async function filesOf({ certificates }: TlsNginx): Promise<string[]> {
  return (await readdir(certificates)).sort();
}

export function addConnection(admin: Visitor, body: object): Promise<number> {
  return created(admin, '/connections', body);
}

/** Starts a renewal; answers with the path of its operation. */
export async function startRenewal(admin: Visitor, connectionId: number, params: object = {}): Promise<string> {
  const path = `/connections/${connectionId}/operations/certificate_renewal`;
  const answer = await admin.call('POST', path, { params });
  if (answer.status !== 202) throw new Error(`the start: ${answer.status} ${answer.text}`);
  return answer.headers.get('location') ?? '';
}

export async function renewed(admin: Visitor, connectionId: number, params: object = {}): Promise<Operation> {
  return ended(admin, await startRenewal(admin, connectionId, params), 120_000);
}

export async function logOf(admin: Visitor, { connectionId, id }: Operation): Promise<string> {
  const { body } = await admin.call('GET', `/connections/${connectionId}/operations/${id}/log`);
  return (body['lines'] as { text: string }[]).map(({ text }) => text).join('\n');
}
