import { expect, waitUntil } from '@open-wc/testing';
import { resetMouse, sendKeys, sendMouse } from '@web/test-runner-commands';
import type { LogSnapshot, Problem } from '../../client/contract.js';
import { FakeClient, problem } from '../../testing/fake-client.js';
import { output } from '../../testing/fleet.js';
import { completed, failed, operation, running } from '../../testing/operations.js';
import { line, LogStage, many, words } from './testing/log-stage.js';

const ESC = '\u001b';

/** Whose log is still on its way, or may not be read. */
class SilentClient extends FakeClient {
  known: LogSnapshot = { lines: [], known: false, problem: null };

  override watchLog(_connection: number, _operation: string, listener: (log: LogSnapshot) => void): () => void {
    listener(this.known);
    return () => undefined;
  }
}

/** Puts something else in the place of a browser's own, until the test ends. */
function replace<T extends object, K extends keyof T>(target: T, key: K, value: unknown): void {
  const own = Object.getOwnPropertyDescriptor(target, key);
  Object.defineProperty(target, key, { configurable: true, value });
  undo.push(() => {
    if (own) Object.defineProperty(target, key, own);
    else Reflect.deleteProperty(target, key);
  });
}

const undo: (() => void)[] = [];

afterEach(() => {
  for (const step of undo.splice(0).reverse()) step();
});

