/** Operation types for several nodes: `told` does what a test tells it to, wherever it runs; `told_burst` says much and ends. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import type { Server } from '@hapi/hapi';
import Joi from 'joi';
import type { OperationContext, OperationDefinition } from '../../server/operations/contract.js';
import type {} from '../../server/operations/plugin.js';

/** What the operation says of itself first. */
export interface Greeting {
  id: string;
  attempt: number;
  pid: number;
}

export type Order = { log: string } | { progress: number } | { end: true };

type Told = OperationContext<{ port: number }>;

async function obey(context: Told): Promise<void> {
  const socket = connect(context.params.port, '127.0.0.1');
  const gone = () => socket.destroy();
  context.signal.addEventListener('abort', gone, { once: true });
  try {
    await once(socket, 'connect');
    const greeting: Greeting = { id: context.id, attempt: context.attempt, pid: process.pid };
    socket.write(`${JSON.stringify(greeting)}\n`);
    await context.step('obey', async (step) => {
      for await (const line of createInterface(socket)) {
        const order = JSON.parse(line) as Order;
        if ('end' in order) return;
        if ('log' in order) context.log(order.log);
        else step.progress(order.progress);
      }
      context.signal.throwIfAborted();
      throw new Error('The teller has gone.');
    });
  } finally {
    socket.destroy();
  }
}

async function burst(context: OperationContext): Promise<void> {
  await context.step('obey', async (step) => {
    for (let part = 1; part <= 4; part++) {
      context.log(`${context.id} part ${part}`);
      step.progress(part / 4);
      await wait(120, undefined, { signal: step.signal });
    }
  });
}

const definition = (type: string, run: (context: never) => Promise<void>, more: Partial<OperationDefinition> = {}) => ({
  ...{ type, title: 'Told', description: 'A type of the tests.', display: 'bar', confirm: null },
  labels: { idle: 'Tell', busy: 'Obeying…', done: 'Obeyed' },
  ...{ cancellable: true, resumable: false, estimatedDurationMs: 1_000, timeoutMs: 120_000 },
  steps: [{ key: 'obey', title: 'Obey', weight: 1 }],
  params: Joi.object({ port: Joi.number().description('Where the teller listens.') }),
  run,
  ...more,
});

export const plugin = {
  name: 'signalbox-plugin-told',
  register(server: Server): void {
    server.operation(definition('told', obey) as OperationDefinition);
    server.operation(definition('told_resumable', obey, { resumable: true }) as OperationDefinition);
    server.operation(definition('told_burst', burst) as OperationDefinition);
  },
};
