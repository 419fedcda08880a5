import type { SignalboxClient } from '../client/contract.js';
import type { Context } from './context.js';

/** How a client reaches the elements inside `<signalbox-provider>`. The key is page-wide, so that two bundles agree on it. */
export const clientContext = Symbol.for('signalbox.client-context.v1') as Context<SignalboxClient>;
