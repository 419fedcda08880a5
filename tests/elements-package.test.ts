/** What a portal gets: the elements' files as built, served, imported and typed. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { buildElements } from '../scripts/build.mjs';
import { elementNames } from '../scripts/elements/entries.mjs';
import { digestOf } from '../scripts/elements/integrity.mjs';
import { buildPackage } from '../scripts/elements/package.mjs';
import { ELEMENTS_BUDGET_BYTES, firstLoadBytes } from '../scripts/verify.mjs';
import { startBrowser, watchedContext } from './peers/browser.js';
import { signIn, startHouse, until } from './peers/house.js';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const at = (path: string): string => join(ROOT, path);
const names: string[] = elementNames(ROOT);

/** What is looked at of custom-elements.json. */
interface Manifest {
  schemaVersion: string;
  modules: { path: string; declarations: Declaration[] }[];
}

interface Declaration {
  name: string;
  tagName: string;
  attributes?: { name: string; fieldName: string }[];
  cssProperties: { name: string }[];
  members: { name: string }[];
}

/** What Lit knows of an element's properties. */
interface ElementClass {
  /** Asked for first: Lit fills the table then. */
  observedAttributes: string[];
  elementProperties: Map<string, { attribute?: string | false; state?: boolean }>;
}

/** A package as npm would unpack it, with a file beside it that uses it. It lies in the checkout, so that Lit and React are found. */
const project = t.testdir({ node_modules: { signalbox: {} } });
const installed = join(project, 'node_modules/signalbox');
const web = join(installed, 'dist/web');
const files = join(web, 'elements/v1');
cpSync(at('package.json'), join(installed, 'package.json'));
await buildElements(ROOT, web);

/** What is to be compiled; each line that must not be says so itself. */
const samples = {
  'page.ts': `import { SignalboxButton, load, type SignalboxEventMap } from 'signalbox/elements';
import { SignalboxHistory } from 'signalbox/elements/history';
import { SignalboxLog } from 'signalbox/elements/pure';
import { OperationsController } from 'signalbox/elements/controllers';
import { createClient, type Operation } from 'signalbox/client';
const button: SignalboxButton = document.createElement('signalbox-button');
button.addEventListener('signalbox-start', ({ detail }) => console.log(detail.operation.id));
document.querySelector('signalbox-provider')!.fetchToken = async ({ reason }) => ({ token: reason });
// @ts-expect-error An id is a number.
button.connection = 'one';
// @ts-expect-error There is no such door.
import('signalbox/elements/nothing');
const shown: Operation['status'] | undefined = createClient({ url: '', fetchToken: async () => null }) && undefined;
export const names: (keyof SignalboxEventMap)[] = ['signalbox-complete'];
export { SignalboxHistory, SignalboxLog, OperationsController, load, shown };
`,
  'page.tsx': `import type {} from 'signalbox/react';
export const Page = () => (
  <signalbox-provider url="https://signalbox.example" fetchToken={async () => null}>
    <signalbox-button connection={1} type="ssh_test" primary onsignalbox-start={({ detail }) => detail.operation.id} />
    <signalbox-progress connection={1} large className="wide" />
    {/* @ts-expect-error An id is a number. */}
    <signalbox-history connection="one" />
  </signalbox-provider>
);
`,
};

const scripts = readdirSync(files).filter((name) => name.endsWith('.js'));
const read = (name: string): string => readFileSync(join(files, name), 'utf8');
const json = <T>(name: string): T => JSON.parse(read(name)) as T;

