/** A process of its own that starts one operation on each connection it is told of, as fast as it can, when it is told to. */
import { openDatabase, type DatabaseSettings } from '../../db/knexfile.js';
import { OperationStore } from '../../server/operations/store.js';
import { v7 as uuidv7 } from 'uuid';

export interface RaceOrder {
  settings: DatabaseSettings;
  connections: number[];
}

/** For each connection: which operation this process was answered with, and whether it is the one that may run work. */
export type RaceResult = { connectionId: number; operationId: string; won: boolean }[];

async function race({ settings, connections }: RaceOrder): Promise<RaceResult> {
  const knex = openDatabase(settings);
  const store = new OperationStore(knex);
  const results: RaceResult = [];
  for (const connectionId of connections) {
    const operation = {
      id: uuidv7(),
      connectionId,
      type: 'raced',
      params: '{}',
      createdBy: 'user' as const,
      requestedBy: 'racer',
      parentId: null,
      retryOf: null,
      state: null,
      estimatedDurationMs: 1,
    };
    const [started] = await store.start([operation]);
    if (!started) throw new Error('a connection is missing');
    results.push({ connectionId, operationId: started.operation.id, won: !started.existing });
  }
  await knex.destroy();
  return results;
}

process.once('message', (order: RaceOrder) => {
  race(order).then(
    (results) => process.send?.(results, () => process.disconnect()),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.send?.('ready');
