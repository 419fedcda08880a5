import type { Phase } from '../client/contract.js';

/**
 * What a turn of the page's standing means for what was read by a request, which the feed does not keep current.
 * `forget`: another user may look now. `reread`: the page is current again, and what happened meanwhile is not known.
 */
export type Consequence = 'forget' | 'reread' | null;

/** Follows how the page stands, for one client; told each phase in its order. */
export class Returns {
  #before: Phase | null = null;
  #isAway = false;

  turn(phase: Phase): Consequence {
    const before = this.#before;
    this.#before = phase;
    if (phase === 'live' || phase === 'polling') {
      const isBack = this.#isAway;
      this.#isAway = false;
      return isBack ? 'reread' : null;
    }
    // Only a client that signs in anew is connecting again.
    const isAnew = phase === 'connecting' && before !== null && before !== 'connecting';
    this.#isAway ||= isAnew || phase !== 'connecting';
    return isAnew ? 'forget' : null;
  }
}
