/** Many subscribers of one side, what they have heard so far, and how to publish to them and wait until all have heard it. */
import { setTimeout as wait } from 'node:timers/promises';
import { VoidRound } from '../rounds.mjs';
import { Subscriber } from './socket.mjs';

const SOCKETS_AT_ONCE = 50;
/** The product takes twenty sockets a user and fifty an address. */
const SOCKETS_A_USER = 20;
const LOST_AFTER_MS = 15_000;
const nowMs = () => Number(process.hrtime.bigint()) / 1e6;

export const usersFor = (sockets) => Math.ceil(sockets / SOCKETS_A_USER);

/** How each kind of side is spoken to: where its socket is and what is said first. */
const TONGUES = {
  raw: () => ({ path: () => '/', first: (topic) => [JSON.stringify({ path: topic })] }),
  socketio: () => ({
    path: (topic) => `/socket.io/?EIO=4&transport=websocket&topic=${encodeURIComponent(topic)}`,
    first: () => ['40'],
  }),
  nes: () => ({
    path: () => '/',
    first: (topic) => [JSON.stringify({ type: 'hello', id: 1, version: '2', subs: [topic] })],
  }),
  product: (tokens) => ({
    path: () => '/realtime',
    headers: (n) => ({ 'X-Forwarded-For': `10.0.${(n / SOCKETS_A_USER) >> 8}.${((n / SOCKETS_A_USER) | 0) & 255}` }),
    first(topic, n) {
      const authorization = `Bearer ${tokens[Math.floor(n / SOCKETS_A_USER)]}`;
      return [
        JSON.stringify({ type: 'hello', id: 1, version: '2', auth: { headers: { authorization } }, subs: [topic] }),
      ];
    },
  }),
};

export class Crowd {
  #side;
  #heard = 0;
  #wanted = Infinity;
  #heardAtMs = 0;
  #all = () => {};
  subscribers = [];

  constructor(side) {
    this.#side = side;
  }

  /** Opens `count` sockets, each subscribed to `topicOf(n)`, and waits until the side knows of all of them. */
  static async open(side, { kind, port, tokens, count, topicOf }) {
    const crowd = new Crowd(side);
    const { path, headers = () => ({}), first } = TONGUES[kind](tokens);
    for (let n = 0; n < count; n += SOCKETS_AT_ONCE) {
      const some = Array.from({ length: Math.min(SOCKETS_AT_ONCE, count - n) }, (_, k) => {
        const topic = topicOf(n + k);
        const words = { port, path: path(topic), headers: headers(n + k), first: first(topic, n + k) };
        return new Subscriber({ ...words, hear: (updates) => crowd.#hear(updates) });
      });
      await Promise.all(some.map(({ opened }) => opened));
      crowd.subscribers.push(...some);
    }
    await crowd.#subscribed(new Set([topicOf(0), topicOf(count - 1)]), count, topicOf);
    return crowd;
  }

  /** Publishes `count` updates in one tick; resolves with how long the last receipt took, in ms. */
  publish(topic, receivers, count = 1) {
    return this.#received(receivers * count, () => this.#side.ask('publish', { path: topic, count }));
  }

  /** Publishes one update on each path, each of which has one subscriber. */
  publishEach(paths) {
    return this.#received(paths.length, () => this.#side.ask('publishEach', { paths }));
  }

  async #received(wanted, ask) {
    this.#heard = 0;
    this.#wanted = wanted;
    const heard = new Promise((resolve) => (this.#all = resolve));
    const began = nowMs();
    let timer;
    const lost = new Promise((_, reject) => {
      const give = () => reject(new VoidRound(`${this.#heard} of ${wanted} updates were received.`));
      timer = setTimeout(give, LOST_AFTER_MS);
    });
    try {
      await Promise.race([Promise.all([heard, ask()]), lost]);
    } finally {
      clearTimeout(timer);
    }
    return this.#heardAtMs - began;
  }

  end() {
    for (const subscriber of this.subscribers) subscriber.end();
  }

  #hear(updates) {
    this.#heard += updates;
    if (this.#heard < this.#wanted) return;
    this.#heardAtMs = nowMs();
    this.#all();
  }

  async #subscribed(topics, count, topicOf) {
    for (const topic of topics) {
      const wanted = topicOf(0) === topicOf(count - 1) ? count : 1;
      for (let tries = 0; (await this.#side.ask('subscribers', { path: topic })).count < wanted; tries++) {
        if (tries > 200) throw new Error(`Not all subscribed to ${topic}.`);
        await wait(50);
      }
    }
  }
}
