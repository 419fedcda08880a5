import t, { type Test } from 'tap';
import { once } from 'node:events';
import type { JsonObject } from '../../../../server/operations/contract.js';
import type { SentRestart } from '../../../../server/platforms/contract.js';
import { SshError } from '../../../../server/ssh/errors.js';
import { openSession } from '../../../../server/ssh/session.js';
import type { ShownCertificate } from '../../../../server/ssh/tls-probe.js';
import { sshOptions } from '../../../../tests/peers/ssh-target.js';
import { startLab, world, type Lab } from '../lab.fixture.js';
import { servicePattern } from '../services.js';
import { restart } from './restart.fixture.js';
import { Sightings, type Look, type PortLook } from './sightings.js';
import { judge, judgeLate } from './verdict.js';

const proven = { state: 'STARTED', how: 'list+tls' };

/** As a run that was lost has left it. */
function sent(seen: JsonObject = {}, before: JsonObject = {}, at = new Date()): SentRestart {
  const found = { state: 'STARTED', reason: null, port: 'served', fingerprint: null, ...before };
  return { at: at.toISOString(), before: found, seen };
}

/** Restarts Tomcat by hand, and leaves at once. */
async function restartByHand(lab: Lab): Promise<void> {
  const session = await lab.open();
  const shell = await session.shell({ signal: new AbortController().signal });
  let given = false;
  shell.onText((text) => {
    if (given || !text.includes('admin:')) return;
    given = true;
    void shell.write('utils service restart Cisco Tomcat\n');
  });
  await once(lab.appliance.events, 'accepted');
  session.close();
  await lab.quiet();
}

t.test('proves a restart of which a trace was stored, without a command', async (t) => {
  for (const seen of [
    { state: 'STOPPING' },
    { state: 'STARTED', states: ['STARTING', 'STARTED'], trace: 'STARTING' },
  ]) {
    const { proof, record, appliance } = await restart(t, { sent: sent(seen) });
    t.match(proof, { ...proven, evidence: { commandEnd: 'unknown', looks: 1 } });
    t.equal(record.phases.at(-1), 'prove');
    t.same(appliance.commands, ['set cli pagination off', 'utils service list', 'exit']);
  }
});

t.test('follows a restart that is still under way', async (t) => {
  const lab = await startLab(t, { stoppingSeconds: 1200 });
  await restartByHand(lab);
  const { proof, record } = await restart(t, { lab, sent: sent() });
  t.match(proof, { ...proven, evidence: { trace: 'STOPPING' } });
  t.same(record.phases, ['stopping', 'starting', 'prove']);
  t.match(record.seen, { state: 'STARTED', trace: 'STOPPING' }, 'what it sees is stored for the next owner');
});

t.test('goes straight to the start where that was seen', async (t) => {
  const lab = await startLab(t, { stoppingSeconds: 1 });
  await restartByHand(lab);
  const { proof, record } = await restart(t, { lab, sent: sent({ state: 'STARTING' }) });
  t.match(proof, proven);
  t.same(record.phases, ['starting', 'prove']);
});

t.test('does not know where the service is STARTED at every look', async (t) => {
  const { code, error } = await restart(t, { sent: sent() });
  t.equal(code, 'OP_OUTCOME_UNKNOWN');
  t.match(error, {
    message: /is STARTED and showed no trace of a restart in 20 looks; the command may never have reached/,
    detail: { looks: 20, states: ['STARTED'], trace: null, port: 'served' },
  });
});

t.test('takes another certificate than before for a trace', async (t) => {
  const { proof } = await restart(t, { sent: sent({}, { fingerprint: 'AA:BB' }) });
  t.match(proof, { ...proven, evidence: { trace: 'certificate' } });
});

t.test('takes a port that refused in between for a trace, and one that was merely silent for none', async (t) => {
  const failing = (code: 'SSH_REFUSED' | 'SSH_UNREACHABLE') => {
    let looks = 0;
    return (...args: Parameters<typeof world.probeTls>): Promise<ShownCertificate> =>
      (looks += 1) < 3 ? Promise.reject(new SshError(code)) : world.probeTls(...args);
  };
  const refused = await restart(t, { sent: sent(), world: { probeTls: failing('SSH_REFUSED') } });
  t.match(refused.proof, { ...proven, evidence: { trace: 'port_closed', looks: 3 } });
  const silent = await restart(t, { sent: sent(), world: { probeTls: failing('SSH_UNREACHABLE') } });
  t.equal(silent.code, 'OP_OUTCOME_UNKNOWN');
  const before = sent({}, { port: 'refused' });
  const never = await restart(t, { sent: before, world: { probeTls: failing('SSH_REFUSED') } });
  t.equal(never.code, 'OP_OUTCOME_UNKNOWN', 'a port that was closed before tells nothing');
});

