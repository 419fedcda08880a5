import hapi from '@hapi/hapi';
import Joi from 'joi';
import t from 'tap';
import { frontDesk } from '../connections/testing/front-desk.js';
import type { Platform } from './contract.js';
import { PlatformRegistry, platforms } from './registry.js';

const plain: Platform = { name: 'plain', title: 'Plain', defaultPort: 22, defaultService: null };
const settings = Joi.object({
  servedPort: Joi.number().port().allow(null).default(8443).description('Where it serves.'),
  command: Joi.string().max(100).allow('').default('').description('What restarts it.'),
  codes: Joi.array().items(Joi.number().integer()).default([0]).description('What counts as success.'),
});
const full: Platform = {
  ...{ ...plain, name: 'full', title: 'All of it', defaultService: 'Cisco Tomcat', settings, settingsByAdmin: true },
  ...{ servicePattern: /^[A-Z][A-Za-z ]{0,31}$/, restartDurationMs: 300_000 },
  sshTest: () => Promise.resolve({ how: 'exec', system: null }),
  restartService: () => Promise.resolve({ state: 'STARTED', how: 'list', evidence: {} }),
  certificate: {
    ...{ keyBy: 'device', ports: [443, 8443], restartService: 'Cisco Tomcat' },
    settings: Joi.object({ path: Joi.string().default('/etc/tls').description('Where it lies.') }),
  },
  makeCsr: () => Promise.resolve(''),
  installCertificate: () => Promise.resolve({ summary: '', detail: {} }),
  placeChallenge: () => Promise.resolve(),
  removeChallenge: () => Promise.resolve(),
};
const certificate = full.certificate;

t.test('refuses a platform that is not of the contract’s shape, and says why', async (t) => {
  const refused: [change: object, sentence: RegExp][] = [
    [{ name: 'Full' }, /^platform Full: expected name to be a word of a-z, 0-9, _ and -, got "Full"$/],
    [{ title: ' ' }, /expected title to be some words/],
    [{ defaultPort: 0 }, /expected defaultPort to be a port/],
    [{ defaultService: undefined }, /expected defaultService to be a name or null, got undefined/],
    [{ servicePattern: '^a$' }, /expected servicePattern to be a RegExp from \^ to \$ .*, got "\^a\$"/],
    [{ servicePattern: /a$/ }, /expected servicePattern .*, got \/a\$\/$/],
    [{ servicePattern: /^a/ }, /expected servicePattern/],
    [{ servicePattern: /^a$/g }, /expected servicePattern/],
    [{ servicePattern: /^a$/m }, /expected servicePattern/],
    [{ servicePattern: undefined }, /expected servicePattern to be there beside restartService, got undefined/],
    [{ defaultService: 'tomcat9' }, /expected defaultService to be a name that servicePattern lets through/],
    [{ restartDurationMs: 0 }, /expected restartDurationMs to be a number of milliseconds above 0, got 0/],
    [{ restartDurationMs: '5' }, /expected restartDurationMs/],
    [{ restartDurationMs: Infinity }, /expected restartDurationMs/],
    [{ settings: {} }, /expected settings to be a Joi object schema/],
    [{ settings: Joi.string() }, /expected settings to be a Joi object schema/],
    [{ settings: Joi.object({ port: Joi.number().required() }) }, /with a default for each key/],
    [{ settingsByAdmin: 'yes' }, /expected settingsByAdmin to be true or false, got "yes"/],
    [{ certificate: undefined }, /expected certificate to be there beside installCertificate, got undefined/],
    [{ certificate: null }, /expected certificate to be keyBy \(device or signalbox\), ports, .*, got null/],
    [{ certificate: { ...certificate, keyBy: 'us' } }, /expected certificate to be keyBy/],
    [{ certificate: { ...certificate, ports: [0] } }, /expected certificate to be keyBy/],
    [{ certificate: { ...certificate, ports: [443, 443] } }, /expected certificate to be keyBy/],
    [{ certificate: { ...certificate, ports: 443 } }, /expected certificate to be keyBy/],
    [{ certificate: { ...certificate, restartService: undefined } }, /expected certificate to be keyBy/],
    [
      { certificate: { ...certificate, settings: Joi.object({ path: Joi.string().required() }) } },
      /expected certificate to be keyBy/,
    ],
    [
      { certificate: { ...certificate, restartService: 'tomcat9' } },
      /expected certificate.restartService to be a service that restartService can restart, got "tomcat9"/,
    ],
    [{ restartService: undefined }, /expected certificate.restartService to be a service/],
    [{ makeCsr: undefined }, /expected makeCsr to be there where the device makes the key, got undefined/],
    [{ removeChallenge: undefined }, /expected removeChallenge to be there beside placeChallenge, got undefined/],
    [{ placeChallenge: undefined }, /expected placeChallenge to be there beside removeChallenge, got undefined/],
    [{ listServices: 'ls' }, /expected listServices to be a function, got "ls"/],
    [{ anything: 1 }, /expected anything to be a function, got 1/],
  ];
  for (const [change, message] of refused) {
    const platform = { ...full, ...change };
    t.throws(() => new PlatformRegistry().add(platform), { message }, JSON.stringify(change));
  }
  const registry = new PlatformRegistry();
  registry.add(full);
  t.throws(() => registry.add(full), /expected a name of its own/);
  t.equal(registry.get('full'), full);
  t.equal(registry.get('gone'), undefined);
});

t.test('publishes what a page needs to ask for a connection’s settings', async (t) => {
  const server = hapi.server();
  await server.register({ plugin: platforms, options: { registry: new PlatformRegistry() } });
  server.platform(plain);
  server.platform(full);
  const answer = await server.inject('/platforms');
  t.strictSame(answer.result, {
    platforms: [
      {
        ...{ name: 'full', title: 'All of it', defaultPort: 22, defaultService: 'Cisco Tomcat' },
        settings: {
          type: 'object',
          properties: {
            servedPort: {
              ...{ type: ['integer', 'null'], description: 'Where it serves.', default: 8443 },
              ...{ minimum: 0, maximum: 65535 },
            },
            command: { type: 'string', description: 'What restarts it.', default: '', maxLength: 100 },
            codes: {
              ...{ type: 'array', description: 'What counts as success.', default: [0] },
              items: { type: 'integer' },
            },
          },
          additionalProperties: false,
        },
        settingsByAdmin: true,
        certificate: {
          ...{ keyBy: 'device', ports: [443, 8443], restartService: 'Cisco Tomcat', placesChallenge: true },
          settings: {
            type: 'object',
            properties: { path: { type: 'string', description: 'Where it lies.', default: '/etc/tls', minLength: 1 } },
            additionalProperties: false,
          },
        },
        capabilities: [
          ...['sshTest', 'restartService', 'makeCsr', 'installCertificate'],
          ...['placeChallenge', 'removeChallenge'],
        ],
      },
      {
        ...{ name: 'plain', title: 'Plain', defaultPort: 22, defaultService: null },
        ...{ settings: null, settingsByAdmin: false, certificate: null, capabilities: [] },
      },
    ],
  });
});

t.test('shows the platforms by title to whoever is signed in, whatever his role', async (t) => {
  const desk = await frontDesk(t);
  desk.server.platform(full);
  const { body } = await desk.ask('vera', 'GET', '/platforms');
  const names = (body['platforms'] as { name: string }[]).map(({ name }) => name);
  t.strictSame(names, ['full', 'scripted', 'linux', 'vos']);
  t.equal((await desk.ask(null, 'GET', '/platforms')).status, 401);
});
