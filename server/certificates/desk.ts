/** `server.certificates`: all that a renewal works with, put together out of its rooms. */
import type { Knex } from 'knex';
import { ariId } from '../acme/ari.js';
import type { AcmeOptions, ReachAuthority } from '../acme/contract.js';
import { accountOf, forgetAccount } from '../authorities/accounts.js';
import { authorityFor } from '../authorities/store.js';
import type { DnsView } from '../dns/contract.js';
import { openCredential } from '../dns/credential-store.js';
import type { DnsRegistry } from '../dns/registry.js';
import type { Vault } from '../keys/vault.js';
import { forgettable } from './account.js';
import { challengeStore } from './challenges.js';
import type { Authority, CertificateDesk, DeskOptions } from './contract.js';
import { csrNames, makeCsr } from './csr.js';
import { wantedEndpoints } from './endpoints.js';
import { makeKey } from './keys.js';
import { allowOrder } from './limits.js';
import { look } from './look.js';
import { keepSeen } from './seen.js';
import { certificateStore } from './store.js';

export interface DeskParts {
  knex: Knex;
  vault: Vault;
  reach: ReachAuthority;
  dns: Pick<DnsRegistry, 'get'>;
  view: DnsView;
}

async function account({ knex, vault, reach }: DeskParts, authority: Authority, { signal, log }: DeskOptions) {
  const options: AcmeOptions = { signal, note: (line) => log(line) };
  const found = await accountOf(knex, vault, reach, authority, options);
  return forgettable(found, (url) => forgetAccount(knex, authority, url));
}

export function makeDesk(parts: DeskParts): CertificateDesk {
  const { knex, vault, dns, view } = parts;
  return {
    authority: (id) => authorityFor(knex, id),
    account: (authority, options) => account(parts, authority, options),
    allowOrder: (authority, names) => allowOrder(knex, authority, names),
    ariId,
    dns: (credentialId) => openCredential(knex, vault, dns, credentialId),
    view,
    store: certificateStore(knex, vault),
    challenges: challengeStore(knex),
    ...{ makeKey, makeCsr, csrNames, look },
    endpoints: (connection) => wantedEndpoints(connection, []),
    keepSeen: (connectionId, seen) => keepSeen(knex, connectionId, seen),
  };
}
