/** A real Chromium (Debian's package) with a profile of its own, driven by playwright-core. */
import { readFileSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';

interface LaunchSettings {
  executablePath: string;
  args: string[];
}

// One list for these tests and for web-test-runner.config.mjs.
function launchSettings(): LaunchSettings {
  const settings = JSON.parse(readFileSync(new URL('./chromium.json', import.meta.url), 'utf8')) as LaunchSettings;
  // Chromium's sandbox refuses to be started by root.
  if (process.getuid?.() === 0) settings.args.push('--no-sandbox');
  return settings;
}

/** Starts Chromium without a window; each call is a browser of its own. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch(launchSettings());
}

/** What a browser held against its pages: broken policies, errors that nobody caught. */
export interface Watched {
  context: BrowserContext;
  complaints: string[];
}

/** Told by the page itself, so that nothing that happens while it loads is missed. */
const LISTEN = `addEventListener('securitypolicyviolation', (event) =>
  console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample), true)`;
const POLICY = /^policy: |Content Security Policy|TrustedHTML|Trusted Type|Subresource Integrity|integrity/;

export function watch(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && POLICY.test(message.text())) complaints.push(message.text());
  });
}

/** A person at a browser: nothing is shared with another context but the server. */
export async function watchedContext(
  browser: Browser,
  options: BrowserContextOptions = {},
  complaints: string[] = [],
): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(60_000);
  await context.addInitScript(LISTEN);
  context.on('page', (page) => watch(page, complaints));
  return { context, complaints };
}

/** All that a person can read, shadow roots included; as text, because a function would bring the test loader's names along. */
const READ = `(() => {
  const read = (node) => {
    if (node instanceof HTMLStyleElement || node instanceof HTMLScriptElement) return '';
    if (node instanceof HTMLSlotElement && node.assignedNodes().length > 0) return '';
    if (node.nodeType === Node.TEXT_NODE) return node.textContent;
    // An element that no slot takes has no style at all.
    if (node instanceof Element && /^(none)?$/.test(getComputedStyle(node).display)) return '';
    const inner = node.shadowRoot ? [node.shadowRoot, ...node.childNodes] : [...node.childNodes];
    return inner.map(read).join(' ');
  };
  return read(document.body).replace(/\\s+/g, ' ');
})()`;

export const textOf = async (page: Page): Promise<string> => String(await page.evaluate(READ));
