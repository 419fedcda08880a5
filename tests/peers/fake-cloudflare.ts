/**
 * A fake of Cloudflare's API v4, as far as TXT records need it: https://developers.cloudflare.com/api/ (List Zones, List, Create
 * and Delete DNS Record, the envelope of every answer). That the same record twice is refused with 81058, and that an unknown
 * one is 81044, is as its users report it. What it can't show is what the real one does beyond its documents.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface Stored {
  id: string;
  zone: string;
  type: string;
  name: string;
  content: string;
  ttl: number;
}

export interface CloudflareChange {
  action: 'add' | 'delete';
  name: string;
  value: string;
}

export interface FakeCloudflareOptions {
  zones: string[];
  /** Told, and waited for, before a change is answered: to publish it by a real name server. */
  onChange?(change: CloudflareChange): Promise<void>;
}

export interface FakeCloudflare {
  /** For `apiUrl`. */
  readonly url: string;
  readonly token: string;
  /** The TXT values at a name, sorted. */
  records(name: string): string[];
  /** The method and the path of each request so far. */
  requests(): string[];
  /** Adds TXT records that somebody else owns. */
  fill(name: string, values: string[]): void;
  /** Answers the next request with this status and no JSON. */
  failNext(status: number): void;
  stop(): Promise<void>;
}

interface Answer {
  status: number;
  errors?: [code: number, message: string];
  result?: unknown;
  pages?: number;
}

const valueOf = ({ content }: Pick<Stored, 'content'>) => content.replace(/^"(.*)"$/, '$1');
const refused = (status: number, code: number, message: string): Answer => ({ status, errors: [code, message] });

class Fake {
  readonly token = `fake-${'t'.repeat(35)}`;
  readonly stored: Stored[] = [];
  readonly requests: string[] = [];
  failure: number | null = null;
  readonly #options: FakeCloudflareOptions;
  #count = 0;

  constructor(options: FakeCloudflareOptions) {
    this.#options = options;
  }

  add(zone: string, record: Pick<Stored, 'type' | 'name' | 'content' | 'ttl'>): Stored {
    const stored = { id: `record-${(this.#count += 1)}`, zone, ...record };
    this.stored.push(stored);
    return stored;
  }

  async answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL((request.url ?? '/').replace('/client/v4', ''), 'http://fake');
    this.requests.push(`${request.method} ${url.pathname}`);
    const [scheme, token = ''] = (request.headers.authorization ?? '').split(' ');
    if (scheme !== 'Bearer' || token.length < 20) return refused(400, 6003, 'Invalid request headers');
    if (token !== this.token) return refused(403, 10000, 'Authentication error');
    if (url.pathname === '/zones') return this.#zones(url);
    const [, zone = '', id] = /^\/zones\/([^/]+)\/dns_records(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
    if (!this.#options.zones.includes(zone.replace('zone-', ''))) return refused(404, 7003, 'Could not route');
    if (request.method === 'GET') return this.#list(zone, url);
    if (request.method === 'POST') return this.#create(zone, JSON.parse(await text(request)) as Stored);
    return this.#remove(id ?? '');
  }

  #zones(url: URL): Answer {
    const name = url.searchParams.get('name');
    const found = this.#options.zones.filter((zone) => zone === name);
    return { status: 200, result: found.map((zone) => ({ id: `zone-${zone}`, name: zone, status: 'active' })) };
  }

  #list(zone: string, { searchParams: query }: URL): Answer {
    const [size, page] = [Number(query.get('per_page')), Number(query.get('page'))];
    const found = this.stored.filter(
      (record) => record.zone === zone && record.type === query.get('type') && record.name === query.get('name'),
    );
    const pages = Math.max(1, Math.ceil(found.length / size));
    return { status: 200, result: found.slice((page - 1) * size, page * size), pages };
  }

  async #create(zone: string, { type, name, content, ttl }: Stored): Promise<Answer> {
    if (ttl !== 1 && ttl < 60) return refused(400, 9021, 'Invalid TTL');
    const twin = (record: Stored) => record.name === name && valueOf(record) === valueOf({ content });
    if (this.stored.some(twin)) return refused(400, 81058, 'An identical record already exists.');
    const result = this.add(zone, { type, name, content, ttl });
    await this.#options.onChange?.({ action: 'add', name, value: valueOf({ content }) });
    return { status: 200, result };
  }

  async #remove(id: string): Promise<Answer> {
    const index = this.stored.findIndex((record) => record.id === id);
    const [gone] = index < 0 ? [] : this.stored.splice(index, 1);
    if (!gone) return refused(404, 81044, 'Record does not exist.');
    await this.#options.onChange?.({ action: 'delete', name: gone.name, value: valueOf(gone) });
    return { status: 200, result: { id } };
  }
}

function envelope({ errors, result, pages = 1 }: Answer): string {
  const list = errors ? [{ code: errors[0], message: errors[1] }] : [];
  const info = Array.isArray(result) ? { result_info: { page: 1, total_pages: pages, count: result.length } } : {};
  return JSON.stringify({ success: !errors, errors: list, messages: [], result: result ?? null, ...info });
}

export async function startFakeCloudflare(options: FakeCloudflareOptions): Promise<FakeCloudflare> {
  const fake = new Fake(options);
  const server = createServer(async (request, response) => {
    if (fake.failure !== null) {
      response.writeHead(fake.failure, { 'content-type': 'text/html', location: '/elsewhere' }).end('<p>no</p>');
      fake.failure = null;
      return;
    }
    const answer = await fake.answer(request);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(envelope(answer));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    ...{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4`, token: fake.token },
    records: (name) =>
      fake.stored
        .filter((record) => record.name === name)
        .map(valueOf)
        .sort(),
    requests: () => [...fake.requests],
    fill: (name, values) =>
      values.forEach((content) => fake.add(`zone-${options.zones[0]}`, { type: 'TXT', name, content, ttl: 60 })),
    failNext: (status) => void (fake.failure = status),
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
