import t from 'tap';
import fc from 'fast-check';
import { once } from 'node:events';
import { startLab, timing } from '../lab.fixture.js';
import { Cli } from './cli.js';
import { Conversation } from './conversation.js';
import { failureIn, wordsOf, type Cue } from './cues.js';
import { scripted, START } from './scripted.fixture.js';

const still = () => new AbortController().signal;
const PRESS = '\u001b[1mPress <enter> for 1 line, <space> for one page, or <q> to quit\u001b[0m\u001b[K';
const options = (last: number) =>
  `\u001b[1moptions: q=quit, n=next, p=prev, b=begin, e=end (lines 1 - ${last} of 99) :\u001b[0m`;

/** A part of a transcript that ends where the appliance waits, and what it waits for there. */
interface Section {
  text: string;
  cue: Cue;
}

/** One command with the lines of its output as a person would read them, and where a pager stops them. */
interface Exchange {
  command: string;
  output: string[];
  pagers: { after: number; style: 'press' | 'options' | 'question' }[];
  doubled: boolean;
}

const word = fc.constantFrom(
  'ERROR',
  'admin: is a user',
  'Cisco Tomcat',
  '[STARTED]',
  '  ',
  '>> Return code = 0',
  'é 主机 👋',
);
const line = fc
  .array(fc.oneof(word, fc.string({ unit: 'grapheme', maxLength: 8 })), { minLength: 1, maxLength: 4 })
  .map(
    (words) =>
      `- ${words.join(' ').replace(/[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu, '')} .`,
  );
const exchange: fc.Arbitrary<Exchange> = fc.record({
  command: fc.constantFrom('utils service list', 'show version active', 'utils service restart Cisco Tomcat'),
  output: fc.array(fc.oneof(line, fc.constantFrom('Cisco Tomcat[STARTING]  ', 'Command failed')), { maxLength: 12 }),
  pagers: fc.array(
    fc.record({ after: fc.nat(12), style: fc.constantFrom('press' as const, 'options' as const, 'question' as const) }),
    { maxLength: 3 },
  ),
  doubled: fc.boolean(),
});
const code = fc.constantFrom('\u001b[K', '\u001b[1m', '\u001b[0m', '\u001b]0;t\u0007', '\u009b2J', 'x\b', '\u0000');
const noise = fc.array(fc.tuple(fc.nat(), code), { maxLength: 12 });

const stops: Record<Exchange['pagers'][number]['style'], Section> = {
  press: { text: PRESS, cue: 'press_pager' },
  options: { text: options(23), cue: 'options_pager' },
  question: { text: 'Continue (y/n)? ', cue: 'continue_yn' },
};

/** What the appliance sends for an exchange: it waits after each section for a key, or for the next command. */
function sections({ command, output, pagers, doubled }: Exchange): Section[] {
  const done: Section[] = [];
  let text = `${command}\r\n`;
  for (const [index, shown] of output.entries()) {
    text += `${shown}\r\n`;
    for (const { style } of pagers.filter(({ after }) => after === index)) {
      done.push({ text: text + stops[style].text, cue: stops[style].cue });
      text = '\r\u001b[K';
    }
  }
  return [...done, { text: `${text}admin:${doubled ? '\r\n\radmin:' : ''}`, cue: 'prompt' }];
}

const UNCUT = new RegExp(`${String.fromCharCode(27)}\\[\\d*[A-Za-z]|\\r\\n|[^]`, 'g');

/** Puts codes in at these places, but never inside a code, nor inside a line end, of which they would make two. */
function noisy(text: string, codes: readonly (readonly [number, string])[]): string {
  const whole = text.match(UNCUT) ?? [];
  for (const [at, what] of codes) whole.splice(at % (whole.length + 1), 0, what);
  return whole.join('');
}

function cut(text: string, places: readonly number[]): string[] {
  const at = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => text.slice(from, at[index] ?? text.length));
}

interface Heard {
  cues: Cue[];
  lines: string[];
}

