/** Publishing: the message's text comes once from the publisher and is put between the parts of nes' `pub`, never parsed again. */
import type { Feed, MessageText } from './contract.js';
import type { Outlet } from './outlet.js';
import type { Topics } from './topics.js';

export function makeFeed(topics: Topics, outlet: Outlet): Feed {
  const publishAll = (paths: readonly string[], message: MessageText): void => {
    let text: string | null = null;
    for (const path of paths) {
      const peers = topics.of(path);
      if (!peers) continue;
      text ??= typeof message === 'string' ? message : message();
      // A path with a subscriber is canonical, so it needs no escaping.
      const frame = outlet.frame(`{"type":"pub","path":"${path}","message":${text}}`);
      for (const peer of peers) outlet.send(peer, frame);
    }
  };
  return {
    publish: (path, message) => publishAll([path], message),
    publishAll,
    subscribers: (path) => topics.of(path)?.size ?? 0,
    paths: () => topics.names(),
  };
}
