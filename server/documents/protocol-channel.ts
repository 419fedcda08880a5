/** The frames of the socket as messages of AsyncAPI: what carries the messages of all other channels. */
import type { Channel } from './async-api.js';
import type { frameShapes } from './shapes/frames.js';
import { ref, type Schema } from './words.js';

type FrameName = keyof typeof frameShapes;

const messageOf = (title: string, shape: FrameName): Schema => ({ title, payload: ref(shape) });

/** By their names in the document. */
export const receivedFrames = {
  hello: messageOf('From the client: hello', 'HelloFrame'),
  reauth: messageOf('From the client: reauth', 'ReauthFrame'),
  sub: messageOf('From the client: sub', 'SubFrame'),
  unsub: messageOf('From the client: unsub', 'UnsubFrame'),
  pong: messageOf('From the client: ping', 'PongFrame'),
};

export const sentFrames = {
  welcome: messageOf('From the server: hello', 'WelcomeFrame'),
  done: messageOf('From the server: accepted', 'DoneFrame'),
  refusal: messageOf('From the server: refused', 'RefusalFrame'),
  ping: messageOf('From the server: ping', 'PingFrame'),
  revoke: messageOf('From the server: revoke', 'RevokeFrame'),
};

const names = (messages: Record<string, Schema>) =>
  Object.keys(messages).map((name) => [name, { $ref: `#/components/messages/${name}` }]);

export const protocolChannel: Channel = {
  address: null,
  title: 'The protocol',
  description:
    'The frames of nes protocol 2, whole. The messages of the other channels travel in `{type: "pub", path, message}`, those of the socket itself in `{type: "update", message}`.',
  messages: Object.fromEntries([...names(receivedFrames), ...names(sentFrames)]) as Record<string, Schema>,
};

/** Which frames go which way. */
export function protocolOperations(channel: string): Record<string, Schema> {
  const operation = (action: string, title: string, messages: Record<string, Schema>): Schema => ({
    ...{ action, title, description: title },
    channel: { $ref: `#/channels/${channel}` },
    messages: Object.keys(messages).map((name) => ({ $ref: `#/channels/${channel}/messages/${name}` })),
  });
  return {
    receiveProtocol: operation('receive', 'What a client may send.', receivedFrames),
    sendProtocol: operation('send', 'What the server answers, and its signs of life.', sentFrames),
  };
}