t.test('says that the service stays stopped', async (t) => {
  const { code, error } = await restart(t, { sent: sent(), appliance: { faults: { already_stopped: true } } });
  t.equal(code, 'SERVICE_NOT_STARTED');
  t.match(error, {
    message: 'Cisco Tomcat stays STOPPED (Commanded Out of Service).',
    detail: { looks: 20, states: ['STOPPED'], port: 'refused' },
  });
});

t.test('still looks when it takes over long after the deadline', async (t) => {
  const longAgo = new Date(Date.now() - 86_400_000);
  const done = await restart(t, { sent: sent({ state: 'STARTING' }, {}, longAgo), restartTimeoutSeconds: 5 });
  t.match(done.proof, proven);
  const lab = await startLab(t, { faults: { hang: true } });
  await restartByHand(lab);
  const late = await restart(t, { lab, sent: sent({}, {}, longAgo), restartTimeoutSeconds: 30 });
  t.equal(late.code, 'SERVICE_NOT_STARTED');
  t.match(
    late.error?.message,
    /^Cisco Tomcat did not come back in time; ST(?:ART|OPP)ING was the last that was seen\.$/,
  );
});

const refusals: [string, (lab: Lab) => Promise<unknown>, RegExp][] = [
  ['a refused password', ({ target }) => signIn(target, 'wrong'), /: The host refused the password of administrator/],
  ['a changed host key', (lab) => withAnotherKey(lab), /shows the key ssh-rsa .* is pinned; no credential was sent/],
];

function signIn(target: Lab['target'], password: string) {
  return openSession(sshOptions(target, { credentials: { password, privateKey: null, passphrase: null } }));
}

function withAnotherKey({ target }: Lab) {
  const hostKey = { type: 'ssh-rsa', fingerprint: 'SHA256:old', pinnedAt: '2026-01-01T00:00:00.000Z' };
  return openSession(sshOptions({ ...target, hostKey }, { pin: () => Promise.resolve(hostKey) }));
}

for (const [what, open, message] of refusals)
  t.test(`tries no second time after ${what}`, async (t) => {
    const lab = await startLab(t);
    let attempts = 0;
    const { code, error } = await restart(t, {
      lab,
      sent: sent({ state: 'STOPPING' }),
      open: () => {
        attempts += 1;
        return open(lab) as never;
      },
    });
    t.same({ code, attempts }, { code: 'OP_OUTCOME_UNKNOWN', attempts: 1 });
    t.match(error, { message });
    t.match(error, { message: /the last that was seen was STOPPING/ });
    t.ok(lab.appliance.failedLogins <= 1);
  });

async function failing(t: Test, error: Error, restartTimeoutSeconds = 20) {
  let attempts = 0;
  const open = () => {
    attempts += 1;
    return Promise.reject(error);
  };
  return { ...(await restart(t, { open, sent: sent(), restartTimeoutSeconds })), attempts };
}

t.test('risks no third sign-in where two have left open whether the password counted', async (t) => {
  const doubtful = [
    new SshError('SSH_TIMEOUT_AUTHENTICATE'),
    new SshError('SSH_CONNECTION_LOST', 'The host closed the connection during the sign-in.', { retryable: false }),
  ];
  for (const error of doubtful) {
    const { code, attempts } = await failing(t, error);
    t.same({ code, attempts }, { code: 'OP_OUTCOME_UNKNOWN', attempts: 2 }, error.message);
  }
});

t.test('tries again until the deadline where nothing answers, and then says that it could not look', async (t) => {
  const { code, error, attempts, record } = await failing(t, new SshError('SSH_REFUSED'));
  t.equal(code, 'OP_OUTCOME_UNKNOWN');
  t.ok(attempts > 3, `${attempts} attempts`);
  t.match(error, {
    message: /cannot be told: no state of it was seen, and the appliance could not be looked at: The host refused/,
    detail: { lastError: 'The host refused the TCP connection.', looks: 0 },
  });
  t.equal(record.log.filter((line) => line.includes('could not be looked at')).length, attempts);
});

t.test('finds the appliance again after it was out of reach', async (t) => {
  const lab = await startLab(t);
  let attempts = 0;
  const open = (signal: AbortSignal) =>
    (attempts += 1) < 4 ? Promise.reject(new SshError('SSH_UNREACHABLE')) : lab.open(signal);
  const { proof } = await restart(t, { lab, open, sent: sent({ state: 'STARTING' }) });
  t.match(proof, proven);
});

t.test('reconnects when the session of its looks is lost', async (t) => {
  const lab = await startLab(t);
  await restartByHand(lab);
  lab.appliance.faults.cut_after_bytes = 1500;
  const { proof, record } = await restart(t, { lab, sent: sent() });
  t.match(proof, proven);
  t.ok(record.opened > 1);
});