/** Plays the exchanges; `chunks` cuts each section. */
function play(exchanges: Exchange[], codes: [number, string][], chunks: (text: string) => string[]): Heard[] {
  const conversation = new Conversation();
  for (const chunk of chunks('starting up\r\n\r\n   Welcome\r\n\r\nadmin:')) conversation.hear(chunk);
  const first: Heard = { cues: [conversation.cue], lines: conversation.take() };
  const rest = exchanges.map((one): Heard => {
    const heard: Heard = { cues: [], lines: [] };
    conversation.expect(one.command);
    heard.cues.push(conversation.cue);
    for (const { text } of sections(one)) {
      for (const chunk of chunks(noisy(text, codes))) conversation.hear(chunk);
      heard.cues.push(conversation.cue);
      heard.lines.push(...conversation.take());
      conversation.answered();
    }
    return heard;
  });
  return [first, ...rest];
}

const read = (lines: string[]) => lines.map((one) => one.trim()).filter((one) => one !== '');

t.test('understands 5,000 transcripts the same, however they are cut and whatever codes are in them', (t) => {
  fc.assert(
    fc.property(
      fc.array(exchange, { minLength: 1, maxLength: 3 }),
      noise,
      fc.array(fc.nat(), { maxLength: 30 }),
      (exchanges, codes, places) => {
        const whole = play(exchanges, codes, (text) => [text]);
        const cutUp = play(exchanges, codes, (text) => cut(text, places));
        const bytes = play(exchanges, codes, (text) => text.split(''));
        const plain = play(exchanges, [], (text) => [text]);
        const expected = exchanges.map((one) => ['nothing', ...sections(one).map(({ cue }) => cue)]);
        const understood = (heard: Heard[]) =>
          JSON.stringify(heard.slice(1).map(({ cues }) => cues)) === JSON.stringify(expected) &&
          exchanges.every((one, at) => read(heard[at + 1]?.lines ?? []).join('\n') === read(one.output).join('\n'));
        return [whole, cutUp, bytes, plain].every(understood) && JSON.stringify(whole) === JSON.stringify(cutUp);
      },
    ),
    { numRuns: 5_000 },
  );
  t.pass('5,000 transcripts, each played four times');
  t.end();
});

t.test('keeps a bounded part of output that nobody takes', (t) => {
  const conversation = new Conversation();
  for (let times = 0; times < 5_000; times += 1) conversation.hear(`${'x'.repeat(500)}\r\n`.repeat(4));
  const lines = conversation.take();
  t.ok(lines.join('\n').length <= 256 * 1024);
  t.equal(lines.length + conversation.dropped, 20_000, 'what was dropped is counted');
  conversation.hear('\u001b]'.repeat(10) + 'z'.repeat(10_000_000));
  t.equal(conversation.cue, 'nothing');
  t.same(conversation.take(), []);
  t.end();
});

t.test('sees a prompt only where one stands', (t) => {
  const cueAfter = (text: string) => {
    const conversation = new Conversation();
    conversation.hear(text);
    return conversation.cue;
  };
  const prompts = [
    'admin:',
    'text\r\nadmin:',
    'admin:\r\n\radmin:',
    '\u001b[Kadmin:',
    'text\r\nadmin: ',
    'x\r\n12 admin:',
    'admin(12):',
  ];
  for (const text of prompts) t.equal(cueAfter(text), 'prompt', JSON.stringify(text));
  const others = [
    '',
    'admin',
    'my admin:',
    'admin: more',
    'badmin:',
    'admin:\r\nmore',
    'adm\r\nin:',
    'x'.repeat(9000) + 'admin:',
  ];
  for (const text of others) t.equal(cueAfter(text), 'nothing', JSON.stringify(text.slice(-20)));
  t.equal(cueAfter(options(99)), 'end_of_pager');
  t.equal(cueAfter('Include OU in CSR (yes|no)? '), 'yes_no');
  t.end();
});

