/** What one client, one user, one address and all together may use. */
import type { Heartbeat, Limits } from './contract.js';

export const defaultLimits: Limits = {
  messageBytes: 16 * 1024,
  messageFragments: 16,
  messageChunks: 256,
  messagesPerSecond: 20,
  messageBurst: 40,
  queuedMessages: 64,
  sockets: 5_000,
  socketsPerAddress: 50,
  socketsPerUser: 20,
  subscriptionsPerSocket: 200,
  authDeadlineMs: 5_000,
  bufferedBytes: 1024 * 1024,
  stalledBytes: 64 * 1024,
  stalledMs: 10_000,
  closeTimeoutMs: 1_000,
};

export const defaultHeartbeat: Heartbeat = { intervalMs: 15_000, timeoutMs: 5_000 };
