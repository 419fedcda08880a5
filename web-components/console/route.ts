import type { ReactiveController, ReactiveControllerHost } from 'lit';

export type Route =
  | { page: 'fleet' }
  | { page: 'new' }
  | { page: 'connection'; id: number }
  | { page: 'edit'; id: number }
  | { page: 'users' }
  | { page: 'settings' }
  | { page: 'missing' };

/** Where an address within the console leads: `#/connections/5/edit`. */
export function routeOf(hash: string): Route {
  const path = hash.replace(/^#?\/?/, '').replace(/\/$/, '');
  if (path === '') return { page: 'fleet' };
  if (path === 'connections/new') return { page: 'new' };
  if (path === 'users' || path === 'settings') return { page: path };
  const [, id, edit] = /^connections\/([1-9]\d{0,15})(\/edit)?$/.exec(path) ?? [];
  if (!id) return { page: 'missing' };
  return { page: edit ? 'edit' : 'connection', id: Number(id) };
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