t.test('says which state was seen where the list names the service no more', async (t) => {
  const gone = { service: 'Cisco Nothing', sent: sent(), restartTimeoutSeconds: 10 };
  const { code, error } = await restart(t, gone);
  t.equal(code, 'OP_OUTCOME_UNKNOWN');
  t.match(error?.message, /cannot be told: no state of it was seen in time\.$/);
});

const served = { is: 'served', certificate: { fingerprint256: 'AA' } as ShownCertificate } as const;
const refused = { is: 'refused', why: 'It refused.' } as const;
const look = (state: string | null, port: PortLook = served): Look => ({
  listed: state === null ? null : { name: 'X', state, reason: null },
  port,
});
const sightings = (looks: Look[], state = 'STARTED', port: 'served' | 'refused' = 'served') => {
  const all = new Sightings({ state, port, fingerprint: null });
  for (const one of looks) all.look(one);
  return all;
};
const times = (count: number, one: Look) => Array.from({ length: count }, () => one);

t.test('judges by what was seen, and calls nothing proven without the list, a trace and the port', (t) => {
  const open = { is: 'open' };
  const cases: [what: string, Look[], 'running' | 'prompt' | 'unknown', object][] = [
    ['nothing', [], 'prompt', open],
    ['a trace and the port', [look('STARTING', refused), look('STARTED')], 'running', { is: 'proven' }],
    ['a trace, but the port is closed', [look('STARTING'), look('STARTED', refused)], 'prompt', open],
    ['the list does not name it', [look('STARTING'), look(null)], 'prompt', open],
    ['no trace yet', times(19, look('STARTED')), 'prompt', open],
    ['no trace', times(20, look('STARTED')), 'prompt', { code: 'OP_OUTCOME_UNKNOWN' }],
    ['no trace while the command runs', times(99, look('STARTED')), 'running', open],
    ['STOPPED, not for long', times(4, look('STOPPED', refused)), 'prompt', open],
    ['STOPPED, and the prompt is back', times(5, look('STOPPED', refused)), 'prompt', { code: 'SERVICE_NOT_STARTED' }],
    ['STOPPED, and the command may run', times(19, look('STOPPED', refused)), 'unknown', open],
    ['STOPPED for good', times(20, look('STOPPED', refused)), 'unknown', { code: 'SERVICE_NOT_STARTED' }],
    ['STOPPED while the command runs', times(99, look('STOPPED', refused)), 'running', open],
    ['a word that nobody knows', [look('RUNNING'), look('STARTED')], 'prompt', open],
    ['a long start', times(99, look('STARTING', refused)), 'prompt', open],
  ];
  for (const [what, looks, end, verdict] of cases) t.match(judge('X', sightings(looks), end), verdict, what);
  const again = sightings([look('STOPPED', refused), look('STARTED')], 'STOPPED');
  t.match(judge('X', again, 'prompt'), { is: 'proven' }, 'STARTED is news where it was STOPPED before');
  t.end();
});

t.test('never ends a restart well when its time is up', (t) => {
  const cases: [Look[], string | null, string][] = [
    [[], null, 'OP_OUTCOME_UNKNOWN'],
    [[look('STARTING')], 'No route.', 'OP_OUTCOME_UNKNOWN'],
    [[look('STARTING')], null, 'SERVICE_NOT_STARTED'],
    [[look('STARTING'), look('STARTED', refused)], null, 'SERVICE_NOT_SERVING'],
    [[look('STARTED')], null, 'OP_OUTCOME_UNKNOWN'],
    [[look('STARTED'), look(null, refused)], null, 'OP_OUTCOME_UNKNOWN'],
    [[look('STARTING'), look('STARTED')], 'No route.', 'OP_OUTCOME_UNKNOWN'],
  ];
  for (const [looks, blind, code] of cases) t.match(judgeLate('X', sightings(looks), blind), { is: 'failed', code });
  const wrongPort = sightings([look('STARTING', refused), look('STARTED', refused)], 'STARTED', 'refused');
  t.match(judgeLate('X', wrongPort, null), {
    code: 'SERVICE_NOT_SERVING',
    message: /before .* either: check servedPort/,
  });
  const said = sightings([]);
  said.state('STARTED', null);
  said.answered();
  t.match(judgeLate('X', said, null), { code: 'OP_OUTCOME_UNKNOWN', message: /no list confirmed it in time/ });
  t.end();
});

t.test('knows a name that may reach a command line', (t) => {
  for (const name of ['Cisco Tomcat', 'A Cisco DB', 'X', 'Cisco (new) 2.0_b-c', 'x'.repeat(64)])
    t.match(name, servicePattern);
  for (const name of ['', ' X', 'X ', '-X', 'X;Y', 'X\n', 'X\u0003', 'é', 'x'.repeat(65), '$(x)', "X'"])
    t.notMatch(name, servicePattern);
  t.end();
});
