/** Where a record has to stand: at the end of the name's CNAMEs, in the zone that holds that name. */
import { DnsError } from './errors.js';
import type { Lookup } from './lookup.js';
import { isName } from './names.js';
import { zoneOf, type Zone } from './zone.js';

const MOST_ALIASES = 12;

export interface Target {
  name: string;
  zone: Zone;
}

const HINT = 'Correct the CNAME records.';

/** Rejects with DNS_FAILED where the CNAMEs lead in a circle, are too many, or lead to what is no name. */
export async function targetOf(lookup: Lookup, name: string): Promise<Target> {
  const passed = [name];
  for (;;) {
    const at = passed.at(-1) ?? name;
    const { zone, alias } = await zoneOf(lookup, at);
    if (alias === null) return { name: at, zone };
    if (passed.includes(alias))
      throw new DnsError('DNS_FAILED', `The CNAME records of ${name} lead in a circle.`, { hint: HINT });
    if (!isName(alias))
      throw new DnsError('DNS_FAILED', `The CNAME record of ${at} leads to what is no name.`, { hint: HINT });
    if (passed.push(alias) > MOST_ALIASES)
      throw new DnsError('DNS_FAILED', `${name} leads over more than ${MOST_ALIASES} CNAME records.`, { hint: HINT });
  }
}