t.test('the files', async (t) => {
  t.test('have a door for all, for none, for the client and for each element', async (t) => {
    const doors = ['signalbox', 'pure', 'client', 'controllers', ...names].map((name) => `${name}.js`);
    t.same(
      doors.filter((door) => !scripts.includes(door)),
      [],
    );
    const parts = scripts.filter((name) => !doors.includes(name));
    t.same(
      parts.filter((name) => !/-[A-Z0-9]{8}\.js$/.test(name)),
      [],
      'what they share is named by its content',
    );
  });

  t.test('begin with little: provider, button, progress, client and Lit', async (t) => {
    const bytes = firstLoadBytes(join(files, 'signalbox.js'));
    t.ok(bytes <= ELEMENTS_BUDGET_BYTES, `${bytes} bytes with gzip, at most ${ELEMENTS_BUDGET_BYTES}`);
    t.notMatch(read('client.js'), /lit-html|litElement/i, 'the client has no Lit in it');
    t.notMatch(read('client.js'), /^import|from"/, 'and stands for itself');
  });

  t.test('load each other element apart', async (t) => {
    const later = names.filter((name) => !['button', 'progress', 'provider'].includes(name));
    for (const name of later) t.match(read('signalbox.js'), `import("./${name}.js")`, name);
    const once = [...read('signalbox.js').matchAll(/from"\.\/([\w.-]+)"|import"\.\/([\w.-]+)"/g)];
    t.equal(once.length, 1, 'all that is needed at once is one part');
  });

  t.test('are each in integrity.json and in the import map, as they are', async (t) => {
    const digests = json<Record<string, string>>('integrity.json');
    t.same(Object.keys(digests).sort(), [...scripts].sort());
    for (const name of scripts) t.equal(digests[name], digestOf(readFileSync(join(files, name))), name);
    const map = json<{ imports: Record<string, string>; integrity: Record<string, string> }>('importmap.json');
    t.equal(map.imports['signalbox/elements'], '/elements/v1/signalbox.js');
    t.equal(map.integrity['/elements/v1/signalbox.js'], digests['signalbox.js']);
    t.equal(Object.keys(map.integrity).length, scripts.length);
  });

  t.test('can be imported on a server: nothing throws, nothing is left behind', async (t) => {
    const before = 'const before = new Set(Object.getOwnPropertyNames(globalThis));';
    const imports = scripts.map((name) => `await import(${JSON.stringify(join(files, name))});`);
    const after = 'const more = Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name));';
    const script = `${before}${imports.join('')}${after}console.log(JSON.stringify(more));`;
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', script]);
    t.equal(stderr, '');
    // What Lit keeps of its versions and properties.
    t.same(
      (JSON.parse(stdout) as string[]).filter((name) => !/^(lit|reactiveElement)\w*(Versions|Metadata)$/.test(name)),
      [],
    );
  });

  t.test('give each element as a class by the pure door', async (t) => {
    const pure = Object.keys((await import(join(files, 'pure.js'))) as object);
    const classes = names.map((name) => `Signalbox${name.charAt(0).toUpperCase()}${name.slice(1)}`);
    t.same(
      classes.filter((name) => !pure.includes(name)),
      [],
    );
  });
});

t.test('the package', async (t) => {
  const manifest = (await buildPackage(ROOT, web)) as Manifest;

  t.test('exports files that are there, each with its types', async (t) => {
    const { exports, customElements } = JSON.parse(readFileSync(at('package.json'), 'utf8')) as {
      exports: Record<string, string | Record<string, string>>;
      customElements: string;
    };
    const targets = Object.values(exports).flatMap((target) =>
      typeof target === 'string' ? [target] : Object.values(target),
    );
    const meant = targets.flatMap((target) =>
      target.includes('*') ? names.map((name) => target.replace('*', name)) : [target],
    );
    t.same(
      [...meant, customElements].filter((path) => !existsSync(join(installed, path))),
      [],
    );
  });

  t.test('describes every element in custom-elements.json', async (t) => {
    t.match(manifest.schemaVersion, /^2\./);
    const tags = manifest.modules.map(({ declarations: [only] }) => only?.tagName).sort();
    t.same(
      tags,
      names.map((name) => `signalbox-${name}`),
    );
    t.same(
      manifest.modules.filter(({ path }) => !scripts.includes(path)),
      [],
    );
    const button = manifest.modules.find(({ path }) => path === 'button.js')?.declarations[0];
    t.ok(button?.attributes?.some(({ name }) => name === 'connection'));
    t.ok(button?.cssProperties.some(({ name }) => name === '--signalbox-action'));
    t.notOk(button?.members.some(({ name }) => name.startsWith('#') || name === 'starting'));
  });

  t.test('describes the properties and the attributes that an element has, and nothing of its inside', async (t) => {
    const pure = (await import(join(files, 'pure.js'))) as Record<string, ElementClass>;
    for (const { declarations } of manifest.modules)
      for (const { name, members, attributes = [] } of declarations) {
        const observed = pure[name]?.observedAttributes ?? [];
        t.equal(observed.length, attributes.length, name);
        const table = [...(pure[name]?.elementProperties ?? [])];
        const settable = table.filter(([, { state }]) => !state);
        t.ok(settable.length > 0, `${name} has properties`);
        t.same(
          settable.filter(([property]) => !members.some((member) => member.name === property)),
          [],
          `each property of ${name}`,
        );
        t.same(
          table.filter(([property, { state }]) => state && members.some((member) => member.name === property)),
          [],
          `no state of ${name}`,
        );
        t.same(
          attributes.map(({ fieldName }) => fieldName).sort(),
          settable.flatMap(([property, { attribute }]) => (attribute === false ? [] : [property])).sort(),
          `each attribute of ${name}`,
        );
      }
  });

  t.test('is typed, for pages and for React', async (t) => {
    const options = {
      ...{ module: 'nodenext', target: 'es2022', lib: ['es2023', 'dom', 'dom.iterable'], types: [] },
      ...{ strict: true, noEmit: true, jsx: 'react-jsx', skipLibCheck: true },
    };
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options, include: ['*.ts', '*.tsx'] }),
    );
    writeFileSync(join(project, 'package.json'), '{"type":"module"}');
    for (const [name, code] of Object.entries(samples)) writeFileSync(join(project, name), code);
    const tsc = at('node_modules/typescript/bin/tsc');
    const said = await run(process.execPath, [tsc, '-p', project]).then(
      () => '',
      (error: { stdout: string }) => error.stdout,
    );
    t.equal(said, '');
  });
});

