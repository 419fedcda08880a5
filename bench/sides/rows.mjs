/**
 * Runs operations against a database, sixteen at once, each an insert, ten updates and an end: by the product's own store, or by
 * one awaited knex statement each, as most programs do. Same schema, indexes, pragmas and driver on
 * both sides; knex as it comes on the second.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { v7 as uuidv7 } from 'uuid';
import { openDatabase } from '../../dist/db/knexfile.js';
import { Journal } from '../../dist/server/operations/run/journal.js';
import { OperationStore } from '../../dist/server/operations/store.js';
import { openAsItComes } from '../databases.mjs';
import { answer } from './answer.mjs';

const UPDATES = 10;
const AT_ONCE = 16;
const NODE = 'bench';
const TYPE = 'bench';

const [kind, settings] = [process.argv[2], JSON.parse(process.argv[3])];
const knex = kind === 'store' ? openDatabase(settings) : openAsItComes(settings);

const named = (connectionId) => ({ id: uuidv7(), connectionId, type: TYPE });

/** One awaited statement after the other, as they would be written by hand. */
const byKnex = {
  async stored(connectionId) {
    const { id } = named(connectionId);
    const now = () => new Date().toISOString();
    const table = () => knex('active_operations');
    const row = { id, connection_id: connectionId, operation_type: TYPE, status: 'in_progress' };
    await table().insert({ ...row, started_at: now(), updated_at: now(), node_id: NODE, attempt: 1 });
    const write = (changes) =>
      table()
        .where({ id })
        .update({ ...changes, updated_at: now() });
    for (let n = 1; n <= UPDATES; n++) await write({ progress: n * 9, message: `Part ${n}` });
    await write({ status: 'completed', progress: 100, completed_at: now() });
  },
};
byKnex.burst = byKnex.stored;

/** The store as the engine uses it: start, claim, guarded writes. */
function byStore() {
  const store = new OperationStore(knex);
  const unclaimed = new Map();
  let claiming = null;

  async function claimAll() {
    while (unclaimed.size > 0) {
      const request = { nodeId: NODE, leaseMs: 600_000, limit: AT_ONCE, types: [TYPE], resumable: [], maxAttempts: 5 };
      for (const row of await store.claim(request)) {
        unclaimed.get(row.id)?.({ id: row.id, nodeId: NODE, attempt: row.attempt });
        unclaimed.delete(row.id);
      }
    }
    claiming = null;
  }

  async function held(connectionId) {
    const rest = { createdBy: 'user', requestedBy: 'bench', parentId: null, retryOf: null, state: null };
    const wanted = { ...named(connectionId), ...rest, params: '{}', estimatedDurationMs: 1 };
    const [started] = await store.start([wanted]);
    if (started?.existing !== false) throw new Error('A start found its place taken.');
    return new Promise((resolve) => {
      unclaimed.set(wanted.id, resolve);
      claiming ??= claimAll();
    });
  }

  const write = async (write) => (await store.write([write])).length === 1;
  return {
    async stored(connectionId) {
      const hold = await held(connectionId);
      for (let n = 1; n <= UPDATES; n++) await write({ ...hold, progress: n * 9, message: `Part ${n}` });
      await write({ ...hold, status: 'completed', progress: 100 });
    },
    /** Progress is not waited for: the journal keeps the newest and stores it when it may. */
    async burst(connectionId) {
      const hold = await held(connectionId);
      const sink = { write, append: async () => true, failed: () => {} };
      const journal = new Journal(hold, sink, { lastSeq: 0, lost: () => {} });
      for (let n = 1; n <= UPDATES; n++) journal.note({ progress: n * 9, message: `Part ${n}` });
      await journal.end('completed', { progress: 100 });
    },
  };
}

const ways = kind === 'store' ? byStore() : byKnex;

async function run({ mode, operations, connections }) {
  await knex('active_operations').delete();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const before = process.cpuUsage();
  const began = performance.now();
  let next = 0;
  const worker = async (connectionId) => {
    while (next++ < operations) await ways[mode](connectionId);
  };
  await Promise.all(connections.slice(0, AT_ONCE).map(worker));
  const wallMs = performance.now() - began;
  const { user, system } = process.cpuUsage(before);
  delay.disable();
  const [{ done }] = await knex('active_operations').where({ status: 'completed', progress: 100 }).count({ done: '*' });
  return { wallMs, cpuMs: (user + system) / 1000, delayP99Ms: delay.percentile(99) / 1e6, done: Number(done) };
}

answer({ run });
