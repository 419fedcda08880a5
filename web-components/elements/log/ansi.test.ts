/** Device output as text: what a terminal would show, in our colours, whatever the device sends. */
import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import type { LogLine, LogStream } from '../../client/contract.js';
import { AnsiReader, type Piece } from './ansi-reader.js';
import { overwritten, type Run } from './overwriting.js';
import { Rows } from './rows.js';

const ESC = '\u001b';
const RUNS = 2_000;

const read = (text: string): Run[] => overwritten(new AnsiReader().read(text));
const textOf = (runs: readonly Run[]): string => runs.map(({ text }) => text).join('');
const look = (text: string): string[] => read(text).map((run) => `${run.style}|${run.text}`);

const line = (text: string, seq = 1, stream: LogStream = 'out'): LogLine => ({
  seq,
  stream,
  text,
  at: '2026-11-22T21:49:40.000Z',
});

function rowsOf(...lines: LogLine[]): Rows['all'] {
  const rows = new Rows();
  rows.take(lines);
  return rows.all;
}

/** Pieces without the borders that come only from where the chunks were cut. */
function merged(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (last && 'text' in last && 'text' in piece && last.style === piece.style)
      result[result.length - 1] = { text: last.text + piece.text, style: last.style };
    else result.push(piece);
  }
  return result;
}

const words = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replace(/\p{Cc}/gu, ''));
const numbers = fc.array(fc.nat(300), { maxLength: 6 }).map((list) => list.join(';'));
const colour = numbers.map((list) => `${ESC}[${list}m`);
const eightBit = numbers.map((list) => `\u009b${list}m`);
const other = fc
  .tuple(numbers, fc.constantFrom('', '?', '>'), fc.constantFrom(...'ABCDEFGHJLMPSTXZ@abcdefghilnpqrstux'))
  .map(([list, mark, final]) => `${ESC}[${mark}${list}${final}`);
const title = fc
  .tuple(words, fc.constantFrom(']', 'P', 'X', '^', '_'), fc.constantFrom('\u0007', `${ESC}\\`, '\u009c'))
  .map(([text, opener, end]) => `${ESC}${opener}0;${text}${end}`);
const short = fc.constantFrom(`${ESC}(B`, `${ESC}=`, `${ESC}7`, `${ESC}M`, `${ESC}#8`, '\u0007', '\u0000', '\u007f');
const hidden = fc.oneof(colour, eightBit, other, title, short);
const output = fc.array(fc.oneof(fc.record({ text: words }), fc.record({ hidden })), { maxLength: 20 });

/** Anything at all, with much of what matters to a terminal. */
const anything = fc.string({
  unit: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...`${ESC}[]PX^_\\;:?mK0123489 \r\n\b\t\u0007\u009b\u009d\u009c\u0018`) },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
  ),
  maxLength: 80,
});

function chunksOf(text: string, cuts: readonly number[]): string[] {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, index) => text.slice(from, places[index] ?? text.length));
}

