/**
 * Ports for peers that must be told theirs before they start. A port that was free a moment ago can be gone when its
 * peer gets to it: whoever listens on 0, and every outgoing connection, takes from the kernel's own range
 * (ip_local_port_range of ip(7)). So these lie outside it, and are held until the test's process ends.
 */
import { readFileSync } from 'node:fs';
import { createServer, type ListenOptions } from 'node:net';

const LOWEST = 10_000;
const HIGHEST = 65_535;

/** The first and the last port that the kernel gives away by itself. */
function kernelRange(): [number, number] {
  try {
    const [first, last] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8')
      .trim()
      .split(/\s+/)
      .map(Number);
    return [first ?? 32_768, last ?? 60_999];
  } catch {
    return [49_152, HIGHEST];
  }
}

/** Whether `place` could be listened on; with `stays`, it is from now on, which keeps no process alive. */
const listens = (place: ListenOptions, stays = false) =>
  new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(place, () => {
      if (stays) resolve(true);
      else server.close(() => resolve(true));
    });
    server.unref();
  });

/** An abstract socket (unix(7)) has one holder on the machine, and goes with its process, however that ends. */
const held = (port: number) => listens({ path: `\0signalbox-tests-port-${port}` }, true);

const [first, last] = kernelRange();
const ports = Array.from({ length: HIGHEST - LOWEST + 1 }, (_, index) => LOWEST + index);
const outside = ports.filter((port) => port < first || port > last);
/** A machine may give all its ports away by itself: then they are only kept from the other tests. */
const candidates = outside.length > 0 ? outside : ports;

/** A port of the loopback that is free, and that no other test is given while this process lives. */
export async function freePort(): Promise<number> {
  for (let left = 1000; left > 0; left--) {
    const port = candidates[Math.floor(Math.random() * candidates.length)];
    if (port !== undefined && (await held(port)) && (await listens({ port, host: '127.0.0.1' }))) return port;
  }
  throw new Error('no port is free');
}
