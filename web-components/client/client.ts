/** The client: one line to the server and one picture of it for the whole page, however many elements show it. */
import type { Operation, PublishedDefinition, SignalboxClient, StartAnswer } from './contract.js';
import { Feeds } from './feeds.js';
import { Gather } from './gather.js';
import { Http } from './http.js';
import { idempotencyKey } from './idempotency-key.js';
import { Poller } from './poller.js';
import { connectionPath, operationPath } from './scope.js';
import { Session } from './session.js';
import { surroundings, type ClientOptions } from './surroundings.js';
import { Tokens } from './tokens.js';
import { Watchers } from './watchers.js';

type Definitions = readonly PublishedDefinition[];

/** The published types, asked once; a failed request is not remembered. */
function definitionsOf(http: Http): () => Promise<Definitions> {
  let asked: Promise<Definitions> | null = null;
  return () => {
    asked ??= http
      .request<Definitions | { types: Definitions }>('GET', '/operations/types')
      .then((answer) => ('types' in answer ? answer.types : answer))
      .catch((error: unknown) => {
        asked = null;
        throw error;
      });
    return asked;
  };
}

/** Makes a client and connects it. It goes on until `close`, whatever the network does. */
export function createClient(options: ClientOptions): SignalboxClient {
  const around = surroundings(options);
  const states = new Watchers<SignalboxClient['state']>();
  const tokens: Tokens = new Tokens(around, {
    renewed: (token) => session.renewed(token),
    signedOut: () => session.signedOut(),
  });
  const http = new Http(around, tokens);
  const poller: Poller = new Poller({
    around,
    feeds: () => feeds.all(),
    probe: () => http.request('GET', '/realtime'),
    polledAll: (ok) => session.polled(ok),
  });
  const feeds: Feeds = new Feeds({
    around,
    http,
    gather: new Gather(around),
    get socket() {
      return session.socket;
    },
    changed: () => session.look(),
    poll: () => poller.soon(),
  });
  const session: Session = new Session({
    around,
    http,
    tokens,
    poller,
    joined: (socket) => feeds.join(socket),
    left: () => feeds.leave(),
    published: (path, message) => feeds.published(path, message),
    revoked: (path) => feeds.revoked(path),
    settled: () => feeds.settled(),
    stateChanged: () => states.tell(session.state),
  });
  const unwake = around.visibility.onWake(() => session.wake());
  queueMicrotask(() => session.start());

  /** A start has its key, so that sending it again after a refused token is the same start. */
  const begin = async (path: string, body?: unknown): Promise<StartAnswer> => {
    const headers = { 'idempotency-key': idempotencyKey() };
    const answer = await http.request<StartAnswer>('POST', path, { body, headers });
    feeds.merge(answer.operation);
    return answer;
  };

  return {
    url: around.url,
    get state() {
      return session.state;
    },
    onState(listener) {
      const unbind = states.add(listener);
      listener(session.state);
      return unbind;
    },
    watchConnection: (connectionId, listener) => feeds.connection(connectionId).watch(listener),
    watchFleet: (listener) => feeds.fleet().watch(listener),
    watchLog: (connectionId, operationId, listener) => feeds.log(connectionId, operationId).watch(listener),
    definitions: definitionsOf(http),
    start: (connectionId, type, params = {}) =>
      begin(`${connectionPath(connectionId)}/${encodeURIComponent(type)}`, { params }),
    retry: (connectionId, operationId) => begin(`${operationPath(connectionId, operationId)}/retry`),
    async cancel(connectionId, operationId) {
      const operation = await http.request<Operation>('POST', `${operationPath(connectionId, operationId)}/cancel`);
      feeds.merge(operation);
      return operation;
    },
    request: (method, path, body) => http.request(method, path, { body }),
    reauthenticate() {
      http.abandon();
      tokens.forget();
      feeds.reset();
      session.restart();
    },
    close() {
      unwake();
      session.close();
      tokens.close();
      http.close();
      feeds.close();
    },
  };
}
