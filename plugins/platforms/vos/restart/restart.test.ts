import t, { type Test } from 'tap';
import { once } from 'node:events';
import type { FaultName } from '../../../../lab/vos/appliance.js';
import { startLab } from '../lab.fixture.js';
import { scripted, START } from '../cli/scripted.fixture.js';
import { restart } from './restart.fixture.js';

const ALL = ['connect', 'check', 'stopping', 'starting', 'prove'];
const proven = { state: 'STARTED', how: 'list+tls' };

/** Between STOPPING and STARTING a service is STOPPED for an instant, which may be seen or not. */
function course(from: { states?: unknown } | undefined): unknown {
  return Array.isArray(from?.states) ? from.states.filter((state) => state !== 'STOPPED') : null;
}
const WHOLE = ['STOPPING', 'STARTING', 'STARTED'];

t.test('restarts the service, follows its states and proves it by the list and the served port', async (t) => {
  const { proof, record, restarts, appliance } = await restart(t);
  t.match(proof, { ...proven, evidence: { before: 'STARTED', commandEnd: 'prompt', port: 'served' } });
  t.same(course(proof?.evidence), WHOLE);
  t.match(proof?.evidence['certificate'], { subject: /^CN=/, fingerprint256: /^[0-9A-F:]{95}$/, notAfter: /Z$/ });
  t.same(record.phases, ALL);
  t.equal(restarts, 1);
  t.match(record.sent?.before, { state: 'STARTED', port: 'served', fingerprint: /^[0-9A-F:]{95}$/ });
  t.match(record.seen, { state: 'STARTED', trace: 'STOPPING' });
  t.same(
    record.messages.filter((text) => text.startsWith('Cisco') && !text.endsWith('stopped')),
    ['Cisco Tomcat is stopping', 'Cisco Tomcat is starting', 'Cisco Tomcat is started'],
  );
  t.equal(record.log.filter((line) => line === 'in utils service restart Cisco Tomcat').length, 1);
  t.ok(record.log.includes('out Cisco Tomcat[STOPPING]'), 'the output is told live');
  t.same(appliance.commands, [
    'set cli pagination off',
    'utils service list',
    'utils service restart Cisco Tomcat',
    'utils service list',
    'exit',
  ]);
});

