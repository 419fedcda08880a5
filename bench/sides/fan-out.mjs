/** The peers of the feed: ws in a loop, socket.io's rooms, nes' own publish. Each keeps its subscribers as its users do. */
import { createServer } from 'node:http';
import { answer } from './answer.mjs';
import { publishing } from './publishing.mjs';
import { update } from './update.mjs';

/** ws: a map from path to sockets, one Buffer sent to each. */
async function raw(http) {
  const { WebSocketServer } = await import('ws');
  const paths = new Map();
  new WebSocketServer({ server: http }).on('connection', (socket) =>
    socket.on('message', (data) => {
      const { path } = JSON.parse(data);
      paths.set(path, (paths.get(path) ?? new Set()).add(socket));
    }),
  );
  return {
    publish(path) {
      const data = Buffer.from(JSON.stringify({ type: 'pub', path, message: update() }));
      for (const socket of paths.get(path) ?? []) socket.send(data, { binary: false });
    },
    subscribers: (path) => paths.get(path)?.size ?? 0,
  };
}

async function socketio(http) {
  const { Server } = await import('socket.io');
  const io = new Server(http, { transports: ['websocket'], serveClient: false });
  io.on('connection', (socket) => void socket.join(socket.handshake.query.topic));
  return {
    publish: (path) => io.to(path).emit('pub', { path, message: update() }),
    subscribers: (path) => io.sockets.adapter.rooms.get(path)?.size ?? 0,
  };
}

async function nes() {
  const [{ default: Hapi }, { default: plugin }] = await Promise.all([import('@hapi/hapi'), import('@hapi/nes')]);
  const server = Hapi.server({ host: '127.0.0.1', port: 0 });
  await server.register({ plugin: plugin.plugin, options: { auth: false } });
  const counts = new Map();
  server.subscription('/connections/{id}/operations', {
    onSubscribe: (_, path) => void counts.set(path, (counts.get(path) ?? 0) + 1),
  });
  await server.start();
  return {
    port: server.info.port,
    publish: (path) => server.publish(path, update()),
    subscribers: (path) => counts.get(path) ?? 0,
  };
}

async function open(kind) {
  if (kind === 'nes') return nes();
  const http = createServer();
  const feed = await (kind === 'raw' ? raw(http) : socketio(http));
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  return { ...feed, port: http.address().port };
}

const feed = await open(process.argv[2]);
answer({
  ...publishing(feed.publish),
  subscribers: ({ path }) => ({ count: feed.subscribers(path) }),
});
process.send({ name: 'listening', port: feed.port });
