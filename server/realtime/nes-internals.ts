/**
 * The one place that touches private members of nes (14.0) and of the ws (8) below it. What the guard needs is checked at
 * start and stops it when it is missing: unguarded, nes must not face a network. What only makes the feed fast is tried at
 * start as well; where it fails, frames go by ws' public `send`.
 */
import { PassThrough } from 'node:stream';
import type { Server } from '@hapi/hapi';
import type { Nes } from '@hapi/nes';
import type { IncomingMessage } from 'node:http';

export type NesSocket = Nes.Socket;

/** The public part of a ws WebSocket that we use. */
export interface RawSocket {
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(text: string, done: (error?: Error) => void): void;
  close(code: number, reason: string): void;
  terminate(): void;
  on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): unknown;
  on(event: 'ping' | 'pong' | 'close', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error & { code?: string }) => void): unknown;
  removeAllListeners(event: 'message'): unknown;
}

export interface UpgradeInfo {
  origin: string | undefined;
  req: IncomingMessage;
}

export type UpgradeAnswer = (
  accepted: boolean,
  status?: number,
  body?: string,
  headers?: Record<string, string>,
) => void;

/** The public part of a ws WebSocketServer that we use; its options are read at each upgrade. */
export interface RawServer {
  options: {
    maxPayload: number;
    maxFragments: number;
    maxBufferedChunks: number;
    closeTimeout: number;
    perMessageDeflate: unknown;
    verifyClient: ((info: UpgradeInfo, answer: UpgradeAnswer) => void) | null;
    WebSocket: { Sender?: unknown };
  };
  on(event: 'connection', listener: (ws: RawSocket, request: IncomingMessage) => void): unknown;
}

interface NesListener {
  _wss: RawServer;
  _beat(): void;
  _sockets: { add(socket: NesSocket): void; auth(socket: NesSocket): void };
}

interface Internals {
  _ws: RawSocket;
  _onMessage(text: string): Promise<void>;
}

const internals = (socket: NesSocket): Internals => socket as unknown as Internals;

function listenerOf(server: Server): NesListener {
  const { nes } = server.plugins as { nes?: { _listener?: Partial<NesListener> } };
  const listener = nes?._listener;
  const known =
    typeof listener?._wss?.options === 'object' &&
    typeof listener._beat === 'function' &&
    typeof listener._sockets?.add === 'function' &&
    typeof listener._sockets.auth === 'function';
  if (!known)
    throw new Error('realtime: this version of @hapi/nes is not known, so it cannot be guarded. Install 14.0.');
  return listener as NesListener;
}

/** Below nes: whoever listens here sees every socket and each of its frames. */
export const socketServerOf = (server: Server): RawServer => listenerOf(server)._wss;

export interface NesHooks {
  /** nes made its socket for a ws; called before any message. */
  opened(socket: NesSocket, ws: RawSocket, request: IncomingMessage): void;
  /** New credentials were set by hello or reauth; what it throws goes to the client as the answer. */
  authenticated(socket: NesSocket): void;
}

/** Puts us between ws and nes: our message listener instead of nes', no heartbeat loop of nes' own. */
export function takeOver(server: Server, hooks: NesHooks): RawServer {
  const listener = listenerOf(server);
  const { _sockets: sockets, _wss: wss } = listener;
  const made = new WeakMap<RawSocket, NesSocket>();
  const add = sockets.add.bind(sockets);
  listener._beat = () => {};
  sockets.add = (socket) => {
    add(socket);
    made.set(internals(socket)._ws, socket);
  };
  sockets.auth = (socket) => hooks.authenticated(socket);
  wss.on('connection', (ws, request) => {
    const socket = made.get(ws);
    ws.removeAllListeners('message');
    // Without a socket nes has refused the connection (it is stopping) and closes it itself.
    if (socket) hooks.opened(socket, ws, request);
  });
  return wss;
}

/** Lets nes work on one checked message; resolves when it has answered. */
export const handOver = (socket: NesSocket, text: string): Promise<void> => internals(socket)._onMessage(text);

interface Sender {
  sendFrame(list: Buffer[]): void;
}

interface SenderClass {
  new (stream: unknown): Sender;
  frame(data: Buffer, options: Record<string, unknown>): Buffer[];
}

interface Wire {
  _sender: Sender;
  _socket: { cork(): void; uncork(): void };
}

const wire = (ws: RawSocket): Wire => ws as unknown as Wire;

/** A frame made once for many sockets. */
export interface SharedFrames {
  make(text: string): Buffer;
  /** Whether this socket can take shared frames. */
  fits(ws: RawSocket): boolean;
  cork(ws: RawSocket): void;
  uncork(ws: RawSocket): void;
  write(ws: RawSocket, frame: Buffer): void;
}

const FRAME_OPTIONS = { fin: true, opcode: 1, mask: false, rsv1: false, readOnly: true };

function makeFrame(sender: SenderClass, text: string): Buffer {
  const parts = sender.frame(Buffer.from(text), FRAME_OPTIONS);
  return Buffer.concat(parts);
}

/** Whether a frame has the bytes of RFC 6455 §5.2 and leaves a sender whole. */
function proves(sender: SenderClass): boolean {
  const sink = new PassThrough();
  const instance = new sender(sink);
  instance.sendFrame([makeFrame(sender, '{}')]);
  instance.sendFrame([makeFrame(sender, 'é'.repeat(150))]);
  const sent = sink.read() as Buffer | null;
  const expected = Buffer.concat([
    Buffer.from([0x81, 2, 0x7b, 0x7d, 0x81, 126, 0x01, 0x2c]),
    Buffer.from('é'.repeat(150)),
  ]);
  return sent !== null && sent.equals(expected);
}

/** Shared frames by ws' own Sender, or null where this ws does not have what they need. */
export function sharedFrames(wss: RawServer, onFailure: (error: Error) => void): SharedFrames | null {
  const sender = wss.options.WebSocket.Sender as SenderClass;
  try {
    if (wss.options.perMessageDeflate || !proves(sender)) throw new Error('The frame has other bytes.');
  } catch (cause) {
    onFailure(
      new Error('realtime: ws is not as expected, so each frame is sent in the slower, public way.', { cause }),
    );
    return null;
  }
  return {
    make: (text) => makeFrame(sender, text),
    fits: (ws) =>
      typeof wire(ws)._sender?.sendFrame === 'function' &&
      typeof wire(ws)._socket?.cork === 'function' &&
      typeof wire(ws)._socket.uncork === 'function',
    cork: (ws) => wire(ws)._socket.cork(),
    uncork: (ws) => wire(ws)._socket.uncork(),
    write: (ws, frame) => wire(ws)._sender.sendFrame([frame]),
  };
}
