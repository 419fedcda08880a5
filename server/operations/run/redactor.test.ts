/** No secret leaves by a log line, wherever a device puts its colours; what leaves is bounded. */
import t from 'tap';
import fc from 'fast-check';
import { SGR } from '../../ssh/text.js';
import { bounded } from './bounded.js';
import { Redactor } from './redactor.js';

const RED = '\u001b[31m';
const RESET = '\u001b[0m';
const MOST = 4096;
const colours = new RegExp(SGR, 'gu');

function knowing(...secrets: string[]): Redactor {
  const redactor = new Redactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

const coloured = (redactor: Redactor, raw: string) => redactor.lines(raw, { coloured: true });
const plain = (redactor: Redactor, raw: string) => redactor.lines(raw, { coloured: false });

t.test('keeps colours in lines of a device, and nowhere else', (t) => {
  const redactor = knowing('s3cret-word');
  const raw = `${RED}failed${RESET} \u001b[2J\u001b]0;title\u0007at 9\r\nnext\r\n`;
  t.same(coloured(redactor, raw), [`${RED}failed${RESET} at 9`, 'next']);
  t.same(plain(redactor, raw), ['failed at 9', 'next']);
  t.equal(redactor.text(raw), 'failed at 9\nnext\n');
  t.same(redactor.json({ raw, deep: [raw] }), { raw: 'failed at 9\nnext\n', deep: ['failed at 9\nnext\n'] });
  t.same(coloured(redactor, ''), ['']);
  t.same(coloured(redactor, '50 %\r100 %\n\n'), ['50 %', '100 %', ''], 'one line feed at the end is no line');
  t.same(coloured(redactor, `${RED}bad\n${RESET}`), [`${RED}bad${RESET}`], 'nor is a colour that is taken back');
  t.end();
});

t.test('blanks the whole stretch of a secret with sequences or line breaks inside', (t) => {
  const redactor = knowing('s3cret-word');
  const ansi = `is s3c${RED}ret-\u001b[Kw${RESET}ord.`;
  t.same(coloured(redactor, ansi), [`is •••${RESET}.`]);
  t.same(plain(redactor, ansi), ['is •••.']);
  t.equal(redactor.text(ansi), 'is •••.');
  t.same(redactor.json([ansi]), ['is •••.']);
  t.same(coloured(redactor, 'is s3cret\r\n-word.\r\nend'), ['is •••', '.', 'end'], 'folded, with as many lines');
  t.same(coloured(redactor, 'is s3c\u0000r\u0008et-\u200bword.'), ['is •••.'], 'controls');
  t.end();
});

t.test('finds a secret that a sequence would eat into, one that lies in one, and one that is stripped itself', (t) => {
  t.same(coloured(knowing('1234567xyz'), 'a\u001b[1234567xyz'), ['a•••']);
  t.same(coloured(knowing('31;42;91'), '\u001b[31;42;91mx'), ['•••mx']);
  t.same(coloured(knowing('pass\u200bword'), `pass\u200bword pass${RED}word`), [`••• •••${RESET}`]);
  t.same(coloured(knowing('\ud800abc'), 'x\ud800abc'), ['x•••'], 'half a character');
  t.end();
});

t.test('finds a key that comes in colours, line by line and as base64', (t) => {
  const line = 'b3BlbnNzaC1rZXktdjEAAAAABG5vbmU'.repeat(2);
  const redactor = knowing(`-----BEGIN-----\n${line}\n-----END-----\n`);
  const wrapped = line.replace(/.{20}/g, `$&${RED}\n`);
  const said = coloured(redactor, `a ${wrapped} z`).join('').replace(colours, '');
  t.equal(said, 'a ••• z');
  const encoded = Buffer.from('correct horse battery').toString('base64').replace(/=+$/, '');
  const half = Math.floor(encoded.length / 2);
  t.notMatch(
    coloured(knowing('correct horse battery'), `${encoded.slice(0, half)}${RED}${encoded.slice(half)}`).join(''),
    encoded.slice(half, half + 4),
  );
  t.end();
});

t.test('leaves nothing of a secret longer than three characters, wherever sequences and line breaks stand', (t) => {
  const sequence = fc.oneof(
    fc.array(fc.nat(999), { maxLength: 6 }).map((numbers) => `\u001b[${numbers.join(';')}m`),
    fc.constantFrom('\u001b[K', '\u001b[2J', '\u001b[?25h', '\u001b(B', '\u001bM', '\u009b31m', '\u001b]0;t\u0007'),
    fc.constantFrom('\u001b]8;;x\u001b\\', '\u001bPq\u001b\\', '\r\n', '\n', '\r', '\u0007', '\u202e'),
  );
  // None of the characters around it, so that whatever is left is left of the secret.
  const secrets = fc.oneof(
    fc.string({ minLength: 4, maxLength: 40 }),
    fc.string({ unit: 'grapheme', minLength: 4, maxLength: 40 }),
  );
  const placed = fc.array(fc.tuple(fc.nat(40), sequence), { maxLength: 30 });
  fc.assert(
    fc.property(secrets, placed, fc.boolean(), (secret, sequences, isColoured) => {
      const visible = [...secret];
      for (const [at, piece] of sequences) visible.splice(at % (visible.length + 1), 0, piece);
      const raw = `«${visible.join('')}»`;
      const redactor = knowing(secret);
      const said = redactor.lines(raw, { coloured: isColoured }).join('').replace(colours, '');
      return [said, redactor.text(raw), redactor.json([raw])[0] ?? ''].every(
        (text) => text.replaceAll('\n', '').length <= '«•••»'.length + 3,
      );
    }),
    { numRuns: 5_000 },
  );
  t.pass('5,000 secrets');
  t.end();
});

t.test('stores no more than the limit, with the mark of a cut and no torn sequence', (t) => {
  const redactor = new Redactor();
  const [line = ''] = coloured(redactor, `${RED}${'x'.repeat(MOST)}`);
  t.equal(line.length, MOST);
  t.ok(line.endsWith(`x…${RESET}`), 'the colour does not run into the next line');
  const [bare = ''] = plain(redactor, 'x'.repeat(MOST + 1));
  t.ok(bare.endsWith('x…') && bare.length <= MOST);
  t.same(plain(redactor, 'x'.repeat(MOST)), ['x'.repeat(MOST)], 'what fits is left alone');
  const unit = fc.constantFrom(RED, RESET, '\u001b[38;5;208m', 'x', '👋', '\u001b[m');
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 60 }), fc.integer({ min: 8, max: 80 }), (text, most) => {
      const kept = bounded(text, most);
      const rest = kept.replace(colours, '');
      return kept.length <= most && !rest.includes('\u001b') && !/[\ud800-\udbff](?![\udc00-\udfff])/.test(rest);
    }),
    { numRuns: 2_000 },
  );
  t.end();
});

t.test('cuts only what is blanked already', (t) => {
  const secret = 'a-long-secret-that-lies-on-the-limit';
  for (let at = MOST - 50; at <= MOST; at += 1) {
    const [line = ''] = coloured(knowing(secret), `${'x'.repeat(at)}${secret}`);
    t.notMatch(line, /a-lo/, `at ${at}`);
  }
  t.end();
});
