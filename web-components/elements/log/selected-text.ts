import type { Blocks } from './blocks.js';
import type { Row } from './rows.js';
import { selectionIn } from './selection.js';

/** How much of a row's text stands before a place in it. */
function offsetIn(row: Element, node: Node, offset: number): number {
  const before = document.createRange();
  before.selectNodeContents(row.querySelector('bdi') ?? row);
  before.setEnd(node, offset);
  return before.toString().length;
}

interface Place {
  readonly index: number;
  readonly offset: number;
}

function placeOf(blocks: Blocks, node: Node, offset: number): Place | null {
  const index = blocks.indexOf(node);
  const row = index === null ? null : blocks.elementOf(index);
  return row && index !== null ? { index, offset: offsetIn(row, node, offset) } : null;
}

/**
 * The selected text, without times, and whole where the lines in its middle are not in the page.
 * Null where nothing is selected, or something that is not only lines.
 */
export function selectedText(box: Node, blocks: Blocks, rows: readonly Row[]): string | null {
  const range = selectionIn(box);
  if (!range) return null;
  const from = placeOf(blocks, range.startContainer, range.startOffset);
  const to = placeOf(blocks, range.endContainer, range.endOffset);
  if (!from || !to) return null;
  const texts = rows.slice(from.index, to.index + 1).map(({ text }) => text);
  const last = texts.length - 1;
  texts[last] = texts[last]?.slice(0, to.offset) ?? '';
  texts[0] = texts[0]?.slice(from.offset) ?? '';
  return texts.join('\n');
}
