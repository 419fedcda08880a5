import { expect, fixture, html, oneEvent, waitUntil } from '@open-wc/testing';
import '../../index.js';
import type { SignalboxProvider } from './provider.js';
import { FakeClient } from '../../testing/fake-client.js';
import { running } from '../../testing/operations.js';

describe('signalbox-provider', () => {
  it('gives every element inside it one client, also after it has been moved', async () => {
    const client = new FakeClient();
    client.show(running());
    const host = await fixture<HTMLElement>(
      html`<div>
        <signalbox-provider .client=${client}>
          <signalbox-button connection="1" type="ssh_test"></signalbox-button>
          <signalbox-button connection="1" type="ssh_test"></signalbox-button>
        </signalbox-provider>
      </div>`,
    );
    const labels = (): string[] =>
      [...host.querySelectorAll('signalbox-button')].map(
        (one) => one.shadowRoot?.querySelector('.btn span')?.textContent ?? '',
      );
    await waitUntil(() => labels().every((label) => label === 'Testing…'));
    expect(client.calls).to.deep.equal(['GET /connections/1']);
    const provider = host.querySelector('signalbox-provider') as SignalboxProvider;
    host.append(document.createElement('p'), provider);
    client.show();
    await waitUntil(() => labels().every((label) => label === 'Test SSH'));
  });

  it('tells how it stands to the server and when a token is wanted', async () => {
    const client = new FakeClient();
    const provider = await fixture<SignalboxProvider>(
      html`<signalbox-provider .client=${client}></signalbox-provider>`,
    );
    const stale = oneEvent(provider, 'signalbox-connection-state') as unknown as Promise<
      CustomEvent<{ phase: string }>
    >;
    client.setState({ phase: 'reconnecting' });
    expect((await stale).detail.phase).to.equal('reconnecting');
    const wanted = oneEvent(provider, 'signalbox-auth-required') as unknown as Promise<CustomEvent>;
    client.setState({ phase: 'signed-out' });
    expect((await wanted).composed).to.equal(true);
    provider.reauthenticate();
    expect(client.calls).to.deep.equal(['reauthenticate']);
  });

  it('makes the page’s shared client from url and fetchToken, and asks for a token once', async () => {
    const reasons: string[] = [];
    const fetchToken = ({ reason }: { reason: string }): Promise<null> => {
      reasons.push(reason);
      return Promise.resolve(null);
    };
    const told: string[] = [];
    document.addEventListener('signalbox-auth-required', () => told.push('wanted'), { once: true });
    await fixture(
      html`<div>
        <signalbox-provider url="http://localhost:1" .fetchToken=${fetchToken}></signalbox-provider>
        <signalbox-provider url="http://localhost:1" .fetchToken=${fetchToken}></signalbox-provider>
      </div>`,
    );
    await waitUntil(() => told.length === 1);
    expect(reasons).to.deep.equal(['initial']);
  });

  it('keeps what is one user’s from another on the same page', async () => {
    const asked: string[] = [];
    const tokenOf = (name: string) => (): Promise<null> => {
      asked.push(name);
      return Promise.resolve(null);
    };
    const [mira, jonas] = [tokenOf('mira'), tokenOf('jonas')];
    const place = await fixture<HTMLElement>(
      html`<div>
        <signalbox-provider url="http://localhost:2" user="mira" .fetchToken=${mira}></signalbox-provider>
        <signalbox-provider url="http://localhost:2" user="mira" .fetchToken=${mira}></signalbox-provider>
        <signalbox-provider url="http://localhost:2" user="jonas" .fetchToken=${jonas}></signalbox-provider>
      </div>`,
    );
    await waitUntil(() => asked.length === 2);
    expect(asked.sort()).to.deep.equal(['jonas', 'mira']);
    const provider = place.querySelector('signalbox-provider') as SignalboxProvider;
    provider.fetchToken = tokenOf('edda');
    provider.user = 'edda';
    await waitUntil(() => asked.at(-1) === 'edda');
    expect(asked).to.have.length(3);
  });

  it('shows an element without a provider as what it would be', async () => {
    const element = await fixture(html`<signalbox-button connection="1" type="ssh_test"></signalbox-button>`);
    expect(element.shadowRoot?.querySelector('.btn')?.textContent?.trim()).to.equal('Ssh test');
    (element.shadowRoot?.querySelector('.btn') as HTMLButtonElement).click();
    await waitUntil(() => element.shadowRoot?.querySelector('#note')?.textContent?.includes('signalbox-provider'));
  });
});
