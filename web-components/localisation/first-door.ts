/** As much of the door as goes through it on every page. */
export { msg } from '@lit/localize/init/install.js';
export { updateWhenLocaleChanges } from './spoken-controller.js';
