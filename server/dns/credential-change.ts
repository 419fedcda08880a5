/** What a caller's words about provider and settings make of a DNS credential. */
import type { Vault } from '../keys/vault.js';
import type { JsonObject } from '../operations/contract.js';
import { problem } from '../problems/problems.js';
import type { DnsCredentialChange, DnsProvider } from './contract.js';
import type { CredentialsOptions } from './credential-options.js';
import type { StoredCredential } from './credential-row.js';
import { openSecrets } from './credential-secrets.js';
import { checkedSettings, type DnsProviders } from './credential-settings.js';
import type { CredentialChange } from './credential-store.js';

/** 422 where no plugin brings it. */
export function providerOf(providers: DnsProviders, name: string): DnsProvider {
  const provider = providers.get(name);
  if (!provider) throw problem('DNS_PROVIDER_UNKNOWN');
  return provider;
}

/** The stored secrets that were not given anew; opened only where there are some. */
function keptSecrets(vault: Vault, before: StoredCredential, given: JsonObject): JsonObject {
  const kept = before.storedSecrets.filter((key) => !(key in given));
  if (kept.length === 0) return {};
  const secrets = openSecrets(vault, before);
  return Object.fromEntries(kept.flatMap((key) => (secrets[key] === undefined ? [] : [[key, secrets[key]]])));
}

/** A change with the settings that go with it. With another provider the old ones mean nothing. */
export function completedChange(
  { providers, vault }: Pick<CredentialsOptions, 'providers' | 'vault'>,
  before: StoredCredential,
  { name, provider: wanted = before.provider, settings }: DnsCredentialChange,
): CredentialChange {
  const moved = wanted !== before.provider;
  const renamed = name === undefined ? {} : { name };
  if (!settings && !moved) return renamed;
  const [provider, given] = [providerOf(providers, wanted), settings ?? {}];
  const kept = moved ? {} : keptSecrets(vault, before, given);
  return { ...renamed, provider: wanted, split: checkedSettings(provider, given, kept) };
}
