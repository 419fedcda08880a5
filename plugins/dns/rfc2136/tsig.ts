/** Signatures of messages by a shared key (TSIG, RFC 8945). */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Algorithm } from './settings.js';
import { CLASS, TYPE, nameBytes, parse, readName, recordBytes, uint16, uint32 } from './wire.js';

export interface TsigKey {
  name: string;
  algorithm: Algorithm;
  /** base64 */
  secret: string;
}

export interface Signed {
  bytes: Buffer;
  mac: Buffer;
}

/** What a server says of the signature it got (RFC 8945 §3). */
export const TSIG_ERROR = { BADSIG: 16, BADKEY: 17, BADTIME: 18, BADTRUNC: 22 } as const;

export interface Verdict {
  /** `unsigned`: nobody proved anything; `forged`: the signature, the key or the time is wrong. */
  state: 'good' | 'unsigned' | 'forged';
  /** The TSIG error in the answer, proven only where the state is good; 0 where there is none. */
  error: number;
}

const FUDGE_SECONDS = 300;
const nowSeconds = () => Math.floor(Date.now() / 1000);

/** 48 bits. */
const timeBytes = (seconds: number) =>
  Buffer.concat([uint16(Math.floor(seconds / 2 ** 32)), uint32(seconds % 2 ** 32)]);

interface Stamp {
  seconds: number;
  fudge: number;
  error: number;
  other: Buffer;
}

/** RFC 8945 §4.3.3: the variables that are signed with the message. */
function variables({ name, algorithm }: TsigKey, { seconds, fudge, error, other }: Stamp): Buffer {
  const head = [nameBytes(name), uint16(CLASS.ANY), uint32(0), nameBytes(algorithm)];
  return Buffer.concat([...head, timeBytes(seconds), uint16(fudge), uint16(error), uint16(other.length), other]);
}

function macOf(key: TsigKey, parts: Buffer[]): Buffer {
  const hmac = createHmac(key.algorithm.replace('hmac-', ''), Buffer.from(key.secret, 'base64'));
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

/** The message with its signature as the last record. */
export function sign(key: TsigKey, message: Buffer): Signed {
  const stamp = { seconds: nowSeconds(), fudge: FUDGE_SECONDS, error: 0, other: Buffer.alloc(0) };
  const mac = macOf(key, [message, variables(key, stamp)]);
  const id = message.subarray(0, 2);
  const tail = [uint16(mac.length), mac, id, uint16(0), uint16(0)];
  const data = Buffer.concat([nameBytes(key.algorithm), timeBytes(stamp.seconds), uint16(stamp.fudge), ...tail]);
  const record = recordBytes({ name: key.name, type: TYPE.TSIG, class: CLASS.ANY, ttl: 0, data });
  const bytes = Buffer.concat([message, record]);
  bytes.writeUInt16BE(bytes.readUInt16BE(10) + 1, 10);
  return { bytes, mac };
}

interface TsigRecord extends Stamp {
  name: string;
  start: number;
  algorithm: string;
  mac: Buffer;
  id: Buffer;
}

/** The TSIG record, which has to be the last one; null where there is none. Throws a RangeError where it is broken. */
function tsigOf(bytes: Buffer): TsigRecord | null {
  const last = parse(bytes).records.at(-1);
  if (last?.type !== TYPE.TSIG) return null;
  const { name: algorithm, end: at } = readName(bytes, last.data);
  const seconds = bytes.readUInt16BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 2);
  const afterMac = at + 10 + bytes.readUInt16BE(at + 8);
  const end = afterMac + 6 + bytes.readUInt16BE(afterMac + 4);
  if (end !== last.end) throw new RangeError('a signature of another length');
  return {
    ...{ name: last.name, start: last.start, algorithm, seconds, fudge: bytes.readUInt16BE(at + 6) },
    ...{ mac: bytes.subarray(at + 10, afterMac), id: bytes.subarray(afterMac, afterMac + 2) },
    ...{ error: bytes.readUInt16BE(afterMac + 2), other: bytes.subarray(afterMac + 6, end) },
  };
}

/** The answer as it was before it was signed (RFC 8945 §5.3.1). */
function unsigned(bytes: Buffer, { start, id }: TsigRecord): Buffer {
  const message = Buffer.from(bytes.subarray(0, start));
  id.copy(message);
  message.writeUInt16BE(message.readUInt16BE(10) - 1, 10);
  return message;
}

/** Whether the answer to a signed message was signed by the same key, for this message, and now. */
export function verify(key: TsigKey, request: Signed, bytes: Buffer): Verdict {
  const tsig = tsigOf(bytes);
  if (!tsig || tsig.mac.length === 0) return { state: 'unsigned', error: tsig?.error ?? 0 };
  const { error } = tsig;
  const expected = macOf(key, [
    ...[uint16(request.mac.length), request.mac],
    ...[unsigned(bytes, tsig), variables(key, tsig)],
  ]);
  const ours = tsig.name === key.name.replace(/\.$/, '') && tsig.algorithm === key.algorithm;
  // A shortened signature is not taken: no server needs one.
  const proven = ours && tsig.mac.length === expected.length && timingSafeEqual(tsig.mac, expected);
  const timely = Math.abs(nowSeconds() - tsig.seconds) <= tsig.fudge || error === TSIG_ERROR.BADTIME;
  return { state: proven && timely ? 'good' : 'forged', error };
}
