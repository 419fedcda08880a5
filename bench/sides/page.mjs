/** Pages in one headless Chromium, each with a side's script in it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import puppeteer from 'puppeteer-core';

const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const chromium = JSON.parse(readFileSync(file('../../tests/peers/chromium.json'), 'utf8'));
const CHANGES = 10;

/** A script of this folder as a page loads it: one file, minified, of the packages' production code. */
export async function bundle(name) {
  const { outputFiles } = await build({
    entryPoints: [file(name)],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: ['production'],
    define: { 'process.env.NODE_ENV': '"production"' },
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false } },
    logLevel: 'warning',
  });
  return outputFiles[0].contents;
}

/** In the page: how long something takes until the frame that shows it is laid out and painted, in ms. */
function timed() {
  const { requestAnimationFrame, MessageChannel } = globalThis;
  globalThis.timed = (work) =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      requestAnimationFrame(() => {
        const began = performance.now();
        port1.onmessage = () => resolve(performance.now() - began);
        work();
        // Comes after the microtasks of this frame and after its layout and paint.
        port2.postMessage(null);
      });
    });
}

/** In the page: mounts, changes all, changes one after the other, and says how long each took and what a row shows then. */
async function measured({ first, second, singles }) {
  const { side, timed } = globalThis;
  const mount = await timed(() => side.mount(first));
  const all = await timed(() => side.change(second));
  const one = [];
  for (const single of singles) one.push(await timed(() => side.change([single])));
  const shown = singles.map(({ id }) => side.text(id));
  side.unmount();
  await timed(() => undefined);
  return { mount, all, one, shown };
}

export async function openBrowser() {
  const isRoot = process.getuid?.() === 0;
  const args = [...chromium.args, ...(isRoot ? ['--no-sandbox'] : [])];
  const browser = await puppeteer.launch({ executablePath: chromium.executablePath, headless: true, args });
  const open = async (name) => {
    const page = await browser.newPage();
    page.on('pageerror', (error) => process.stderr.write(`${name}: ${error.message}\n`));
    await page.setViewport({ width: 1440, height: 900 });
    await page.setContent('<!doctype html><body></body>');
    await page.evaluate(timed);
    await page.addScriptTag({ type: 'module', content: Buffer.from(await bundle(name)).toString() });
    await page.waitForFunction('globalThis.side !== undefined');
    return page;
  };
  return { open, close: () => browser.close() };
}

/** One measurement in a page that is brought to the front, as only that one is drawn. */
export async function measure(page, factsOf, allFacts, n, turn) {
  await page.bringToFront();
  const ids = Array.from({ length: CHANGES }, (_, index) => 1 + index);
  const singles = ids.map((id) => factsOf(id, turn + 2));
  return page.evaluate(measured, { first: allFacts(n, turn), second: allFacts(n, turn + 1), singles });
}

/** What a side says of itself when it is told to do one of its things, in the page at the front. */
export async function told(page, what) {
  await page.bringToFront();
  return page.evaluate((name) => globalThis.side[name](), what);
}
