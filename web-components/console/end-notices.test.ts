import { expect } from '@open-wc/testing';
import { FakeClient } from '../testing/fake-client.js';
import { completed, failed, restart } from '../testing/operations.js';
import { EndNotices } from './end-notices.js';

const real = { Notification: window.Notification };
const shown: FakeNotification[] = [];

class FakeNotification {
  static permission: NotificationPermission = 'default';
  static answer: NotificationPermission = 'granted';
  static asked = 0;
  onclick: (() => void) | null = null;
  closed = false;

  readonly title: string;
  readonly options: NotificationOptions;

  constructor(title: string, options: NotificationOptions) {
    this.title = title;
    this.options = options;
    shown.push(this);
  }

  static requestPermission(): Promise<NotificationPermission> {
    this.asked += 1;
    this.permission = this.answer;
    return Promise.resolve(this.answer);
  }

  close(): void {
    this.closed = true;
  }
}

function hide(hidden: boolean): void {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
}

const title = ({ status }: { status: string }): string => `Service restart ${status} on web-12`;
const running = restart(900, { connectionId: 3 });

describe('a notice of an operation’s end', () => {
  beforeEach(() => {
    shown.length = 0;
    Object.assign(FakeNotification, { permission: 'default', answer: 'granted', asked: 0 });
    Object.assign(window, { Notification: FakeNotification });
  });
  afterEach(() => {
    Object.assign(window, real);
    Reflect.deleteProperty(document, 'hidden');
    history.replaceState(null, '', '#/');
  });

  function stage(): { client: FakeClient; notices: EndNotices } {
    const client = new FakeClient();
    client.show(running);
    return { client, notices: new EndNotices(() => client) };
  }

  it('comes once when it ends while nobody looks, and leads to it', async () => {
    const { client, notices } = stage();
    expect(FakeNotification.asked, 'nobody is asked before').to.equal(0);
    expect(await notices.want(running, title)).to.equal('on');
    expect(notices.has(running)).to.equal(true);
    hide(true);
    client.show(failed(900, { connectionId: 3, type: 'service_restart' }));
    client.show(failed(900, { connectionId: 3, type: 'service_restart' }));
    expect(shown.map((notice) => notice.title)).to.deep.equal(['Service restart failed on web-12']);
    expect(shown[0]?.options).to.deep.equal({ body: 'The server refused the password.', tag: running.id });
    expect(notices.has(running)).to.equal(false);
    shown[0]?.onclick?.();
    expect(location.hash).to.equal(`#/connections/3/operations/${running.id}`);
    expect(shown[0]?.closed).to.equal(true);
  });

  it('does not come to who looks at the page, who changed his mind, or who signed out', async () => {
    const { client, notices } = stage();
    await notices.want(running, title);
    hide(false);
    client.show(completed(900, { connectionId: 3 }));
    hide(true);
    client.show(running);
    await notices.want(running, title);
    notices.drop(running);
    client.show(completed(900, { connectionId: 3 }));
    client.show(running);
    await notices.want(running, title);
    notices.forget();
    client.show(completed(900, { connectionId: 3 }));
    expect(shown).to.deep.equal([]);
  });

  it('is told at once of what has ended meanwhile', async () => {
    const { client, notices } = stage();
    hide(true);
    client.show(completed(900, { connectionId: 3 }));
    await notices.want(running, title);
    expect(shown).to.have.length(1);
    expect(notices.has(running)).to.equal(false);
  });

  it('says that the browser does not allow it, or cannot', async () => {
    const { notices } = stage();
    FakeNotification.answer = 'denied';
    expect(await notices.want(running, title)).to.equal('refused');
    expect(await notices.want(running, title)).to.equal('refused');
    expect([FakeNotification.asked, notices.has(running)]).to.deep.equal([1, false]);
    Object.assign(window, { Notification: undefined });
    expect(await notices.want(running, title)).to.equal('missing');
  });
});
