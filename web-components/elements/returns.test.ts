import { expect } from '@open-wc/testing';
import type { Phase } from '../client/contract.js';
import { type Consequence, Returns } from './returns.js';

const after = (...phases: Phase[]): Consequence[] => {
  const returns = new Returns();
  return phases.map((phase) => returns.turn(phase));
};

describe('the return of a page', () => {
  it('is none at first, nor between the socket and polling', () => {
    expect(after('connecting', 'connecting', 'live', 'polling', 'polling', 'live')).to.deep.equal(Array(6).fill(null));
  });

  it('has everything read anew, by the socket or by polling', () => {
    expect(after('live', 'reconnecting', 'live', 'live')).to.deep.equal([null, null, 'reread', null]);
    expect(after('polling', 'reconnecting', 'polling')).to.deep.equal([null, null, 'reread']);
  });

  it('has what the first one saw forgotten where somebody signs in anew', () => {
    expect(after('live', 'signed-out', 'connecting', 'live')).to.deep.equal([null, null, 'forget', 'reread']);
    expect(after('live', 'connecting', 'connecting', 'live')).to.deep.equal([null, 'forget', null, 'reread']);
  });

  it('follows a first sign-in as well: what was asked before it was refused', () => {
    expect(after('connecting', 'signed-out', 'connecting', 'polling')).to.deep.equal([null, null, 'forget', 'reread']);
  });
});
