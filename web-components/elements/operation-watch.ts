import type { Operation } from '../client/contract.js';
import { send } from './events.js';

/** Tells, as events of an element, what happens to the operations that it shows; silent about what was there before it looked. */
export class OperationWatch {
  readonly #target: EventTarget;
  #seen: Operation | null = null;
  #looking = false;

  constructor(target: EventTarget) {
    this.#target = target;
  }

  /** Forgets what was seen: the element now shows something else. */
  reset(): void {
    this.#seen = null;
    this.#looking = false;
  }

  /**
   * Takes the newest operation of what is shown, once per render. What was there before it looked is no news, but for what
   * was `begun` here. Returns it where it ended just now while this page watched it, else null.
   */
  take(operation: Operation | null, known: boolean, begun: string | null): Operation | null {
    const before = this.#seen;
    const first = !this.#looking;
    this.#seen = operation;
    this.#looking = known;
    if (!operation || !known || (first && operation.id !== begun)) return null;
    if (before?.id === operation.id && before.revision === operation.revision) return null;
    return this.#tell(operation, before?.id === operation.id ? before : null);
  }

  #tell(operation: Operation, before: Operation | null): Operation | null {
    if (before && before.completedAt !== null) return null;
    if (!before) send(this.#target, 'signalbox-start', { operation });
    if (operation.completedAt === null) {
      if (before) send(this.#target, 'signalbox-update', { operation });
      return null;
    }
    send(this.#target, operation.status === 'completed' ? 'signalbox-complete' : 'signalbox-error', { operation });
    return operation;
  }
}
