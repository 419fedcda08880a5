/** Holds back what a socket sends, so that the server's limit (20 messages a second, 40 at once) is never met. */
import { Alarm } from './alarm.js';
import type { Surroundings } from './surroundings.js';

const A_SECOND = 16;
const AT_ONCE = 30;
/** Not yet answered. A stalled link delivers all of these in one moment, so they too stay under the server's 40. */
const IN_FLIGHT = 20;

export class Pacer {
  readonly #around: Surroundings;
  readonly #alarm: Alarm;
  readonly #queue: (() => void)[] = [];
  #allowance = AT_ONCE;
  #countedAt: number;
  #inFlight = 0;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#alarm = new Alarm(around);
    this.#countedAt = around.now();
  }

  /** Sends when its turn comes; the message counts as in flight until `answered`. */
  queue(send: () => void): void {
    this.#queue.push(send);
    this.#flow();
  }

  /** Sends now, unanswered: a heartbeat cannot wait. */
  urgent(send: () => void): void {
    this.#count();
    this.#allowance -= 1;
    send();
  }

  answered(): void {
    this.#inFlight -= 1;
    this.#flow();
  }

  stop(): void {
    this.#queue.length = 0;
    this.#alarm.clear();
  }

  #count(): void {
    const now = this.#around.now();
    const passedMs = Math.max(0, now - this.#countedAt);
    this.#countedAt = now;
    this.#allowance = Math.min(AT_ONCE, this.#allowance + (passedMs * A_SECOND) / 1_000);
  }

  #flow(): void {
    this.#count();
    while (this.#allowance >= 1 && this.#inFlight < IN_FLIGHT) {
      const send = this.#queue.shift();
      if (!send) return;
      this.#allowance -= 1;
      this.#inFlight += 1;
      send();
    }
    if (this.#queue.length > 0 && this.#inFlight < IN_FLIGHT && !this.#alarm.waiting) {
      this.#alarm.set(Math.ceil((1 - this.#allowance) * (1_000 / A_SECOND)), () => this.#flow());
    }
  }
}