/** One test for each fault that the appliance knows; the compiler misses none. */
const faults: Record<FaultName, (t: Test) => Promise<void>> = {
  async subscriber_without_started(t) {
    const faults = { subscriber_without_started: true };
    const { proof, record, restarts } = await restart(t, { appliance: { primary: false, faults } });
    t.match(proof, { ...proven, evidence: { commandEnd: 'prompt' } });
    t.same(course(proof?.evidence), WHOLE);
    const answer = record.log.slice(record.log.indexOf('in utils service restart Cisco Tomcat'));
    t.notOk(answer.includes('out Cisco Tomcat[STARTED]'), 'the command itself never said so');
    t.ok(record.log.includes('note The list says Cisco Tomcat[STARTED]'));
    t.same({ restarts, phases: record.phases }, { restarts: 1, phases: ALL });
  },

  async unsuccessful(t) {
    const { error, code, record, restarts } = await restart(t, { appliance: { faults: { unsuccessful: true } } });
    t.equal(code, 'SERVICE_RESTART_FAILED');
    t.match(error, {
      message: /: Service Manager refused the request – Executed command unsuccessfully$/,
      detail: { output: ['Service Manager refused the request', 'Executed command unsuccessfully'] },
    });
    t.same({ restarts, last: record.phases.at(-1) }, { restarts: 0, last: 'stopping' });
  },

  async hang(t) {
    const hanging = await restart(t, { appliance: { faults: { hang: true } }, restartTimeoutSeconds: 30 });
    t.equal(hanging.code, 'SERVICE_NOT_STARTED');
    t.match(hanging.error, {
      message: 'Cisco Tomcat did not come back in time; STARTING was the last that was seen.',
      detail: { commandEnd: 'running', port: 'refused' },
    });
    t.same(course(hanging.detail), ['STOPPING', 'STARTING']);
    t.same({ restarts: hanging.restarts, opened: hanging.record.opened }, { restarts: 1, opened: 2 });
    const lab = await startLab(t, { faults: { hang: true } });
    // It mends itself once the second session has looked.
    lab.appliance.events.on('login', () => (lab.appliance.faults.hang = lab.appliance.logins < 2));
    const mended = await restart(t, { lab, restartTimeoutSeconds: 60 });
    t.match(mended.proof, proven);
    t.equal(mended.restarts, 1);
  },

  async drop_in_restart(t) {
    const { proof, record, restarts } = await restart(t, { appliance: { faults: { drop_in_restart: true } } });
    t.match(proof, { ...proven, evidence: { commandEnd: 'unknown' } });
    t.ok(record.messages.includes('The session was lost; looking at the appliance again'));
    t.same({ restarts, opened: record.opened, phases: record.phases }, { restarts: 1, opened: 2, phases: ALL });
  },

  async stays_stopped(t) {
    const { error, code, restarts } = await restart(t, { appliance: { faults: { stays_stopped: true } } });
    t.equal(code, 'SERVICE_NOT_STARTED');
    t.match(error, {
      message: 'Cisco Tomcat stays STOPPED (Component is not running).',
      detail: { states: ['STOPPING', 'STOPPED'], looks: 5, commandEnd: 'prompt' },
    });
    t.equal(restarts, 1);
  },

  async port_closed_for_a_while(t) {
    const faults = { port_closed_for_a_while: true };
    const late = await restart(t, { appliance: { faults, portDelaySeconds: 600 } });
    t.match(late.proof, proven);
    t.ok(Number(late.proof?.evidence['looks']) > 1, 'the list alone is no proof');
    t.ok(late.record.messages.some((message) => /is started; port \d+ does not serve TLS yet$/.test(message)));
    const never = await restart(t, { appliance: { faults, portDelaySeconds: 86_400 }, restartTimeoutSeconds: 30 });
    t.equal(never.code, 'SERVICE_NOT_SERVING');
    t.match(never.error, {
      message: /^Cisco Tomcat is listed as STARTED but its port was not served in time: 127\.0\.0\.1 refused/,
      detail: { port: 'refused' },
    });
    t.same(course(never.detail), WHOLE);
    t.same([late.restarts, never.restarts], [1, 1]);
  },

  async harmless_error(t) {
    const { proof, record, restarts } = await restart(t, { appliance: { faults: { harmless_error: true } } });
    t.match(proof, proven);
    t.ok(record.log.some((line) => line.startsWith('out ') && line.includes('ERROR')));
    t.equal(restarts, 1);
  },

  async pager_left_on(t) {
    for (const pagerStyle of ['press', 'options'] as const) {
      const { proof, restarts } = await restart(t, { appliance: { pagerStyle, faults: { pager_left_on: true } } });
      t.match(proof, proven);
      t.equal(restarts, 1);
    }
  },

  async split_bytes(t) {
    const { proof, record, restarts } = await restart(t, { appliance: { faults: { split_bytes: true } } });
    t.match(proof, proven);
    t.same({ restarts, phases: record.phases }, { restarts: 1, phases: ALL });
  },

  async escape_codes(t) {
    const { proof, record, restarts } = await restart(t, { appliance: { faults: { escape_codes: true }, seed: 7 } });
    t.match(proof, proven);
    t.same(course(proof?.evidence), WHOLE);
    t.notMatch(record.log.join('\n'), /[^\P{Cc}\n\t]/u, 'the log is plain text');
    t.equal(restarts, 1);
  },

  async continue_question(t) {
    const { proof, appliance, restarts } = await restart(t, { appliance: { faults: { continue_question: true } } });
    t.match(proof, proven);
    t.match(appliance.received, /utils service restart Cisco Tomcat\ny\nutils service list\n/);
    t.equal(restarts, 1);
  },

  async dns_warning(t) {
    const { proof, restarts } = await restart(t, { appliance: { faults: { dns_warning: true } } });
    t.match(proof, proven);
    t.equal(restarts, 1);
  },

  async already_stopped(t) {
    const { proof, record, restarts } = await restart(t, { appliance: { faults: { already_stopped: true } } });
    t.match(proof, { ...proven, evidence: { before: 'STOPPED', states: ['STARTING', 'STARTED'] } });
    t.match(record.sent?.before, { state: 'STOPPED', reason: 'Commanded Out of Service', port: 'refused' });
    t.equal(restarts, 1);
  },

  async cut_after_bytes(t) {
    // In the start-up text, the list, the echo of the restart, its head, and its states up to the last.
    const ends = new Set<string>();
    for (const bytes of [1, 150, 600, 1310, 1500, 1900, 2300]) {
      const lab = await startLab(t, { faults: { cut_after_bytes: bytes } });
      const { proof, code, error, restarts, record } = await restart(t, { lab });
      t.equal(lab.appliance.faults.cut_after_bytes, null, `${bytes}: was cut`);
      ends.add(proof ? 'proven' : record.sent ? 'unknown' : 'unsent');
      if (proof) t.same({ restarts, opened: record.opened }, { restarts: 1, opened: 2 });
      else if (record.sent) t.same({ code, restarts }, { code: 'OP_OUTCOME_UNKNOWN', restarts: 0 });
      else t.match({ error, restarts }, { error: { code: 'SSH_CONNECTION_LOST' }, restarts: 0 });
    }
    t.ok(ends.has('proven') && ends.has('unsent'));
  },

  async cut_after_received(t) {
    const before = 'set cli pagination off\nutils service list\n'.length;
    const whole = before + 'utils service restart Cisco Tomcat\n'.length;
    const early = await restart(t, { appliance: { faults: { cut_after_received: before - 3 } } });
    t.match(early, { code: null, error: { code: 'SSH_CONNECTION_LOST' }, restarts: 0, record: { sent: null } });
    for (const bytes of [before + 1, whole - 1]) {
      const { code, error, restarts } = await restart(t, { appliance: { faults: { cut_after_received: bytes } } });
      t.same({ code, restarts }, { code: 'OP_OUTCOME_UNKNOWN', restarts: 0 }, `${whole - bytes} bytes short`);
      t.match(error, {
        message: /STARTED and showed no trace of a restart in 20 looks/,
        detail: { states: ['STARTED'] },
      });
    }
    const given = await restart(t, { appliance: { faults: { cut_after_received: whole } } });
    t.match(given, { proof: { ...proven, evidence: { commandEnd: 'unknown' } }, restarts: 1 });
  },
};

