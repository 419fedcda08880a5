/** Lines of `key=value`, as systemctl show and our own questions answer. */
import { plainLine } from '../../../server/ssh/text.js';

/** The first value of each key, as plain text; other lines are left out. */
export function keyValues(text: string): Record<string, string> {
  const found: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const line of text.split('\n')) {
    const at = line.indexOf('=');
    const key = line.slice(0, at);
    if (at > 0 && /^[A-Za-z]+$/u.test(key)) found[key] ??= plainLine(line.slice(at + 1));
  }
  return found;
}
