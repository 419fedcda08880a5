/** Tells operations of told-plugin.ts what to do, whichever process they run in. */
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { startTcp } from './tcp-server.js';
import type { Greeting, Order } from './told-plugin.js';

export interface Teller {
  port: number;
  /** Resolves when this attempt of the operation has come; its `pid` is that of the server which runs it. */
  arrived(id: string, attempt?: number): Promise<Greeting>;
  tell(id: string, ...orders: Order[]): void;
  stop(): Promise<void>;
}

export async function startTeller(): Promise<Teller> {
  const greetings: Greeting[] = [];
  const sockets = new Map<string, Socket>();
  const waiting = new Set<() => void>();
  const peer = await startTcp((socket) => {
    createInterface(socket).on('line', (line) => {
      const greeting = JSON.parse(line) as Greeting;
      greetings.push(greeting);
      sockets.set(greeting.id, socket);
      for (const look of waiting) look();
    });
  });
  return {
    port: peer.port,
    arrived: (id, attempt = 1) =>
      new Promise((resolve) => {
        const look = () => {
          const found = greetings.find((greeting) => greeting.id === id && greeting.attempt === attempt);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    tell: (id, ...orders) => void sockets.get(id)?.write(orders.map((order) => `${JSON.stringify(order)}\n`).join('')),
    stop: () => peer.stop(),
  };
}