for (const [name, test] of Object.entries(faults)) t.test(`${name}: ends truthfully and restarts at most once`, test);

t.test('starts with any start-up text and either way to sign in', async (t) => {
  for (const startUp of ['slow', 'needs_newline'] as const)
    t.match((await restart(t, { appliance: { startUp, auth: 'keyboard-interactive' } })).proof, proven, startUp);
});

t.test('refuses a service that the appliance does not have, and names what may be meant', async (t) => {
  for (const service of ['Cisco Tomcatt', 'Tomcat', 'cisco tomcat', 'Cisco Tomcat Stats', 'Cisco']) {
    const { code, error, restarts, record } = await restart(t, { service });
    t.equal(code, 'SERVICE_UNKNOWN', service);
    t.match(error?.message, `has no service “${service}”; nothing was sent.`);
    t.same({ restarts, sent: record.sent, last: record.phases.at(-1) }, { restarts: 0, sent: null, last: 'check' });
    t.equal(/ It has: .*Cisco Tomcat/.test(error?.message ?? ''), service !== 'Cisco Tomcatt', service);
  }
});

t.test('restarts the service of exactly that name, not one that begins the same', async (t) => {
  const { proof, appliance } = await restart(t, { service: 'Cisco Tomcat Stats Servlet' });
  t.match(proof, { how: 'list', evidence: { port: 'not_asked' } });
  t.same(course(proof?.evidence), WHOLE);
  t.match(appliance.restarts, [{ service: 'Cisco Tomcat Stats Servlet' }]);
});

t.test('lets no name through that its pattern refuses', async (t) => {
  for (const service of ['Cisco Tomcat\nexit', '-x', 'a;b', 'Cisco Tomcat ', 'x'.repeat(65)]) {
    const { error, record } = await restart(t, { service });
    t.match(error, { message: /no name that may reach a command line/ });
    t.equal(record.opened, 0);
  }
});

