import type { LogLine, Operation } from '../contract.js';
import { isActive } from '../scope.js';

const AT = '2026-01-01T00:00:00.000Z';

/** What a server's database holds, in memory; every change raises the revision as the real one does. */
export class FakeStore {
  epoch = 'epoch-1';
  readonly operations = new Map<string, Operation>();
  readonly logs = new Map<string, LogLine[]>();
  #made = 0;

  insert(connectionId: number, more: Partial<Operation> = {}): Operation {
    this.#made += 1;
    const operation: Operation = {
      id: `op-${String(this.#made).padStart(6, '0')}`,
      connectionId,
      type: 'ssh_test',
      status: 'in_progress',
      progress: 0,
      step: null,
      message: null,
      error: null,
      startedAt: AT,
      updatedAt: AT,
      completedAt: null,
      estimatedDuration: 3_000,
      createdBy: 'user',
      requestedBy: 'mira',
      parentId: null,
      retryOf: null,
      attempt: 1,
      params: {},
      cancellable: true,
      revision: 1,
      result: null,
      ...more,
    };
    this.operations.set(operation.id, operation);
    return operation;
  }

  change(id: string, more: Partial<Operation>): Operation {
    const known = this.operations.get(id);
    if (!known) throw new Error(`no operation ${id}`);
    const operation = { ...known, ...more, revision: known.revision + 1 };
    this.operations.set(id, operation);
    return operation;
  }

  /** Active first, then the newest. */
  list(connectionId: number | null): Operation[] {
    return [...this.operations.values()]
      .filter((operation) => connectionId === null || operation.connectionId === connectionId)
      .sort((a, b) => Number(isActive(b)) - Number(isActive(a)) || (a.id < b.id ? 1 : -1));
  }

  page(connectionId: number | null, limit: number, isSeen: (operation: Operation) => boolean = () => true) {
    const all = this.list(connectionId).filter(isSeen);
    return { operations: all.slice(0, limit), next: all.length > limit ? 'more' : null, epoch: this.epoch };
  }

  append(id: string, count: number): LogLine[] {
    const lines = this.logs.get(id) ?? [];
    this.logs.set(id, lines);
    const added = Array.from({ length: count }, (_unused, index): LogLine => {
      const seq = lines.length + index + 1;
      return { seq, at: AT, stream: 'out', text: `line ${seq}` };
    });
    lines.push(...added);
    return added;
  }

  linesAfter(id: string, seq: number, most: number): LogLine[] {
    return (this.logs.get(id) ?? []).filter((line) => line.seq > seq).slice(0, most);
  }
}
