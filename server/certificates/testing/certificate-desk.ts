/** The certificates' routes as in the product, with a real CA: on the front desk of connections. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import hapi from '@hapi/hapi';
import type { Server } from '@hapi/hapi';
import type { Knex } from 'knex';
import type { Test } from 'tap';
import { until } from '../../../tests/peers/house.js';
import type { Pebble } from '../../../tests/peers/pebble.js';
import { reachAuthority } from '../../acme/authority.js';
import type { AcmeAccount } from '../../acme/contract.js';
import { makeAudit } from '../../audit/audit.js';
import { createAuthority } from '../../authorities/store.js';
import { frontDesk, type FrontDesk } from '../../connections/testing/front-desk.js';
import { DnsRegistry } from '../../dns/registry.js';
import { makeDnsView } from '../../dns/view.js';
import type { Platform } from '../../platforms/contract.js';
import { problems } from '../../problems/problems.js';
import type { Authority, CertificateDesk, Endpoint, PlannedRenewal, StoredCertificate } from '../contract.js';
import { factsOf } from '../facts.js';
import { certificates, type CertificatesOptions } from '../plugin.js';

const linux: Platform = {
  ...{ name: 'linux', title: 'Linux', defaultPort: 22, defaultService: null },
  certificate: { keyBy: 'signalbox', ports: [443], restartService: null },
};

export const next: PlannedRenewal = {
  ...{ automatic: true, dueAt: null, reason: 'missing', runsAt: null },
  ...{ waitsUntil: null, waitsBecause: null, failures: 0 },
};

export interface CertificateHouse extends FrontDesk {
  desk: CertificateDesk;
  options: CertificatesOptions;
  /** A connection of mira's with these certificate settings; none where there are no names. */
  connect(settings: { names: string[]; authorityId?: number; endpoints?: Endpoint[] }): Promise<number>;
}

export async function certificateHouse(t: Test): Promise<CertificateHouse> {
  const house = await frontDesk(t);
  const { knex, vault, server, directory } = house;
  const options: CertificatesOptions = {
    ...{ knex, vault, access: directory, audit: makeAudit(knex), reach: reachAuthority },
    ...{ dns: new DnsRegistry(), view: makeDnsView({ resolvers: [] }) },
    platforms: { get: (name) => (name === 'linux' ? linux : undefined) },
    planned: () => Promise.resolve(next),
    plannedOf: async (facts) =>
      new Map([...facts].flatMap(([id, { settings }]) => (settings ? [[id, next] as const] : []))),
  };
  await server.register({ plugin: certificates, options });
  const connect: CertificateHouse['connect'] = async ({ names, ...rest }) => {
    const given = { name: 'Web', platform: 'linux', hostname: '127.0.0.1', username: 'root' };
    const { body } = await house.ask('mira', 'POST', '/connections', given);
    const id = Number(body['id']);
    const certificate = names.length > 0 ? JSON.stringify({ names, ...rest }) : null;
    await knex('connections').where({ id }).update({ certificate });
    return id;
  };
  return { ...house, desk: server.certificates, options, connect };
}

/** Another node on the same database, which answers http-01 too. */
export async function otherNode(t: Test, knex: Knex, house: CertificateHouse): Promise<Server> {
  const server = hapi.server({ debug: false });
  await server.register([{ plugin: problems }, { plugin: certificates, options: { ...house.options, knex } }]);
  t.teardown(() => server.stop());
  return server;
}

/** The CA as an admin would enter it; `directoryUrl` where something stands before it. */
export async function enterCa(
  { knex, vault }: CertificateHouse,
  pebble: Pebble,
  directoryUrl = pebble.directoryUrl,
): Promise<Authority> {
  const made = await createAuthority(knex, vault, {
    ...{ name: 'Pebble', directoryUrl, directoryRootsPem: pebble.rootPem },
    ...{ issuedRootsPem: (await pebble.issuedRoots()).join(''), termsAgreed: true, agreedBy: 'admin' },
  });
  if (!made) throw new Error('The name of the CA is taken.');
  return made;
}

/** Orders it, one step after the other; the CA takes every challenge as answered. */
async function ordered(account: AcmeAccount, names: string[], csrPem: string): Promise<{ url: string; chain: string }> {
  const { url } = await account.newOrder({ names, profile: null, replaces: null });
  for (const { challenges } of await account.authorizations(url)) await account.answer(challenges[0]?.url ?? '');
  const reached = (status: string) =>
    until(
      () => account.order(url),
      (order) => order.status === status,
    );
  await reached('ready');
  await account.finalize(url, csrPem);
  await reached('valid');
  return { url, chain: await account.chain(url, null) };
}

/** A certificate as a renewal leaves it, and its key. */
export async function issue(
  { desk }: CertificateHouse,
  authority: Authority,
  connectionId: number,
  names: string[],
): Promise<{ certificate: StoredCertificate; keyPem: string }> {
  const plan = { connectionId, authorityId: authority.id, operationId: randomUUID(), names, replaces: null };
  const { id } = await desk.store.plan({ ...plan, keyBy: 'signalbox' });
  const keyPem = await desk.makeKey('ecdsa-p256');
  const csrPem = await desk.makeCsr(keyPem, names);
  await desk.store.change(id, { status: 'finalizing', keyPem, csrPem });
  const account = await desk.account(authority, { signal: AbortSignal.timeout(30_000), log: () => undefined });
  const { url, chain } = await ordered(account, names, csrPem);
  const { serialNumber, notBefore, notAfter } = factsOf(chain);
  const facts = { serialNumber, notBefore, notAfter };
  const certificate = await desk.store.change(id, { status: 'issued', orderUrl: url, chainPem: chain, ...facts });
  return { certificate, keyPem };
}

/** Serves it on a port of the loopback. */
export async function serve(t: Test, key: string, cert: string): Promise<number> {
  const server = createServer({ key, cert }, (socket) => socket.on('error', () => socket.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(async () => {
    server.close();
    await once(server, 'close');
  });
  return (server.address() as AddressInfo).port;
}
