/** A real Chromium (Debian's package) with a profile of its own, driven by puppeteer-core. */
import { readFileSync } from 'node:fs';
import { launch } from 'puppeteer-core';
import type { Browser } from 'puppeteer-core';
import { tempDir } from './temp.js';

export interface Chromium {
  browser: Browser;
  stop(): Promise<void>;
}

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

/** Starts Chromium without a window; `args` are added to the usual flags. */
export async function startChromium(args: string[] = []): Promise<Chromium> {
  const settings = launchSettings();
  const profile = await tempDir('signalbox-chromium-');
  const browser = await launch({
    executablePath: settings.executablePath,
    args: [...settings.args, ...args],
    userDataDir: profile.path,
    headless: true,
  });
  return {
    browser,
    async stop() {
      await browser.close();
      await profile.remove();
    },
  };
}