/** A portal on another origin, whose policy allows its pages what docs/embedding.md says and no more. */
async function startPortal(t: Test, pages: Record<string, string>) {
  let signalbox = '';
  const server = createServer(({ url = '' }, response) => {
    const other = url.startsWith('/other/') ? join(project, 'other/elements/v1', url.slice(7)) : '';
    const page = existsSync(other) ? readFileSync(other, 'utf8') : pages[url];
    const sources = `script-src 'self' ${signalbox}; connect-src ${signalbox} ${signalbox.replace('http', 'ws')}`;
    response.setHeader('content-security-policy', `default-src 'none'; ${sources}; require-trusted-types-for 'script'`);
    response.setHeader('content-type', url.endsWith('.js') ? 'text/javascript' : 'text/html');
    response.writeHead(page === undefined ? 404 : 200).end(page?.replaceAll('SIGNALBOX', signalbox));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const house = await startHouse({ SIGNALBOX_ALLOWED_ORIGINS: url }, { webDir: web });
  signalbox = house.url;
  const { token } = await signIn(house.url);
  pages['/token.js'] = `export const fetchToken = async () => '${token}';`;
  const browser = await startBrowser();
  t.teardown(async () => {
    await browser.close();
    server.close();
    server.closeAllConnections();
    await house.stop();
  });
  return { url, house, browser };
}

/** Opens a page; answers with it and with all that went wrong in it. */
async function open(browser: Browser, url: string) {
  const { context, complaints } = await watchedContext(browser);
  const page = await context.newPage();
  const warnings: string[] = [];
  page.on('console', (message) => void (message.type() === 'warning' && warnings.push(message.text())));
  const sockets: string[] = [];
  page.on('websocket', (socket) => void sockets.push(socket.url()));
  await page.goto(url);
  return { page, complaints, warnings, sockets };
}

/** Waits for what an expression says; the page's policy forbids Playwright's own way. */
const seen = (page: Page, expression: string): Promise<unknown> => until(() => page.evaluate(expression), Boolean);

const defined = (page: Page, tag: string): Promise<unknown> => seen(page, `customElements.get('${tag}') !== undefined`);

/** The head of a page as docs/embedding.md has it. */
function head(door = 'signalbox.js'): string {
  const digest = json<Record<string, string>>('integrity.json')[door] ?? '';
  return `<!doctype html><html lang="en"><title>Portal</title>
<script type="module" src="SIGNALBOX/elements/v1/${door}" integrity="${digest}" crossorigin></script>`;
}

const SETUP = `import { fetchToken } from '/token.js';
const provider = document.querySelector('signalbox-provider');
provider.fetchToken = fetchToken;
const phases = (globalThis.phases = []);
provider.addEventListener('signalbox-connection-state', ({ detail }) => phases.push(detail.phase));
`;

t.test('a portal of another origin under a strict policy', async (t) => {
  const later = `<signalbox-provider url="SIGNALBOX"><signalbox-history connection="1"></signalbox-history></signalbox-provider>`;
  const pages = {
    '/': `${head()}${later}<div id="host"></div><script type="module" src="/setup.js"></script>`,
    '/single': `${head('button.js')}${later}<signalbox-button></signalbox-button>`,
    '/pure': `${head('pure.js')}<signalbox-button></signalbox-button><script type="module" src="/pure.js"></script>`,
    '/setup.js': `${SETUP}
import { load } from 'SIGNALBOX/elements/v1/signalbox.js';
globalThis.load = load;
document.querySelector('#host').attachShadow({ mode: 'open' });`,
    '/pure.js': `import { SignalboxButton } from 'SIGNALBOX/elements/v1/pure.js';
globalThis.SignalboxButton = SignalboxButton;`,
    '/broken': head().replace(/sha384-../, 'sha384-AA'),
    '/two': `${head()}<script type="module" src="/other/signalbox.js"></script>
<signalbox-provider url="SIGNALBOX"><signalbox-button></signalbox-button></signalbox-provider>
<script type="module" src="/two.js"></script>`,
    '/two.js': `${SETUP}
import { sharedClient } from '/other/signalbox.js';
provider.updateComplete.then(() => (globalThis.mine = sharedClient({ url: 'SIGNALBOX', fetchToken })));`,
  };
  const { url, house, browser } = await startPortal(t, pages);

  t.test('gets what integrity.json names, from any origin, for ever where the name says what it is', async (t) => {
    const answer = await fetch(`${house.url}/elements/v1/integrity.json`);
    const digests = (await answer.json()) as Record<string, string>;
    for (const [name, digest] of Object.entries(digests)) {
      const script = await fetch(`${house.url}/elements/v1/${name}`, { headers: { origin: url } });
      t.equal(digestOf(Buffer.from(await script.arrayBuffer())), digest, name);
      t.equal(script.headers.get('access-control-allow-origin'), '*', name);
      t.equal(/immutable/.test(script.headers.get('cache-control') ?? ''), /-[A-Z0-9]{8}\.js$/.test(name), name);
    }
    const manifest = await fetch(`${house.url}/elements/v1/custom-elements.json`);
    t.equal(manifest.status, 200);
  });

  t.test('loads an element when its tag is in the page, or comes into it, and no other', async (t) => {
    const { page, complaints } = await open(browser, `${url}/`);
    await defined(page, 'signalbox-history');
    await seen(page, "phases.at(-1) === 'live'");
    t.equal(await page.evaluate("customElements.get('signalbox-fleet')"), undefined);
    await page.evaluate("document.body.append(document.createElement('signalbox-fleet'))");
    await defined(page, 'signalbox-fleet');
    t.equal(await page.evaluate("customElements.get('signalbox-expiry')"), undefined);
    await page.evaluate(
      "document.querySelector('#host').shadowRoot.append(document.createElement('signalbox-expiry'))",
    );
    await page.evaluate("load('signalbox-expiry')");
    t.equal(await page.evaluate("typeof customElements.get('signalbox-expiry')"), 'function');
    t.match(await page.evaluate("load('signalbox-x').catch(String)"), /RangeError: load: expected a tag of Signalbox/);
    t.same(complaints, [], 'no policy is broken, nothing is thrown');
  });

  t.test('runs nothing that was changed on the way', async (t) => {
    const { page } = await open(browser, `${url}/broken`);
    await page.waitForLoadState('load');
    t.equal(await page.evaluate("customElements.get('signalbox-button')"), undefined);
  });

  t.test('takes one element by its own address, with the provider that it needs', async (t) => {
    const { page, complaints } = await open(browser, `${url}/single`);
    await defined(page, 'signalbox-button');
    t.equal(await page.evaluate("typeof customElements.get('signalbox-provider')"), 'function');
    t.equal(await page.evaluate("customElements.get('signalbox-history')"), undefined);
    t.same(complaints, []);
  });

  t.test('takes the classes and defines them itself', async (t) => {
    const { page, complaints } = await open(browser, `${url}/pure`);
    await seen(page, 'globalThis.SignalboxButton !== undefined');
    t.equal(await page.evaluate("customElements.get('signalbox-button')"), undefined);
    await page.evaluate("customElements.define('my-button', class extends SignalboxButton {})");
    await page.evaluate("document.body.append(document.createElement('my-button'))");
    await seen(page, "document.querySelector('my-button').shadowRoot.querySelector('button') !== null");
    t.same(complaints, []);
  });

  t.test('has two copies on one page without harm: the first is used, both share one line', async (t) => {
    // Another version, as far as a page can tell: no file of it is one of the first.
    await buildElements(ROOT, join(project, 'other'), { minify: false });
    const { page, complaints, warnings, sockets } = await open(browser, `${url}/two`);
    await seen(page, "phases.at(-1) === 'live' && globalThis.mine?.state.phase === 'live'");
    t.same(sockets.length, 1);
    t.same(
      await page.evaluate("[...globalThis[Symbol.for('signalbox.client.v1')].values()].map(({ users }) => users)"),
      [2],
    );
    t.match(warnings.join('\n'), /<signalbox-button> is registered by another copy of Signalbox; that one is used/);
    t.equal(
      await page.evaluate("document.querySelector('signalbox-button').shadowRoot.querySelectorAll('button').length"),
      1,
    );
    t.same(complaints, []);
  });
});
