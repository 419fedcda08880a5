/** Loaded into the product by SIGNALBOX_PLUGINS: publishes on its feed when it is told to, and brings a type that never ends. */
import Joi from 'joi';
import { answer } from '../sides/answer.mjs';
import { publishing } from '../sides/publishing.mjs';
import { update } from '../sides/update.mjs';

const params = Joi.object({
  service: Joi.string().max(64).required().description('A word to validate.'),
  force: Joi.boolean().default(false).description('Another one.'),
});

/** Holds the node's only place, so that what is started after it is stored and nothing more. */
const hanging = {
  type: 'bench_hang',
  title: 'Hang',
  description: 'Runs until it is stopped.',
  labels: { idle: 'Hang', busy: 'Hanging…', done: 'Done' },
  display: 'spinner',
  confirm: null,
  cancellable: true,
  resumable: false,
  steps: [{ key: 'hang', title: 'Hang', weight: 1 }],
  params,
  estimatedDurationMs: 1_000,
  timeoutMs: 3_600_000,
  run: ({ signal }) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true })),
};

/** A start without the store: the same token, the same validation, an answer of the same size. */
function bareRoute() {
  return {
    method: 'POST',
    path: '/bench/{id}/start',
    options: {
      description: 'Answers at once.',
      tags: ['bench'],
      validate: {
        params: Joi.object({ id: Joi.number().integer().min(1).required() }),
        payload: Joi.object({ params: params.required() }),
      },
      handler: (request, h) => h.response({ status: 'started', connectionId: request.params.id }).code(202),
    },
  };
}

export const plugin = {
  name: 'signalbox-bench',
  register(server) {
    server.operation(hanging);
    server.route(bareRoute());
    answer({
      ...publishing((path) => server.feed.publish(path, () => JSON.stringify(update()))),
      subscribers: ({ path }) => ({ count: server.feed.subscribers(path) }),
    });
    server.ext('onPostStart', () => process.send({ name: 'listening', port: server.info.port }));
  },
};
