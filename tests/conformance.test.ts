/** What every folder of plugins/ and a third party's plugin must keep to; `npm run create` scaffolds a type that does. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { server as hapiServer, type Plugin } from '@hapi/hapi';
import t, { type Test } from 'tap';
import type { OperationDefinition } from '../server/operations/contract.js';
import { assertDefinition, publish } from '../server/operations/definition.js';
import { Progress } from '../server/operations/run/progress.js';
import type { Platform } from '../server/platforms/contract.js';
import { PlatformRegistry } from '../server/platforms/registry.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Registered {
  types: OperationDefinition[];
  platforms: Platform[];
  routes: number;
}

/** Registers a plugin on a server that only notes what comes through the doors. */
async function register(plugin: Plugin<void>): Promise<Registered> {
  const server = hapiServer();
  const noted: Registered = { types: [], platforms: [], routes: 0 };
  server.decorate('server', 'operation', (definition) => void noted.types.push(definition as never));
  server.decorate('server', 'platform', (definition) => void noted.platforms.push(definition));
  await server.register(plugin);
  noted.routes = server.table().length;
  return noted;
}

async function pluginOf(folder: string): Promise<Plugin<void>> {
  const entry = (await readdir(folder)).find((name) => /^index\.(ts|js)$/.test(name));
  if (!entry) throw new Error(`${folder}: expected an index.ts or index.js`);
  const module = (await import(pathToFileURL(join(folder, entry)).href)) as { plugin: Plugin<void> };
  return module.plugin;
}

async function foldersOf(kind: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, 'plugins', kind), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

function keepsTheContract(t: Test, definition: OperationDefinition): void {
  assertDefinition(definition);
  const published = publish(definition);
  t.match(published.params, { type: 'object' }, 'publishes its params as a JSON schema');
  t.doesNotThrow(() => JSON.stringify(published));
  const tellsShare = definition.display !== 'spinner';
  t.ok(
    tellsShare || definition.labels.busy.endsWith('…'),
    'says by its busy label, or by its per cent, that it goes on',
  );
  t.not(definition.labels.idle, definition.labels.done);
  t.match(definition.description, /\.$/, 'describes itself in a sentence');
  t.ok(definition.estimatedDurationMs < definition.timeoutMs, 'expects to end before its limit');
  const bounded = definition.steps.every((step) => (step.timeoutMs ?? 0) <= definition.timeoutMs);
  t.ok(bounded, 'gives no step more time than the whole');
  const progress = new Progress(definition.steps);
  let last = 0;
  for (const step of definition.steps) {
    progress.enter(step.key);
    t.ok(progress.percent >= last && progress.percent < 100);
    last = progress.percent;
  }
  const { error } = definition.params.validate({ unforeseen: true });
  t.ok(error, 'refuses params that it does not know');
  for (const key of Object.values(definition.params.describe()['keys'] ?? {}) as { flags?: { description?: string } }[])
    t.ok(key.flags?.description, 'describes each param');
}

for (const type of await foldersOf('operations'))
  t.test(`plugins/operations/${type} keeps to the contract`, async (t) => {
    const { types, routes } = await register(await pluginOf(join(ROOT, 'plugins/operations', type)));
    t.same(
      types.map((definition) => definition.type),
      [type],
      'brings the one type that its folder is named after',
    );
    t.equal(routes, 0, 'leaves its routes to the engine');
    for (const definition of types) keepsTheContract(t, definition);
  });

for (const name of await foldersOf('platforms'))
  t.test(`plugins/platforms/${name} keeps to the contract`, async (t) => {
    const { platforms } = await register(await pluginOf(join(ROOT, 'plugins/platforms', name)));
    t.same(
      platforms.map((platform) => platform.name),
      [name],
    );
    const registry = new PlatformRegistry();
    for (const platform of platforms) registry.add(platform);
    t.equal(typeof platforms[0]?.sshTest, 'function', 'can at least prove that it is reached');
  });

t.test('a third party’s plugin keeps to the contract', async (t) => {
  const { types } = await register(await pluginOf(join(ROOT, 'examples/toy-plugin')));
  t.same(
    types.map((definition) => definition.type),
    ['toy_greeting'],
  );
  for (const definition of types) keepsTheContract(t, definition);
});

t.test('a definition that breaks the contract is refused at the start', async (t) => {
  const [good] = (await register(await pluginOf(join(ROOT, 'plugins/operations/ssh_test')))).types;
  t.throws(() => assertDefinition({ ...good, steps: [] } as never), /ssh_test: expected/);
  await t.rejects(register({ name: 'nothing' } as never));
});
