/** A provider as the house uses it: its failures are DnsErrors, and its secrets come out nowhere. */
import { DnsError, isDnsFailure } from './errors.js';
import { usualCheck } from './check.js';
import { plainText } from '../ssh/text.js';
import type { CheckedDnsProvider, DnsProvider, DnsRun } from './contract.js';

/** Shorter ones are words of their own: to blank them out would spoil more than it hides. */
const LEAST_SECRET = 4;

type Blank = (text: string) => string;

function blankOut({ secrets }: DnsProvider, { settings }: DnsRun): Blank {
  const values = secrets
    .map((key) => settings[key])
    .filter((value) => typeof value === 'string' && value.length >= LEAST_SECRET);
  // No provider has colours to show, and one inside a secret would hide it.
  return (text) => values.reduce<string>((rest, value) => rest.replaceAll(String(value), '…'), plainText(text));
}

function translated(error: unknown, blank: Blank): unknown {
  if (!isDnsFailure(error)) return error;
  const hint = typeof error.hint === 'string' && error.hint !== '' ? { hint: blank(error.hint) } : {};
  return new DnsError(error.code, blank(error.message), { ...hint, cause: error });
}

async function guard(provider: DnsProvider, run: DnsRun, work: (run: DnsRun) => Promise<void>): Promise<void> {
  run.signal.throwIfAborted();
  const blank = blankOut(provider, run);
  try {
    await work({ ...run, log: (text, stream) => run.log(blank(text), stream) });
  } catch (error) {
    // Who was told to stop may say so in his own way.
    run.signal.throwIfAborted();
    throw translated(error, blank);
  }
}

/** The same provider: what it throws by agreement becomes a DnsError, an abort the signal's own reason, a defect stays one. */
export function guarded(provider: DnsProvider): CheckedDnsProvider {
  const check: CheckedDnsProvider['check'] = (run, name) =>
    provider.check ? provider.check(run, name) : usualCheck(provider, run, name);
  return {
    ...provider,
    place: (run, record) => guard(provider, run, (own) => provider.place(own, record)),
    remove: (run, record) => guard(provider, run, (own) => provider.remove(own, record)),
    check: (run, name) => guard(provider, run, (own) => check(own, name)),
  };
}
