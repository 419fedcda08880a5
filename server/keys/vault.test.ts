import { randomBytes } from 'node:crypto';
import t from 'tap';
import { Vault, VaultError } from './vault.js';

const key = (id: string) => ({ id, key: randomBytes(32) });
const PLACE = 'connections|7|password';

function faultOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof VaultError) return error.fault;
    throw error;
  }
  return 'none';
}

t.test('opens what it sealed, and only there', async (t) => {
  const vault = new Vault([key('k1')]);
  for (const secret of ['', 'pw', 'ä\u0000\n🚦', 'x'.repeat(32 * 1024)]) {
    const sealed = vault.seal(secret, PLACE);
    t.match(sealed, /^v1\.k1\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/);
    t.equal(vault.open(sealed, PLACE), secret);
    for (const place of ['connections|8|password', 'connections|7|passphrase', '', `${PLACE} `])
      t.equal(
        faultOf(() => vault.open(sealed, place)),
        'not_authentic',
        place,
      );
  }
  t.not(vault.seal('pw', PLACE), vault.seal('pw', PLACE), 'equal secrets look different');
});

t.test('refuses a value of which any one character was changed, left out or added', async (t) => {
  const vault = new Vault([key('k1')]);
  const sealed = vault.seal('secret', PLACE);
  const opened: string[] = [];
  for (let at = 0; at < sealed.length; at++)
    for (const letter of ['A', 'B', '_', '.', '=', '', `${sealed[at]}${sealed[at]}`]) {
      const changed = sealed.slice(0, at) + letter + sealed.slice(at + 1);
      if (changed !== sealed && faultOf(() => vault.open(changed, PLACE)) === 'none') opened.push(changed);
    }
  t.strictSame(opened, []);
});

t.test('refuses parts of two values put together', async (t) => {
  const vault = new Vault([key('k1')]);
  const [a, b] = [vault.seal('a', PLACE), vault.seal('b', PLACE)].map((sealed) => sealed.split('.'));
  const mixed = [...(a ?? []).slice(0, 3), b?.[3]].join('.');
  t.equal(
    faultOf(() => vault.open(mixed, PLACE)),
    'not_authentic',
  );
});

t.test('says what is wrong with a value that is none of ours', async (t) => {
  const vault = new Vault([key('k1')]);
  for (const text of ['', 'secret', 'v1.k1', 'v1.k1.AAAA.AAAA', 'v2.k1.AAAA.AAAA', 'v1..AAAA.AAAA', 'v1.k1.a.b.c'])
    t.equal(
      faultOf(() => vault.open(text, PLACE)),
      'malformed',
      text,
    );
  t.throws(() => vault.needsReseal('secret'), { name: 'VaultError', message: 'The sealed secret is damaged.' });
});

t.test('opens under an older key and seals under the first', async (t) => {
  const [old, fresh] = [key('old'), key('fresh')];
  const sealed = new Vault([old]).seal('pw', PLACE);
  const vault = new Vault([fresh, old]);
  t.equal(vault.open(sealed, PLACE), 'pw');
  t.equal(vault.needsReseal(sealed), true);
  const resealed = vault.seal(vault.open(sealed, PLACE), PLACE);
  t.equal(vault.needsReseal(resealed), false);
  t.equal(new Vault([fresh]).open(resealed, PLACE), 'pw');
  t.equal(
    faultOf(() => new Vault([fresh]).open(sealed, PLACE)),
    'unknown_key',
  );
  t.equal(
    faultOf(() => new Vault([key('old')]).open(sealed, PLACE)),
    'not_authentic',
    'another key of the same id',
  );
});

t.test('needs a key of 32 bytes', async (t) => {
  t.throws(() => new Vault([]), { message: 'Vault: expected at least one key, got none.' });
  t.throws(() => new Vault([{ id: 'k', key: randomBytes(16) }]), {
    message: 'Vault: expected key k to have 32 bytes, got 16.',
  });
});
