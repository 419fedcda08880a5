/** The frames of the socket itself, as nes protocol 2 has them; server/realtime/frames.ts takes no others. */
import { list, oneOf, record, ref, text, whole, type Schema } from '../words.js';

/** A client chooses it; the answer carries it. */
type Id = number | string;

interface Auth {
  headers: { authorization: string };
}

const constant = (value: string): Schema => text('What kind of frame it is.', { const: value });
const id: Schema = { type: ['integer', 'string'], description: 'Chosen by the client; the answer carries it.' };
const path = text('The address of a channel, filled in: /connections/1/operations.');

export const frameShapes = {
  FrameAuth: record<Auth>('Who the client is, by the token that HTTP takes.', {
    headers: record<Auth['headers']>('As in a request.', { authorization: text('`Bearer` and a token.') }),
  }),
  HelloFrame: record<{ type: string; id: Id; version: string; auth: Auth; subs: string[] }>(
    'The first frame of a client.',
    {
      ...{ type: constant('hello'), id },
      version: text('Of the protocol: 2.'),
      auth: ref('FrameAuth'),
      subs: list(path, 'What to subscribe at once.'),
    },
    ['auth', 'subs'],
  ),
  ReauthFrame: record<{ type: string; id: Id; auth: Auth }>('Another token for an open socket.', {
    ...{ type: constant('reauth'), id },
    auth: ref('FrameAuth'),
  }),
  SubFrame: record<{ type: string; id: Id; path: string }>('Subscribes a channel.', {
    ...{ type: constant('sub'), id, path },
  }),
  UnsubFrame: record<{ type: string; id: Id; path: string }>('Ends a subscription.', {
    ...{ type: constant('unsub'), id, path },
  }),
  PongFrame: record<{ type: string; id: Id }>('The answer of a client to `ping`, or its own sign of life.', {
    ...{ type: constant('ping'), id },
  }),
  WelcomeFrame: record<{ type: string; id: Id; heartbeat: { interval: number; timeout: number }; socket: string }>(
    'The answer to an accepted hello.',
    {
      ...{ type: constant('hello'), id },
      heartbeat: record<{ interval: number; timeout: number }>('How often `ping` comes, in milliseconds.', {
        interval: whole('Between two.'),
        timeout: whole('How late one may be before the link counts as dead.'),
      }),
      socket: text('The name of this socket.'),
    },
  ),
  DoneFrame: record<{ type: string; id: Id; path: string }>(
    'The answer to another frame that was accepted.',
    { ...{ type: oneOf(['reauth', 'sub', 'unsub'], 'The kind of that frame.'), id, path } },
    ['path'],
  ),
  RefusalFrame: record<{
    type: string;
    id: Id;
    path: string;
    statusCode: number;
    payload: { error: string; message: string };
    headers: object;
  }>(
    'The answer to a frame that was refused.',
    {
      ...{ type: oneOf(['hello', 'reauth', 'sub', 'unsub', 'ping'], 'The kind of that frame.'), id },
      path: text('Of `subs`, the one that was refused.'),
      statusCode: whole('As HTTP would have it.', { minimum: 400, maximum: 599 }),
      payload: record<{ error: string; message: string }>('Why.', {
        error: text('The status in words.'),
        message: text('One sentence.'),
      }),
      headers: { type: 'object', description: 'As HTTP would have them.' },
    },
    ['path', 'headers'],
  ),
  PingFrame: record<{ type: string }>('The heartbeat.', { type: constant('ping') }),
  RevokeFrame: record<{ type: string; path: string; message: { reason: string } }>(
    'A subscription was ended by the server: its caller may no longer see this.',
    {
      ...{ type: constant('revoke'), path },
      message: record<{ reason: string }>('Why.', { reason: text('One sentence.') }),
    },
  ),
};
