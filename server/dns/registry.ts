/** The DNS providers by name, and the one door through which they come in: `server.dnsProvider()`. */
import type { Plugin } from '@hapi/hapi';
import type { Access } from '../access/contract.js';
import { adminOnly } from '../access/gate.js';
import { jsonSchemaOf } from '../operations/definition.js';
import type { CheckedDnsProvider, DnsProvider, PublishedDnsProvider } from './contract.js';
import { guarded } from './guarded.js';
import { assertDnsProvider } from './shape.js';

declare module '@hapi/hapi' {
  interface Server {
    /** Adds a DNS provider; throws where its shape is wrong or its name is taken. */
    dnsProvider(definition: DnsProvider): void;
  }
}

export class DnsRegistry {
  readonly #providers = new Map<string, CheckedDnsProvider>();

  /** Throws where the shape is wrong or the name is taken, so that the start fails and not an operation later. */
  add(provider: DnsProvider): void {
    assertDnsProvider(provider);
    if (this.#providers.has(provider.name))
      throw new Error(`DNS provider ${provider.name}: expected a name of its own, got one that is registered already`);
    this.#providers.set(provider.name, guarded(provider));
  }

  /** Its calls fail with a DnsError, or with the reason of the run's signal. */
  get(name: string): CheckedDnsProvider | undefined {
    return this.#providers.get(name);
  }

  /** All, by title. */
  all(): CheckedDnsProvider[] {
    return [...this.#providers.values()].sort((a, b) => a.title.localeCompare(b.title, 'en'));
  }
}

function published({ name, title, settings, secrets, manual = false }: DnsProvider): PublishedDnsProvider {
  return { name, title, settings: jsonSchemaOf(settings), secrets, manual };
}

export interface DnsProvidersOptions {
  registry: DnsRegistry;
  access: Access;
}

export const dnsProviders: Plugin<DnsProvidersOptions> = {
  name: 'signalbox-dns-providers',
  register(server, { registry, access }) {
    server.decorate('server', 'dnsProvider', (definition: DnsProvider) => registry.add(definition));
    server.route({
      method: 'GET',
      path: '/dns-providers',
      options: { description: 'Where TXT records can be set, and what a credential for it holds.', tags: ['api'] },
      handler: (request) => {
        adminOnly(access, request);
        return { dnsProviders: registry.all().map(published) };
      },
    });
  },
};