describe('signalbox-log', () => {
  it('shows times, step marks, sent commands and errors, each in its own way', async () => {
    const stage = await LogStage.of(output());
    expect(stage.rows.length).to.equal(11);
    const look = (selector: string): CSSStyleDeclaration => getComputedStyle(stage.find(selector));
    expect(look('.in .words').fontWeight).to.equal('600');
    expect(getComputedStyle(stage.find('.in .words'), '::before').content).to.contain('›');
    expect(look('.step .words').fontFamily).not.to.equal(look('.out .words').fontFamily);
    expect(getComputedStyle(stage.find('.step .words'), '::after').borderBlockStartStyle).to.equal('solid');
    expect(look('.err').borderLeft).to.match(/^3px solid/);
    await expect(stage.element).to.be.accessible();
  });

  it('shows colours as text, never as markup', async () => {
    const stage = await LogStage.of([
      line(1, `Cisco Tomcat${ESC}[33m[STOPPING]${ESC}[0m <img src=x onerror="document.title=1">`),
      line(2, `${ESC}[1;4;41mloud${ESC}[m ${ESC}[7mturned${ESC}[m ${ESC}[2mquiet`),
    ]);
    expect(words(stage.rows[0]?.querySelector('.words'))).to.equal(
      'Cisco Tomcat[STOPPING] <img src=x onerror="document.title=1">',
    );
    expect(stage.find('.ink-caution').textContent).to.equal('[STOPPING]');
    expect(stage.all('img')).to.deep.equal([]);
    expect(stage.all('.words span').map(({ className }) => className)).to.deep.equal([
      'ink-caution',
      'ground-stop bold underline',
      'inverse',
      'dim',
    ]);
    await expect(stage.element).to.be.accessible();
  });

  it('reads from left to right on a page that does not', async () => {
    const stage = await LogStage.of([line(1, 'abc'), line(2, 'אבג')]);
    stage.element.dir = 'rtl';
    expect(getComputedStyle(stage.find('.lines')).direction).to.equal('ltr');
    const [time, text] = [stage.find('.line time'), stage.find('.line bdi')];
    expect(time.getBoundingClientRect().right).to.be.at.most(text.getBoundingClientRect().left);
    await expect(stage.element).to.be.accessible();
  });

  it('says that it reads, that there is nothing yet, or nothing at all', async () => {
    const client = new SilentClient();
    const stage = await LogStage.of([], client);
    await waitUntil(() => words(stage.box) === 'Reading the output…');
    await expect(stage.element).to.be.accessible();
    client.known = { lines: [], known: true, problem: null };
    stage.element.operation = 'y';
    await waitUntil(() => words(stage.box) === 'No output yet');
    expect(stage.all('.head:not([hidden]), .foot')).to.deep.equal([]);
    client.show(completed(1));
    stage.element.operation = completed(1).id;
    await waitUntil(() => words(stage.box) === 'No output');
    await expect(stage.element).to.be.accessible();
  });

  it('says why nothing may be read', async () => {
    const client = new SilentClient();
    const refusal: Problem = problem(404, 'NOT_FOUND', 'There is nothing here.');
    client.known = { lines: [], known: true, problem: refusal };
    const stage = await LogStage.of([], client);
    await waitUntil(() => words(stage.box) === 'There is nothing here.');
    expect(stage.all('.nothing svg').length).to.equal(1);
    await expect(stage.element).to.be.accessible();
  });

  it('says why nothing may be read also where no operation is named', async () => {
    const client = new FakeClient();
    client.showProblem(problem(404, 'NOT_FOUND', 'It is not yours.'));
    const stage = await LogStage.of([], client, '');
    await waitUntil(() => words(stage.box) === 'It is not yours.');
  });

  it('says what the store does not keep any more', async () => {
    const stage = await LogStage.of([line(9), line(10), line(12)]);
    expect(stage.all('.gap').map(words)).to.deep.equal([
      '8 lines before these are no longer kept',
      '1 line missing here',
    ]);
    await expect(stage.element).to.be.accessible();
  });

  it('says how it stands: live, checked, stale, ended', async () => {
    const client = new FakeClient();
    const active = running(7);
    client.show(active);
    const stage = await LogStage.of(many(3), client, active.id);
    const end = (): string => words(stage.find('.foot .end'));
    await waitUntil(() => end() === 'Live');
    await expect(stage.element).to.be.accessible();
    client.setState({ phase: 'polling' });
    await waitUntil(() => end() === 'Checked every few seconds');
    const lastKnownAt = new Date(2026, 10, 22, 9, 5, 7).getTime();
    client.setState({ phase: 'reconnecting', lastKnownAt });
    await waitUntil(() => end() === 'Reconnecting… last known at 09:05:07');
    expect(stage.rows.length).to.equal(3);
    await expect(stage.element).to.be.accessible();
    client.setState({ phase: 'signed-out' });
    await waitUntil(() => end() === 'Signed out');
    client.setState({ phase: 'live' });
    client.show(completed(7, { completedAt: new Date(2026, 10, 22, 9, 6, 0).toISOString() }));
    await waitUntil(() => end() === 'Ended at 09:06:00');
    client.show(failed(7, { completedAt: new Date(2026, 10, 22, 9, 6, 1).toISOString() }));
    await waitUntil(() => end() === 'Ended at 09:06:01, failed');
    client.show(operation(7, { status: 'pending' }));
    await waitUntil(() => end() === 'Waiting');
  });

  it('shows the newest operation’s log where none is named', async () => {
    const client = new FakeClient();
    const stage = await LogStage.of([], client, '');
    await waitUntil(() => words(stage.box) === 'No output yet');
    client.show(running(3));
    client.showLog(many(2));
    await waitUntil(() => stage.rows.length === 2);
  });

  it('shows another operation’s log from its beginning', async () => {
    const stage = await LogStage.of([line(1, 'first log'), line(2)]);
    stage.client.showLog([line(1, 'other log'), line(2), line(3)]);
    await waitUntil(() => stage.rows.length === 3);
    expect(words(stage.rows[0])).to.contain('other log');
  });

  it('goes on where it was moved to another place in the page', async () => {
    const stage = await LogStage.of(many(300));
    const provider = stage.element.parentElement as HTMLElement;
    stage.element.remove();
    stage.client.showLog(many(310));
    provider.append(stage.element);
    await waitUntil(() => words(stage.rows.at(-1)).endsWith('line 310'));
    expect(stage.distance).to.be.lessThan(2);
  });
});

