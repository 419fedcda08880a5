import Joi from 'joi';
import t from 'tap';
import { frontDesk } from '../connections/testing/front-desk.js';
import type { DnsProvider, DnsRun } from './contract.js';
import { dnsProviders, DnsRegistry } from './registry.js';

const nothing = () => Promise.resolve();
const settings = Joi.object({
  url: Joi.string().required().description('Where it is.'),
  token: Joi.string().allow('').default('').description('What opens it.'),
});
const provider: DnsProvider = {
  ...{ name: 'full', title: 'All of it', settings, secrets: ['token'] },
  ...{ place: nothing, remove: nothing, check: nothing },
};

t.test('refuses a provider that is not of the contract’s shape, and says why', (t) => {
  const undescribed = Joi.object({ url: Joi.string().required() });
  const open = Joi.object({ url: Joi.string().description('Where it is.') });
  const refused: [change: object, sentence: RegExp][] = [
    [{ name: 'Full' }, /^DNS provider Full: expected name to be a word of a-z, 0-9, _ and -, got "Full"$/],
    [{ title: ' ' }, /expected title to be some words/],
    [{ settings: {} }, /expected settings to be a Joi object schema/],
    [{ settings: Joi.string() }, /expected settings to be a Joi object schema/],
    [{ settings: undescribed, secrets: [] }, /expected settings.url to be described, got undefined/],
    [{ settings: open, secrets: [] }, /expected settings.url to be required or to have a default, got undefined/],
    [{ secrets: 'token' }, /expected secrets to be names of settings, got "token"/],
    [{ secrets: ['password'] }, /expected secrets to be keys of settings, got "password"/],
    [{ manual: 'yes' }, /expected manual to be true or false/],
    [{ followsCname: 1 }, /expected followsCname to be true or false/],
    [{ place: undefined }, /expected place to be a function, got undefined/],
    [{ remove: 'rm' }, /expected remove to be a function/],
    [{ check: null }, /expected check to be a function, got null/],
    [{ anything: 1 }, /expected anything to be left out, got 1/],
  ];
  for (const [change, message] of refused) {
    const candidate = { ...provider, ...change } as DnsProvider;
    t.throws(() => new DnsRegistry().add(candidate), { message }, JSON.stringify(change));
  }
  const registry = new DnsRegistry();
  registry.add(provider);
  t.throws(() => registry.add(provider), /expected a name of its own/);
  t.match(registry.get('full'), { name: 'full', title: 'All of it' });
  t.equal(registry.get('gone'), undefined);
  t.end();
});

t.test('lets out what a provider agreed to throw, and none of its secrets', async (t) => {
  const lines: string[] = [];
  const run: DnsRun = {
    settings: { url: 'here', token: 'very-secret' },
    signal: new AbortController().signal,
    log: (line) => void lines.push(line),
  };
  const failing = (error: unknown): DnsProvider => {
    const registry = new DnsRegistry();
    const place = (own: DnsRun) => {
      own.log('It said: very-secret.');
      return Promise.reject(error as Error);
    };
    registry.add({ ...provider, place });
    return registry.get('full')!;
  };
  const record = { name: 'x.test', value: 'v' };
  const agreed = Object.assign(new Error('No: very-secret.'), { code: 'DNS_REFUSED', hint: 'Not very-secret.' });
  await t.rejects(failing(agreed).place(run, record), {
    ...{ name: 'DnsError', code: 'DNS_REFUSED', message: 'No: ….', hint: 'Not ….', retryable: false, cause: agreed },
  });
  t.strictSame(lines, ['It said: ….']);
  const bare = Object.assign(new Error('Out of reach.'), { code: 'DNS_UNREACHABLE' });
  await t.rejects(
    failing(bare).place(run, record),
    { message: 'Out of reach.', retryable: true, hint: /^Check its address/ },
    'the table’s hint',
  );
  const defect = new TypeError('x is not a function');
  await t.rejects(failing(defect).place(run, record), defect, 'a defect stays one');
  const strange = Object.assign(new Error('other'), { code: 'ECONNREFUSED' });
  await t.rejects(failing(strange).place(run, record), strange, 'another code is none of ours');

  const stopped = { ...run, signal: AbortSignal.abort(new Error('told to stop')) };
  await t.rejects(failing(agreed).place(stopped, record), { message: 'told to stop' });
  t.equal(lines.length, 4, 'an aborted run begins nothing');
});

t.test('shows the providers to admins, by title', async (t) => {
  const desk = await frontDesk(t);
  const registry = new DnsRegistry();
  await desk.server.register({ plugin: dnsProviders, options: { registry, access: desk.directory } });
  desk.server.dnsProvider({
    ...provider,
    name: 'last',
    title: 'By hand',
    settings: Joi.object({}),
    secrets: [],
    manual: true,
  });
  desk.server.dnsProvider(provider);
  const { status, body } = await desk.ask('admin', 'GET', '/dns-providers');
  t.equal(status, 200);
  t.strictSame(body, {
    dnsProviders: [
      {
        ...{ name: 'full', title: 'All of it', secrets: ['token'], manual: false },
        settings: {
          type: 'object',
          properties: {
            url: { type: 'string', description: 'Where it is.', minLength: 1 },
            token: { type: 'string', description: 'What opens it.', default: '' },
          },
          required: ['url'],
          additionalProperties: false,
        },
      },
      {
        ...{ name: 'last', title: 'By hand', secrets: [], manual: true },
        settings: { type: 'object', properties: {}, additionalProperties: false },
      },
    ],
  });
  t.equal((await desk.ask('mira', 'GET', '/dns-providers')).status, 403);
  t.equal((await desk.ask(null, 'GET', '/dns-providers')).status, 401);
});