describe('the ANSI reader', () => {
  it('gives the text without the sequences, whatever they are', () => {
    fc.assert(
      fc.property(output, (pieces) => {
        const sent = pieces.map((piece) => ('text' in piece ? piece.text : piece.hidden)).join('');
        const meant = pieces.map((piece) => ('text' in piece ? piece.text : '')).join('');
        expect(textOf(read(sent))).to.equal(meant);
      }),
      { numRuns: RUNS },
    );
  });

  it('takes anything without an exception, and lets no control character through', () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(textOf(read(text))).not.to.match(/[^\P{Cc}\t\n]/u);
      }),
      { numRuns: RUNS },
    );
  });

  it('reads the same wherever the chunks are cut', () => {
    fc.assert(
      fc.property(anything, fc.array(fc.nat(1_000), { maxLength: 8 }), (text, cuts) => {
        const reader = new AnsiReader();
        const pieces = chunksOf(text, cuts).flatMap((chunk) => reader.read(chunk));
        expect(merged(pieces)).to.deep.equal(merged(new AnsiReader().read(text)));
      }),
      { numRuns: RUNS },
    );
  });

  it('leaves text without sequences as it is', () => {
    fc.assert(
      fc.property(words, (text) => {
        expect(textOf(read(text))).to.equal(text);
      }),
    );
  });

  it('shows the sixteen colours as states and inks', () => {
    expect(look(`${ESC}[31mstop${ESC}[32mclear${ESC}[33mcaution${ESC}[34mtaken${ESC}[0mplain`)).to.deep.equal([
      'ink-stop|stop',
      'ink-clear|clear',
      'ink-caution|caution',
      'ink-taken|taken',
      '|plain',
    ]);
    expect(look(`${ESC}[90mgrey${ESC}[91mred${ESC}[39;1;4mmarked${ESC}[22;24;7;101mturned`)).to.deep.equal([
      'ink-ink-3|grey',
      'ink-stop|red',
      'bold underline|marked',
      'ground-stop inverse|turned',
    ]);
  });

  it('shows a colour of 256, or of millions, as the nearest of ours', () => {
    expect(look(`${ESC}[38;5;196ma${ESC}[38;5;34mb${ESC}[38;5;214mc${ESC}[38;5;27md${ESC}[38;5;244me`)).to.deep.equal([
      'ink-stop|a',
      'ink-clear|b',
      'ink-caution|c',
      'ink-taken|d',
      'ink-ink-3|e',
    ]);
    expect(look(`${ESC}[38;2;200;30;30ma${ESC}[38:2::20:160:60mb${ESC}[48:5:220mc${ESC}[1;38;5;9;4md`)).to.deep.equal([
      'ink-stop|a',
      'ink-clear|b',
      'ink-clear ground-caution|c',
      'ink-stop ground-caution bold underline|d',
    ]);
  });

  it('does not take a broken or a foreign setting for a colour', () => {
    expect(look(`${ESC}[31;38ma${ESC}[>4;2mb${ESC}[38;7mc${ESC}[4:0md`)).to.deep.equal(['ink-stop|abcd']);
    expect(look(`${ESC}[4:3ma`)).to.deep.equal(['underline|a']);
  });

  it('writes over itself as a terminal does', () => {
    expect(textOf(read(' 10 %\r 60 %\r100 %'))).to.equal('100 %');
    expect(textOf(read('hello\rhi'))).to.equal('hillo');
    expect(textOf(read(`downloading\rdone${ESC}[K`))).to.equal('done');
    expect(textOf(read(`abc${ESC}[1Kd`))).to.equal('   d');
    expect(textOf(read(`abc${ESC}[2Kd`))).to.equal('   d');
    expect(textOf(read('|\b/\b-\b\\'))).to.equal('\\');
    expect(textOf(read('one\r\ntwo\rTWO'))).to.equal('one\nTWO');
    expect(look(`${ESC}[31mred\r${ESC}[32mG`)).to.deep.equal(['ink-clear|G', 'ink-stop|ed']);
  });

  it('does not let an unended sequence hide what follows', () => {
    expect(textOf(read(`${ESC}]0;title\nnext`))).to.equal('\nnext');
    expect(textOf(read(`${ESC}Px${'y'.repeat(5_000)}end`)).endsWith('yend')).to.equal(true);
    expect(textOf(read(`${ESC}[${'1;'.repeat(200)}mend`)).endsWith('end')).to.equal(true);
  });
});

describe('the rows of a log', () => {
  it('carry a colour, and a sequence that is cut, from line to line', () => {
    const rows = rowsOf(line(`${ESC}[31mred`, 1), line(`still${ESC}[3`, 2), line('2mgreen', 3));
    expect(rows.map(({ runs }) => runs)).to.deep.equal([
      [{ text: 'red', style: 'ink-stop' }],
      [{ text: 'still', style: 'ink-stop' }],
      [{ text: 'green', style: 'ink-clear' }],
    ]);
  });

  it('begin plain after a sent command and a step, and keep errors apart', () => {
    const rows = rowsOf(
      line(`${ESC}[31mred`, 1),
      line('oops', 2, 'err'),
      line('show status', 3, 'in'),
      line('fine', 4),
    );
    expect(rows.map(({ runs, text }) => [text, runs?.[0]?.style ?? ''])).to.deep.equal([
      ['red', 'ink-stop'],
      ['oops', ''],
      ['show status', ''],
      ['fine', ''],
    ]);
  });

  it('read only what is new', () => {
    const rows = new Rows();
    const lines = Array.from({ length: 500 }, (_, index) => line(`line ${index}`, index + 1));
    expect(rows.take(lines)).to.equal(false);
    const first = rows.all[0];
    expect(rows.take([...lines, line('new', 501)])).to.equal(false);
    expect(rows.all.length).to.equal(501);
    expect(rows.all[0]).to.equal(first);
  });

  it('begin anew with another log, even one that is longer', () => {
    const rows = new Rows();
    rows.take([line('a', 1), line('b', 2)]);
    expect(rows.take([line('c', 1), line('d', 2), line('e', 3)])).to.equal(true);
    expect(rows.all.map(({ text }) => text)).to.deep.equal(['c', 'd', 'e']);
    expect(rows.take([])).to.equal(true);
    expect(rows.all).to.deep.equal([]);
  });

  it('count what the store does not have', () => {
    expect(rowsOf(line('a', 4), line('b', 5), line('c', 9)).map(({ missing }) => missing)).to.deep.equal([3, 0, 3]);
  });
});