t.test('leaves a restart alone that somebody else has begun', async (t) => {
  const lab = await startLab(t, { stoppingSeconds: 86_400 });
  const other = await lab.open();
  const shell = await other.shell({ signal: new AbortController().signal });
  shell.onText((text) => void (text.includes('admin:') && shell.write('utils service restart Cisco Tomcat\n')));
  await once(lab.appliance.events, 'accepted');
  const closed = new Promise((resolve) =>
    lab.appliance.events.on('command', (line) => line === 'exit' && resolve(line)),
  );
  void closed.then(() => other.close());
  const { code, error, record, restarts } = await restart(t, { lab });
  t.equal(code, 'SERVICE_IN_TRANSITION');
  t.match(error, { message: 'Cisco Tomcat is STOPPING already; nothing was sent.' });
  t.same({ sent: record.sent, restarts }, { sent: null, restarts: 1 });
});

t.test('sends nothing where the appliance shows no list', async (t) => {
  const answers = { 'No valid command entered': /list its services: No valid command entered$/, '': /with no list/ };
  for (const [answer, message] of Object.entries(answers)) {
    const { session, written } = scripted((text, say) =>
      say(text === '' ? START : `${text.trim()}\r\n${text.includes('list') ? `${answer}\r\n` : ''}admin:`),
    );
    const { code, error } = await restart(t, { open: () => Promise.resolve(session) });
    t.equal(code, 'SERVICE_RESTART_FAILED');
    t.match(error, { message });
    t.same(written, ['set cli pagination off\n', 'utils service list\n', 'exit\n']);
  }
});

t.test('ends at its deadline where the list never ends', async (t) => {
  let lists = 0;
  const { session } = scripted((text, say) => {
    if (text.includes('list')) lists += 1;
    if (lists > 1) return;
    say(text === '' ? START : `${text.trim()}\r\n${text.includes('list') ? 'Cisco Tomcat[STARTED]\r\n' : ''}admin:`);
  });
  const { code, error } = await restart(t, { open: () => Promise.resolve(session), restartTimeoutSeconds: 5 });
  t.equal(code, 'OP_OUTCOME_UNKNOWN');
  t.match(error, { message: /no state of it was seen in time\.$/, detail: { looks: 0, commandEnd: 'prompt' } });
});

t.test('says that it does not know where the command answers nothing and nothing is seen', async (t) => {
  const { session, written } = scripted((text, say) =>
    say(text === '' ? START : `${text.trim()}\r\n${text.includes('list') ? 'Cisco Tomcat[STARTED]\r\n' : ''}admin:`),
  );
  const { code, error } = await restart(t, { open: () => Promise.resolve(session) });
  t.equal(code, 'OP_OUTCOME_UNKNOWN');
  t.match(error, { detail: { commandEnd: 'prompt', looks: 20, trace: null } });
  t.equal(written.filter((text) => text.includes('restart')).length, 1);
});

t.test('sends nothing where somebody has cancelled a moment before', async (t) => {
  const onSend = () => Promise.reject(new Error('The operation was cancelled.'));
  const { error, code, restarts } = await restart(t, { onSend });
  t.match({ error, code, restarts }, { error: { message: 'The operation was cancelled.' }, code: null, restarts: 0 });
});

t.test('counts a command as sent that may not have left', async (t) => {
  const lab = await startLab(t);
  const onSend = () => void (lab.appliance.faults.cut_after_received = 0);
  const { code, record, restarts } = await restart(t, { lab, onSend });
  t.same({ code, restarts, opened: record.opened }, { code: 'OP_OUTCOME_UNKNOWN', restarts: 0, opened: 2 });
});

t.test('stops at once in each phase when its signal aborts, with the signal’s own reason', async (t) => {
  for (const phase of ALL) {
    const abort = new AbortController();
    const reason = new DOMException('The server stops.', 'TimeoutError');
    const { error, record, restarts } = await restart(t, {
      signal: abort.signal,
      onPhase: (entered) => void (entered === phase && setImmediate(() => abort.abort(reason))),
      appliance: { faults: { port_closed_for_a_while: true }, portDelaySeconds: 86_400 },
    });
    t.equal(error, reason, phase);
    t.equal(record.failure, null, 'it is no failure of the service');
    t.same(record.phases.at(-1), phase);
    t.equal(record.sent === null, ['connect', 'check'].includes(phase));
    if (!record.sent) t.equal(restarts, 0);
  }
});
