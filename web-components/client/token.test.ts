/** Tokens that live a minute, and what a token says of itself. */
import { expect } from '@open-wc/testing';
import { Rig } from './testing/rig.js';
import { embedToken, tokenOf } from './testing/tokens.js';
import { boundsOf, renewalMs } from './token.js';

const SECOND = 1_000;
const NOW = Date.UTC(2026, 0, 1);

const ofLife = (fromSeconds: number, toSeconds: number): string =>
  tokenOf({ iat: NOW / SECOND + fromSeconds, exp: NOW / SECOND + toSeconds });

/** A portal whose tokens live a minute by the server's clock, and whose answer takes two seconds. */
class Portal {
  readonly rig = new Rig();
  made = 0;
  underWay = 0;
  mostUnderWay = 0;

  constructor() {
    this.rig.token = () => this.#token();
  }

  #token(): Promise<{ token: string; expiresAt: string }> {
    const { clock, server } = this.rig;
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    return new Promise((resolve) => {
      clock.after(2 * SECOND, () => {
        this.underWay -= 1;
        const token = `minute-${(this.made += 1)}`;
        server.tokens.add(token);
        clock.after(60 * SECOND, () => server.expire(token));
        resolve({ token, expiresAt: new Date(clock.now() + 60 * SECOND).toISOString() });
      });
    });
  }
}

describe('a token that lives a minute', () => {
  it('is renewed 1,000 times with one request at a time, one socket, and no event missed', async function () {
    this.timeout(60_000);
    const portal = new Portal();
    const { clock, server, client } = portal.rig;
    const operation = server.store.insert(5);
    const seen = new Set<number>();
    const phases = new Set<string>();
    client.watchConnection(5, ({ operations }) => operations.forEach(({ revision }) => seen.add(revision)));
    await clock.advance(5 * SECOND);
    client.onState(({ phase }) => phases.add(phase));
    for (let revision = 2; portal.made < 1_001; revision += 1) {
      server.change(operation.id, { progress: revision % 100 });
      await clock.advance(7 * SECOND);
      void client.request('GET', '/realtime').catch(() => undefined);
      if (!seen.has(revision)) throw new Error(`revision ${revision} was missed`);
    }
    expect(portal.mostUnderWay).to.equal(1);
    expect(portal.rig.asked.slice(1).every((reason) => reason === 'refresh')).to.equal(true);
    expect(portal.rig.asked.length).to.be.within(1_001, 1_002);
    expect(server.sockets.length).to.equal(1);
    expect([...phases]).to.deep.equal(['live']);
    expect(seen.size).to.be.greaterThan(6_500);
    client.close();
    expect(server.breaches).to.deep.equal([]);
  });

  it('is renewed in time by a timer that fires a moment before the clock says so', async () => {
    const rig: Rig = new Rig({ after: (delayMs, callback) => rig.clock.after(Math.max(0, delayMs - 1), callback) });
    rig.server.tokens.add('first').add('second');
    const given = ['first', 'second'];
    rig.token = () =>
      Promise.resolve({
        token: given[rig.asked.length - 1] ?? '',
        expiresAt: new Date(rig.clock.now() + 60 * SECOND).toISOString(),
      });
    rig.client.watchConnection(5, () => undefined);
    await rig.clock.advance(50 * SECOND);
    expect(rig.asked).to.deep.equal(['initial', 'refresh']);
    rig.client.close();
  });

  it('is renewed in time also where nothing is asked for and the page has a slow or a fast clock', async () => {
    for (const skewMs of [-3_600_000, -20 * SECOND, 20 * SECOND, 3_600_000]) {
      const rig = new Rig();
      rig.page.skewMs = skewMs;
      rig.token = () => {
        const at = Math.floor(rig.clock.now() / SECOND);
        const token = tokenOf({ iat: at, exp: at + 60 });
        rig.server.tokens.add(token);
        rig.clock.after(60 * SECOND, () => rig.server.expire(token));
        return Promise.resolve(token);
      };
      await rig.clock.advance(3_600 * SECOND);
      expect(
        rig.asked.filter((reason) => reason !== 'refresh'),
        `${skewMs}`,
      ).to.deep.equal(['initial']);
      expect(rig.server.sockets.length, `${skewMs}`).to.equal(1);
      rig.client.close();
    }
  });
});

describe('a new token', () => {
  it('is used for four fifths of its life, which a wrong clock cannot stretch', () => {
    expect(renewalMs({ token: ofLife(0, 60) }, NOW)).to.equal(48 * SECOND);
    expect(renewalMs({ token: ofLife(0, 60) }, NOW - 3_600_000)).to.equal(48 * SECOND);
    expect(renewalMs({ token: ofLife(0, 60) }, NOW + 3_600_000)).to.equal(48 * SECOND);
    expect(renewalMs({ token: ofLife(-400, 200) }, NOW)).to.equal(160 * SECOND);
    expect(renewalMs({ token: 'opaque', expiresAt: new Date(NOW + 600_000).toISOString() }, NOW)).to.equal(
      480 * SECOND,
    );
  });

  it('is not asked for again at once, nor ever later than in a day', () => {
    expect(renewalMs({ token: ofLife(-59, 1) }, NOW)).to.equal(10 * SECOND);
    expect(renewalMs({ token: 'opaque', expiresAt: new Date(NOW - 1).toISOString() }, NOW)).to.equal(60 * SECOND);
    expect(renewalMs({ token: 'opaque' }, NOW)).to.equal(86_400 * SECOND);
    expect(renewalMs({ token: ofLife(0, 400 * 86_400) }, NOW)).to.equal(86_400 * SECOND);
  });

  it('says what it is bound to where it was made for widgets, and nothing else does', () => {
    const bounds = { connections: [5, 7], operations: ['ssh_test'] };
    expect(boundsOf(embedToken(bounds))).to.deep.include(bounds);
    expect(boundsOf(tokenOf({ iss: 'https://portal.example', scope: 'openid profile' }))).to.equal(null);
    expect(boundsOf('opaque')).to.equal(null);
    expect(boundsOf('a.bnVsbA.c')).to.equal(null);
  });
});
