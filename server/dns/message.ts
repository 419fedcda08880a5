/** A question and its reply on the wire (RFC 1035 §4), and nothing else of the protocol. */
import { randomInt } from 'node:crypto';
import type { Answer, DecodedPacket } from 'dns-packet';
import { plainName } from './names.js';

export interface Question {
  name: string;
  type: 'A' | 'AAAA' | 'NS' | 'SOA' | 'TXT';
}

export interface Reply {
  /** `NOERROR`, `NXDOMAIN`, `SERVFAIL`, `REFUSED`, … */
  rcode: string;
  authoritative: boolean;
  truncated: boolean;
  answers: Answer[];
  authorities: Answer[];
}

export interface Message {
  /** Without the two bytes of length that TCP needs before it. */
  bytes: Buffer;
  /** The reply in these bytes; null where they are none to this very question. */
  read(bytes: Buffer): Reply | null;
}

/** How dns-packet really decodes; its types leave out the code. */
type Decoded = DecodedPacket & { rcode: string };

/** dns-packet, at the first question: nobody needs it before. */
const loaded = async () => (await import('dns-packet')).default;

function decoded(decode: (bytes: Buffer) => DecodedPacket, bytes: Buffer): Decoded | null {
  try {
    return decode(bytes) as Decoded;
  } catch {
    // Anybody can send anything to an open port: what can't be read is no reply.
    return null;
  }
}

/** A message with an id that nobody can foresee; `recursion` asks the server to look further itself. */
export async function message(question: Question, recursion: boolean): Promise<Message> {
  const { encode, decode, RECURSION_DESIRED } = await loaded();
  const id = randomInt(0x1_0000);
  const bytes = encode({ type: 'query', id, flags: recursion ? RECURSION_DESIRED : 0, questions: [{ ...question }] });
  return {
    bytes,
    read(received) {
      const reply = decoded(decode, received);
      const asked = reply?.questions?.[0];
      if (!reply?.flag_qr || reply.id !== id || !asked) return null;
      if (asked.type !== question.type || plainName(asked.name) !== question.name) return null;
      const { rcode, flag_aa: authoritative, flag_tc: truncated, answers = [], authorities = [] } = reply;
      return { rcode, authoritative, truncated, answers, authorities };
    },
  };
}

/** The records of a name, or of any name where none is given, as text; TXT strings are joined (RFC 1464, RFC 8555 §8.4). */
export function dataOf(records: Answer[], type: 'A' | 'AAAA' | 'CNAME' | 'NS' | 'TXT', name?: string): string[] {
  return records
    .filter((record) => record.type === type && (name === undefined || plainName(record.name) === name))
    .map((record) => ('data' in record ? textOf(record.data) : ''));
}

function textOf(data: unknown): string {
  if (Array.isArray(data)) return Buffer.concat(data as Buffer[]).toString('utf8');
  return String(data);
}

/** The owner of the first SOA record, which is the zone that answers; null where there is none. */
export function zoneIn({ answers, authorities }: Reply): string | null {
  const soa = [...answers, ...authorities].find(({ type }) => type === 'SOA');
  return soa ? plainName(soa.name) : null;
}
