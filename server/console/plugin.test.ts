import hapi from '@hapi/hapi';
import t, { type Test } from 'tap';
import { witnessPart } from '../documents/testing/witness.js';
import { problems } from '../problems/problems.js';
import { consolePages } from './plugin.js';

const files = {
  'signalbox.js': "import './chunk-ABCD2345.js';\n",
  'chunk-ABCD2345.js': 'export {};\n',
  'integrity.json': '{"signalbox.js":"sha384-x"}\n',
};

const page = { 'index.html': '<p>console</p>', 'main.js': 'export {};\n' };

async function serveAll(t: Test, built: Parameters<Test['testdir']>[0] = { console: page, elements: { v1: files } }) {
  // As the program has it: what is wrong with a request is named.
  const failAction = (_request: unknown, _h: unknown, error?: Error) => {
    throw error ?? new Error('Validation failed without an error.');
  };
  const server = hapi.server({ debug: false, routes: { validate: { failAction } } });
  await server.register(problems);
  await server.register({ plugin: consolePages, options: { webDir: t.testdir(built) } });
  t.teardown(witnessPart(server));
  return (url: string, headers: Record<string, string> = {}) => server.inject({ url, headers });
}

async function serve(t: Test) {
  const get = await serveAll(t);
  return (file: string, headers: Record<string, string> = {}) =>
    get(`/elements/v1/${file}`, { origin: 'https://portal.example', ...headers });
}

t.test('the files of the elements', async (t) => {
  t.test('are for pages of any origin, without credentials, and the same answer for all', async (t) => {
    const get = await serve(t);
    for (const file of [...Object.keys(files), 'missing.js']) {
      const { headers } = await get(file);
      t.equal(headers['access-control-allow-origin'], '*', file);
      t.equal(headers['access-control-allow-credentials'], undefined, file);
      t.notMatch(String(headers['vary'] ?? ''), /origin/i, file);
    }
    t.equal((await get('signalbox.js')).headers['cross-origin-resource-policy'], 'cross-origin');
  });

  t.test('are kept for ever where the name or the address says which content', async (t) => {
    const get = await serve(t);
    const kept = async (file: string) => String((await get(file)).headers['cache-control']);
    t.match(await kept('chunk-ABCD2345.js'), /max-age=31536000, immutable/);
    t.match(await kept('signalbox.js?v=0a1b2c'), /immutable/);
    t.equal(await kept('signalbox.js'), 'public, max-age=0, must-revalidate');
    t.equal(await kept('integrity.json'), 'public, max-age=0, must-revalidate');
  });

  t.test('are asked for anew by their tag, and not sent again while they are the same', async (t) => {
    const get = await serve(t);
    const first = await get('signalbox.js');
    t.equal(first.statusCode, 200);
    t.match(String(first.headers['content-type']), /javascript/);
    const again = await get('signalbox.js', { 'if-none-match': String(first.headers['etag']) });
    t.equal(again.statusCode, 304);
    t.equal(again.payload, '');
  });

  t.test('are those of one folder', async (t) => {
    const get = await serve(t);
    t.equal((await get('missing.js')).statusCode, 404);
    t.equal((await get('..%2F..%2Fconsole%2Findex.html')).statusCode, 400);
    t.match((await get('integrity.json')).headers['content-type'], /^application\/json/);
  });
});

t.test('the console', async (t) => {
  t.test('is asked for anew by its tag, and not sent again while it is the same', async (t) => {
    const get = await serveAll(t);
    for (const url of ['/', '/console/main.js']) {
      const first = await get(url);
      t.equal(first.statusCode, 200, url);
      const again = await get(url, { 'if-none-match': String(first.headers['etag']) });
      t.match([again.statusCode, again.payload], [304, ''], url);
    }
  });

  t.test('is missing in words where it was not built', async (t) => {
    const get = await serveAll(t, {});
    for (const url of ['/', '/console/main.js'])
      t.match(JSON.parse((await get(url)).payload), { status: 404, code: 'NOT_FOUND' }, url);
  });
});