t.test('finds the failures that the appliance declares, with its reasons, and no others', (t) => {
  t.same(failureIn(['', 'Service Foo is not known', 'Executed command unsuccessfully.']), {
    verdict: 'Executed command unsuccessfully.',
    reasons: ['Service Foo is not known'],
  });
  for (const verdict of [
    'No valid command entered',
    'Executed command unsuccessfully',
    'Command failed',
    'Network request timed out',
  ])
    t.match(failureIn(['  ', `${verdict} `]), { verdict, reasons: [] });
  t.equal(wordsOf({ verdict: 'Command failed', reasons: ['one', 'two'] }), 'one – two – Command failed');
  t.equal(failureIn(['log4j:ERROR No appenders', 'ERROR', 'Command successful', 'the last Command failed once']), null);
  t.equal(wordsOf({ verdict: 'Command failed', reasons: ['x'.repeat(5_000)] }).length, 500);
  t.equal(failureIn(['a', 'b', 'c', 'd', 'e', 'f', 'Command failed'])?.reasons.join(''), 'bcdef');
  t.end();
});

const services = /^(?:System SSH \[STARTED\]|A Cisco DB\[STARTED\]|Cisco Tomcat Stats Servlet\[STARTED\])/m;

t.test('reaches the prompt of a node that starts as usual, and leaves it again', async (t) => {
  const { appliance, open, quiet } = await startLab(t);
  const session = await open();
  const cli = await Cli.open(session, { signal: still(), timing });
  t.equal(appliance.sessions, 1);
  t.match((await cli.run('show version active')).join('\n'), /^Active Master Version: 15\.0/);
  await cli.close();
  await quiet();
  t.same(appliance.commands, ['set cli pagination off', 'show version active', 'exit']);
  t.equal(appliance.received, 'set cli pagination off\nshow version active\nexit\n', 'nothing else was typed');
});

t.test('waits for a slow node without typing anything', async (t) => {
  const { appliance, open } = await startLab(t, { startUp: 'slow', faults: { dns_warning: true } });
  const cli = await Cli.open(await open(), { signal: still(), timing });
  t.equal(appliance.received, 'set cli pagination off\n');
  await cli.close();
});

t.test('sends one newline to a node that shows no prompt without it', async (t) => {
  const { appliance, open } = await startLab(t, { startUp: 'needs_newline' });
  const cli = await Cli.open(await open(), { signal: still(), timing });
  t.equal(appliance.received, '\nset cli pagination off\n');
  await cli.close();
});

t.test('answers both pagers, key by key, until the list is complete', async (t) => {
  const plain = await startLab(t);
  const cli = await Cli.open(await plain.open(), { signal: still(), timing });
  const whole = await cli.run('utils service list');
  await cli.close();
  t.match(whole.join('\n'), services);
  for (const pagerStyle of ['press', 'options'] as const) {
    const { appliance, open } = await startLab(t, { pagerStyle, faults: { pager_left_on: true } });
    const paged = await Cli.open(await open(), { signal: still(), timing });
    t.same(read(await paged.run('utils service list')), read(whole), pagerStyle);
    t.match(appliance.received, pagerStyle === 'press' ? /list\n +$/ : /list\nn+$/, 'keys without Enter');
    await paged.close();
  }
});

t.test('reads the same from bytes one by one and between escape codes', async (t) => {
  const outputs: string[][] = [];
  for (const faults of [{}, { split_bytes: true }, { escape_codes: true }, { split_bytes: true, escape_codes: true }]) {
    const { open } = await startLab(t, { faults });
    const cli = await Cli.open(await open(), { signal: still(), timing });
    outputs.push(read(await cli.run('utils service list')), read(await cli.run('show version active')));
    await cli.close();
  }
  for (const [index, output] of outputs.entries()) t.same(output, outputs[index % 2]);
  t.match(outputs[0]?.join('\n'), services);
});

t.test('answers a question with yes only where the caller consents', async (t) => {
  const { appliance, open } = await startLab(t, { faults: { continue_question: true } });
  const cli = await Cli.open(await open(), { signal: still(), timing });
  await cli.run('utils service restart Cisco Tomcat');
  t.same(appliance.restarts, [], 'a no was given');
  t.match(appliance.received, /Tomcat\nn\n$/);
  await cli.send('utils service restart Cisco Tomcat', { consents: true });
  for (let heard = await cli.next(10_000); heard.what !== 'prompt';) heard = await cli.next(10_000);
  t.equal(appliance.restarts.length, 1);
  t.match(appliance.received, /Tomcat\ny\n$/);
  await cli.close();
});

