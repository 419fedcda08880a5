/** Every frame that goes over a server's sockets, in both directions, as it stands on the wire. */
import type { Server } from '@hapi/hapi';
import { readFrame, type FrameType } from '../../realtime/frames.js';
import { socketServerOf, type RawSocket } from '../../realtime/nes-internals.js';
import { Outlet } from '../../realtime/outlet.js';

export interface Ears {
  /** A frame that the guard would take; what it refuses is nobody's message. */
  received(frame: { type: FrameType }): void;
  sent(text: string): void;
}

const listening = new WeakMap<RawSocket, Ears>();

// Frames that many sockets share go past ws' own `send`; all of them come through here.
const { send: sendShared } = Outlet.prototype;
Outlet.prototype.send = function (peer, frame) {
  listening.get(peer.ws)?.sent(frame.text);
  sendShared.call(this, peer, frame);
};

/** Listens to every socket that is opened from now on. */
export function overhear(server: Server, ears: Ears): void {
  socketServerOf(server).on('connection', (ws) => {
    listening.set(ws, ears);
    ws.on('message', (data, isBinary) => {
      const frame = readFrame(data, isBinary);
      if ('text' in frame) ears.received(JSON.parse(frame.text) as { type: FrameType });
    });
    const { send } = ws;
    ws.send = (text, done) => {
      ears.sent(text);
      send.call(ws, text, done);
    };
  });
}
