/** Every shape that the documents name. */
import type { Schema } from '../words.js';
import { accountShapes } from './accounts.js';
import { connectionShapes } from './connections.js';
import { houseShapes } from './house.js';
import { operationShapes } from './operations.js';

export const shapes = {
  ...operationShapes,
  ...connectionShapes,
  ...accountShapes,
  ...houseShapes,
} satisfies Record<string, Schema>;

export type ShapeName = keyof typeof shapes;
