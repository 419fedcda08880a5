/** Tells people who look elsewhere that an operation has ended, by the browser's own notifications. */
import type { Operation, SignalboxClient } from '../client/contract.js';
import { addressOfOperation } from './route.js';

/** `on`: it will be told; `refused`: the browser does not allow it; `missing`: it has no notifications. */
export type Asked = 'on' | 'refused' | 'missing';

interface Wanted {
  operation: Operation;
  title(ended: Operation): string;
}

/** The operations whose end somebody waits for, in this tab and as long as it is open. */
export class EndNotices {
  readonly #client: () => SignalboxClient;
  readonly #unbind = new Map<string, () => void>();

  constructor(client: () => SignalboxClient) {
    this.#client = client;
  }

  has({ id }: Operation): boolean {
    return this.#unbind.has(id);
  }

  /** Asks the browser where it has not been asked yet: call it from a click. `title` says in a line how it ended. */
  async want(operation: Operation, title: Wanted['title']): Promise<Asked> {
    if (typeof Notification === 'undefined') return 'missing';
    const permission =
      Notification.permission === 'default' ? await Notification.requestPermission() : Notification.permission;
    if (permission !== 'granted') return 'refused';
    this.#watch({ operation, title });
    return 'on';
  }

  /** Nobody waits any more: he has changed his mind. */
  drop({ id }: Operation): void {
    this.#unbind.get(id)?.();
    this.#unbind.delete(id);
  }

  forget(): void {
    for (const unbind of this.#unbind.values()) unbind();
    this.#unbind.clear();
  }

  #watch(wanted: Wanted): void {
    const { id, connectionId } = wanted.operation;
    if (this.#unbind.has(id)) return;
    // The watch tells at once: its unbind has to stand there before it speaks.
    this.#unbind.set(id, () => undefined);
    const unbind = this.#client().watchConnection(connectionId, ({ operations }) => {
      const ended = operations.find((one) => one.id === id && one.completedAt !== null);
      if (ended && this.#unbind.has(id)) this.#tell(ended, wanted);
    });
    if (this.#unbind.has(id)) this.#unbind.set(id, unbind);
    else unbind();
  }

  #tell(ended: Operation, { title }: Wanted): void {
    this.drop(ended);
    // Who looks at the page sees it.
    if (!document.hidden) return;
    try {
      const notice = new Notification(title(ended), { body: ended.error?.message ?? '', tag: ended.id });
      notice.onclick = () => {
        window.focus();
        location.hash = addressOfOperation(ended);
        notice.close();
      };
    } catch {
      // Some phones have notifications for installed pages only, and say so by throwing.
    }
  }
}
