/** Where a CA's terms of service are, as it says itself. */
import type { AcmeDirectory, ReachAuthority } from '../acme/contract.js';
import type { StoredAuthority } from './row.js';

const MOST_CHARACTERS = 2048;

const directoryOf = ({ directoryUrl, directoryRootsPem }: StoredAuthority): AcmeDirectory => ({
  url: directoryUrl,
  rootsPem: directoryRootsPem,
});

/** Only what a page may safely make a link of. */
function asLink(text: string | null): string | null {
  if (text === null || text.length > MOST_CHARACTERS || !URL.canParse(text)) return null;
  const { protocol, href } = new URL(text);
  return protocol === 'https:' || protocol === 'http:' ? href : null;
}

/** The link, or null where the CA names none. Rejects as `reach` does where it can't be asked. */
export async function termsOf(
  reach: ReachAuthority,
  authority: StoredAuthority,
  timeoutMs: number,
): Promise<string | null> {
  const options = { signal: AbortSignal.timeout(timeoutMs), timeoutMs };
  return asLink((await reach(directoryOf(authority), options).meta()).termsOfService);
}
