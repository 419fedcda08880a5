/** Where the packets lie in the clear part of an SSH stream, so that a fault can strike at an exact point. */

export const KEXINIT = 20;
export const NEWKEYS = 21;
export const KEX_REPLY = 31;

interface Packet {
  type: number;
  start: number;
  end: number;
}

/** The packets up to NEWKEYS, after which all is encrypted (RFC 4253 §6: length, padding length, payload, padding). */
function packets(all: Buffer): Packet[] {
  const found: Packet[] = [];
  let start = all.indexOf('\n') + 1;
  while (start > 0 && start + 6 <= all.length && found.at(-1)?.type !== NEWKEYS) {
    const end = start + 4 + all.readUInt32BE(start);
    if (end > all.length) break;
    found.push({ type: all.readUInt8(start + 5), start, end });
    start = end;
  }
  return found;
}

/** Lets all pass up to the packet. */
export function before(type: number): (all: Buffer) => number {
  return (all) => packets(all).find((packet) => packet.type === type)?.start ?? all.length;
}

/** Lets all pass up to and with the packet. */
export function after(type: number): (all: Buffer) => number {
  return (all) => packets(all).find((packet) => packet.type === type)?.end ?? all.length;
}

/** A byte within the packet's payload, `fromEnd` before its padding. */
export function within(type: number, fromEnd: number): (all: Buffer) => number {
  return (all) => {
    const packet = packets(all).find((candidate) => candidate.type === type);
    return packet ? packet.end - all.readUInt8(packet.start + 4) - fromEnd : all.length;
  };
}
