/** SysV and OpenRC: told by `service` or `rc-service`, judged by the exit code and by a changed main process. */
import type { ListedService } from '../../../server/platforms/contract.js';
import type { ExecResult } from '../../../server/ssh/contract.js';
import { shCommand } from '../../../server/ssh/quote.js';
import { plainLine } from '../../../server/ssh/text.js';
import { PREPARED, type HostFacts } from './host-facts.js';
import { EXPLAIN, LOOK, RESTART } from './init-script-shell.js';
import { keyValues } from './key-values.js';
import type { InitSystem, Look, Standing } from './look.js';

// Linux Standard Base Core, 22.2: the exit codes of an init script's `status`.
const states: Record<string, string> = { 0: 'running', 1: 'dead', 2: 'dead', 3: 'stopped' };

type Found = Record<string, string>;

function standing({ script, busy, pid, status }: Found): Standing {
  if (script === undefined) return 'unreadable';
  if (script === '') return 'unknown';
  if (Number(busy) > 0) return 'moving';
  return pid || status === '0' ? 'running' : 'down';
}

function readLook({ stdout, stderr }: ExecResult): Look {
  const found = keyValues(stdout);
  const { pid, start, pidfile, status, said, busy } = found;
  const now = standing(found);
  // Many scripts know no `status`, so a living process says more than the code.
  const state =
    now === 'running' ? 'running' : now === 'moving' ? 'init script running' : (states[status ?? ''] ?? 'stopped');
  return {
    standing: now,
    state: now === 'unreadable' ? plainLine(stderr) || 'no answer' : state,
    mark: pid ? `${pid}@${start ?? ''}` : null,
    underWay: now === 'moving',
    process: pid ? `main process ${pid}` : 'no main process',
    facts: {
      state,
      mainPid: Number(pid) || null,
      startTicks: Number(start) || null,
      pidFile: pidfile || null,
      status: said || null,
      scriptsRunning: Number(busy) || 0,
    },
  };
}

/** ` [ + ]  nginx`, as service --status-all writes, to either stream. */
function readServices({ stdout, stderr }: ExecResult): ListedService[] {
  return `${stdout}\n${stderr}`.split('\n').flatMap((line) => {
    const [, sign, name] = /^ *\[ *([+?-]) *\] +(\S+)/u.exec(plainLine(line)) ?? [];
    if (name === undefined) return [];
    return [{ name, state: sign === '+' ? 'running' : sign === '-' ? 'stopped' : 'unknown', reason: null }];
  });
}

/** ` nginx      [  started  ]`, as rc-status writes. */
function readRcStatus({ stdout }: ExecResult): ListedService[] {
  return stdout.split('\n').flatMap((line) => {
    const [, name, state] = /^ *(\S+) +\[ *(\w+)/u.exec(plainLine(line)) ?? [];
    return name === undefined || state === undefined ? [] : [{ name, state, reason: null }];
  });
}

/** The words that restart; a host without `service` has its scripts run by themselves. */
function restartWords({ init, sudo, program }: HostFacts, service: string): string[] {
  const elevate = sudo ? ['sudo', '-n'] : [];
  if (init === 'openrc') return [...elevate, 'rc-service', service, 'restart'];
  return program === null
    ? [...elevate, `/etc/init.d/${service}`, 'restart']
    : [...elevate, 'service', service, 'restart'];
}

export function initScripts(facts: HostFacts): InitSystem {
  const openrc = facts.init === 'openrc';
  const program = openrc ? 'rc-service' : facts.program === null ? '' : 'service';
  return {
    name: openrc ? 'openrc' : 'sysv',
    judgedByExit: true,
    lookCommand: (service) => shCommand(PREPARED + LOOK, service, program),
    readLook,
    restartWords: (service) => restartWords(facts, service),
    restartCommand: (service) => shCommand(PREPARED + RESTART, ...restartWords(facts, service)),
    explainCommand: (service) => shCommand(PREPARED + EXPLAIN, service, facts.sudo ? 'sudo -n' : ''),
    listCommand: () => shCommand(PREPARED + (openrc ? 'rc-status --all --nocolor' : 'service --status-all')),
    readList: openrc ? readRcStatus : readServices,
  };
}
