/** Pictures of a page at three widths, light and dark; the best of them are kept for the README. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const WIDTHS = { phone: 390, tablet: 900, wide: 1440 };
const THEMES = ['light', 'dark'] as const;
const KEPT = 'docs/pictures';
/** What a reader of the README sees of a long page, in pixels. */
const KEPT_HEIGHT = 1040;
/** Which pictures are kept, by the name that they have there. */
const KEPT_AS: Record<string, string> = {
  'fleet-wide-light': 'fleet',
  'restart-running-wide-dark': 'restart',
  'renewals-wide-light': 'renewals',
  'portal-html-wide-light': 'portal',
};

/** Waits until the page has drawn what it was told, by two frames and the fonts. */
const settled = (page: Page) =>
  page.evaluate(
    'document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))',
  );

async function shoot(page: Page, path: string, width: number, colorScheme: (typeof THEMES)[number]): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  // Still: a picture in mid-transition shows colours that nobody sees.
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await settled(page);
  // As high as the page: what is out of sight is not drawn (content-visibility).
  const height = Number(await page.evaluate('document.documentElement.scrollHeight'));
  await page.setViewportSize({ width, height: Math.max(900, height) });
  await settled(page);
  await page.screenshot({ path, fullPage: true });
}

/** Takes all pictures of what the page shows now. */
export async function shootAll(page: Page, directory: string, view: string): Promise<void> {
  await mkdir(KEPT, { recursive: true });
  for (const [size, width] of Object.entries(WIDTHS))
    for (const theme of THEMES) {
      const name = `${view}-${size}-${theme}`;
      const path = join(directory, `${name}.png`);
      await shoot(page, path, width, theme);
      const kept = KEPT_AS[name];
      if (!kept) continue;
      const { width: across, height } = page.viewportSize() ?? { width, height: KEPT_HEIGHT };
      const clip = { x: 0, y: 0, width: across, height: Math.min(height, KEPT_HEIGHT) };
      await page.screenshot({ path: join(KEPT, `${kept}.png`), clip });
    }
}
