/**
 * toy_greeting: an operation type as a third party would bring it, in plain JavaScript that needs no build.
 * `SIGNALBOX_PLUGINS=./examples/toy-plugin npm start` loads it.
 */
import { setImmediate as turn } from 'node:timers/promises';
import Joi from 'joi';

/** @typedef {{ name: string }} Params */

const params = Joi.object({
  name: Joi.string().trim().min(1).max(80).default('world').description('Who is greeted.'),
});

/** @param {import('../../server/operations/contract.js').OperationContext<Params>} context */
async function run(context) {
  const { name } = context.params;
  const words = await context.step('think', async () => {
    context.message(`Thinking of ${name}`);
    context.log(`On ${context.connection.name} somebody is to be greeted: ${name}`, 'note');
    return ['Hello,', `${name}.`];
  });
  await context.step('say', async ({ signal, progress }) => {
    context.message(`Greeting ${name}`);
    for (const [index, word] of words.entries()) {
      // A cancel and a time-out come through the signal.
      signal.throwIfAborted();
      context.log(word);
      progress((index + 1) / words.length);
      await turn();
    }
  });
  return { greeting: words.join(' ') };
}

/** @type {import('../../server/operations/contract.js').OperationDefinition<Params>} */
const definition = {
  type: 'toy_greeting',
  title: 'Greeting',
  description: 'Greets somebody in two steps, to show what a plugin of your own can do.',
  labels: { idle: 'Greet', busy: 'Greeting…', done: 'Greeted' },
  display: 'bar',
  confirm: null,
  cancellable: true,
  resumable: false,
  steps: [
    { key: 'think', title: 'Think of the words', weight: 1, timeoutMs: 5_000 },
    { key: 'say', title: 'Say them', weight: 2, timeoutMs: 5_000 },
  ],
  params,
  estimatedDurationMs: 500,
  timeoutMs: 15_000,
  run,
};

/** @type {import('@hapi/hapi').Plugin<void>} */
export const plugin = {
  name: 'signalbox-plugin-toy',
  register(server) {
    server.operation(definition);
  },
};
