/** What the rows of U2 show: the same facts for every side, so that each draws the same words in the same cells. */

/** As a fleet's column list says it. */
export const COLUMNS = '40px minmax(0, 1.4fr) 96px minmax(0, 2fr) 160px minmax(0, 1.2fr) 120px';

/** A line of the fleet at its `turn`-th change. */
export function factsOf(id, turn) {
  return {
    id,
    name: `web-${String(id).padStart(4, '0')}`,
    host: `10.${id >> 8}.${id & 255}.7`,
    progress: ((id + 7 * turn) % 99) + 1,
    message: `Reply ${turn} of host ${id}`,
    revision: turn + 1,
  };
}

/** All lines at their `turn`-th change. */
export function allFacts(count, turn) {
  return Array.from({ length: count }, (_, index) => factsOf(index + 1, turn));
}
