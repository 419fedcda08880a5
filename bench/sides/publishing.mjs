/** How a side is told to publish: several updates on one path in one tick, or one on each of many paths, a tick each. */
import { setImmediate as turn } from 'node:timers/promises';

export function publishing(publish) {
  return {
    publish({ path, count }) {
      // What nes promises is not waited for: its users don't either.
      for (let n = 0; n < count; n++) void publish(path);
      return {};
    },
    async publishEach({ paths }) {
      for (const path of paths) {
        await publish(path);
        await turn();
      }
      return {};
    },
  };
}
