/**
 * The one address for a page: defines what nearly every page shows, and loads each other element when its tag is first seen in
 * the document. Names are exported for pages that build their own; nothing happens where there is no document.
 */
import { define } from './define.js';
import { SignalboxButton } from './elements/button/button.js';
import { SignalboxProgress } from './elements/progress/progress.js';
import { SignalboxProvider } from './elements/provider/provider.js';
import { Autoloader } from './packaging/autoload.js';
import { later } from './packaging/later.js';

export * from './packaging/at-once.js';

define('signalbox-provider', SignalboxProvider);
define('signalbox-button', SignalboxButton);
define('signalbox-progress', SignalboxProgress);

const autoloader = new Autoloader(later);
if (globalThis.document) autoloader.watch(document);

/** Loads an element by its tag, for tags within a shadow root of the page's own, into which the document does not see. */
export function load(tag: string): Promise<void> {
  return autoloader.load(tag);
}