t.test('gives exactly one line, and only at a prompt', async (t) => {
  const { appliance, open } = await startLab(t);
  const cli = await Cli.open(await open(), { signal: still(), timing });
  const wrong = [
    '',
    ' ',
    'show\rstatus',
    'show\nstatus',
    'show\u0003',
    'show status ',
    ' show status',
    'x'.repeat(201),
    'é',
    'a\u2028b',
  ];
  for (const command of wrong)
    await t.rejects(cli.send(command), { message: /^A command is one line/ }, encodeURI(command));
  await cli.send('utils service list');
  await t.rejects(cli.send('show status'), { message: 'A command is only given at a prompt.' });
  for (let heard = await cli.next(10_000); heard.what !== 'prompt';) heard = await cli.next(10_000);
  await cli.close();
  await t.rejects(cli.send('show status'), { code: 'SSH_CONNECTION_LOST' });
  t.same(appliance.commands, ['set cli pagination off', 'utils service list', 'exit']);
  t.notMatch(appliance.received, '\u0003');
});

t.test('says how a session ended, and leaves none behind', async (t) => {
  const { appliance, open, quiet } = await startLab(t, { startUp: 'slow' });
  const hurried = Cli.open(await open(), { signal: still(), timing: { ...timing, readyTimeoutMs: 50 } });
  await t.rejects(hurried, { code: 'SSH_TIMEOUT_READY', message: /showed no prompt within 0 seconds\.$/ });
  const abort = new AbortController();
  const session = await open();
  const opening = Cli.open(session, { signal: abort.signal, timing });
  await once(appliance.events, 'sessions');
  abort.abort(new Error('No longer wanted.'));
  await t.rejects(opening, { message: 'No longer wanted.' });
  await quiet();
  t.equal(appliance.received, '', 'nothing was typed');
});

t.test('tells a cut session from a silent one', async (t) => {
  const { appliance, open, quiet } = await startLab(t, { clock: 3000 });
  const cli = await Cli.open(await open(), { signal: still(), timing });
  appliance.faults.hang = true;
  await cli.send('utils service restart Cisco Tomcat');
  let last = await cli.next(200);
  while (last.what === 'lines') last = await cli.next(200);
  t.same(last, { what: 'silence' });
  t.equal(cli.lost, null);
  await cli.close();
  await quiet();
  const cutOff = await Cli.open(await open(), { signal: still(), timing });
  appliance.faults.cut_after_received = appliance.received.length;
  appliance.reset();
  await t.rejects(cutOff.run('show status'), { code: 'SSH_CONNECTION_LOST' });
  t.match(cutOff.lost, { code: 'SSH_CONNECTION_LOST' });
  await cutOff.close();
});

t.test('takes a line that only looks like a prompt for output', async (t) => {
  const { session } = scripted((text, say) => {
    if (text === '') say(START);
    else if (!text.startsWith('show')) say(`${text.trim()}\r\nadmin:`);
    else {
      say(`${text.trim()}\r\nadmin:`);
      // The rest of that line comes a moment later.
      setImmediate(() => say(' is the user\r\nlast line\r\nadmin:'));
    }
  });
  const cli = await Cli.open(session, { signal: still(), timing });
  t.same(await cli.run('show account'), ['admin: is the user', 'last line']);
  await cli.close();
});

t.test('takes a prompt that comes late for no answer', async (t) => {
  const { session, written } = scripted((text, say) => {
    if (text === '') say(START);
    else if (!text.startsWith('show')) say(`${text.trim()}\r\nadmin:`);
    else {
      say('\r\n\radmin:');
      setTimeout(() => say('show sta'), 3 * timing.quietMs);
      setTimeout(() => say('\r\ntus\r\nHost Name : a\r\nadmin:'), 4 * timing.quietMs);
    }
  });
  const cli = await Cli.open(session, { signal: still(), timing });
  t.same(await cli.run('show status'), ['Host Name : a'], 'and an echo that is folded for one');
  await cli.close();
  t.same(written, ['set cli pagination off\n', 'show status\n', 'exit\n']);
});

