/** A process that starts and ends operations as fast as its store answers, and tells of each answer; to be killed in the middle. */
import { v7 as uuidv7 } from 'uuid';
import { openDatabase, type DatabaseSettings } from '../../../db/knexfile.js';
import { OperationStore } from '../store.js';

export interface StarterOrder {
  settings: DatabaseSettings;
  connections: number[];
}

/** What the store has answered for: an operation is there, or it has ended. */
export interface Answered {
  id: string;
  ended: boolean;
}

const claimable = { nodeId: 'starter', leaseMs: 60_000, limit: 100, types: ['probe'], resumable: [], maxAttempts: 5 };

async function startAndEnd(store: OperationStore, connectionId: number): Promise<void> {
  const id = uuidv7();
  const made = { createdBy: 'user' as const, requestedBy: 'mira', parentId: null, retryOf: null, state: null };
  const [started] = await store.start([
    { ...made, id, connectionId, type: 'probe', params: '{}', estimatedDurationMs: 1 },
  ]);
  if (started?.existing !== false) return;
  process.send?.({ id, ended: false } satisfies Answered);
  const held = await store.claim(claimable);
  await Promise.all(
    held.map(async ({ id: own, attempt }) => {
      const [row] = await store.write([{ id: own, nodeId: 'starter', attempt, status: 'completed', progress: 100 }]);
      if (row) process.send?.({ id: own, ended: true } satisfies Answered);
    }),
  );
}

process.once('message', ({ settings, connections }: StarterOrder) => {
  const store = new OperationStore(openDatabase(settings));
  const forEver = async (connectionId: number) => {
    for (;;) await startAndEnd(store, connectionId);
  };
  for (const connectionId of connections)
    forEver(connectionId).catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
});
