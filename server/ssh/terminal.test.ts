import t from 'tap';
import fc from 'fast-check';
import { Terminal } from './terminal.js';
import { plainText } from './text.js';

interface Read {
  lines: string[];
  line: string;
  tail: string;
}

function read(chunks: readonly string[]): Read {
  const lines: string[] = [];
  const terminal = new Terminal((line) => lines.push(line));
  for (const chunk of chunks) terminal.hear(chunk);
  return { lines, line: terminal.line, tail: terminal.tail };
}

/** Cuts a text at these places, wherever they fall. */
function cut(text: string, places: readonly number[]): string[] {
  const at = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => text.slice(from, at[index] ?? text.length));
}

const whole = fc.oneof(
  fc.constantFrom(
    '\r\n',
    '\r',
    '\n',
    '\t',
    'admin:',
    'Cisco Tomcat[STARTED]  ',
    'é',
    '👋',
    '\u202e',
    '\u0000',
    '\u007f',
  ),
  fc.constantFrom('\u001b[K', '\u001b[1;31m', '\u009b0m', '\u001b(B', '\u001b=', '\u001b[?25l'),
  fc.constantFrom('\u001b]0;title\u0007', '\u001bPq#0\u001b\\', '\u009dx\u0007', '\u001b]8;;http://h\u001b\\'),
  fc.string({ unit: fc.constantFrom('a', 'b', ' ', ':', '7', 'm', 'K', '[', ']') }),
);
const broken = fc.constantFrom(
  '\u001b',
  '\u001b[',
  '\u001b]',
  '\u009b',
  '\u009d',
  '\u0007',
  '\\',
  '\b',
  '\b \b',
  '\ud83d',
);
const places = fc.array(fc.nat(), { maxLength: 40 });

t.test('shows what a person would read', (t) => {
  const cases: [text: string, lines: string[], line: string][] = [
    ['one\r\ntwo\nthree\rfour', ['one', 'two', 'three'], 'four'],
    ['admin:\r\n\radmin:', ['admin:', ''], 'admin:'],
    ['\u001b[1mbold\u001b[0m\u001b[K plain', [], 'bold plain'],
    ['\u001b]0;title\u0007after', [], 'after'],
    ['\u001b]never closed\nnext', [''], 'next'],
    ['\u001bPdevice\u001b\\after', [], 'after'],
    ['\u001b]8;;http://h\u001b[0mtext', [], 'text'],
    ['\u009b31mC1\u009d0;t\u0007.', [], 'C1.'],
    ['\u001b(Bascii\u001b=', [], 'ascii'],
    ['restrat\b\b\bart', [], 'restart'],
    ['mistake\b\b\b\b\b\b\b       \b\b\b\b\b\b\bgone', [], 'gone'],
    ['kept\n\b\b\bnew', ['kept'], 'new'],
    ['wave 👋\b!', [], 'wave !'],
    ['a\u0000b\u007fc\u0085d\u202ee', [], 'abcde'],
    ['tab\there', [], 'tab\there'],
    ['\u001b[12\nnot part of it', [''], 'not part of it'],
  ];
  for (const [text, lines, line] of cases) t.match(read([text]), { lines, line }, JSON.stringify(text));
  t.end();
});

t.test('reads the same however the text is cut, whatever comes', (t) => {
  fc.assert(
    fc.property(fc.array(fc.oneof(whole, broken), { maxLength: 40 }), places, (parts, at) => {
      const text = parts.join('');
      const once = JSON.stringify(read([text]));
      return once === JSON.stringify(read(cut(text, at))) && once === JSON.stringify(read([...text.split('')]));
    }),
    { numRuns: 5_000 },
  );
  t.pass('5,000 texts');
  t.end();
});

t.test('keeps to the rules of plain text', (t) => {
  fc.assert(
    fc.property(fc.array(whole, { maxLength: 40 }), places, (parts, at) => {
      const text = parts.join('');
      const { lines, line } = read(cut(text, at));
      return [...lines, line].join('\n') === plainText(text, Infinity);
    }),
    { numRuns: 2_000 },
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(whole, broken), { maxLength: 40 }), (parts) => {
      const { lines, line } = read(parts);
      return [...lines, line].every((one) => !/[^\P{Cc}\t]|[\u202a-\u202e\u2066-\u2069]/u.test(one));
    }),
    { numRuns: 2_000 },
  );
  t.pass('4,000 texts');
  t.end();
});

t.test('keeps no more than a bounded part of what never ends', (t) => {
  const endless: [what: string, text: string][] = [
    ['a line', 'x'.repeat(1000)],
    ['an escape sequence', '1;'.repeat(500)],
    ['a string', 'title '.repeat(200)],
    ['blank lines', '\r\n'.repeat(500)],
    ['short lines', 'line\n'.repeat(200)],
  ];
  const begin: Record<string, string> = { 'an escape sequence': '\u001b[', 'a string': '\u001b]0;' };
  for (const [what, text] of endless) {
    const terminal = new Terminal(() => undefined);
    terminal.hear(begin[what] ?? '');
    for (let times = 0; times < 2_000; times += 1) terminal.hear(text);
    t.ok(terminal.line.length <= 8192 && terminal.tail.length <= 8192 + 2048 + 1, what);
  }
  t.end();
});

t.test('counts what it does not keep of a line, so that backspaces take back the right characters', (t) => {
  const { line } = read(['x'.repeat(8190), 'abcdef', '\b'.repeat(5), 'Z']);
  t.equal(line.slice(-2), 'aZ');
  t.equal(read(['x'.repeat(9000), '\nadmin:']).line, 'admin:', 'a line that was too long ends as any other');
  t.notMatch(read(['x'.repeat(9000), 'admin:']).tail, /(?:^|\n)admin:/, 'what follows is still that line');
  t.end();
});

t.test('forgets an unfinished line that has been dealt with', (t) => {
  const lines: string[] = [];
  const terminal = new Terminal((line) => lines.push(line));
  terminal.hear('one\r\nPress any key');
  terminal.discardLine();
  t.same({ line: terminal.line, tail: terminal.tail }, { line: '', tail: 'one\n' });
  terminal.hear('\b\b\btwo\r\n');
  t.same(lines, ['one', 'two']);
  t.end();
});
