import { CronExpressionParser } from 'cron-parser';
import Joi from 'joi';
import t, { type Test } from 'tap';
import type { AuditRow } from '../audit/row.js';
import type { Connection } from '../connections/contract.js';
import { frontDesk, type FrontDesk } from '../connections/testing/front-desk.js';
import type { Platform } from '../platforms/contract.js';
import type { CertificateSettings } from './contract.js';
import { dailyCron } from './settings-renewal.js';

const served: Platform = {
  ...{ name: 'served', title: 'Serves TLS', defaultPort: 22, defaultService: null },
  certificate: {
    ...{ keyBy: 'signalbox', ports: [443, 8443], restartService: null },
    settings: Joi.object({
      path: Joi.string().pattern(/^\//).default('/etc/tls'),
      mode: Joi.number().integer().default(600),
    }),
  },
  installCertificate: () => Promise.resolve({ summary: '', detail: {} }),
};

const placing: Platform = {
  ...served,
  ...{ name: 'placing', title: 'Places files', certificate: { keyBy: 'signalbox', ports: [], restartService: null } },
  placeChallenge: () => Promise.resolve(),
  removeChallenge: () => Promise.resolve(),
};

const connection = { name: 'web', platform: 'served', hostname: 'web.example', username: 'root' };
const times = { created_at: '2026-01-01T00:00:00.000Z', updated_at: '2026-01-01T00:00:00.000Z' };

interface Desk extends FrontDesk {
  authorityId: number;
  dnsCredentialId: number;
}

async function desk(t: Test): Promise<Desk> {
  const front = await frontDesk(t);
  front.server.platform(served);
  front.server.platform(placing);
  const insert = async (table: string, row: object) => {
    const [inserted] = await front
      .knex(table)
      .insert({ ...row, ...times })
      .returning<{ id: number }[]>('id');
    return inserted?.id ?? 0;
  };
  return {
    ...front,
    authorityId: await insert('certificate_authorities', { name: 'Lab', directory_url: 'https://ca.example/dir' }),
    dnsCredentialId: await insert('dns_credentials', { name: 'Zone', provider: 'rfc2136' }),
  };
}

async function add({ ask }: FrontDesk, more: object = {}, username = 'admin'): Promise<Connection> {
  const { status, body } = await ask(username, 'POST', '/connections', { ...connection, ...more });
  if (status !== 201) throw new Error(`The connection was not added: ${JSON.stringify(body)}`);
  return body as unknown as Connection;
}

const usual = (id: number): CertificateSettings => ({
  ...{ names: ['a.test'], authorityId: null, challenge: 'http-01', dnsCredentialId: null, key: 'ecdsa-p256' },
  ...{ reuseKey: false, profile: null, preferredChain: null },
  endpoints: [443, 8443].map((port) => ({ host: null, port, servername: null })),
  install: { path: '/etc/tls', mode: 600 },
  renewal: { automatic: true, cron: dailyCron(id), timeZone: 'UTC' },
});

t.test('takes names alone, and completes the rest', async (t) => {
  const front = await desk(t);
  const { id, certificate } = await add(front, { certificate: { names: ['a.test'] } });
  t.strictSame(certificate, usual(id));
  const path = `/connections/${id}`;
  t.strictSame((await front.ask('admin', 'GET', path)).body['certificate'], usual(id));
  const patch = async (change: object) => (await front.ask('admin', 'PATCH', path, change)).body['certificate'];
  t.strictSame(await patch({ name: 'Other' }), usual(id), 'it stays');
  const given: CertificateSettings = {
    ...{ names: ['a.test', '*.b.test'], authorityId: front.authorityId, challenge: 'dns-01', key: 'rsa-4096' },
    ...{ dnsCredentialId: front.dnsCredentialId, reuseKey: true, profile: 'shortlived', preferredChain: 'Root X1' },
    endpoints: [{ host: '192.0.2.7', port: 636, servername: 'a.test' }],
    install: { path: '/opt/tls', mode: 640 },
    renewal: { automatic: false, cron: '30 3 * * SUN', timeZone: 'Europe/Berlin' },
  };
  t.strictSame(await patch({ certificate: given }), given);
  t.strictSame(await patch({ certificate: { names: ['a.test'] } }), usual(id), 'it is replaced as a whole');
  t.equal(await patch({ certificate: null }), null);
  t.equal((await add(front)).certificate, null);
});

t.test('takes names in every writing, and keeps the form that DNS knows', async (t) => {
  const front = await desk(t);
  const certificate = { names: [' WWW.A.test', 'bücher.example', '*.Straße.example', 'xn--bcher-kva.test'] };
  const { certificate: stored } = await add(front, {
    certificate: { ...certificate, challenge: 'dns-01', dnsCredentialId: front.dnsCredentialId },
  });
  t.strictSame(stored?.names, [
    ...['www.a.test', 'xn--bcher-kva.example', '*.xn--strae-oqa.example', 'xn--bcher-kva.test'],
  ]);
});

t.test('refuses what does not fit, field by field and without repeating it', async (t) => {
  const front = await desk(t);
  const names = ['a.test'];
  const badNames = [
    ...['', 'canary_a.test', 'a..test', '-a.test', 'a.*.test', '*', '**.a.test', '*.*.a.test', '192.0.2.1', '0x7f.1'],
    ...['::1', 'a%2etest', 'a.test/canary', 'http://a.test', 'a b.test', 'xn--zzzzzzz99.test', 'a.test.', 5],
    ...[`${'a.'.repeat(126)}ab`, `*.${'a.'.repeat(125)}ab`],
  ];
  const refused: [certificate: object, pointer: string, message?: string | RegExp][] = [
    ...badNames.map((name): [object, string] => [{ names: ['a.test', name] }, '/names/1']),
    [{}, '/names', 'certificate.names is required'],
    [{ names: [] }, '/names'],
    [{ names: ['a.test', 'A.TEST'] }, '/names/1'],
    [{ names: Array.from({ length: 101 }, (_, index) => `a${index}.test`) }, '/names'],
    [{ names: ['a.test', '*.a.test'] }, '/names/1', /names\[1\] is a wildcard, which can be proven by dns-01 alone$/],
    [{ names, challenge: 'tls-alpn-01' }, '/challenge'],
    [{ names, challenge: 'http-01-host' }, '/challenge', /cannot be http-01-host: this platform places no files$/],
    [
      { names, challenge: 'dns-01' },
      '/dnsCredentialId',
      'certificate.dnsCredentialId must name a credential for dns-01',
    ],
    [{ names, challenge: 'dns-01', dnsCredentialId: 77 }, '/dnsCredentialId', /must be a credential of GET \/dns-cred/],
    [
      { names, authorityId: 77 },
      '/authorityId',
      'certificate.authorityId must be a CA of GET /certificate-authorities',
    ],
    [{ names, authorityId: 'canary' }, '/authorityId'],
    [{ names, key: 'rsa-1024' }, '/key'],
    [{ names, reuseKey: 'canary' }, '/reuseKey'],
    [{ names, profile: 'a\u0007canary' }, '/profile', /must be made of printable characters$/],
    [{ names, preferredChain: '' }, '/preferredChain'],
    [{ names, endpoints: [] }, '/endpoints', 'certificate.endpoints must name at least one port'],
    [{ names, endpoints: [{ host: null }] }, '/endpoints/0/port'],
    [{ names, endpoints: [{ port: 0 }] }, '/endpoints/0/port'],
    [{ names, endpoints: [{ port: 443, host: 'canary;b' }] }, '/endpoints/0/host'],
    [{ names, endpoints: [{ port: 443, servername: '192.0.2.1' }] }, '/endpoints/0/servername'],
    [{ names, endpoints: [{ port: 443 }, { port: 443, servername: 'a.test' }] }, '/endpoints/1'],
    [{ names, install: { path: 'canary' } }, '/install/path', /is not of the expected form$/],
    [{ names, install: { unknown: 'canary' } }, '/install/unknown', 'unknown is not allowed'],
    [{ names, install: 'canary' }, '/install'],
    [
      { names, renewal: { timeZone: 'Canary/Isle' } },
      '/renewal/timeZone',
      /must be a time zone such as Europe\/Berlin$/,
    ],
    ...['* * * *', '* * * * * *', '@daily', '60 1 * * *', '0 0 31 2 *', 'H 2 * * *', 'canary', '0 0 * * CANARY'].map(
      (cron): [object, string, RegExp] => [{ names, renewal: { cron } }, '/renewal/cron', /must be a cron expression/],
    ),
    [{ names, renewal: null }, '/renewal'],
    [{ names, unknown: 'canary' }, '/unknown'],
  ];
  const { id } = await add(front);
  for (const [certificate, pointer, message = /^certificate/] of refused) {
    const title = JSON.stringify(certificate).slice(0, 80);
    const post = await front.ask('admin', 'POST', '/connections', { ...connection, certificate });
    const patch = await front.ask('admin', 'PATCH', `/connections/${id}`, { certificate });
    for (const { status, body, text } of [post, patch]) {
      t.equal(status, 400, title);
      t.match(body, { code: 'VALIDATION_FAILED', errors: [{ pointer: `/certificate${pointer}` }] }, title);
      t.match((body['errors'] as { message: string }[])[0]?.message.replaceAll('"', ''), message, title);
      t.notMatch(text, /canary/iu, title);
    }
  }
  const both = { names: ['*.a.test'], challenge: 'http-01-host' };
  const { body } = await front.ask('admin', 'PATCH', `/connections/${id}`, { certificate: both });
  t.match(body['errors'], [{ pointer: '/certificate/names/0' }, { pointer: '/certificate/challenge' }]);
  const { connections } = (await front.ask('admin', 'GET', '/connections')).body as { connections: Connection[] };
  t.match(connections, [{ certificate: null }], 'nothing was stored');
  t.equal(connections.length, 1, 'a connection whose CA is unknown is not added');
});

t.test('lets each platform say what is possible there', async (t) => {
  const front = await desk(t);
  const certificate = { names: ['a.test'] };
  for (const answer of [
    await front.ask('admin', 'POST', '/connections', { ...connection, platform: 'linux', certificate }),
    await front.ask('admin', 'PATCH', `/connections/${(await add(front, { platform: 'linux' })).id}`, { certificate }),
  ])
    t.match(answer, { status: 422, body: { code: 'CERTIFICATE_UNSUPPORTED' } });
  const byFile = { names: ['a.test'], challenge: 'http-01-host', endpoints: [{ port: 443 }] };
  t.match(await add(front, { platform: 'placing', certificate: byFile }), {
    certificate: { challenge: 'http-01-host', install: {} },
  });
  for (const [more, pointer] of [
    [{ endpoints: undefined }, '/certificate/endpoints'],
    [{ install: { path: '/' } }, '/certificate/install'],
  ] as const)
    t.match(
      await front.ask('admin', 'POST', '/connections', {
        ...{ ...connection, platform: 'placing', certificate: { ...byFile, ...more } },
      }),
      { status: 400, body: { errors: [{ pointer }] } },
    );

  const { id } = await add(front, { certificate });
  const move = async (change: object) => (await front.ask('admin', 'PATCH', `/connections/${id}`, change)).body;
  t.match(await move({ platform: 'placing' }), { platform: 'placing', certificate: null }, 'dropped with the platform');
  t.match(await move({ platform: 'served', certificate }), { certificate: usual(id) }, 'unless a new one is given');
});

t.test('lets only an admin change the certificate, or where it is delivered', async (t) => {
  const front = await desk(t);
  const certificate = { names: ['a.test'], install: { path: '/canary' } };
  const plain = await add(front, {}, 'mira');
  const { id } = await add(front, { port: 22 }, 'mira');
  const path = `/connections/${id}`;
  const patch = (username: string, change: object) => front.ask(username, 'PATCH', path, change);
  const refused = (pointers: string[], message = 'Only an admin may change the certificate of a connection.') => ({
    status: 403,
    body: { code: 'CERTIFICATE_ADMIN_ONLY', detail: message, errors: pointers.map((pointer) => ({ pointer })) },
  });
  const post = await front.ask('mira', 'POST', '/connections', { ...connection, certificate });
  t.match(post, refused([]));
  t.match(await patch('mira', { certificate }), refused([]));
  t.match(await patch('mira', { certificate: null, hostname: 'other.example' }), { status: 200 }, 'nothing to protect');
  t.match(await patch('mira', { hostname: 'web.example' }), { status: 200 });

  const shown = (await patch('admin', { certificate })).body['certificate'] as CertificateSettings;
  t.match(await patch('mira', { certificate: shown, name: 'Mine' }), { status: 200, body: { certificate: shown } });
  t.match(await patch('mira', { certificate }), { status: 200, body: { certificate: shown } }, 'the same in short');
  t.match(
    await patch('mira', { certificate: { ...shown, names: ['b.test'], reuseKey: true } }),
    refused(['/certificate/names', '/certificate/reuseKey']),
  );
  t.match(await patch('mira', { certificate: { names: ['a.test'] } }), refused(['/certificate/install']));
  t.match(await patch('mira', { certificate: null }), { status: 403, body: { code: 'CERTIFICATE_ADMIN_ONLY' } });

  const elsewhere = 'Only an admin may change where the certificate of a connection is delivered.';
  for (const [key, value] of [
    ['hostname', 'mine.example'],
    ['port', 2222],
    ['platform', 'placing'],
    ['username', 'mira'],
  ] as const) {
    const answer = await patch('mira', { [key]: value, name: 'Never', certificate: shown });
    t.match(answer, refused([`/${key}`], elsewhere), key);
    t.match(answer.body['hint'], /^Leave hostname, port, platform and username as they are, or ask an admin\.$/);
  }
  const same = { hostname: 'WEB.example', port: 22, platform: 'served', username: 'root', password: 'pw' };
  t.match(await patch('mira', { ...same, services: [], name: 'Still mine' }), { status: 200 });
  t.match((await front.ask('vera', 'PATCH', path, { certificate: null })).status, 404);
  await front.grant(id, 'jonas', 'operator');
  t.match(await front.ask('jonas', 'PATCH', path, { certificate: shown }), {
    status: 403,
    body: { code: 'FORBIDDEN' },
  });
  t.match((await front.ask('mira', 'GET', path)).body, { name: 'Still mine', certificate: shown });

  t.match(await patch('admin', { hostname: 'moved.example' }), { status: 200, body: { certificate: shown } });
  t.match(await patch('admin', { certificate: null }), { status: 200, body: { certificate: null } });
  t.match(await patch('mira', { hostname: 'mine.example' }), { status: 200 }, 'free again');
  t.match((await front.ask('mira', 'GET', `/connections/${plain.id}`)).body, { certificate: null });

  const rows = await front.knex<AuditRow>('audit_log').where('detail', 'like', '%certificate%').orderBy('id');
  const all = Object.keys(usual(1)).sort();
  t.strictSame(rows.map(({ actor, outcome, detail }) => [actor, outcome, JSON.parse(detail ?? '')]).slice(0, 5), [
    ['mira', 'refused', { certificate: all.filter((key) => key !== 'endpoints') }],
    ['mira', 'refused', { certificate: all }],
    ['mira', 'ok', { changed: ['certificate', 'hostname'] }],
    ['admin', 'ok', { changed: ['certificate'], certificate: all }],
    ['mira', 'ok', { changed: ['certificate', 'name'] }],
  ]);
  t.notMatch(JSON.stringify(rows), /canary|a\.test/, 'the audit never names a value');
  const [hostRow] = await front.knex<AuditRow>('audit_log').where('detail', '{"changed":["hostname"]}');
  t.match(hostRow, { actor: 'mira' });
});

t.test('spreads the daily minutes over four hours, each always the same', (t) => {
  const crons = Array.from({ length: 240 }, (_, index) => dailyCron(index + 1));
  t.equal(new Set(crons).size, 240, 'none of 240 neighbours shares its minute');
  t.equal(dailyCron(7), '23 3 * * *');
  const minutes = crons.map((cron) => {
    const [minute, hour] = cron.split(' ').map(Number);
    return Number(hour) * 60 + Number(minute);
  });
  t.strictSame([Math.min(...minutes), Math.max(...minutes)], [120, 359], 'from 02:00 to 05:59');
  for (const cron of crons.slice(0, 10)) t.ok(CronExpressionParser.parse(cron, { tz: 'Europe/Berlin' }).next());
  t.equal(dailyCron(2_147_483_647), dailyCron(2_147_483_647 % 240));
  t.end();
});
