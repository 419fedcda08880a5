/** The appliance's services as its own list names them; names are compared whole, never by their beginning. */
import type { ListedService } from '../../../server/platforms/contract.js';

/** What a service's name looks like; nothing else reaches a command line. */
export const servicePattern = /^[A-Za-z0-9](?:[A-Za-z0-9 ._()-]{0,62}[A-Za-z0-9._()-])?$/;

/** Those whose end and start close and open the served port. */
const SERVING = new Set(['Cisco Tomcat', 'Cisco Finesse Tomcat']);

export function servesPort(service: string): boolean {
  return SERVING.has(service);
}

// System services have a blank before the bracket, STOPPED may have blanks inside it; what stands behind is the reason.
const LINE = /^\s*(\S.{0,127}?)\s*\[ *([A-Z]{1,32}) *\]\s*(.*)$/u;

const MAX_REASON = 255;

/** One line of `utils service list`, or of a restart's progress; null where it is another line. */
export function serviceLine(line: string): ListedService | null {
  const [, name, state, reason = ''] = LINE.exec(line) ?? [];
  if (name === undefined || state === undefined) return null;
  return { name, state, reason: reason.trim().slice(0, MAX_REASON) || null };
}

/** The services in the output of `utils service list` (VVB CLI guide; Finesse administration guide). */
export function serviceList(output: readonly string[]): ListedService[] {
  return output.map(serviceLine).filter((service) => service !== null);
}

/** As the appliance writes it: `Cisco Tomcat[STOPPED] Component is not running`. */
export function written({ name, state, reason }: ListedService): string {
  return `${name}[${state}]${reason === null ? '' : ` ${reason}`}`;
}

const words = (name: string) => name.toLowerCase().match(/[a-z0-9]+/gu) ?? [];

/** Up to five names that somebody may have meant, the nearest first. */
export function similarNames(service: string, services: readonly ListedService[]): string[] {
  const wanted = new Set(words(service));
  const score = (name: string) => {
    const shared = words(name).filter((word) => wanted.has(word) && word !== 'cisco').length;
    const within = name.toLowerCase().includes(service.toLowerCase()) ? 1 : 0;
    return shared + within - Math.abs(words(name).length - wanted.size) / 10;
  };
  return services
    .map(({ name }) => ({ name, score: score(name) }))
    .filter((one) => one.score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, 5)
    .map(({ name }) => name);
}