describe('following a log', () => {
  it('stays at the end as lines come', async () => {
    const stage = await LogStage.of(many(250));
    await waitUntil(() => stage.distance < 2);
    stage.client.showLog(many(420));
    await waitUntil(() => words(stage.rows.at(-1)).endsWith('line 420'));
    await waitUntil(() => stage.distance < 2);
    expect(stage.isFollowing).to.equal(true);
    expect(words(stage.follow)).to.equal('Following');
  });

  it('stops where one reads further up, and is taken up by its button', async () => {
    const stage = await LogStage.of(many(3000));
    await waitUntil(() => stage.distance < 2);
    stage.box.scrollTop = 0;
    await waitUntil(() => !stage.isFollowing);
    expect(words(stage.follow)).to.equal('Follow');
    await waitUntil(() => words(stage.rows[0]).endsWith('line 1'));
    const first = stage.rows[0];
    stage.client.showLog(many(3001));
    await waitUntil(() => words(stage.find('.foot')).includes('3,001 lines'));
    expect(stage.rows[0]).to.equal(first);
    expect(stage.box.scrollTop).to.equal(0);
    stage.follow.click();
    await waitUntil(() => stage.isFollowing && stage.distance < 2);
    expect(words(stage.rows.at(-1))).to.contain('line 3001');
  });

  it('goes by the keys of a reader: Page up stops it, End takes it up', async () => {
    const stage = await LogStage.of(many(1000));
    await waitUntil(() => stage.distance < 2);
    stage.box.focus();
    await sendKeys({ press: 'PageUp' });
    await waitUntil(() => !stage.isFollowing && stage.distance > 100);
    await sendKeys({ press: 'End' });
    await waitUntil(() => stage.isFollowing && stage.distance < 2);
  });

  it('stops at the first turn of the wheel, before the box has moved', async () => {
    const stage = await LogStage.of(many(1000));
    await waitUntil(() => stage.distance < 2);
    stage.box.dispatchEvent(new WheelEvent('wheel', { deltaY: -10 }));
    stage.client.showLog(many(1001));
    await waitUntil(() => !stage.isFollowing);
    await waitUntil(() => words(stage.find('.foot')).includes('1,001 lines'));
    expect(stage.distance).to.be.greaterThan(10);
  });

  it('is taken up by scrolling down to the end', async () => {
    const stage = await LogStage.of(many(200));
    await waitUntil(() => stage.distance < 2);
    stage.box.scrollTop = 0;
    await waitUntil(() => !stage.isFollowing);
    stage.box.scrollTop = stage.box.scrollHeight;
    await waitUntil(() => stage.isFollowing);
  });

  it('keeps the end in view when lines are no longer broken', async () => {
    const stage = await LogStage.of(many(150).map((item) => ({ ...item, text: `${item.text} ${'wide '.repeat(60)}` })));
    await waitUntil(() => stage.distance < 2);
    const broken = stage.rows.at(-1)?.getBoundingClientRect().height ?? 0;
    stage.button('Wrap').click();
    await waitUntil(() => stage.button('Wrap').getAttribute('aria-pressed') === 'false');
    expect(stage.element.nowrap).to.equal(true);
    expect(stage.rows.at(-1)?.getBoundingClientRect().height).to.equal(20);
    expect(broken).to.be.greaterThan(20);
    expect(stage.box.scrollWidth).to.be.greaterThan(stage.box.clientWidth);
    await waitUntil(() => stage.distance < 2);
    await expect(stage.element).to.be.accessible();
  });
});

