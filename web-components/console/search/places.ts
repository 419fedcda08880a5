/** What the search can lead to, and what of it a few words mean. */
import type { Connection } from '../../../server/connections/contract.js';
import { addressOf } from '../route.js';
import type { User } from '../session/session.js';
import { groups, maySee } from '../settings/groups.js';

export interface Place {
  title: string;
  /** What tells it from others of like name. */
  about: string;
  href: string;
}

const MOST_PLACES = 8;

const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** Every page that the user may open. */
function pagesFor(user: User | null): Place[] {
  const settings = groups.flatMap(({ title, pages }) =>
    pages
      .filter((page) => maySee(user, page))
      .map(({ page, label }): Place => ({ title: label, about: `Settings, ${title}`, href: `#/${page}` })),
  );
  const add = { title: 'Add connection', about: 'Page', href: '#/connections/new' };
  return [
    { title: 'Fleet', about: 'Page', href: '#/' },
    { title: 'Renewals', about: 'Page', href: '#/renewals' },
    ...(user && user.role !== 'viewer' ? [add] : []),
    ...settings,
  ];
}

const placeOf = ({ id, name, hostname, platform }: Connection): Place => ({
  title: name,
  about: `${hostname}, ${platform}`,
  href: addressOf({ id }),
});

/** How well a place is meant by the words; null: not at all. Each word has to be in it, a beginning of its name counts most. */
function rank({ title, about }: Place, words: readonly string[]): number | null {
  const [name, whole] = [fold(title), fold(`${title} ${about}`)];
  if (!words.every((word) => whole.includes(word))) return null;
  const first = words[0] ?? '';
  if (name.startsWith(first)) return 0;
  return name.includes(first) ? 1 : 2;
}

/** The best places for what was typed, best first. */
export function placesFor(text: string, user: User | null, connections: readonly Connection[]): Place[] {
  const words = fold(text).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const ranked = [...connections.map(placeOf), ...pagesFor(user)].flatMap((place) => {
    const value = rank(place, words);
    return value === null ? [] : [{ place, value }];
  });
  ranked.sort((a, b) => a.value - b.value || a.place.title.localeCompare(b.place.title, undefined, { numeric: true }));
  return ranked.slice(0, MOST_PLACES).map(({ place }) => place);
}
