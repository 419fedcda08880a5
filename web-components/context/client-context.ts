import { createContext } from '@lit/context';
import type { SignalboxClient } from '../client/contract.js';

/** How a client reaches the elements inside `<signalbox-provider>`. The key is page-wide, so that two bundles agree on it. */
export const clientContext = createContext<SignalboxClient>(Symbol.for('signalbox.client-context.v1'));
