/** AsyncAPI 3.0 of the live feed: its subscriptions as channels, from the patterns that are open on this server. */
import { info } from './info.js';
import { protocolChannel, protocolOperations, receivedFrames, sentFrames } from './protocol-channel.js';
import { frameShapes } from './shapes/frames.js';
import { shapes } from './shapes/shapes.js';
import { ref, type Schema } from './words.js';

export interface Surroundings {
  /** What callers see, or null where nobody said so. */
  publicUrl: string | null;
  port: number;
  /** The subscriptions that are open, as `server.feedSubscription` took them. */
  patterns: readonly string[];
  /** The names of the operation types. */
  types: readonly string[];
}

export interface Channel {
  address: string | null;
  title: string;
  description: string;
  parameters?: Record<string, Schema>;
  messages: Record<string, Schema>;
}

export interface AsyncApi {
  readonly asyncapi: string;
  readonly channels: Record<string, Channel>;
  readonly [member: string]: unknown;
}

type MessageName = 'operationEvent' | 'logChunk' | 'drain' | 'other';

interface Words {
  name: string;
  title: string;
  description: string;
  message: MessageName;
}

const CONNECTION = '/connections/{id}/operations';
const OF_TYPE = `${CONNECTION}/{type}`;
const SEEN = 'For callers who may see the connection.';

const words: Record<string, Words> = {
  [CONNECTION]: {
    name: 'connectionOperations',
    title: 'Operations of a connection',
    description: SEEN,
    message: 'operationEvent',
  },
  [OF_TYPE]: {
    name: 'connectionOperationsOfType',
    title: 'Operations of a connection, one type',
    description: SEEN,
    message: 'operationEvent',
  },
  [`${CONNECTION}/{operationId}/log`]: {
    name: 'operationLog',
    title: 'Log of an operation',
    description: `${SEEN} What came before is behind GET ${CONNECTION}/{operationId}/log; \`seq\` shows a hole.`,
    message: 'logChunk',
  },
  '/operations': {
    name: 'operations',
    title: 'Operations of the whole fleet',
    description: 'For callers who may see every connection: admins.',
    message: 'operationEvent',
  },
};

/** A subscription that a plugin opened for itself. */
const other = (pattern: string): Words => ({
  name: pattern
    .replace(/^\W+|\W+$/g, '')
    .replace(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) => next?.toUpperCase() ?? ''),
  title: pattern,
  description: 'Opened by a plugin.',
  message: 'other',
});

const parameters: Record<string, string> = {
  id: 'The connection.',
  operationId: 'The operation.',
  type: 'The operation type.',
};

const messages: Record<MessageName, Schema> = {
  operationEvent: { title: 'Change of an operation', payload: ref('OperationEvent') },
  logChunk: { title: 'Lines of a log', payload: ref('LogChunk') },
  drain: { title: 'The socket is about to be closed', payload: ref('Drain') },
  other: { title: 'What the plugin publishes', payload: {} },
};

function parametersOf(address: string, types: readonly string[]): Record<string, Schema> {
  const names = [...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const typed = (name: string) => (name === 'type' ? { enum: [...types].sort() } : {});
  return Object.fromEntries(
    names.map((name) => [name, { description: parameters[name] ?? 'A part of the path.', ...typed(name) }]),
  );
}

const messageOf = (name: MessageName) => ({ [name]: { $ref: `#/components/messages/${name}` } });

function channelOf(address: string, types: readonly string[]): [string, Channel] {
  const { name, title, description, message } = words[address] ?? other(address);
  const named = parametersOf(address, types);
  return [
    name,
    {
      address,
      title,
      description,
      ...(Object.keys(named).length > 0 ? { parameters: named } : {}),
      messages: messageOf(message),
    },
  ];
}

/** On every socket, without a subscription. */
const toEverySocket: Channel = {
  address: null,
  title: 'The socket itself',
  description: 'Sent to every signed-in socket as a nes `update`; then the socket is closed with 1012.',
  messages: messageOf('drain'),
};

/** Each type has a subscription of its own; here they are one channel. */
function addressesOf({ patterns, types }: Surroundings): string[] {
  const ofTypes = new Set(types.map((type) => `${CONNECTION}/${type}`));
  return [...new Set(patterns.map((pattern) => (ofTypes.has(pattern) ? OF_TYPE : pattern)))].sort();
}

function serverOf({ publicUrl, port }: Surroundings): Schema {
  const url = new URL(publicUrl ?? `http://localhost:${port}`);
  return {
    host: url.host,
    protocol: url.protocol === 'https:' ? 'wss' : 'ws',
    pathname: '/realtime',
    description:
      'The nes protocol, version 2: `hello` with `auth.headers.authorization`, `sub`, `unsub`, `reauth`, `ping`. A message of a subscription comes as `{type: "pub", path, message}`, and its payload here is that `message`. Nothing is replayed: subscribe, then GET.',
    security: [{ $ref: '#/components/securitySchemes/bearer' }],
  };
}

function operationsOf(channels: Record<string, Channel>): Schema {
  const sending = ([name, { title, description, messages: sent }]: [string, Channel]) => [
    `send${name[0]?.toUpperCase()}${name.slice(1)}`,
    {
      action: 'send',
      title,
      description,
      channel: { $ref: `#/channels/${name}` },
      messages: Object.keys(sent).map((message) => ({ $ref: `#/channels/${name}/messages/${message}` })),
    },
  ];
  return Object.fromEntries(Object.entries(channels).map(sending)) as Schema;
}

/** Describes the feed as it is now; ask when all plugins have opened their subscriptions. */
export function asyncApi(surroundings: Surroundings): AsyncApi {
  const { summary, license, ...rest } = info;
  const ofPatterns = addressesOf(surroundings).map((address) => channelOf(address, surroundings.types));
  const feeds = { ...Object.fromEntries(ofPatterns), socket: toEverySocket };
  const { OperationEvent, Operation, OperationFailure, StepPosition, LogChunk, LogLine, Drain } = shapes;
  return {
    asyncapi: '3.0.0',
    info: {
      ...rest,
      description: `${summary}\n\n${rest.description}`,
      license: { name: license.name },
      tags: [{ name: 'operations' }],
    },
    defaultContentType: 'application/json',
    servers: { signalbox: serverOf(surroundings) },
    channels: { ...feeds, protocol: protocolChannel },
    operations: { ...operationsOf(feeds), ...protocolOperations('protocol') },
    components: {
      schemas: { OperationEvent, Operation, OperationFailure, StepPosition, LogChunk, LogLine, Drain, ...frameShapes },
      messages: { ...messages, ...receivedFrames, ...sentFrames },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}
