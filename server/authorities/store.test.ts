/** CAs, their accounts and their limits in both databases. */
import { createPrivateKey, randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import t from 'tap';
import { openDatabase } from '../../db/knexfile.js';
import { bothDatabases, seedConnections } from '../../tests/peers/databases.js';
import type { CertificateStatus } from '../certificates/contract.js';
import { allowOrder } from '../certificates/limits.js';
import { Vault } from '../keys/vault.js';
import { accountOf, forgetAccount } from './accounts.js';
import { ensureBuiltIns } from './built-in.js';
import type { CertificateAuthorityChange } from './contract.js';
import type { AuthorityRow, StoredAuthority } from './row.js';
import { placeOf } from './sealed.js';
import {
  authorityFor,
  changeAuthority,
  createAuthority,
  findAuthority,
  listAuthorities,
  removeAuthority,
} from './store.js';
import { scriptedCa } from './testing/scripted-ca.js';

const onBoth = await bothDatabases(t);

const vault = new Vault([{ id: 'k1', key: randomBytes(32) }]);
const options = { signal: new AbortController().signal };
const [STAGING, PRODUCTION] = ['Let’s Encrypt (staging)', 'Let’s Encrypt'];
const AT = '2026-03-01T12:00:00.000Z';
const DAY_MS = 24 * 60 * 60 * 1000;

const added = async (knex: Knex, given: CertificateAuthorityChange = {}): Promise<StoredAuthority> => {
  const names = { name: 'Own', directoryUrl: 'https://ca.example/directory' };
  const authority = await createAuthority(knex, vault, { ...names, agreedBy: 'admin', ...given });
  if (!authority) throw new Error('The name is taken.');
  return authority;
};

const changed = (knex: Knex, id: number, change: CertificateAuthorityChange) =>
  changeAuthority(knex, vault, id, () => ({ ...change, agreedBy: 'mira' }));

const namesOf = (authorities: { name: string }[]) => authorities.map(({ name }) => name);
const defaults = async (knex: Knex) => namesOf((await listAuthorities(knex)).filter(({ isDefault }) => isDefault));
const sealedKey = async (knex: Knex, id: number) =>
  (await knex<AuthorityRow>('certificate_authorities').where({ id }).first())?.account_key_sealed ?? null;

interface Issued {
  authorityId: number;
  names: string[];
  status?: CertificateStatus;
  notBefore?: string | null;
}

/** A row as a renewal leaves it behind. */
async function issued(knex: Knex, { authorityId, names, status = 'issued', notBefore = null }: Issued): Promise<void> {
  const connection = await knex<{ id: number }>('connections').first('id');
  await knex('certificates').insert({
    ...{ connection_id: connection?.id, authority_id: authorityId, operation_id: 'op', key_by: 'signalbox' },
    ...{ names: JSON.stringify(names), status, not_before: notBefore, created_at: AT },
    // The CA dates back by an hour.
    updated_at: notBefore === null ? AT : new Date(Date.parse(notBefore) + 3_600_000).toISOString(),
  });
}

await onBoth('adds the built-in CAs once, however many nodes start at once', async (t, { knex, settings }) => {
  const others = Array.from({ length: 3 }, () => openDatabase(settings));
  t.teardown(() => Promise.all(others.map((other) => other.destroy())));
  await t.rejects(authorityFor(knex, null), { code: 'CA_NOT_CHOSEN', hint: /default/ });
  await Promise.all([knex, ...others].map(ensureBuiltIns));
  const all = await listAuthorities(knex);
  t.match(all, [
    { name: STAGING, directoryUrl: 'https://acme-staging-v02.api.letsencrypt.org/directory', isDefault: true },
    { name: PRODUCTION, directoryUrl: 'https://acme-v02.api.letsencrypt.org/directory', isDefault: false },
  ]);
  t.ok(all.every(({ builtIn, termsAgreedAt }) => builtIn && termsAgreedAt === null));
  const [staging, production] = all.map(({ id }) => id);
  await changed(knex, production ?? 0, { name: 'The real one', isDefault: true });
  await changed(knex, staging ?? 0, { name: 'Trials' });
  await ensureBuiltIns(knex);
  t.same(namesOf(await listAuthorities(knex)), ['The real one', 'Trials'], 'what an admin made of them stays');
  t.match(await authorityFor(knex, null), { id: production, name: 'The real one', issuedRootsPem: null });
  t.equal((await authorityFor(knex, staging ?? 0)).name, 'Trials');
  await t.rejects(authorityFor(knex, 999_999), { code: 'CA_UNKNOWN', hint: /Choose another CA/ });
});

await onBoth('keeps exactly one default through changes that come at once', async (t, { knex, settings }) => {
  const other = openDatabase(settings);
  t.teardown(() => other.destroy());
  await ensureBuiltIns(knex);
  const own = await added(knex, { name: 'Own 0', isDefault: true });
  t.equal(own.isDefault, true);
  t.same(await defaults(knex), ['Own 0']);
  const ids = (await listAuthorities(knex)).map(({ id }) => id);
  for (let round = 1; round <= 10; round += 1) {
    const changes = ids.map((id, index) => changed(index % 2 ? other : knex, id, { isDefault: true }));
    const adding = [knex, other].map((node, index) => added(node, { name: `Own ${round}.${index}`, isDefault: true }));
    await Promise.all([...changes, ...adding]);
    t.equal((await defaults(knex)).length, 1, `round ${round}`);
  }
  const [first] = await listAuthorities(knex);
  t.equal(first?.isDefault, true, 'it comes first');
});

await onBoth(
  'seals the HMAC key for its own row, and forgets account and terms with the directory',
  async (t, { knex }) => {
    const binding = { eabKeyId: 'kid-1', eabHmacKey: 'aG1hYy1jYW5hcnktMTIzNA' };
    const own = await added(knex, { ...binding, termsAgreed: true, contactEmails: ['a@b.example'] });
    t.match(own, { hasEabHmacKey: true, eabKeyId: 'kid-1', termsAgreedBy: 'admin', contactEmails: ['a@b.example'] });
    t.match(own.termsAgreedAt, /^\d{4}-\d\d-\d\dT[\d:]+\.\d{3}Z$/);
    const row = await knex('certificate_authorities').where({ id: own.id }).first('eab_hmac_key_sealed');
    const sealed = String((row as Record<string, unknown>)['eab_hmac_key_sealed']);
    t.equal(vault.open(sealed, placeOf(own.id, 'eab_hmac_key')), binding.eabHmacKey);
    t.throws(() => vault.open(sealed, placeOf(own.id + 1, 'eab_hmac_key')), { name: 'VaultError' });
    t.equal(
      await createAuthority(knex, vault, { name: 'Own', directoryUrl: 'https://b.example/', agreedBy: 'x' }),
      null,
    );

    await accountOf(knex, vault, scriptedCa().reach, own, options);
    const same = await changed(knex, own.id, { directoryUrl: own.directoryUrl, eabKeyId: null, eabHmacKey: null });
    t.match(same, { accountUrl: 'https://ca.example/account/1', termsAgreedBy: 'admin', hasEabHmacKey: false });
    const moved = await changed(knex, own.id, { directoryUrl: 'https://other.example/' });
    t.match(moved, { accountUrl: null, termsAgreedAt: null, termsAgreedBy: null });
    t.equal(await sealedKey(knex, own.id), null);
    t.match(await changed(knex, own.id, { directoryUrl: 'https://third.example/', termsAgreed: true }), {
      termsAgreedBy: 'mira',
    });
    t.match(await changed(knex, own.id, { termsAgreed: false }), { termsAgreedAt: null, termsAgreedBy: null });
    const before = await findAuthority(knex, own.id);
    const refuse = () => {
      throw new Error('not this one');
    };
    await t.rejects(changeAuthority(knex, vault, own.id, refuse), { message: 'not this one' });
    t.strictSame(await findAuthority(knex, own.id), before, 'nothing of a refused change is kept');
    t.equal(await changed(knex, 999_999, { name: 'x' }), null);
  },
);

await onBoth('removes a CA only where nothing refers to it', async (t, { knex }) => {
  await ensureBuiltIns(knex);
  const [connectionId = 0, second = 0] = await seedConnections(knex, 2);
  const [staging] = await listAuthorities(knex);
  t.equal(await removeAuthority(knex, staging?.id ?? 0), 'built_in');
  const own = await added(knex, { isDefault: true });
  t.equal(await removeAuthority(knex, own.id), 'default');
  await changed(knex, staging?.id ?? 0, { isDefault: true });
  const wants = (id: number, certificate: string | null) => knex('connections').where({ id }).update({ certificate });
  await wants(second, 'not JSON');
  await wants(connectionId, JSON.stringify({ names: ['a.example'], authorityId: own.id }));
  t.equal(await removeAuthority(knex, own.id), 'in_use', 'a connection wants it');
  await wants(connectionId, JSON.stringify({ names: ['a.example'], authorityId: null }));
  await issued(knex, { authorityId: own.id, names: ['a.example'] });
  t.equal(await removeAuthority(knex, own.id), 'in_use', 'it has issued a certificate');
  t.match(await findAuthority(knex, own.id), { name: 'Own' });
  await knex('certificates').delete();
  t.equal(await removeAuthority(knex, own.id), 'removed');
  t.equal(await removeAuthority(knex, own.id), 'missing');
});

await onBoth(
  'never removes a CA under a certificate that is planned at the same moment',
  async (t, { knex, settings }) => {
    const other = openDatabase(settings);
    t.teardown(() => other.destroy());
    await seedConnections(knex, 1);
    for (let round = 0; round < 15; round += 1) {
      const { id } = await added(knex, { name: `Own ${round}` });
      const planning = issued(other, { authorityId: id, names: ['a.example'], status: 'planned' });
      const [planned, removal] = await Promise.all([
        planning.then(
          () => true,
          () => false,
        ),
        removeAuthority(knex, id),
      ]);
      t.equal(removal, planned ? 'in_use' : 'removed', `round ${round}`);
    }
  },
);

await onBoth('stores the account’s key before it registers, and its URL after', async (t, { knex }) => {
  const ca = scriptedCa();
  const own = await added(knex, {
    eabKeyId: 'kid-1',
    eabHmacKey: 'aG1hYy1jYW5hcnktMTIzNA',
    contactEmails: ['a@b.example'],
  });
  await t.rejects(accountOf(knex, vault, ca.reach, own, options), {
    ...{ code: 'CA_TERMS_NOT_AGREED', retryable: false, hint: /Ask an admin/, message: /of Own\.$/ },
  });
  await t.rejects(accountOf(knex, vault, ca.reach, { id: 999_999 }, options), { code: 'CA_UNKNOWN' });
  t.equal(ca.directories.length, 0, 'and the CA was not asked');
  await changed(knex, own.id, { termsAgreed: true });

  ca.during = async ({ accountKeyPem }) => {
    const sealed = (await sealedKey(knex, own.id)) ?? '';
    t.equal(vault.open(sealed, placeOf(own.id, 'account_key')), accountKeyPem, 'it is durable before it is sent');
    t.equal((await findAuthority(knex, own.id))?.accountUrl, null);
    throw new Error('the answer was lost');
  };
  await t.rejects(accountOf(knex, vault, ca.reach, own, options), { message: 'the answer was lost' });
  ca.during = () => Promise.resolve();
  const account = await accountOf(knex, vault, ca.reach, own, options);
  t.match(account, { url: 'https://ca.example/account/1' });
  t.equal((await findAuthority(knex, own.id))?.accountUrl, account.url);
  const [lost, second] = ca.registrations;
  t.match(second, { contactEmails: ['a@b.example'], externalAccount: { keyId: 'kid-1' } });
  t.strictSame(second, lost, 'a lost answer is asked for with the same key');
  t.equal(second?.externalAccount?.hmacKey, 'aG1hYy1jYW5hcnktMTIzNA');
  const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(second?.accountKeyPem ?? '');
  t.same([asymmetricKeyType, asymmetricKeyDetails?.namedCurve], ['ec', 'prime256v1']);

  t.strictSame((await accountOf(knex, vault, ca.reach, own, options)).url, account.url);
  t.equal(ca.registrations.length, 2, 'a stored account is not registered again');
  const stranger = new Vault([{ id: 'k2', key: randomBytes(32) }]);
  await t.rejects(accountOf(knex, stranger, ca.reach, own, options), { code: 'OP_CREDENTIALS_SEALED' });
  await changed(knex, own.id, { termsAgreed: false });
  await t.rejects(accountOf(knex, vault, ca.reach, own, options), { code: 'CA_TERMS_NOT_AGREED' });
});

await onBoth(
  'ends with one account where several operations and nodes want one at once',
  async (t, { knex, settings }) => {
    const other = openDatabase(settings);
    t.teardown(() => other.destroy());
    for (let round = 0; round < 10; round += 1) {
      const ca = scriptedCa();
      const own = await added(knex, { name: `Own ${round}`, termsAgreed: true });
      const nodes = Array.from({ length: 6 }, (_, index) => (index % 2 ? other : knex));
      const accounts = await Promise.all(nodes.map((node) => accountOf(node, vault, ca.reach, own, options)));
      t.equal(new Set(accounts.map(({ url }) => url)).size, 1, `round ${round}: one URL`);
      t.equal(ca.accounts.size, 1, `round ${round}: one key was registered`);
      t.equal((await findAuthority(knex, own.id))?.accountUrl, accounts[0]?.url);
    }
  },
);

await onBoth('begins again where the CA is changed while it registers', async (t, { knex }) => {
  const ca = scriptedCa();
  const own = await added(knex, { termsAgreed: true });
  const move = async () => {
    await changed(knex, own.id, {
      directoryUrl: `https://${randomBytes(4).toString('hex')}.example/`,
      termsAgreed: true,
    });
  };
  ca.during = async () => {
    ca.during = () => Promise.resolve();
    await move();
  };
  const account = await accountOf(knex, vault, ca.reach, own, options);
  t.equal(ca.accounts.size, 2, 'each directory has a key of its own');
  const now = await findAuthority(knex, own.id);
  t.equal(now?.accountUrl, account.url);
  t.equal(new URL(account.url).host, new URL(now?.directoryUrl ?? '').host);

  await move();
  ca.during = move;
  await t.rejects(accountOf(knex, vault, ca.reach, own, options), { code: 'CA_CHANGED', retryable: true });
  t.equal((await findAuthority(knex, own.id))?.accountUrl, null);
});

await onBoth('forgets an account that the CA no longer knows, and no newer one', async (t, { knex }) => {
  const ca = scriptedCa();
  const own = await added(knex, { termsAgreed: true });
  const gone = await accountOf(knex, vault, ca.reach, own, options);
  await Promise.all([forgetAccount(knex, own, gone.url), forgetAccount(knex, own, gone.url)]);
  t.equal((await findAuthority(knex, own.id))?.accountUrl, null);
  t.equal(await sealedKey(knex, own.id), null);
  const next = await accountOf(knex, vault, ca.reach, own, options);
  t.not(next.url, gone.url, 'with another key');
  await forgetAccount(knex, own, gone.url);
  t.equal((await findAuthority(knex, own.id))?.accountUrl, next.url);
});

await onBoth('stops at four certificates of the same names in seven days', async (t, { knex }) => {
  await seedConnections(knex, 1);
  await ensureBuiltIns(knex);
  const [staging, production] = await listAuthorities(knex);
  const twin = await added(knex, { name: 'Twin', directoryUrl: 'https://acme-v02.api.letsencrypt.org/directory' });
  const own = await added(knex);
  if (!staging || !production) throw new Error('The built-in CAs are missing.');
  const names = ['b.example', 'a.example'];
  const now = Date.parse(AT);
  const allowed = (authority: StoredAuthority, of: string[], atMs = now) => allowOrder(knex, authority, of, () => atMs);
  const hoursAgo = (hours: number) => new Date(now - hours * 60 * 60 * 1000).toISOString();
  const from = (hours: number) => ({ authorityId: production.id, names, notBefore: hoursAgo(hours) });

  await issued(knex, { ...from(1), status: 'superseded' });
  await issued(knex, { ...from(50), names: ['A.example', 'b.example'], status: 'served' });
  await issued(knex, { ...from(100), authorityId: twin.id });
  for (const other of [
    { ...from(3), names: ['a.example'] },
    { ...from(3), names: [...names, 'c.example'] },
    { ...from(3), status: 'abandoned' as const },
    { ...from(3), status: 'planned' as const },
    { ...from(3), authorityId: staging.id },
    { ...from(3), authorityId: own.id },
    from(7 * 24 + 2),
  ])
    await issued(knex, other);
  await t.resolves(allowed(production, names), 'three of them are not four');

  await issued(knex, { ...from(0), notBefore: null, status: 'finalizing' });
  const until = new Date(Date.parse(hoursAgo(99)) + 7 * DAY_MS);
  await t.rejects(allowed(production, [...names].reverse()), {
    ...{ code: 'CA_LIMIT_NEAR', retryable: true },
    message: `${PRODUCTION} has issued 4 certificates for these names within 7 days; another order is allowed from ${until.toISOString()} on.`,
  });
  await t.rejects(allowed(twin, names), { code: 'CA_LIMIT_NEAR' }, 'the limit is not an account’s own');
  await t.rejects(allowed(production, names, until.getTime() - 1), { code: 'CA_LIMIT_NEAR' });
  await t.resolves(allowed(production, names, until.getTime()));
  await t.resolves(allowed(production, ['a.example']));
  await t.resolves(allowed(staging, names));
  await t.resolves(allowed(own, names));
});
