/** Whether the machine refused the command for want of rights, in the words that sudo and systemd have for it. */
import { plainLine } from '../../../server/ssh/text.js';
import type { HostFacts } from './host-facts.js';
import type { InitSystem } from './look.js';

// sudoers(5) and sudo 1.9's own messages; systemctl's `Interactive authentication required.` and `Access denied`.
const REFUSED =
  /a password is required|a terminal is required|no tty present|may not run sudo|is not allowed to (?:execute|run)|not in the sudoers file|unknown user|Interactive authentication required|Access denied|Permission denied|Authentication is required|Operation not permitted|must be root|(?:are|be) (?:you )?root\?/iu;
const UNKNOWN = /Unit \S+ (?:not found|could not be found)|unrecognized service|service .* does not exist/iu;

export function isRefused(output: string): boolean {
  return REFUSED.test(output);
}

export function isUnknown(output: string): boolean {
  return UNKNOWN.test(output);
}

/** In sudoers these are special within a command's arguments (sudoers(5), “Other special characters”). */
const escaped = (word: string) => word.replace(/[,:=\\]/gu, String.raw`\$&`);

/** The line of sudoers that allows exactly this restart. */
export function sudoersLine(username: string, init: InitSystem, { program }: HostFacts, service: string): string {
  const words = init.restartWords(service).filter((word, at) => !(at < 2 && (word === 'sudo' || word === '-n')));
  const [first = '', ...rest] = words;
  const path = first.startsWith('/') ? first : (program ?? first);
  return plainLine(`${username} ALL=(root) NOPASSWD: ${[path, ...rest.map(escaped)].join(' ')}`);
}
