/** docker-compose.yml and the Dockerfiles are well made, fit together, and fit the settings: no engine is needed to see it. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { BlockList } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { validate } from 'dockerfile-utils';
import t from 'tap';
import { parse } from 'yaml';
import { applianceOptions } from '../lab/command-line.js';
import { loadConfig } from '../server/settings/settings.js';
import { settings, table } from '../server/settings/table.js';
import { startHouse } from './peers/house.js';
import { render } from './peers/proxy.js';
import { freePort } from './peers/ports.js';
import { tempDir } from './peers/temp.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const read = (name: string) => readFile(`${root}${name}`, 'utf8');

interface Service {
  image?: string;
  build?: string | { context: string; target?: string; dockerfile?: string };
  profiles?: string[];
  depends_on?: Record<string, { condition: string; required?: boolean }>;
  user?: string;
  read_only?: boolean;
  init?: boolean;
  tmpfs?: string[];
  cap_drop?: string[];
  security_opt?: string[];
  command?: string[];
  environment: Record<string, string>;
  volumes: string[];
  ports?: string[];
  networks: { inside: { ipv4_address: string; aliases?: string[] }; store?: object };
}

interface Compose {
  services: Record<'server' | 'second' | 'postgres' | 'nginx' | 'appliance' | 'host' | 'pebble', Service>;
  networks: { inside: { ipam: { config: { subnet: string; ip_range: string }[] } }; store: { internal: boolean } };
  volumes: Record<string, unknown>;
}

const composeText = await read('docker-compose.yml');

/** As docker compose reads it: `${NAME:-value}` is what the environment says, else the value. */
const filled = (text: string, env: Record<string, string>) =>
  text.replace(/\$\{(\w+):-([^}]*)\}/g, (_, name: string, otherwise: string) => env[name] || otherwise);

function composeFrom(env: Record<string, string>): Compose {
  const reviver = (_key: unknown, value: unknown) => (typeof value === 'string' ? filled(value, env) : value);
  return parse(composeText, reviver, { merge: true }) as Compose;
}

const clusterEnv = Object.fromEntries(
  (await read('cluster.env'))
    .split('\n')
    .filter((line) => /^\w+=/.test(line))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
);
const compose = composeFrom({});
const cluster = composeFrom(clusterEnv);
const { server, nginx } = compose.services;

/** A Dockerfile's instructions in order, each on one line. */
const instructionsOf = (text: string) =>
  text
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): [string, string] => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1).trim()]);

const instructions = instructionsOf(await read('Dockerfile'));
const lastStage = instructions.slice(instructions.map(([name]) => name).lastIndexOf('FROM'));

/** What the last stage says once of a kind. */
function said(name: string): string {
  const found = lastStage.filter(([each]) => each === name).map(([, value]) => value);
  if (found.length !== 1) throw new Error(`expected one ${name}, got ${found.length}`);
  return found[0] ?? '';
}

const imageEnv = Object.fromEntries(
  said('ENV')
    .split(/\s+/)
    .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
);

function inRange(range: string, address: string): boolean {
  const [network = '', prefix] = range.split('/');
  const list = new BlockList();
  list.addSubnet(network, Number(prefix));
  return list.check(address);
}

t.test('docker-compose.yml passes a linter that others keep, and what is wrong does not', async (t) => {
  const room = await tempDir();
  t.teardown(() => room.remove());
  const plain = filled(composeText, {});
  const files: [text: string, findings: RegExp[]][] = [
    [plain, []],
    [filled(composeText, clusterEnv), []],
    [plain.replace('cap_drop:', 'cap_drops:'), [/additional properties/]],
    [
      plain.replaceAll("'127.0.0.1:", "'").replace('nginx:1.28', 'nginx:latest'),
      [/no-unbound-port/, /no-unbound-port/, /explicit-tag/],
    ],
  ];
  const paths = files.map((_, index) => `${room.path}/${index}.yml`);
  await Promise.all(files.map(([text], index) => writeFile(paths[index] ?? '', text)));
  const args = [...paths, '--config', '.dclintrc.yaml', '--formatter', 'json', '--max-warnings', '0'];
  const ended = run(process.execPath, ['node_modules/dclint/bin/dclint.cjs', ...args], { cwd: root });
  const { stdout } = await ended.catch((failed: { stdout: string }) => failed);
  const results = JSON.parse(stdout) as { filePath: string; messages: object[] }[];
  for (const [index, [, expected]] of files.entries()) {
    const { messages } = results.find(({ filePath }) => filePath.endsWith(`/${index}.yml`)) ?? {};
    t.match(
      messages?.map((message) => JSON.stringify(message)),
      expected,
    );
    t.equal(messages?.length, expected.length);
  }
});

