/** The platforms by name, and the one door through which they come in: `server.platform()`. */
import type { Plugin } from '@hapi/hapi';
import type { Platform } from './contract.js';

declare module '@hapi/hapi' {
  interface Server {
    /** Adds a platform; throws where its shape is wrong or its name is taken. */
    platform(definition: Platform): void;
  }
}

/** A platform as GET /platforms shows it. */
export interface PublishedPlatform {
  name: string;
  title: string;
  defaultPort: number;
  defaultService: string | null;
  /** What it can do, by the names of its optional parts: `sshTest`, … */
  capabilities: string[];
}

type Check = [key: keyof Platform, what: string, fits: (value: unknown) => boolean];

const isWords = (value: unknown) => typeof value === 'string' && value.trim() !== '';

const checks: Check[] = [
  [
    'name',
    'a word of a-z, 0-9, _ and -',
    (value) => typeof value === 'string' && /^[a-z][a-z0-9_-]{0,31}$/.test(value),
  ],
  ['title', 'some words', isWords],
  [
    'defaultPort',
    'a port from 1 to 65535',
    (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65535,
  ],
  ['defaultService', 'a name or null', (value) => value === null || isWords(value)],
];

function capabilitiesOf(platform: Platform): [string, unknown][] {
  const plain = checks.map(([key]) => String(key));
  return Object.entries(platform).filter(([key, value]) => !plain.includes(key) && value !== undefined);
}

function assertShape(platform: Platform): void {
  const refuse = (key: string, what: string, got: unknown): never => {
    throw new Error(
      `platform ${String(platform.name)}: expected ${key} to be ${what}, got ${JSON.stringify(got) ?? typeof got}`,
    );
  };
  for (const [key, what, fits] of checks) if (!fits(platform[key])) refuse(key, what, platform[key]);
  for (const [key, value] of capabilitiesOf(platform))
    if (typeof value !== 'function') refuse(key, 'a function', value);
}

export class PlatformRegistry {
  readonly #platforms = new Map<string, Platform>();

  /** Throws where the shape is wrong or the name is taken, so that the start fails and not an operation later. */
  add(platform: Platform): void {
    assertShape(platform);
    if (this.#platforms.has(platform.name))
      throw new Error(`platform ${platform.name}: expected a name of its own, got one that is registered already`);
    this.#platforms.set(platform.name, platform);
  }

  get(name: string): Platform | undefined {
    return this.#platforms.get(name);
  }

  /** All, by title. */
  all(): Platform[] {
    return [...this.#platforms.values()].sort((a, b) => a.title.localeCompare(b.title, 'en'));
  }
}

function published(platform: Platform): PublishedPlatform {
  const { name, title, defaultPort, defaultService } = platform;
  const capabilities = capabilitiesOf(platform).map(([key]) => key);
  return { name, title, defaultPort, defaultService, capabilities };
}

export const platforms: Plugin<{ registry: PlatformRegistry }> = {
  name: 'signalbox-platforms',
  register(server, { registry }) {
    server.decorate('server', 'platform', (definition: Platform) => registry.add(definition));
    server.route({
      method: 'GET',
      path: '/platforms',
      options: {
        description: 'What a connection can be, and what can be done there.',
        tags: ['api'],
        handler: () => ({ platforms: registry.all().map(published) }),
      },
    });
  },
};
