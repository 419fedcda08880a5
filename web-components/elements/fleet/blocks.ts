import { html, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Group } from '../connection/standing.js';
import { customProperties } from '../custom-properties.js';
import type { FleetLine } from './line.js';
import type { Section } from './order.js';

/** What stands below one another: a group's heading, or a connection. */
export type Item = { key: string; group: Group; amount: number } | { key: number; line: FleetLine };

/** Items that are laid out together, once they come near to being seen. */
export interface Block {
  readonly key: string | number;
  readonly items: Item[];
}

const usual = 16;
const longest = 40;
const first = 'first';

/** The headings and the lines as one list. */
export function itemsOf(sections: readonly Section[]): Item[] {
  return sections.flatMap(({ group, lines }) => {
    const rows = lines.map((line) => ({ key: line.connection.id, line }));
    return group ? [{ key: group, group, amount: lines.length }, ...rows] : rows;
  });
}

/** A browser that has to ask of each of thousands of rows whether it is seen has no time left for the wheel. */
function begins(item: Item, block: Block): boolean {
  return 'group' in item || item.key % usual === 0 || block.items.length === longest;
}

/**
 * The list in blocks. Where one begins depends on who stands there and hardly on the place, so that a row that comes, goes or
 * moves leaves all blocks but its own as they were.
 */
export function blocksOf(items: readonly Item[]): Block[] {
  const blocks: Block[] = [];
  for (const item of items) {
    const block = blocks.at(-1);
    if (block && !begins(item, block)) block.items.push(item);
    // Whoever comes to stand at the top of a list without headings takes its first block over.
    else blocks.push({ key: block || 'group' in item ? item.key : first, items: [item] });
  }
  return blocks;
}

/** What a block shows, so that one which shows the same again is passed by. */
const shownIn = ({ items }: Block): unknown[] =>
  items.flatMap((item): unknown[] => ('group' in item ? [item.group, item.amount] : [item.line]));

/** Draws the blocks, each item as `draw` says; `around` is all that `draw` goes by beside the item. */
export const drawBlocks = (
  blocks: readonly Block[],
  draw: (item: Item) => TemplateResult,
  around: readonly unknown[] = [],
  onSight?: (event: ContentVisibilityAutoStateChangeEvent) => void,
): unknown =>
  repeat(
    blocks,
    ({ key }) => key,
    (block) =>
      html`<div
        class="block"
        role="presentation"
        ${customProperties({ '--_rows': String(block.items.length) })}
        @contentvisibilityautostatechange=${onSight}
      >
        ${guard([...around, ...shownIn(block)], () => repeat(block.items, ({ key }) => key, draw))}
      </div>`,
  );
