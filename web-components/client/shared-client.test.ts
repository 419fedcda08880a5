/** One client a page for each server. */
import { expect } from '@open-wc/testing';
import { Rig } from './testing/rig.js';
import { sharedClient } from './shared-client.js';

const SECOND = 1_000;

describe('the shared client', () => {
  it('is one for each address, and ends 5 s after its last user', async () => {
    const rig = new Rig();
    rig.client.close();
    const one = sharedClient(rig.options());
    const two = sharedClient(rig.options({ url: 'http://box.test' }));
    const other = sharedClient(rig.options({ url: 'http://other.test' }));
    await rig.clock.advance(SECOND);
    expect(rig.server.sockets.length).to.equal(1);
    expect(one.state).to.equal(two.state);
    expect(other.url).to.equal('http://other.test');

    one.close();
    one.close();
    await rig.clock.advance(10 * SECOND);
    expect(two.state.phase).to.equal('live');
    two.close();
    const three = sharedClient(rig.options());
    await rig.clock.advance(10 * SECOND);
    expect(three.state.phase).to.equal('live');
    expect(rig.server.sockets.length).to.equal(1);
    three.close();
    await rig.clock.advance(6 * SECOND);
    expect(three.state.phase).to.equal('closed');

    const four = sharedClient(rig.options());
    await rig.clock.advance(SECOND);
    expect(four.state.phase).to.equal('live');
    four.close();
    other.close();
    await rig.clock.advance(6 * SECOND);
    expect(rig.server.living).to.deep.equal([]);
  });

  it('is another one for another user of the same server', async () => {
    const rig = new Rig();
    rig.client.close();
    await rig.clock.advance(0);
    rig.asked.length = 0;
    rig.server.tokens.add('token-2');
    const mira = sharedClient(rig.options({ user: 'mira' }));
    const jonas = sharedClient(rig.options({ user: 'jonas', fetchToken: () => Promise.resolve('token-2') }));
    const also = sharedClient(rig.options({ user: 'mira' }));
    await rig.clock.advance(SECOND);
    expect(rig.server.living.map(({ token }) => token)).to.deep.equal(['token-1', 'token-2']);
    expect(rig.asked).to.deep.equal(['initial']);
    for (const client of [mira, jonas, also]) client.close();
    await rig.clock.advance(6 * SECOND);
    expect(rig.server.living).to.deep.equal([]);
  });

  it('refuses to be made without a way to get a token', () => {
    expect(() => sharedClient({ url: 'http://box.test' } as never)).to.throw(
      TypeError,
      'expected fetchToken to be a function',
    );
  });
});
