/** Who may open a socket at all, decided before the upgrade. A refusal is a problem document, as on every route. */
import type { IncomingMessage } from 'node:http';
import type { Code } from '../problems/codes.js';
import type { Counters } from '../watching/counters.js';
import { problem, problemDocument } from '../problems/problems.js';
import { clientNetwork } from './client-network.js';
import type { Limits, RealtimeOptions } from './contract.js';
import type { UpgradeAnswer, UpgradeInfo } from './nes-internals.js';
import { isAllowedOrigin } from './origins.js';
import type { Peers } from './peers.js';

export const REALTIME_PATH = '/realtime';

export interface DoorParts {
  config: RealtimeOptions['config'];
  limits: Limits;
  counters: Counters;
  peers: Peers;
  networkOf: (request: IncomingMessage) => string;
  isDraining: () => boolean;
}

interface Refusal {
  reason: string;
  code: Code;
}

export function makeNetworkOf(addressOf: RealtimeOptions['addressOf']): (request: IncomingMessage) => string {
  return (request) => clientNetwork(addressOf?.(request) ?? request.socket.remoteAddress ?? '');
}

function refusal(info: UpgradeInfo, parts: DoorParts): Refusal | null {
  const { config, limits, peers } = parts;
  const { req } = info;
  // ws reads it from another header where a client speaks the protocol's draft.
  const origin = req.headers.origin ?? info.origin;
  if (req.url !== REALTIME_PATH) return { reason: 'upgrade_path', code: 'NOT_FOUND' };
  if (!isAllowedOrigin(origin, req, config)) return { reason: 'upgrade_origin', code: 'ORIGIN_REFUSED' };
  if (config.realtime === 'off') return { reason: 'upgrade_off', code: 'REALTIME_OFF' };
  if (parts.isDraining()) return { reason: 'upgrade_stopping', code: 'UNAVAILABLE' };
  if (peers.size >= limits.sockets) return { reason: 'upgrade_full', code: 'UNAVAILABLE' };
  if (peers.fromNetwork(parts.networkOf(req)) >= limits.socketsPerAddress)
    return { reason: 'upgrade_address', code: 'TOO_MANY_SOCKETS' };
  return null;
}

/** What ws asks before it upgrades a connection. */
export function makeDoor(parts: DoorParts): (info: UpgradeInfo, answer: UpgradeAnswer) => void {
  return (info, answer) => {
    // nes would read a cookie of its own name as a login, and stumble over any other that is malformed.
    delete info.req.headers.cookie;
    const refused = refusal(info, parts);
    if (!refused) return answer(true);
    parts.counters.refusedFrames.inc({ reason: refused.reason });
    const { status, document } = problemDocument(problem(refused.code));
    answer(false, status, JSON.stringify(document), { 'Content-Type': 'application/problem+json' });
  };
}
