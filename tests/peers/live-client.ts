/** The client of web-components as a page has it, outside a browser: the same code over Node's https and ws. */
import WebSocket from 'ws';
import type { Operation } from '../../server/operations/contract.js';
import { fetchTrusting } from './https.js';
import { until, type Fetch } from './house.js';

/** As much of the client as is used here; its own types need a browser's. */
interface Client {
  readonly state: { phase: string };
  onState(listener: (state: { phase: string }) => void): () => void;
  watchConnection(connectionId: number, listener: (snapshot: { operations: readonly Operation[] }) => void): () => void;
  close(): void;
}

interface Module {
  createClient(options: {
    url: string;
    fetchToken: () => Promise<string>;
    fetch: Fetch;
    WebSocket: typeof WebSocket;
  }): Client;
}

export interface LiveClient {
  client: Client;
  /** Every phase since the beginning, in order. */
  phases: string[];
  /** How many sockets it tried to open so far. */
  sockets(): number;
  /** What is shown of the connection now. */
  shown(): readonly Operation[];
  /** Resolves when it is live again after it has been something else since `phases` was so long. */
  backSince(count: number): Promise<void>;
  live(): Promise<void>;
}

/** Opens a client that watches one connection through a server whose certificate is `ca`. */
export async function openClient(url: string, ca: string, token: string, connectionId: number): Promise<LiveClient> {
  let opened = 0;
  class TrustingSocket extends WebSocket {
    constructor(address: string) {
      super(address, { ca, origin: url });
      opened += 1;
    }
  }
  // By a computed address, because these sources are checked with a browser's types.
  const address = new URL('../../web-components/client/index.ts', import.meta.url).href;
  const { createClient } = (await import(address)) as Module;
  const client = createClient({
    url,
    fetchToken: () => Promise.resolve(token),
    fetch: fetchTrusting({ ca }),
    WebSocket: TrustingSocket as typeof WebSocket,
  });
  const phases: string[] = [];
  client.onState(({ phase }) => {
    if (phases.at(-1) !== phase) phases.push(phase);
  });
  let shown: readonly Operation[] = [];
  client.watchConnection(connectionId, ({ operations }) => (shown = operations));
  const phase = () => Promise.resolve(client.state.phase);
  return {
    client,
    phases,
    sockets: () => opened,
    shown: () => shown,
    live: async () => void (await until(phase, (now) => now === 'live')),
    backSince: async (count) =>
      void (await until(phase, (now) => now === 'live' && phases.slice(count).some((past) => past !== 'live'))),
  };
}
