/** Each frame of a server's sockets, held to its shape. */
import type { Server } from '@hapi/hapi';
import { receivedFrames, sentFrames } from '../protocol-channel.js';
import { ref, type Schema } from '../words.js';
import type { Notes } from './notes.js';
import { overhear } from './overheard.js';
import type { ShapeCheck } from './strict.js';

interface Frame {
  type: string;
  statusCode?: number;
  message?: unknown;
}

const RECEIVED = { hello: 'hello', reauth: 'reauth', sub: 'sub', unsub: 'unsub', ping: 'pong' } as const;

function sentName({ type, statusCode }: Frame): keyof typeof sentFrames {
  if (statusCode !== undefined) return 'refusal';
  if (type === 'hello') return 'welcome';
  return type === 'ping' || type === 'revoke' ? type : 'done';
}

const PUB = /^\{"type":"pub","path":"([^"]+)"/;

/** Hears of the path of each message that a subscriber is sent; its shape was looked at when it was published. */
type OnPub = (path: string) => void;

export function watchFrames(server: Server, check: ShapeCheck, notes: Notes, onPub: OnPub = () => {}): void {
  const judge = (name: string, { payload }: Schema, frame: unknown) =>
    notes.take(`protocol ${name}`, check.problem(payload as Schema, frame));
  overhear(server, {
    received(frame) {
      const name = RECEIVED[frame.type];
      judge(name, receivedFrames[name], frame);
    },
    sent(text) {
      const [, path] = PUB.exec(text) ?? [];
      if (path !== undefined) return onPub(path);
      const frame = JSON.parse(text) as Frame;
      if (frame.type === 'update') return notes.take('socket drain', check.problem(ref('Drain'), frame.message));
      const name = sentName(frame);
      judge(name, sentFrames[name], frame);
    },
  });
}
