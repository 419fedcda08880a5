/**
 * Messages as bytes (RFC 1035 §4, RFC 2136 §2), as far as updates need them. TSIG signs the bytes as they are sent, and an update
 * has a class that dns-packet can't write, so they are made and read here.
 */

export const TYPE = { CNAME: 5, SOA: 6, TXT: 16, TSIG: 250 } as const;
export const CLASS = { IN: 1, NONE: 254, ANY: 255 } as const;
export const OPCODE = { QUERY: 0, UPDATE: 5 } as const;
export const HEADER_LENGTH = 12;

export interface Entry {
  name: string;
  type: number;
  class: number;
  /** Where the record begins, and where its data begins and ends. */
  start: number;
  data: number;
  end: number;
}

export interface Parsed {
  id: number;
  rcode: number;
  authoritative: boolean;
  /** Of all sections after the question, in order. */
  records: Entry[];
}

export function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** In lower case and without compression, which is also the canonical form (RFC 4034 §6.2). Throws where it is no name. */
export function nameBytes(name: string): Buffer {
  const labels = name
    .toLowerCase()
    .split('.')
    .filter((label) => label !== '');
  if (name.length > 254 || labels.some((label) => label.length > 63)) throw new RangeError('a name that is too long');
  const parts = labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')]));
  return Buffer.concat([...parts, Buffer.from([0])]);
}

/** Strings of at most 255 bytes each, one after another (RFC 1035 §3.3.14). */
export function txtBytes(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  const parts: Buffer[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += 255) {
    const part = bytes.subarray(at, at + 255);
    parts.push(Buffer.from([part.length]), part);
  }
  return Buffer.concat(parts);
}

export interface RecordParts {
  name: string;
  type: number;
  class: number;
  ttl: number;
  data: Buffer;
}

export function recordBytes({ name, type, class: klass, ttl, data }: RecordParts): Buffer {
  return Buffer.concat([nameBytes(name), uint16(type), uint16(klass), uint32(ttl), uint16(data.length), data]);
}

export const questionBytes = (name: string, type: number): Buffer =>
  Buffer.concat([nameBytes(name), uint16(type), uint16(CLASS.IN)]);

/** One question, or the zone of an update, and the records of the update section. */
export function messageBytes(id: number, opcode: number, question: Buffer, updates: Buffer[] = []): Buffer {
  const counts = [1, 0, updates.length, 0].map(uint16);
  return Buffer.concat([uint16(id), uint16(opcode << 11), ...counts, question, ...updates]);
}

/** A name at an offset, and where it ends there; pointers lead back only, so that they come to an end. */
export function readName(bytes: Buffer, offset: number): { name: string; end: number } {
  const labels: string[] = [];
  let end = 0;
  let limit = offset;
  for (let at = offset; ;) {
    const length = bytes.readUInt8(at);
    if (length >= 0xc0) {
      end ||= at + 2;
      at = bytes.readUInt16BE(at) & 0x3fff;
      if (at >= limit) throw new RangeError('a name that points forward');
      limit = at;
    } else if (length === 0) {
      return { name: labels.join('.').toLowerCase(), end: end || at + 1 };
    } else {
      if (at + 1 + length > bytes.length) throw new RangeError('a name beyond the end');
      labels.push(bytes.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
  }
}

function readRecord(bytes: Buffer, start: number): Entry {
  const { name, end: at } = readName(bytes, start);
  const data = at + 10;
  const end = data + bytes.readUInt16BE(at + 8);
  if (end > bytes.length) throw new RangeError('a record beyond the end');
  return { name, type: bytes.readUInt16BE(at), class: bytes.readUInt16BE(at + 2), start, data, end };
}

/** Throws a RangeError where the bytes are no message. */
export function parse(bytes: Buffer): Parsed {
  const [questions = 0, ...rest] = [4, 6, 8, 10].map((at) => bytes.readUInt16BE(at));
  let offset = HEADER_LENGTH;
  for (let left = questions; left > 0; left -= 1) offset = readName(bytes, offset).end + 4;
  const records: Entry[] = [];
  for (let left = rest.reduce((sum, count) => sum + count, 0); left > 0; left -= 1) {
    const record = readRecord(bytes, offset);
    records.push(record);
    offset = record.end;
  }
  const flags = bytes.readUInt16BE(2);
  return { id: bytes.readUInt16BE(0), rcode: flags & 0xf, authoritative: (flags & 0x0400) !== 0, records };
}

/** The strings of a TXT record, joined. */
export function readTxt(bytes: Buffer, { data, end }: Entry): string {
  const parts: Buffer[] = [];
  for (let at = data; at < end; at += 1 + bytes.readUInt8(at))
    parts.push(bytes.subarray(at + 1, Math.min(end, at + 1 + bytes.readUInt8(at))));
  return Buffer.concat(parts).toString('utf8');
}
