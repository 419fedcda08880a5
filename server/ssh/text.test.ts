import t from 'tap';
import fc from 'fast-check';
import { OfferedLists } from './algorithms.js';
import { Identification } from './identification.js';
import { colouredText, plainLine, plainNames, plainText, SGR } from './text.js';

t.test('strips what a terminal would obey and what reorders text', (t) => {
  const cases: [string, string][] = [
    ['\u001b[1;31mred\u001b[0m', 'red'],
    ['\u001b]0;title\u0007after', 'after'],
    ['\u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u001b\\', 'link'],
    ['\u001bPdevice\u001b\\after', 'after'],
    ['\u001b]never closed\nnext line', '\nnext line'],
    ['\u009b31mC1', 'C1'],
    ['a\u0000b\u0008c\u007fd\u0085e', 'abcde'],
    ['tab\there\r\nline\rline', 'tab\there\nline\nline'],
    ['\u202egpj.exe\u202c \u2066x\u2069 \u200e', 'gpj.exe x '],
    ['Grüße, 主机 👋', 'Grüße, 主机 👋'],
  ];
  for (const [remote, plain] of cases) t.equal(plainText(remote), plain, JSON.stringify(remote));
  t.equal(plainText('x'.repeat(10_000)).length, 8192);
  t.equal(plainLine('  two\n\n lines\t'), 'two lines');
  t.same(plainNames(['aes128-ctr', '<b>', 'a b', '', '\u001b[0m']), ['aes128-ctr']);
  t.end();
});

t.test('lets no control through, whatever comes', (t) => {
  const nasty = fc.string({
    unit: fc.oneof(fc.constantFrom('\u001b', '[', ']', '\u009b', '\u009d', '\u0007', '\\', '\u202e', 'm'), fc.string()),
  });
  fc.assert(
    fc.property(nasty, (text) => {
      const plain = plainText(text);
      return !/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u.test(plain) && plainText(plain) === plain;
    }),
    { numRuns: 2_000 },
  );
  t.pass('2,000 texts');
  t.end();
});

t.test('lets colours through and nothing else of a terminal', (t) => {
  const cases: [string, string][] = [
    ['\u001b[1;31mred\u001b[0m', '\u001b[1;31mred\u001b[0m'],
    ['\u001b[38;5;208mx\u001b[m', '\u001b[38;5;208mx\u001b[m'],
    ['\u001b[38:2::1:2:3mx', '\u001b[38:2::1:2:3mx'],
    ['\u001b[2J\u001b[Ha\u001b[K\u001b[?25lb\u001b[>4mc', 'abc'],
    ['\u001b]0;\u001b[31mtitle\u0007after', '\u001b[31mtitleafter'],
    ['\u001b]8;;https://evil.example\u001b\\link', 'link'],
    ['\u001b[12345678mx', 'x'],
    ['\u001b[31', ''],
    ['\u001b\u0000[31mx', '[31mx'],
    ['50 %\r\u001b[32m100 %\u001b[0m\r\n', '50 %\n\u001b[32m100 %\u001b[0m\n'],
  ];
  for (const [remote, coloured] of cases) t.equal(colouredText(remote), coloured, JSON.stringify(remote));
  t.end();
});

t.test('is the plain text once its colours are taken out, whatever comes', (t) => {
  const unit = fc.oneof(
    fc.constantFrom('\u001b', '[', ']', '\u009b', '\u0007', '\\', '1', ';', 'm', '\r', '\n'),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.string({ unit }), (text) => {
      const coloured = colouredText(text);
      const bare = coloured.replace(new RegExp(SGR, 'gu'), '');
      return bare === plainText(text, Infinity) && colouredText(coloured) === coloured;
    }),
    { numRuns: 2_000 },
  );
  t.pass('2,000 texts');
  t.end();
});

t.test('finds the identification line however it arrives', (t) => {
  const whole = Buffer.from('welcome\r\nSSH-2.0-OpenSSH_9.2p1 Debian\r\nrest');
  for (let size = 1; size < whole.length; size += 1) {
    const identification = new Identification();
    for (let at = 0; at < whole.length; at += size) identification.hear(whole.subarray(at, at + size));
    t.equal(identification.line, 'SSH-2.0-OpenSSH_9.2p1 Debian', `${size} bytes at a time`);
  }
  t.end();
});

t.test('hears no debug line once the handshake is over', (t) => {
  const lists = new OfferedLists();
  lists.hear('Handshake: (local) KEX method: curve25519-sha256,ext-info-c');
  lists.hear('Handshake: (remote) KEX method: diffie-hellman-group1-sha1,kex-strict-s-v00@openssh.com');
  t.match(lists.failure(false, null), {
    message: 'host offers diffie-hellman-group1-sha1; Signalbox offers curve25519-sha256.',
    hint: /legacyAlgorithms/,
  });
  t.notMatch(lists.failure(true, null).hint, /legacyAlgorithms/, 'no hint at what is turned on already');
  lists.forget();
  lists.hear('Handshake: (remote) KEX method: canary');
  t.notMatch(lists.failure(false, null).message, 'canary');
  t.end();
});
