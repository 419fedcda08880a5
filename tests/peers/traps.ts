/** Points of a proxy where the n-th request is cut off or kept waiting. */
import type { Socket } from 'node:net';

/** Before the other side hears of it, or when that has answered and the client does not know it yet. */
export type Moment = 'before' | 'after';

interface Point<Kind> {
  kind: Kind;
  moment: Moment;
}

export class Traps<Kind> {
  #set: (Point<Kind> & { action: 'cut' | 'hold'; left: number })[] = [];
  #held: (Point<Kind> & { go: () => void })[] = [];
  #waiting: (Point<Kind> & { go: () => void })[] = [];

  /** Shuts at the n-th request of a kind from now on, once. */
  set(kind: Kind, moment: Moment, action: 'cut' | 'hold', nth: number): void {
    this.#set.push({ kind, moment, action, left: nth });
  }

  /** Resolves when a request is held there. */
  async reached(kind: Kind, moment: Moment): Promise<void> {
    if (this.#held.some((held) => held.kind === kind && held.moment === moment)) return;
    await new Promise<void>((go) => this.#waiting.push({ kind, moment, go }));
  }

  /** Takes all traps away and lets go what is held. */
  release(): void {
    this.#set = [];
    for (const { go } of this.#held.splice(0)) go();
  }

  /** False where the connection has gone. */
  async pass(kind: Kind, moment: Moment, socket: Socket): Promise<boolean> {
    const here = this.#set.filter((trap) => trap.kind === kind && trap.moment === moment);
    for (const trap of here) trap.left -= 1;
    const shut = here.find(({ left }) => left === 0);
    this.#set = this.#set.filter(({ left }) => left > 0);
    if (shut?.action === 'cut') socket.destroy();
    if (shut?.action === 'hold') await this.#keep(kind, moment);
    return !socket.destroyed;
  }

  #keep(kind: Kind, moment: Moment): Promise<void> {
    const here = (point: Point<Kind>) => point.kind === kind && point.moment === moment;
    return new Promise((go) => {
      this.#held.push({ kind, moment, go });
      for (const waiting of this.#waiting.filter(here)) waiting.go();
      this.#waiting = this.#waiting.filter((point) => !here(point));
    });
  }
}