describe('taking a log away', () => {
  it('copies all of it as plain text', async () => {
    const stage = await LogStage.of([
      line(1, 'Starting', 'step'),
      line(2, 'ls', 'in'),
      line(3, `${ESC}[31mno${ESC}[0m`),
    ]);
    let copied = '';
    replace(navigator, 'clipboard', { writeText: async (text: string) => void (copied = text) });
    stage.button('Copy').click();
    await waitUntil(() => stage.status === '3 lines copied');
    expect(copied).to.equal('— Starting\n› ls\nno');
    expect(words(stage.find('.said'))).to.equal('3 lines copied');
    await expect(stage.element).to.be.accessible();
  });

  it('copies the selection, also over lines that are not in the page', async () => {
    const stage = await LogStage.of(many(1200));
    let copied = '';
    replace(navigator, 'clipboard', { writeText: async (text: string) => void (copied = text) });
    const selection = document.getSelection() as Selection;
    stage.box.scrollTop = 0;
    await waitUntil(() => words(stage.rows[0]).endsWith('line 1'));
    const first = stage.rows[0]?.querySelector('bdi')?.firstChild as Text;
    const last = stage.rows.at(-1)?.querySelector('bdi')?.firstChild as Text;
    selection.setBaseAndExtent(first, 2, last, 4);
    stage.button('Copy').click();
    await waitUntil(() => stage.status === 'Selection copied');
    const lines = copied.split('\n');
    expect(lines.length).to.equal(1200);
    expect([lines[0], lines[600], lines[1199]]).to.deep.equal(['ne 1', 'line 601', 'line']);
    const clipboardData = new DataTransfer();
    const event = new ClipboardEvent('copy', { clipboardData, bubbles: true, composed: true, cancelable: true });
    first.dispatchEvent(event);
    expect(event.defaultPrevented).to.equal(true);
    expect(event.clipboardData?.getData('text/plain') === copied).to.equal(true);
    selection.removeAllRanges();
  });

  it('copies the old way where the page has no clipboard', async () => {
    const stage = await LogStage.of([line(1, 'one'), line(2, 'two')]);
    replace(navigator, 'clipboard', undefined);
    const copies: ClipboardEvent[] = [];
    const hear = (event: ClipboardEvent): void => void copies.push(event);
    window.addEventListener('copy', hear, { capture: true });
    undo.push(() => window.removeEventListener('copy', hear, { capture: true }));
    const { x, y, width, height } = stage.button('Copy').getBoundingClientRect();
    await sendMouse({ type: 'click', position: [Math.round(x + width / 2), Math.round(y + height / 2)] });
    await resetMouse();
    await waitUntil(() => stage.status === '2 lines copied');
    expect(copies.map(({ defaultPrevented }) => defaultPrevented)).to.deep.equal([true]);
  });

  it('says so where the browser refuses', async () => {
    const stage = await LogStage.of([line(1)]);
    replace(navigator, 'clipboard', { writeText: () => Promise.reject(new DOMException('no', 'NotAllowedError')) });
    replace(document, 'execCommand', () => false);
    stage.button('Copy').click();
    await waitUntil(() => stage.status === 'The browser did not allow copying. Download the output instead.');
    await expect(stage.element).to.be.accessible();
  });

  it('downloads it as a text file with times, and lets its bytes go', async () => {
    const client = new FakeClient();
    client.answer = () => ({ id: 1, name: 'cucm sub/02', role: 'viewer' });
    const stage = await LogStage.of([line(1, 'ls', 'in'), line(2, `${ESC}[32mok${ESC}[0m`)], client, '0190f5e0');
    const files: Blob[] = [];
    const gone: string[] = [];
    const names: string[] = [];
    replace(URL, 'createObjectURL', (blob: Blob) => `blob:${files.push(blob)}`);
    replace(URL, 'revokeObjectURL', (address: string) => void gone.push(address));
    replace(globalThis, 'setTimeout', (callback: () => void) => callback());
    replace(HTMLAnchorElement.prototype, 'click', function (this: HTMLAnchorElement) {
      names.push(`${this.download} from ${this.href}`);
    });
    stage.button('Download').click();
    for (const step of undo.splice(0).reverse()) step();
    expect(names).to.deep.equal(['cucm-sub-02-0190f5e0.log from blob:1']);
    expect(files[0]?.type).to.equal('text/plain;charset=utf-8');
    expect(await files[0]?.text()).to.equal('2026-11-22T21:00:01.000Z › ls\n2026-11-22T21:00:02.000Z ok\n');
    expect(gone).to.deep.equal(['blob:1']);
  });
});
