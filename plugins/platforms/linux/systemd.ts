/** systemd: told by systemctl restart, judged by what systemctl show says, never by an exit code alone. */
import type { ListedService } from '../../../server/platforms/contract.js';
import type { ExecResult } from '../../../server/ssh/contract.js';
import { shCommand } from '../../../server/ssh/quote.js';
import { plainLine } from '../../../server/ssh/text.js';
import { PREPARED } from './host-facts.js';
import { keyValues } from './key-values.js';
import type { InitSystem, Look, Standing } from './look.js';

// org.freedesktop.systemd1(5); Job is shown only while a job is queued or runs.
const PROPERTIES = [
  ...['LoadState', 'ActiveState', 'SubState', 'Result', 'Type', 'RemainAfterExit', 'Job', 'NRestarts'],
  ...['MainPID', 'ExecMainStatus', 'ExecMainStartTimestampMonotonic'],
  ...['ActiveEnterTimestamp', 'ActiveEnterTimestampMonotonic'],
].join(',');

type Shown = Record<string, string>;

const number = (text: string | undefined) => Number.parseInt(text ?? '', 10) || 0;

/**
 * A oneshot without RemainAfterExit has done its work when it is inactive again. Where no other unit refers to it,
 * systemd forgets at once that it ever ran: then it has no mark either, and nothing can be said of it.
 */
const mayHaveRunToItsEnd = (shown: Shown) =>
  shown.Type === 'oneshot' && shown.RemainAfterExit !== 'yes' && shown.Result === 'success';

/** Its own restart after a failure, which is a job too; one that somebody asks for begins to count anew. */
const isAutomatic = (shown: Shown) => shown.ActiveState === 'activating' && number(shown.NRestarts) > 0;

function standing(shown: Shown): Standing {
  if (shown.LoadState === undefined || shown.ActiveState === undefined) return 'unreadable';
  if (shown.LoadState === 'not-found') return 'unknown';
  if (shown.LoadState === 'masked') return 'masked';
  if (number(shown.Job) > 0) return 'moving';
  if (shown.ActiveState === 'active') return 'running';
  if (shown.ActiveState === 'failed') return 'failed';
  if (shown.ActiveState === 'inactive') return mayHaveRunToItsEnd(shown) ? 'running' : 'down';
  return 'moving';
}

/**
 * The process and when it began, which stays the same while the unit gets ready; a oneshot has no process left. Only a
 * daemon whose process systemd does not know goes by the moment at which the unit became active.
 */
function mark(shown: Shown): string | null {
  const begun = number(shown.ExecMainStartTimestampMonotonic) || number(shown.ActiveEnterTimestampMonotonic);
  const parts = [number(shown.MainPID), begun];
  return parts.some((part) => part > 0) ? parts.join('@') : null;
}

function readLook({ stdout, stderr }: ExecResult): Look {
  const shown = keyValues(stdout);
  const pid = number(shown.MainPID);
  const state = `${shown.ActiveState ?? '?'}/${shown.SubState ?? '?'}`;
  return {
    standing: standing(shown),
    state: shown.ActiveState === undefined ? plainLine(stderr) || 'no answer' : state,
    mark: mark(shown),
    // A unit that is restarted automatically again and again is moving too, but that is no reason to leave it alone.
    underWay:
      (number(shown.Job) > 0 && !isAutomatic(shown)) || ['deactivating', 'reloading'].includes(shown.ActiveState ?? ''),
    process: pid > 0 ? `main process ${pid}` : 'no main process',
    facts: {
      state,
      result: shown.Result ?? null,
      mainPid: pid || null,
      activeSince: shown.ActiveEnterTimestamp || null,
      activeSinceMonotonic: number(shown.ActiveEnterTimestampMonotonic) || null,
      exitStatus: number(shown.ExecMainStatus),
      automaticRestarts: number(shown.NRestarts),
    },
  };
}

function readList({ stdout }: ExecResult): ListedService[] {
  return stdout.split('\n').flatMap((line) => {
    const [unit, load, active, sub] = plainLine(line).split(' ');
    if (!unit?.endsWith('.service') || active === undefined || sub === undefined) return [];
    return [{ name: unit, state: `${active}/${sub}`, reason: load === 'loaded' ? null : (load ?? null) }];
  });
}

export function systemd(sudo: boolean): InitSystem {
  const words = (service: string) => [...(sudo ? ['sudo', '-n'] : []), 'systemctl', 'restart', '--', service];
  const journal = 'journalctl --no-pager -q -n 20 -o cat -u "$1"';
  return {
    name: 'systemd',
    judgedByExit: false,
    lookCommand: (service) => shCommand(`${PREPARED}systemctl --no-pager show -p ${PROPERTIES} -- "$1"`, service),
    readLook,
    restartWords: words,
    restartCommand: (service) =>
      shCommand(`${PREPARED}${sudo ? 'sudo -n ' : ''}systemctl restart -- "$1" 2>&1`, service),
    // What an ordinary account may not read comes out empty; asking sudo then costs an entry in its log, no more.
    explainCommand: (service) =>
      shCommand(
        `${PREPARED}j=$(${journal} 2>/dev/null); ${sudo ? `[ "$j" ] || j=$(sudo -n ${journal} 2>/dev/null); ` : ''}printf "%s\\n" "$j"`,
        service,
      ),
    listCommand: () =>
      shCommand(`${PREPARED}systemctl --no-pager --plain --no-legend --full list-units --type=service --all`),
    readList,
  };
}