t.test('the Dockerfiles pass a linter that others keep, and what is wrong does not', async (t) => {
  const findings = (text: string) => validate(text).map(({ message }) => message);
  const text = await read('Dockerfile');
  t.same(findings(text), []);
  t.same(findings(await read('lab/peers/Dockerfile')), []);
  t.match(findings(text.replace('--interval=', '--intervall=')), [/unknown flag: intervall/i]);
  t.match(findings(text.replace('WORKDIR /app', 'WORKDIR app')), [/should be absolute/]);
  t.match(findings(text.replace('EXPOSE 3000', 'EXPOSE http')), [/invalid containerPort/i]);
  t.match(findings(text.replace('COPY . .', 'COPY .')), [/at least two arguments/]);
});

t.test('images have a version, and are no larger than what is installed needs', async (t) => {
  const all = [...instructions, ...instructionsOf(await read('lab/peers/Dockerfile'))];
  const stages = all.map(([, value]) => / AS (\w+)$/.exec(value)?.[1]);
  const [images, installs] = [
    all.filter(([name, value]) => name === 'FROM' && !stages.includes(value.split(' ')[0])),
    all.filter(([name, value]) => name === 'RUN' && value.includes('apt-get install')),
  ];
  t.same([images.length, installs.length], [3, 2]);
  for (const [, image] of images) t.match(image, /^[\w/]+:(?!latest)\w/);
  for (const [, command] of installs)
    t.match(
      command,
      /^apt-get update && apt-get install -y --no-install-recommends .* && rm -rf \/var\/lib\/apt\/lists/,
    );
});

t.test('the image and its container give the server settings that it knows and takes', async (t) => {
  const known = settings.map(({ name }) => name);
  const names = [...Object.keys(server.environment), ...Object.keys(imageEnv)];
  t.same(
    names.filter((name) => !known.includes(name)),
    ['NODE_ENV'],
  );
  const room = await tempDir();
  t.teardown(() => room.remove());
  const config = loadConfig({ ...imageEnv, ...server.environment, [table.dataDir.name]: room.path });
  t.match(config, { host: '0.0.0.0', port: 3000, publicUrl: 'https://localhost:8443' });
  t.same(config.trustedProxies, [nginx.networks.inside.ipv4_address], 'nobody but nginx is believed');
});

