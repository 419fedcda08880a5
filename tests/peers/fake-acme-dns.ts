/**
 * A fake of acme-dns (https://github.com/joohoi/acme-dns): POST /update as its auth.go and api.go answer it, and the zone in
 * which the values are shown, on port 53 of an address of its own, so that a BIND can delegate to it. Needs root. One account
 * is registered from the start. What it can't show is what a real one does beyond these two files.
 */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { AUTHORITATIVE_ANSWER, decode, encode, type Answer } from 'dns-packet';

export interface AcmeDnsAccount {
  username: string;
  password: string;
  subdomain: string;
  fulldomain: string;
}

export interface FakeAcmeDns {
  /** For `serverUrl`. */
  readonly url: string;
  /** Where its zone is served: to delegate it to. */
  readonly address: string;
  readonly zone: string;
  readonly account: AcmeDnsAccount;
  /** The two newest values, sorted. */
  records(): string[];
  stop(): Promise<void>;
}

const NXDOMAIN = 3;

/** acme-dns overwrites the row that was written first, whatever it holds. */
class Rows {
  #rows: string[] = [];

  put(value: string): void {
    this.#rows = [...this.#rows, value].slice(-2);
  }

  get values(): string[] {
    return [...this.#rows].sort();
  }
}

/** The zone as a name server answers for it. */
function answersOf(zone: string, address: string, { fulldomain }: AcmeDnsAccount, rows: Rows, bytes: Buffer): Buffer {
  const { id = 0, questions = [] } = decode(bytes);
  const [question] = questions;
  const name = question?.name.toLowerCase() ?? '';
  const soa: Answer = {
    ...{ type: 'SOA', name: zone, ttl: 1 },
    data: { mname: `ns1.${zone}`, rname: `hostmaster.${zone}`, serial: 1, minimum: 1 },
  };
  const all: Answer[] = [
    soa,
    { type: 'NS', name: zone, ttl: 1, data: `ns1.${zone}` },
    { type: 'A', name: `ns1.${zone}`, ttl: 1, data: address },
    ...rows.values.map((data): Answer => ({ type: 'TXT', name: fulldomain, ttl: 1, data })),
  ];
  const answers = all.filter((record) => record.name === name && record.type === question?.type);
  const known = name === fulldomain || all.some((record) => record.name === name);
  const flags = AUTHORITATIVE_ANSWER | (known ? 0 : NXDOMAIN);
  return encode({ type: 'response', id, flags, questions, answers, authorities: answers.length > 0 ? [] : [soa] });
}

async function bindSomewhere(): Promise<Socket> {
  const socket = createSocket('udp4');
  try {
    const address = `127.${randomInt(1, 255)}.${randomInt(0, 256)}.${randomInt(1, 255)}`;
    await once(socket.bind(53, address), 'listening');
    return socket;
  } catch (error) {
    socket.close();
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return bindSomewhere();
    throw error;
  }
}

async function update(request: IncomingMessage, account: AcmeDnsAccount, rows: Rows): Promise<[number, object]> {
  if (request.url !== '/update' || request.method !== 'POST') return [404, {}];
  const { 'x-api-user': user, 'x-api-key': key } = request.headers;
  const { subdomain, txt } = JSON.parse(await text(request)) as { subdomain: string; txt: string };
  const ours = user === account.username && key === account.password && subdomain === account.subdomain;
  if (!ours) return [401, { error: 'forbidden' }];
  if (!/^[A-Za-z0-9_-]{43}$/.test(txt)) return [400, { error: 'bad_subdomain' }];
  rows.put(txt);
  return [200, { txt }];
}

export async function startFakeAcmeDns(zone = 'auth.test'): Promise<FakeAcmeDns> {
  const subdomain = randomUUID();
  const account = {
    ...{ username: randomUUID(), password: randomBytes(30).toString('base64url') },
    ...{ subdomain, fulldomain: `${subdomain}.${zone}` },
  };
  const rows = new Rows();
  const socket = await bindSomewhere();
  const { address } = socket.address();
  socket.on('message', (bytes, { port, address: client }) =>
    socket.send(answersOf(zone, address, account, rows, bytes), port, client),
  );
  const server = createServer(async (request, response) => {
    const [status, body] = await update(request, account, rows);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    ...{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, address, zone, account },
    records: () => rows.values,
    async stop() {
      if (!server.listening) return;
      const closed = [once(server, 'close'), once(socket, 'close')];
      server.close();
      server.closeAllConnections();
      socket.close();
      await Promise.all(closed);
    },
  };
}
