/** What only the fleet says. */
import { msg, number, str } from '../../localisation/door.js';
import { plural } from '../../localisation/plural.js';
import type { Group } from '../connection/standing.js';
import type { Sorting } from './order.js';

export function groupTitle(group: Group): string {
  switch (group) {
    case 'needs':
      return msg('Needs you');
    case 'running':
      return msg('Running');
    case 'due':
      return msg('Due');
    case 'clear':
      return msg('Clear');
  }
}

export function sortingTitle(sorting: Sorting): string {
  switch (sorting) {
    case 'state':
      return msg('State');
    case 'name':
      return msg('Connection');
    case 'last':
      return msg('Last operation');
  }
}

/** “48 connections”. */
export function connectionCount(amount: number): string {
  const figure = number(amount);
  return plural(amount, { one: msg(str`${figure} connection`), other: msg(str`${figure} connections`) });
}

/** “13 of 48 match”, “None of 48 match”. */
export function matchWords(matching: number, all: number): string {
  const figure = number(all);
  return matching === 0 ? msg(str`None of ${figure} match`) : msg(str`${number(matching)} of ${figure} match`);
}
