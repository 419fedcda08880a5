import { msg, number, str } from '../../localisation/door.js';
import { plural } from '../../localisation/plural.js';
import { timeOfDay } from '../durations.js';
import type { Row } from './rows.js';

/** From where to where, in a row's text; `isCurrent` where it is the match that one stands at. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly isCurrent: boolean;
}

const element = <Tag extends keyof HTMLElementTagNameMap>(tag: Tag, className: string): HTMLElementTagNameMap[Tag] =>
  Object.assign(document.createElement(tag), { className });

/** Pieces of text in their looks; always text, whatever it says. */
function nodesOf({ runs, text }: Row): (Text | HTMLElement)[] {
  if (!runs) return [document.createTextNode(text)];
  return runs.map((run) => {
    if (!run.style) return document.createTextNode(run.text);
    const node = element('span', run.style);
    node.append(document.createTextNode(run.text));
    return node;
  });
}

/** What the store does not have any more, said where it would stand. */
function gap(missing: number, isFirst: boolean): HTMLElement {
  const node = element('p', 'gap');
  const lines = plural(missing, { one: msg(str`${number(missing)} line`), other: msg(str`${number(missing)} lines`) });
  node.textContent = isFirst ? msg(str`${lines} before these are no longer kept`) : msg(str`${lines} missing here`);
  return node;
}

/** The element of one line: its time, and its text in a `bdi`. */
export function rowElement(row: Row): HTMLElement {
  const { at, stream } = row.line;
  const node = element('div', `line ${stream}`);
  const time = element('time', '');
  time.dateTime = at;
  time.textContent = timeOfDay(at);
  const words = element('bdi', 'words');
  words.append(...nodesOf(row));
  node.append(time, words);
  return node;
}

/** A line with what has to be said before it. */
export function rowElements(row: Row, index: number): HTMLElement[] {
  return row.missing > 0 ? [gap(row.missing, index === 0), rowElement(row)] : [rowElement(row)];
}

/** The text of a row as the page has it: its nodes, in order. */
export function textNodesOf(row: Element): Text[] {
  const words = row.querySelector('bdi');
  return [...(words?.childNodes ?? [])].flatMap((node) => {
    const text = node instanceof Text ? node : node.firstChild;
    return text instanceof Text ? [text] : [];
  });
}

/** A row's text again, with the spans as `mark` elements: for browsers without highlights of their own. */
export function markRow(node: Element, row: Row, spans: readonly Span[]): void {
  const words = node.querySelector('bdi');
  words?.replaceChildren(...nodesOf(row));
  for (const span of [...spans].reverse()) {
    for (const range of rangesOf(node, span).reverse()) {
      range.surroundContents(element('mark', span.isCurrent ? 'current' : ''));
    }
  }
}

/** The places of a span in the page: one for each piece of text that it reaches into. */
export function rangesOf(node: Element, { start, end }: Pick<Span, 'start' | 'end'>): Range[] {
  const ranges: Range[] = [];
  let offset = 0;
  for (const text of textNodesOf(node)) {
    const [from, to] = [Math.max(start - offset, 0), Math.min(end - offset, text.length)];
    offset += text.length;
    if (from >= to) continue;
    const range = document.createRange();
    range.setStart(text, from);
    range.setEnd(text, to);
    ranges.push(range);
  }
  return ranges;
}
