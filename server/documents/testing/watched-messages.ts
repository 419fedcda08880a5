/** Each message of the feed, held to its shape. */
import type { Server } from '@hapi/hapi';
import type { MessageText } from '../../realtime/contract.js';
import type { AsyncApi } from '../async-api.js';
import type { Schema } from '../words.js';
import type { Notes } from './notes.js';
import type { ShapeCheck } from './strict.js';
import { watchFrames } from './watched-frames.js';

interface Topic {
  address: string;
  pattern: RegExp;
  message: string;
}

function topicsOf({ channels }: AsyncApi): Topic[] {
  return Object.values(channels).flatMap(({ address, messages }) => {
    if (address === null) return [];
    const pattern = new RegExp(`^${address.replace(/\{\w+\}/g, '[^/]+')}$`);
    return [{ address, pattern, message: Object.keys(messages)[0] ?? '' }];
  });
}

/** Holds every message that is published to its shape, whether or not somebody listens. */
function watchFeed(server: Server, problemOf: (path: string, value: unknown) => string | null, notes: Notes): void {
  const hear = (path: string, text: MessageText) => {
    const problem = problemOf(path, JSON.parse(typeof text === 'string' ? text : text()));
    if (problem) notes.complain(`${path}: ${problem}`);
  };
  const { publish, publishAll } = server.feed;
  Object.assign(server.feed, {
    publish: (path: string, text: MessageText) => {
      hear(path, text);
      publish.call(server.feed, path, text);
    },
    publishAll: (paths: readonly string[], text: MessageText) => {
      for (const path of paths) hear(path, text);
      publishAll.call(server.feed, paths, text);
    },
  });
}

/** Holds every message and every frame to its shape; one of a subscription is seen when somebody is sent it. */
export function watchMessages(server: Server, feed: AsyncApi, check: ShapeCheck, notes: Notes): void {
  const { messages } = feed['components'] as { messages: Record<string, { payload: Schema }> };
  const topics = topicsOf(feed);
  const topicOf = (path: string) => topics.find(({ pattern }) => pattern.test(path));
  const problemAt = (path: string, value: unknown) => {
    const topic = topicOf(path);
    return topic ? check.problem(messages[topic.message]?.payload ?? {}, value) : 'no such channel';
  };
  watchFeed(server, problemAt, notes);
  watchFrames(server, check, notes, (path) => {
    const topic = topicOf(path);
    if (topic) notes.take(`${topic.address} ${topic.message}`, null);
  });
}
