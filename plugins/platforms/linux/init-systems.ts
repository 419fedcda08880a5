/** Which init system the host has, from what it answered. */
import type { HostFacts } from './host-facts.js';
import { initScripts } from './init-script.js';
import type { InitSystem } from './look.js';
import { systemd } from './systemd.js';

/** Null where the host has none that we know. */
export function initSystemOf(facts: HostFacts): InitSystem | null {
  if (facts.init === null) return null;
  return facts.init === 'systemd' ? systemd(facts.sudo) : initScripts(facts);
}
