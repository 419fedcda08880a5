/** Who watches a server: the stock @hapi/nes client as a monitoring page uses it, and our own client, with or without a socket. */
import nesClient from '@hapi/nes/lib/client.js';
import WebSocket from 'ws';
import type { LogChunk, LogLine, Operation, OperationEvent } from '../../server/operations/contract.js';
import type { Visitor } from './house.js';

/** As where a proxy lets no socket through: nobody listens on port 1. */
class Unreachable extends WebSocket {
  constructor() {
    super('ws://127.0.0.1:1');
  }
}

interface NesClient {
  connect(options: object): Promise<void>;
  subscribe(path: string, handler: (message: never) => void): Promise<void>;
  disconnect(): Promise<void>;
}

const { Client } = nesClient as unknown as { Client: new (url: string, options: object) => NesClient };

export interface Monitor {
  /** In the order in which they came. */
  events: OperationEvent[];
  chunks: LogChunk[];
  /** The last thing said of an operation. */
  last(id: string): Operation | undefined;
  revisions(id: string): number[];
  watchLog(connectionId: number, operationId: string): Promise<void>;
  close(): Promise<void>;
}

/** The stock client on one subscription of operations. */
export async function openMonitor(url: string, { token }: Visitor, path: string): Promise<Monitor> {
  const client = new Client(`${url.replace('http', 'ws')}/realtime`, { ws: {} });
  const [events, chunks]: [OperationEvent[], LogChunk[]] = [[], []];
  const of = (id: string) => events.filter(({ operation }) => operation.id === id).map(({ operation }) => operation);
  await client.connect({ auth: { headers: { authorization: `Bearer ${token}` } } });
  await client.subscribe(path, (message: OperationEvent) => void events.push(message));
  return {
    events,
    chunks,
    last: (id) => of(id).at(-1),
    revisions: (id) => of(id).map(({ revision }) => revision),
    watchLog: (connectionId, operationId) =>
      client.subscribe(
        `/connections/${connectionId}/operations/${operationId}/log`,
        (chunk: LogChunk) => void chunks.push(chunk),
      ),
    close: () => client.disconnect(),
  };
}

interface Page {
  state: { phase: string };
  watchFleet(listener: (snapshot: { operations: readonly Operation[] }) => void): () => void;
  watchLog(connectionId: number, operationId: string, listener: (log: { lines: readonly LogLine[] }) => void): void;
  close(): void;
}

type CreateClient = (options: Record<string, unknown>) => Page;

export interface Watcher {
  phase(): string;
  shown(id: string): Operation | undefined;
  watchLog(connectionId: number, operationId: string): () => readonly LogLine[];
  close(): void;
}

/** Our own client on the fleet, as a page has it; without a socket it polls. */
export async function openWatcher(url: string, { token }: Visitor, hasSocket = true): Promise<Watcher> {
  // By a computed address, because these sources are checked with a browser's types.
  const address = new URL('../../web-components/client/index.ts', import.meta.url).href;
  const { createClient } = (await import(address)) as { createClient: CreateClient };
  const fetchToken = () => Promise.resolve(token);
  const client = createClient({ url, fetchToken, WebSocket: hasSocket ? WebSocket : Unreachable });
  let shown = new Map<string, Operation>();
  client.watchFleet(({ operations }) => (shown = new Map(operations.map((operation) => [operation.id, operation]))));
  return {
    phase: () => client.state.phase,
    shown: (id) => shown.get(id),
    watchLog(connectionId, operationId) {
      let lines: readonly LogLine[] = [];
      client.watchLog(connectionId, operationId, (log) => (lines = log.lines));
      return () => lines;
    },
    close: () => client.close(),
  };
}
