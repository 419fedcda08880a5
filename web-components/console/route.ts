import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Those whose address is their name. */
const plainPages = [
  'renewals',
  'settings',
  'users',
  'tokens',
  'certificate-authorities',
  'dns-credentials',
  'audit',
  'monitoring',
] as const;

export type PlainPage = (typeof plainPages)[number];

export type Route =
  | { page: 'fleet' }
  | { page: 'new' }
  | { page: 'connection'; id: number; operation?: string }
  | { page: 'edit'; id: number }
  | { page: 'certificate'; id: number }
  | { page: PlainPage }
  | { page: 'missing' };

const ofConnection = /^connections\/([1-9]\d{0,15})(?:\/(edit|certificate)|\/operations\/([\w-]{1,64}))?$/;

/** Where an address within the console leads: `#/connections/5/edit`. */
export function routeOf(hash: string): Route {
  const path = hash.replace(/^#?\/?/, '').replace(/\/$/, '');
  if (path === '') return { page: 'fleet' };
  if (path === 'connections/new') return { page: 'new' };
  const plain = plainPages.find((page) => page === path);
  if (plain) return { page: plain };
  const [, id, about, operation] = ofConnection.exec(path) ?? [];
  if (!id) return { page: 'missing' };
  if (operation) return { page: 'connection', id: Number(id), operation };
  return { page: (about as 'edit' | 'certificate' | undefined) ?? 'connection', id: Number(id) };
}

export function addressOf(connection: { id: number }): string {
  return `#/connections/${connection.id}`;
}

/** The deep link of one operation. */
export function addressOfOperation({ connectionId, id }: { connectionId: number; id: string }): string {
  return `#/connections/${connectionId}/operations/${encodeURIComponent(id)}`;
}

/** Follows the address; `moved` runs after each change. */
export class RouteController implements ReactiveController {
  route: Route = routeOf(location.hash);
  readonly #host: ReactiveControllerHost;
  readonly #moved: () => void;

  constructor(host: ReactiveControllerHost, moved: () => void) {
    this.#host = host;
    this.#moved = moved;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('hashchange', this.#read);
  }

  hostDisconnected(): void {
    removeEventListener('hashchange', this.#read);
  }

  readonly #read = (): void => {
    this.route = routeOf(location.hash);
    this.#host.requestUpdate();
    this.#moved();
  };
}
