/** A log in a page, for tests: its parts by what a person calls them. */
import { fixture, html, waitUntil } from '@open-wc/testing';
import '../../provider/define.js';
import '../define.js';
import type { LogLine, LogStream } from '../../../client/contract.js';
import { FakeClient } from '../../../testing/fake-client.js';
import type { SignalboxLog } from '../log.js';

export const words = (element: Element | null | undefined): string =>
  (element?.textContent ?? '').replace(/\s+/g, ' ').trim();

export const line = (seq: number, text = `line ${seq}`, stream: LogStream = 'out'): LogLine => ({
  seq,
  at: new Date(Date.UTC(2026, 10, 22, 21, 0, seq % 3600)).toISOString(),
  stream,
  text,
});

export const many = (amount: number): LogLine[] => Array.from({ length: amount }, (_, index) => line(index + 1));

export class LogStage {
  readonly client: FakeClient;
  readonly element: SignalboxLog;

  private constructor(client: FakeClient, element: SignalboxLog) {
    this.client = client;
    this.element = element;
  }

  static async of(lines: readonly LogLine[], client = new FakeClient(), operation = 'x'): Promise<LogStage> {
    client.showLog(lines);
    const provider = await fixture(
      html`<signalbox-provider .client=${client}>
        <signalbox-log connection="1" operation=${operation}></signalbox-log>
      </signalbox-provider>`,
    );
    const stage = new LogStage(client, provider.querySelector('signalbox-log') as SignalboxLog);
    await waitUntil(() => lines.length === 0 || stage.rows.length > 0, 'the lines are shown');
    return stage;
  }

  all<E extends HTMLElement = HTMLElement>(selector: string): E[] {
    return [...(this.element.shadowRoot?.querySelectorAll<E>(selector) ?? [])];
  }

  find<E extends HTMLElement = HTMLElement>(selector: string): E {
    return this.all<E>(selector)[0] as E;
  }

  get box(): HTMLElement {
    return this.find('.log');
  }

  /** The lines that are in the page. */
  get rows(): HTMLElement[] {
    return this.all('.line');
  }

  get field(): HTMLInputElement {
    return this.find<HTMLInputElement>('input');
  }

  get follow(): HTMLButtonElement {
    return this.find<HTMLButtonElement>('.foot button');
  }

  get isFollowing(): boolean {
    return this.follow.getAttribute('aria-pressed') === 'true';
  }

  get matches(): string {
    return words(this.find('.matches'));
  }

  get status(): string {
    return words(this.find('[role=status]'));
  }

  button(label: string): HTMLButtonElement {
    const found = this.all<HTMLButtonElement>('button').find(
      (button) => words(button) === label || button.getAttribute('aria-label') === label,
    );
    if (!found) throw new Error(`There is no button “${label}”.`);
    return found;
  }

  get distance(): number {
    const { scrollHeight, scrollTop, clientHeight } = this.box;
    return scrollHeight - scrollTop - clientHeight;
  }

  /** As a person types it. */
  search(query: string): void {
    this.field.value = query;
    this.field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  }

  /** Whether a row is where one sees it. */
  isInView(row: Element | undefined): boolean {
    const [place, view] = [row?.getBoundingClientRect(), this.box.getBoundingClientRect()];
    return place !== undefined && place.top >= view.top - 1 && place.bottom <= view.bottom + 1;
  }

  /** The text that the page marks under that name, in the order of the page. */
  marked(name: string): string[] {
    const own = [...(CSS.highlights.get(name) ?? [])].filter(
      ({ startContainer }) => startContainer.getRootNode() === this.element.shadowRoot,
    );
    return own.map((range) => String(range as Range));
  }
}