t.test('answers in full where yes or no is asked', async (t) => {
  const { session, written } = scripted((text, say) => {
    if (text === '') say(START);
    else if (text.startsWith('set csr')) say(`${text.trim()}\r\nInclude OU in CSR (yes|no)? `);
    else say(`${text.trim()}\r\nadmin:`);
  });
  const cli = await Cli.open(session, { signal: still(), timing });
  await cli.run('set csr gen tomcat');
  await cli.send('set csr gen tomcat', { consents: true });
  while ((await cli.next(10_000)).what !== 'prompt');
  await cli.close();
  t.same(written.slice(1), ['set csr gen tomcat\n', 'no\n', 'set csr gen tomcat\n', 'yes\n', 'exit\n']);
});

t.test('ends with an appliance that asks without end, or never answers, or goes away', async (t) => {
  const endless = scripted((text, say) => {
    if (text === '') say(START);
    else if (text.endsWith('off\n')) say(`${text.trim()}\r\nadmin:`);
    else if (text.startsWith('show')) say(`${text.trim()}\r\n${PRESS}`);
    else say(`\r\u001b[K${PRESS}`);
  });
  const asked = await Cli.open(endless.session, { signal: still(), timing: { ...timing, quietMs: 1 } });
  await t.rejects(asked.run('show all'), { code: 'SSH_TIMEOUT_COMMAND', message: 'The appliance asks without end.' });
  t.equal(endless.written.filter((text) => text === ' ').length, 1000);
  await asked.close();

  const silent = scripted((text, say) => {
    if (text === '') say(START);
    else if (text.endsWith('off\n')) say(`${text.trim()}\r\nadmin:`);
  });
  const cli = await Cli.open(silent.session, {
    signal: still(),
    timing: { ...timing, commandTimeoutMs: 100, exitTimeoutMs: 10 },
  });
  await t.rejects(cli.run('show all'), { code: 'SSH_TIMEOUT_COMMAND', message: /“show all”/ });
  await cli.close();

  const leaving = scripted((text, say) => (text === '' ? say('starting up\r\n') : undefined));
  const opening = Cli.open(leaving.session, { signal: still(), timing });
  leaving.end(null);
  await t.rejects(opening, { code: 'SSH_CONNECTION_LOST', message: 'The appliance closed the session.' });

  const deaf = scripted((text, say) => (text === '' ? say(START) : undefined));
  const abort = new AbortController();
  const waiting = Cli.open(deaf.session, { signal: still(), timing: { ...timing, commandTimeoutMs: 50 } });
  await t.rejects(waiting, { code: 'SSH_TIMEOUT_COMMAND' });
  abort.abort();
});

t.test('keeps a bounded part of one command’s output', async (t) => {
  const { session } = scripted((text, say) => {
    if (text === '') return say(START);
    if (!text.startsWith('show')) return say(`${text.trim()}\r\nadmin:`);
    say(`${text.trim()}\r\n`);
    for (let times = 0; times < 100; times += 1) say(`${'x'.repeat(8000)}\r\n`);
    return say('admin:');
  });
  const cli = await Cli.open(session, { signal: still(), timing });
  const output = await cli.run('show tech');
  t.equal(output.length, Math.floor((256 * 1024) / 8001));
  await cli.close();
});

t.test('stops a command whose signal aborts, and the session with it', async (t) => {
  const { open, quiet } = await startLab(t);
  const cli = await Cli.open(await open(), { signal: still(), timing });
  const abort = new AbortController();
  const running = cli.run('utils service list', abort.signal);
  abort.abort(new Error('No longer wanted.'));
  await t.rejects(running, { message: 'No longer wanted.' });
  await cli.close();
  await quiet();
});
