/** How a page looks to somebody: its theme and the direction that it is read in. */
import { executeServerCommand } from '@web/test-runner-commands';

export const themes = ['light', 'dark', 'forced-colors'] as const;
export const directions = ['ltr', 'rtl'] as const;

export type Theme = (typeof themes)[number];
export type Direction = (typeof directions)[number];

/** Firefox can't be told to force colours; the rest it shows as Chromium does. */
export const isFirefox = navigator.userAgent.includes('Firefox');

const emulate = (features: Record<string, string>): Promise<unknown> =>
  executeServerCommand(
    'signalbox:emulate-media',
    Object.entries(features).map(([name, value]) => ({ name, value })),
  );

/** Whether the browser pretends that the person wants less motion. */
export async function reduceMotion(reduced: boolean): Promise<void> {
  await emulate({ 'prefers-reduced-motion': reduced ? 'reduce' : 'no-preference' });
}

export async function appear(theme: Theme, direction: Direction = 'ltr'): Promise<void> {
  const root = document.documentElement;
  const dark = theme === 'dark';
  root.dir = direction;
  root.style.colorScheme = dark ? 'dark' : 'light';
  document.body.style.background = theme === 'forced-colors' ? 'Canvas' : dark ? '#0e1412' : '#f2f4f1';
  if (!isFirefox) await emulate({ 'forced-colors': theme === 'forced-colors' ? 'active' : 'none' });
}

/** As the other tests found it. */
export async function disappear(): Promise<void> {
  const root = document.documentElement;
  root.removeAttribute('dir');
  root.style.removeProperty('color-scheme');
  document.body.style.removeProperty('background');
  if (!isFirefox) await emulate({});
}
