/** The platforms by name, and the one door through which they come in: `server.platform()`. */
import type { Plugin } from '@hapi/hapi';
import type { ObjectSchema } from 'joi';
import type { JsonObject } from '../operations/contract.js';
import { jsonSchemaOf } from '../operations/definition.js';
import type { Platform, PlatformCertificate } from './contract.js';
import { assertPlatform, capabilitiesOf } from './shape.js';

declare module '@hapi/hapi' {
  interface Server {
    /** Adds a platform; throws where its shape is wrong or its name is taken. */
    platform(definition: Platform): void;
  }
}

/** What can be said of a platform's certificates before there is one. */
export interface PublishedCertificate extends Omit<PlatformCertificate, 'settings'> {
  /** JSON Schema (2020-12) of `certificate.install` of a connection; null where nothing can be set. */
  settings: JsonObject | null;
  /** Whether it can place a file for http-01 on the host. */
  placesChallenge: boolean;
}

/** A platform as GET /platforms shows it. */
export interface PublishedPlatform {
  name: string;
  title: string;
  defaultPort: number;
  defaultService: string | null;
  /** JSON Schema (2020-12) of a connection's `platformSettings`; null where there are none. */
  settings: JsonObject | null;
  /** True where only an admin may write the settings. */
  settingsByAdmin: boolean;
  /** Null where connections have no certificate. */
  certificate: PublishedCertificate | null;
  /** What it can do, by the names of its optional parts: `sshTest`, … */
  capabilities: string[];
}

export class PlatformRegistry {
  readonly #platforms = new Map<string, Platform>();

  /** Throws where the shape is wrong or the name is taken, so that the start fails and not an operation later. */
  add(platform: Platform): void {
    assertPlatform(platform);
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

const schemaOf = (settings: ObjectSchema | undefined) => (settings ? jsonSchemaOf(settings) : null);

function publishedCertificate({ certificate, placeChallenge }: Platform): PublishedCertificate | null {
  if (!certificate) return null;
  const { keyBy, ports, restartService, settings } = certificate;
  return { keyBy, ports, restartService, settings: schemaOf(settings), placesChallenge: placeChallenge !== undefined };
}

function published(platform: Platform): PublishedPlatform {
  const { name, title, defaultPort, defaultService, settingsByAdmin = false } = platform;
  return {
    ...{ name, title, defaultPort, defaultService, settings: schemaOf(platform.settings), settingsByAdmin },
    certificate: publishedCertificate(platform),
    capabilities: capabilitiesOf(platform).map(([key]) => key),
  };
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
