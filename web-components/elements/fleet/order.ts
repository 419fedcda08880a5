import { format } from '../../localisation/format.js';
import { type Group, groups, lampWords } from '../connection/standing.js';
import type { FleetLine } from './line.js';
import { groupTitle } from './words.js';

export const sortings = ['state', 'name', 'last'] as const;
export type Sorting = (typeof sortings)[number];

export interface Order {
  sorting: Sorting;
  isDescending: boolean;
  /** Words that a line has to have, each of them. */
  filter: string;
  /** Only this group; null: all. */
  group: Group | null;
}

/** Lines under a heading; null: a list without one. */
export interface Section {
  group: Group | null;
  lines: FleetLine[];
}

const names = (): Intl.Collator => format(Intl.Collator, { numeric: true, sensitivity: 'base' });

type Compare = (a: FleetLine, b: FleetLine) => number;

const byName: Compare = (a, b) =>
  names().compare(a.connection.name, b.connection.name) || a.connection.id - b.connection.id;

/** The newest first; what is not known comes last, whichever way the rest goes. */
function byLast(isDescending: boolean): Compare {
  return (a, b) => {
    const [one, other] = [a.last?.id, b.last?.id];
    if (!one || !other) return Number(!one) - Number(!other) || byName(a, b);
    if (one === other) return 0;
    return one > other === isDescending ? -1 : 1;
  };
}

const backwards =
  (compare: Compare): Compare =>
  (a, b) =>
    compare(b, a);

/** What can be looked for: name, host, platform, and the words of its state. */
function wordsOf({ connection, group, now }: FleetLine): string {
  const { name, hostname, platform } = connection;
  const state = [lampWords(group), groupTitle(group), now?.type.replaceAll('_', ' '), now?.error?.message];
  return [name, hostname, platform, ...state].join(' ').toLocaleLowerCase();
}

function isWanted(line: FleetLine, words: readonly string[], group: Group | null): boolean {
  if (group !== null && line.group !== group) return false;
  if (words.length === 0) return true;
  const text = wordsOf(line);
  return words.every((word) => text.includes(word));
}

/** The wanted lines in their order: by state under the groups' headings, else as one list. */
export function sectionsOf(lines: Iterable<FleetLine>, { sorting, isDescending, filter, group }: Order): Section[] {
  const words = filter.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const wanted = [...lines].filter((line) => isWanted(line, words, group));
  if (sorting === 'name') return [{ group: null, lines: wanted.sort(isDescending ? backwards(byName) : byName) }];
  if (sorting === 'last') return [{ group: null, lines: wanted.sort(byLast(isDescending)) }];
  const sections = groups.map((one) => ({
    group: one,
    lines: wanted.filter((line) => line.group === one).sort(byName),
  }));
  const filled = sections.filter((section) => section.lines.length > 0);
  return isDescending ? filled.reverse() : filled;
}
