/** Every shape that the documents name. */
import type { Schema } from '../words.js';
import { accountShapes } from './accounts.js';
import { certificateShapes } from './certificates.js';
import { authorityShapes } from './authorities.js';
import { connectionShapes } from './connections.js';
import { dnsCredentialShapes } from './dns-credentials.js';
import { dnsProviderShapes } from './dns-providers.js';
import { embedShapes } from './embed.js';
import { frameShapes } from './frames.js';
import { houseShapes } from './house.js';
import { operationShapes } from './operations.js';

export const shapes = {
  ...operationShapes,
  ...connectionShapes,
  ...certificateShapes,
  ...accountShapes,
  ...embedShapes,
  ...authorityShapes,
  ...dnsProviderShapes,
  ...dnsCredentialShapes,
  ...houseShapes,
  ...frameShapes,
} satisfies Record<string, Schema>;

export type ShapeName = keyof typeof shapes;