t.test('the image is run as nobody special, on a root that cannot be written', async (t) => {
  t.match(said('USER'), /^[1-9]\d*:[1-9]\d*$/, 'a number, and not root');
  t.equal(said('EXPOSE'), imageEnv['PORT']);
  t.equal(said('VOLUME'), imageEnv[table.dataDir.name]);
  t.same(server.volumes, [`data:${imageEnv[table.dataDir.name]}`]);
  t.ok('data' in compose.volumes);
  t.match(nginx.user, /^[1-9]\d*:[1-9]\d*$/);
  for (const service of [server, compose.services.second, nginx])
    t.match(service, { read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'], tmpfs: ['/tmp'] });
  t.equal(server.init, true);
  const { engines } = JSON.parse(await read('package.json')) as { engines: { node: string } };
  const stages = instructions.map(([, value]) => / AS (\w+)$/.exec(value)?.[1]);
  for (const [name, value] of instructions)
    if (name === 'FROM' && !stages.includes(value.split(' ')[0]))
      t.match(value, `node:${/\d+/.exec(engines.node)?.[0]}-`, 'the Node that the package asks for');
});

t.test('what the image copies and runs is there', async (t) => {
  const copied = instructions
    .filter(([name, value]) => name === 'COPY' && !value.startsWith('--from'))
    .flatMap(([, value]) => value.split(/\s+/).slice(0, -1));
  t.same(
    copied.filter((path) => !existsSync(`${root}${path}`)),
    [],
  );
  const command = JSON.parse(said('CMD')) as string[];
  const source = command.at(-1)?.replace(/^dist\/(.*)\.js$/, '$1.ts') ?? '';
  t.equal(command[0], 'node');
  t.ok(existsSync(`${root}${source}`), `${source} is what the build makes the entry of`);
  const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> };
  for (const [, value] of instructions)
    for (const [, script] of value.matchAll(/npm run ([\w:]+)/g)) t.ok(scripts[script ?? ''], `npm run ${script}`);
  const ignored = (await read('.dockerignore')).split('\n');
  t.ok(['nginx/tls', 'data', '.git'].every((path) => ignored.includes(path)));
});

t.test('the health check says yes of a ready server and no where there is none', async (t) => {
  const house = await startHouse();
  t.teardown(() => house.stop());
  const [file = '', ...args] = JSON.parse(said('HEALTHCHECK').replace(/^.*?CMD /, '')) as string[];
  const ask = (port: string | number) => run(file, args, { env: { PATH: process.env['PATH'], PORT: String(port) } });
  await ask(new URL(house.url).port);
  await t.rejects(ask(await freePort()), { code: 1 });
});

t.test('nginx is given what its script knows, and stands where the others look for it', async (t) => {
  const script = await read('nginx/render.sh');
  const documented = [...script.matchAll(/^# {3}(PROXY_\w+) /gm)].map(([, name]) => name);
  t.same(
    Object.keys(nginx.environment).filter((name) => !documented.includes(name)),
    [],
  );
  const room = await tempDir();
  t.teardown(() => room.remove());
  const text = await render(room.path, nginx.environment);
  const listens = [...text.matchAll(/^ {4}listen (\d+)/gm)].map(([, port]) => port);
  const ports = (nginx.ports ?? []).map((each) => each.split(':'));
  t.same(
    ports.map(([, , inside]) => inside),
    listens,
    'what is published is what it listens on',
  );
  t.same([...new Set(ports.map(([address]) => address))], ['127.0.0.1'], 'and only for this machine');
  t.ok(ports.some(([, outside]) => outside === new URL(server.environment['SIGNALBOX_PUBLIC_URL'] ?? '').port));
  t.equal(nginx.environment['PROXY_PUBLIC_URL'], server.environment['SIGNALBOX_PUBLIC_URL']);
  const [host = '', port] = /^ {4}server (\S+) /m.exec(text)?.[1]?.split(':') ?? [];
  t.ok(host in compose.services && port === imageEnv['PORT'], 'it looks for the server where the image listens');
});

t.test('nginx is started by the files that are mounted, in a place that it may write to', async (t) => {
  const [mounted = '', place = '', mode] = nginx.volumes[0]?.split(':') ?? [];
  const [shell, script = '', directory = ''] = nginx.command ?? [];
  t.same([shell, mode], ['sh', 'ro']);
  t.ok((await readdir(`${root}${mounted}`)).includes(script.replace(`${place}/`, '')));
  t.ok(nginx.tmpfs?.some((path) => directory.startsWith(`${path}/`)));
});

t.test('each container keeps an address that no other is given', async (t) => {
  const [range] = compose.networks.inside.ipam.config;
  const { second } = compose.services;
  const addresses = [server, second, nginx].map((service) => service.networks.inside.ipv4_address);
  t.equal(new Set(addresses).size, addresses.length);
  for (const address of addresses) {
    t.ok(inRange(range?.subnet ?? '', address), address);
    t.notOk(inRange(range?.ip_range ?? '', address), `${address} is not handed out`);
  }
});

t.test('a plain start has one server on its own file, and nothing of the profiles', async (t) => {
  const started = Object.entries(compose.services).filter(([, { profiles }]) => !profiles);
  t.same(
    started.map(([name]) => name),
    ['server', 'nginx'],
  );
  t.equal(server.environment['DATABASE_URL'], '', 'which counts as not set');
  t.equal(nginx.environment['PROXY_UPSTREAMS'], 'server:3000');
  // docker compose must not wait for what a profile leaves out.
  for (const [name, { depends_on = {} }] of started)
    for (const [other, { required }] of Object.entries(depends_on))
      if (compose.services[other as keyof Compose['services']].profiles) t.equal(required, false, `${name}: ${other}`);
});

t.test('the profile cluster is two servers of one kind on one database, which nobody else reaches', async (t) => {
  const { server: first, second, postgres, nginx: proxy } = cluster.services;
  t.equal(clusterEnv['COMPOSE_PROFILES'], 'cluster');
  t.same(
    Object.entries(cluster.services).flatMap(([name, { profiles }]) => (profiles?.includes('cluster') ? [name] : [])),
    ['second', 'postgres'],
  );
  t.same(second.environment, first.environment);
  t.same(second.volumes, first.volumes, 'the keys are the same');
  const room = await tempDir();
  t.teardown(() => room.remove());
  const { databaseUrl } = loadConfig({ ...imageEnv, ...first.environment, [table.dataDir.name]: room.path });
  const { hostname, port, username, password, pathname } = new URL(databaseUrl ?? '');
  t.ok(hostname in cluster.services && port === '5432');
  t.match(postgres.environment, {
    POSTGRES_USER: username,
    POSTGRES_PASSWORD: password,
    POSTGRES_DB: pathname.slice(1),
  });
  t.match(postgres, { read_only: true, cap_drop: ['ALL'], user: /^[1-9]\d*:[1-9]\d*$/ });
  t.notOk(postgres.ports);
  t.equal(cluster.networks.store.internal, true);
  const onStore = Object.entries(cluster.services).filter(([, { networks }]) => networks.store);
  t.same(
    onStore.map(([name]) => name),
    ['server', 'second', 'postgres'],
  );
  const text = await render(room.path, proxy.environment);
  const upstreams = [...text.matchAll(/^ {4}server (\S+) /gm)].map(([, each]) => each);
  t.same(upstreams, [`server:${imageEnv['PORT']}`, `second:${imageEnv['PORT']}`]);
  t.notOk(existsSync(`${root}nginx/cluster.env`), 'nginx does not see the password');
});

t.test('the profile lab is made of what is there, on ports that need no rights', async (t) => {
  const { appliance, host, pebble } = compose.services;
  for (const service of [appliance, host, pebble]) t.same([service.profiles, service.ports], [['lab'], undefined]);
  const stages = instructions.filter(([name]) => name === 'FROM').map(([, value]) => value.split(' as ')[0]);
  t.match(appliance.build, { target: 'source' });
  t.ok(stages.some((stage) => stage?.endsWith('AS source')));
  const [, , script = '', ...args] = appliance.command ?? [];
  t.ok(existsSync(`${root}${script}`));
  t.match(applianceOptions(args), { host: '0.0.0.0', sshPort: 2222, tlsPort: 8443, httpsPort: 4443 });
  for (const { build, command = [] } of [host, pebble]) {
    const dockerfile = await read((build as { dockerfile: string }).dockerfile);
    const [, from = '', to = ''] = /^COPY (.*) (\S+)$/m.exec(dockerfile) ?? [];
    const copied = from.split(' ').map((path) => `${to}${path.split('/').at(-1)}`);
    t.ok(copied.includes(command[1] ?? ''), `${command[1]} is copied`);
    t.same(
      from.split(' ').filter((path) => !existsSync(`${root}${path}`)),
      [],
    );
  }
});
