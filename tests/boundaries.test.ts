/** The walls of the house hold, and each of them would be noticed if it did not. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const root = fileURLToPath(new URL('..', import.meta.url));
const config = fileURLToPath(new URL('../.dependency-cruiser.cjs', import.meta.url));
const program = fileURLToPath(new URL('../node_modules/dependency-cruiser/bin/dependency-cruise.mjs', import.meta.url));
const FOLDERS = ['db', 'server', 'plugins', 'lab', 'web-components'];

interface Violation {
  rule: { name: string };
  from: string;
  to: string;
}

/** The violations in a tree, each as "rule: from → to", sorted. */
async function violationsIn(directory: string): Promise<string[]> {
  const args = [program, '--config', config, '--output-type', 'json', ...FOLDERS];
  const json = await new Promise<string>((resolve, reject) => {
    // It ends with the number of errors as its exit code, so the code says nothing about whether it worked.
    execFile(process.execPath, args, { cwd: directory, maxBuffer: 1 << 28 }, (error, stdout, stderr) =>
      stdout ? resolve(stdout) : reject(error ?? new Error(stderr)),
    );
  });
  const { summary } = JSON.parse(json) as { summary: { violations: Violation[] } };
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`).sort();
}

const pkg = (name: string) => ({
  'package.json': JSON.stringify({ name, main: 'index.js', version: '1.0.0' }),
  'index.js': 'module.exports = {};',
});

/** A small tree that keeps every rule; what is given comes on top. */
const base = {
  'package.json': JSON.stringify({ dependencies: { lit: '1.0.0' }, devDependencies: { tool: '1.0.0' } }),
  'tsconfig.json': '{"compilerOptions":{"module":"nodenext"}}',
  node_modules: { lit: pkg('lit'), tool: pkg('tool'), guest: pkg('guest') },
};

t.test('this checkout keeps every rule', async (t) => {
  t.same(await violationsIn(root), []);
});

t.test('a tree that keeps the rules is let through', async (t) => {
  const directory = t.testdir({
    ...base,
    db: { 'knexfile.ts': 'export const open = 1;' },
    lab: { 'appliance.ts': 'export const appliance = 1;' },
    server: {
      'main.ts': "import { open } from '../db/knexfile.js'; export const main = open;",
      ssh: { 'session.ts': 'export const openSession = 1;' },
      operations: {
        'contract.ts': "import type { Engine } from './engine.js'; export type Contract = Engine;",
        'engine.ts': "import type { Contract } from './contract.js'; export type Engine = 1 | Contract;",
      },
    },
    plugins: {
      operations: {
        one: {
          'index.ts':
            "import type { Contract } from '../../../server/operations/contract.js';\nimport { openSession } from '../../../server/ssh/session.js';\nimport './run.js';\nexport const a: Contract = openSession;",
          'run.ts': 'export const run = 1;',
          'one.test.ts': "import '../../../server/main.js';",
        },
      },
    },
    'web-components': {
      client: {
        'client.ts': "import type { Contract } from '../../server/operations/contract.js'; export type C = Contract;",
      },
      elements: { 'button.ts': "import 'lit'; import '../client/client.js';" },
    },
  });
  t.same(await violationsIn(directory), []);
});

t.test('each broken rule is noticed', async (t) => {
  const directory = t.testdir({
    ...base,
    db: { 'knexfile.ts': 'export const open = 1;' },
    lab: { 'appliance.ts': 'export const appliance = 1;' },
    server: {
      'problems.ts': 'export const problem = 1;',
      operations: {
        'contract.ts': "import { problem } from '../problems.js'; export const a = problem;",
        'engine.ts': "import '../../plugins/operations/one/index.js';",
        'left.ts': "import { right } from './right.js'; export const left = () => right;",
        'right.ts': "import { left } from './left.js'; export const right = () => left;",
        'lost.ts': "import './nowhere.js';",
        'fixture.ts': "import './testing/fake.js';",
        testing: { 'fake.ts': 'export const fake = 1;' },
      },
      ssh: { 'session.ts': "import '../problems.js';" },
      console: { 'pages.ts': "import '../../web-components/elements/button.js';" },
    },
    plugins: {
      operations: {
        one: { 'index.ts': "import { problem } from '../../../server/problems.js'; export const b = problem;" },
        two: { 'index.ts': "import '../one/index.js'; import 'tool'; import 'guest';" },
        three: { 'index.ts': "import '../../../lab/appliance.js';" },
      },
    },
    'web-components': {
      client: { 'client.ts': "import 'lit';", 'framework.ts': "import '../elements/button.js';" },
      elements: {
        'button.ts': 'export const button = 1;',
        'reader.ts': "import 'node:fs';",
        'thief.ts': "import { problem } from '../../server/problems.js'; export const c = problem;",
      },
    },
  });
  const found = await violationsIn(directory);
  t.same(found, [
    'client-is-framework-free: web-components/client/client.ts → node_modules/lit/index.js',
    'client-is-framework-free: web-components/client/framework.ts → web-components/elements/button.ts',
    'contracts-are-types: server/operations/contract.ts → server/problems.ts',
    'engine-knows-no-plugin: server/operations/engine.ts → plugins/operations/one/index.ts',
    'everything-resolves: server/operations/lost.ts → ./nowhere.js',
    'fixtures-stay-in-tests: server/operations/fixture.ts → server/operations/testing/fake.ts',
    'lab-is-outside: plugins/operations/three/index.ts → lab/appliance.ts',
    'no-cycles: server/operations/left.ts → server/operations/right.ts',
    'packages-are-named: plugins/operations/two/index.ts → node_modules/guest/index.js',
    'pages-run-in-browsers: web-components/elements/reader.ts → fs',
    'pages-take-only-types: web-components/elements/thief.ts → server/problems.ts',
    'plugins-are-strangers: plugins/operations/two/index.ts → plugins/operations/one/index.ts',
    'plugins-use-the-door: plugins/operations/one/index.ts → server/problems.ts',
    'product-needs-no-tools: plugins/operations/two/index.ts → node_modules/tool/index.js',
    'server-knows-no-page: server/console/pages.ts → web-components/elements/button.ts',
    'ssh-is-a-library: server/ssh/session.ts → server/problems.ts',
  ]);
  const { forbidden } = createRequire(import.meta.url)(config) as { forbidden: { name: string }[] };
  const fired = new Set(found.map((line) => line.split(':')[0]));
  t.same(
    forbidden.map(({ name }) => name).filter((name) => !fired.has(name)),
    [],
    'no rule is without a proof',
  );
});
