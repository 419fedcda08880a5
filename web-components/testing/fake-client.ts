import type {
  ConnectionState,
  LogLine,
  LogSnapshot,
  Operation,
  Problem,
  PublishedDefinition,
  SignalboxClient,
  Snapshot,
  StartAnswer,
} from '../client/contract.js';
import { definitions, operation } from './operations.js';

type Answer = (method: string, path: string, body: unknown) => unknown;

export function problem(status: number, code: string, message: string, more: Partial<Problem> = {}): Problem {
  return Object.assign(new Error(message), { status, code, hint: null, retryAfter: null, body: {}, ...more });
}

/** A client whose server is the test: `show` what is known, answer starts and requests as the test says. */
export class FakeClient implements SignalboxClient {
  readonly url = 'http://fake.invalid';
  state: ConnectionState = { phase: 'live', lastKnownAt: Date.now() };
  published: readonly PublishedDefinition[] = definitions;
  /** What was asked of it, in order. */
  readonly calls: string[] = [];
  answer: Answer = () => {
    throw problem(404, 'NOT_FOUND', 'There is nothing here.');
  };
  onStart: (connection: number, type: string) => StartAnswer | Promise<StartAnswer> = (connectionId, type) =>
    this.started(operation(900, { connectionId, type, status: 'pending' }));
  readonly #states = new Set<(state: ConnectionState) => void>();
  readonly #watchers = new Set<() => void>();
  #operations: readonly Operation[] = [];
  #problem: Problem | null = null;
  #lines: readonly LogLine[] = [];

  started(item: Operation, status: StartAnswer['status'] = 'started'): StartAnswer {
    const { id: operationId, estimatedDuration } = item;
    return { operationId, status, message: 'Started', estimatedDuration, operation: item };
  }

  /** Everything that the store holds from now on, newest first. */
  show(...operations: Operation[]): void {
    this.#operations = operations;
    this.#tell();
  }

  showProblem(value: Problem | null): void {
    this.#problem = value;
    this.#tell();
  }

  showLog(lines: readonly LogLine[]): void {
    this.#lines = lines;
    this.#tell();
  }

  setState(state: Partial<ConnectionState>): void {
    this.state = { ...this.state, ...state };
    for (const listener of this.#states) listener(this.state);
  }

  onState(listener: (state: ConnectionState) => void): () => void {
    this.#states.add(listener);
    listener(this.state);
    return () => void this.#states.delete(listener);
  }

  watchConnection(connectionId: number, listener: (snapshot: Snapshot) => void): () => void {
    return this.#watch(() => listener(this.#snapshot((item) => item.connectionId === connectionId)));
  }

  watchFleet(listener: (snapshot: Snapshot) => void): () => void {
    return this.#watch(() => listener(this.#snapshot(() => true)));
  }

  watchLog(_connectionId: number, _operationId: string, listener: (log: LogSnapshot) => void): () => void {
    return this.#watch(() => listener({ lines: this.#lines, known: true, problem: this.#problem }));
  }

  definitions(): Promise<readonly PublishedDefinition[]> {
    return Promise.resolve(this.published);
  }

  async start(connectionId: number, type: string, params?: Record<string, unknown>): Promise<StartAnswer> {
    this.calls.push(`start ${connectionId} ${type} ${JSON.stringify(params ?? null)}`);
    return this.onStart(connectionId, type);
  }

  async cancel(connectionId: number, operationId: string): Promise<Operation> {
    this.calls.push(`cancel ${connectionId} ${operationId}`);
    return operation(900, { id: operationId, connectionId });
  }

  async retry(connectionId: number, operationId: string): Promise<StartAnswer> {
    this.calls.push(`retry ${connectionId} ${operationId}`);
    return this.onStart(connectionId, 'ssh_test');
  }

  async request<T>(method: string, path: string, body?: unknown): Promise<T> {
    this.calls.push(body === undefined ? `${method} ${path}` : `${method} ${path} ${JSON.stringify(body)}`);
    return this.answer(method, path, body) as T;
  }

  reauthenticate(): void {
    this.calls.push('reauthenticate');
  }

  close(): void {
    this.setState({ phase: 'closed' });
  }

  #snapshot(wanted: (item: Operation) => boolean): Snapshot {
    return { operations: this.#operations.filter(wanted), known: true, problem: this.#problem };
  }

  #watch(tell: () => void): () => void {
    this.#watchers.add(tell);
    tell();
    return () => void this.#watchers.delete(tell);
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
