/**
 * A real BIND (Debian's bind9) on an address of its own in 127.0.0.0/8, port 53; needs root. It is the whole world of its
 * zones: it plays the root and their parents too, with delegations and glue, and recurses, so that it can be the only
 * resolver of a Signalbox (SIGNALBOX_DNS_RESOLVERS) or of Pebble (`-dnsserver ADDRESS:53`).
 */
import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { encode } from 'dns-packet';
import {
  makeKey,
  primaryFiles,
  secondaryFiles,
  type BindZone,
  type Delegation,
  type Ground,
  type TsigKey,
} from './bind-config.js';
import { openDoor, type Door } from './bind-door.js';
import { startNamed, type Named } from './bind-process.js';
import { freePort } from './ports.js';

const run = promisify(execFile);
/** A message of opcode NOTIFY with the flag AA (RFC 1996 §4.7). */
const NOTIFY = (4 << 11) | (1 << 10);

export interface BindOptions {
  zones: BindZone[];
  /** Zones that another server has, such as one that an acme-dns keeps: their parents delegate them there. */
  elsewhere?: Delegation[];
  /** A second server, `ns2` of every zone, that takes over a change only when it is told to. */
  secondary?: boolean;
}

export interface SecondBind extends Pick<Named, 'halt' | 'start'> {
  readonly address: string;
  /** Resolves when it has the zone as the first server has it now. */
  catchUp(zone: string): Promise<void>;
  /** The TXT values at a name, sorted, as this server has them. */
  records(name: string): Promise<string[]>;
}

export interface Bind extends Pick<Named, 'halt' | 'start' | 'log' | 'logged'> {
  /** The address alone; the port is 53. */
  readonly address: string;
  /** May write TXT records everywhere; hmac-sha256. */
  readonly key: TsigKey;
  /** By algorithm; `powerless` is known and may write nothing. */
  readonly keys: Record<TsigKey['algorithm'] | 'powerless', TsigKey>;
  readonly secondary: SecondBind | null;
  /** The TXT values at a name, sorted, as this server has them. */
  records(name: string): Promise<string[]>;
  /** By lines of nsupdate: `update add name 60 TXT value`. */
  update(...lines: string[]): Promise<void>;
  stop(): Promise<void>;
}

async function txtOf(address: string, name: string): Promise<string[]> {
  const { stdout } = await run('dig', ['+short', '+norecurse', `@${address}`, name, 'TXT']);
  const lines = stdout.split('\n').filter((line) => line.startsWith('"'));
  return lines.map((line) => line.slice(1, -1).replaceAll('" "', '')).sort();
}

async function serialOf(address: string, zone: string): Promise<number> {
  const { stdout } = await run('dig', ['+short', '+norecurse', `@${address}`, zone, 'SOA']);
  return Number(stdout.split(' ')[2]);
}

/** Tells a server that a zone has changed, as its primary would. */
async function notify(address: string, zone: string): Promise<void> {
  const socket = createSocket('udp4');
  const heard = once(socket, 'message');
  socket.send(encode({ type: 'query', id: 1, flags: NOTIFY, questions: [{ name: zone, type: 'SOA' }] }), 53, address);
  await heard;
  socket.close();
}

async function startSecondary(door: Door, ground: Ground): Promise<SecondBind & Pick<Named, 'stop'>> {
  const { address } = door;
  const port = await freePort();
  const named = await startNamed(secondaryFiles(port, ground));
  door.lead(port);
  const holds = (zone: string, serial: number) =>
    named.logged(new RegExp(`zone ${zone.replaceAll('.', '\\.')}/IN: transferred serial ${serial}\\b`));
  await Promise.all(ground.zones.map(({ name }) => holds(name, 1)));
  return {
    ...{ address, records: (name: string) => txtOf(address, name) },
    ...{ halt: () => named.halt(), start: () => named.start(), stop: () => named.stop() },
    async catchUp(zone) {
      const serial = await serialOf(ground.address, zone);
      await notify(address, zone);
      await holds(zone, serial);
    },
  };
}

/** nsupdate, with the key in its input, where nobody else sees it. */
async function nsupdate(address: string, { algorithm, name, secret }: TsigKey, lines: string[]): Promise<void> {
  const done = run('nsupdate', []);
  const input = [`server ${address}`, `key ${algorithm}:${name} ${secret}`, ...lines, 'send', ''];
  done.child.stdin?.end(input.join('\n'));
  await done;
}

/** Starts it; with a second server it takes about half a second. */
export async function startBind({ zones, elsewhere = [], secondary = false }: BindOptions): Promise<Bind> {
  const door = await openDoor();
  const secondDoor = secondary ? await openDoor() : null;
  const { address } = door;
  const port = await freePort();
  const ground: Ground = { address, port, secondary: secondDoor?.address ?? null, zones, elsewhere };
  const writers = {
    'hmac-sha256': makeKey('signalbox', 'hmac-sha256'),
    'hmac-sha384': makeKey('signalbox-384', 'hmac-sha384'),
    'hmac-sha512': makeKey('signalbox-512', 'hmac-sha512'),
  };
  const keys = { ...writers, powerless: makeKey('powerless', 'hmac-sha256') };
  const key = keys['hmac-sha256'];
  const named = await startNamed(primaryFiles(ground, Object.values(keys), Object.values(writers)));
  door.lead(port);
  const second = secondDoor ? await startSecondary(secondDoor, ground) : null;
  return {
    ...{ address, key, keys, secondary: second },
    ...{ log: () => named.log(), logged: (pattern) => named.logged(pattern) },
    ...{ halt: () => named.halt(), start: () => named.start() },
    records: (name) => txtOf(address, name),
    update: (...lines) => nsupdate(address, key, lines),
    async stop() {
      await Promise.all([named.stop(), second?.stop()]);
      await Promise.all([door.close(), secondDoor?.close()]);
    },
  };
}
