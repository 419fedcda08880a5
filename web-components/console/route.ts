import type { ReactiveController, ReactiveControllerHost } from 'lit';

export type Route =
  | { page: 'fleet' }
  | { page: 'new' }
  | { page: 'connection'; id: number }
  | { page: 'edit'; id: number }
  | { page: 'certificate'; id: number }
  | { page: 'users' }
  | { page: 'certificate-authorities' }
  | { page: 'dns-credentials' }
  | { page: 'settings' }
  | { page: 'missing' };

/** Those whose address is their name. */
const plainPages = ['users', 'certificate-authorities', 'dns-credentials', 'settings'] as const;

/** Where an address within the console leads: `#/connections/5/edit`. */
export function routeOf(hash: string): Route {
  const path = hash.replace(/^#?\/?/, '').replace(/\/$/, '');
  if (path === '') return { page: 'fleet' };
  if (path === 'connections/new') return { page: 'new' };
  const plain = plainPages.find((page) => page === path);
  if (plain) return { page: plain };
  const [, id, about] = /^connections\/([1-9]\d{0,15})(?:\/(edit|certificate))?$/.exec(path) ?? [];
  if (!id) return { page: 'missing' };
  return { page: (about as 'edit' | 'certificate' | undefined) ?? 'connection', id: Number(id) };
}

export function addressOf(connection: { id: number }): string {
  return `#/connections/${connection.id}`;
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
