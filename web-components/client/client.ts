/** The client: one line to the server and one picture of it for the whole page, however many elements show it. */
import type { Operation, PublishedDefinition, SignalboxClient, StartAnswer } from './contract.js';
import { Line } from './line.js';
import { LogFeed } from './log.js';
import { Scope } from './scope.js';
import { surroundings, type ClientOptions } from './surroundings.js';

type Types = { types: PublishedDefinition[] };

/** As many rows as one answer holds. */
const CONNECTION_ROWS = 50;
const FLEET_ROWS = 200;

/** A fresh key: 128 random bits. crypto.randomUUID is missing on pages that came by plain http. */
const idempotencyKey = (): string => crypto.getRandomValues(new Uint32Array(4)).join('-');

function operationsOf(connectionId: number): string {
  if (Number.isSafeInteger(connectionId) && connectionId > 0) return `/connections/${connectionId}/operations`;
  throw new RangeError(`watch: expected the connection's id to be a whole number from 1, got: ${connectionId}`);
}

function operationOf(connectionId: number, operationId: string): string {
  return `${operationsOf(connectionId)}/${encodeURIComponent(operationId)}`;
}

/** Makes a client and connects it. It goes on until `close`, whatever the network does. */
export function createClient(options: ClientOptions): SignalboxClient {
  const line = new Line(surroundings(options));
  let types: Promise<Types> | null = null;

  const scope = (path: string, rows: number): Scope => line.feed(path, () => new Scope(line, path, rows));

  /** A start has its key, so that sending it again after a refused token is the same start. */
  const begin = async (path: string, body?: unknown): Promise<StartAnswer> => {
    const headers = { 'idempotency-key': idempotencyKey() };
    const answer = await line.http.request<StartAnswer>('POST', path, { body, headers });
    line.merge(answer.operation);
    return answer;
  };

  return {
    url: line.around.url,
    get state() {
      return line.current;
    },
    onState: (listener) => line.watch(listener),
    watchConnection: (connectionId, listener) => scope(operationsOf(connectionId), CONNECTION_ROWS).watch(listener),
    watchFleet: (listener) => scope('/operations', FLEET_ROWS).watch(listener),
    watchLog: (connectionId, operationId, listener) =>
      line.feed(`${operationOf(connectionId, operationId)}/log`, (path) => new LogFeed(line, path)).watch(listener),
    definitions() {
      types ??= line.http.request<Types>('GET', '/operations/types');
      types.catch(() => (types = null));
      const isReached = (type: string): boolean => line.http.bounds()?.operations?.includes(type) ?? true;
      return types.then((answer) => answer.types.filter(({ type }) => isReached(type)));
    },
    start: (connectionId, type, params = {}) =>
      begin(`${operationsOf(connectionId)}/${encodeURIComponent(type)}`, { params }),
    retry: (connectionId, operationId) => begin(`${operationOf(connectionId, operationId)}/retry`),
    async cancel(connectionId, operationId) {
      const operation = await line.http.request<Operation>('POST', `${operationOf(connectionId, operationId)}/cancel`);
      line.merge(operation);
      return operation;
    },
    request: (method, path, body) => line.http.request(method, path, { body }),
    reauthenticate: () => line.start(),
    close: () => line.close(),
  };
}
