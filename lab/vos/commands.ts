/** The commands of the CLI, each by its own words. */
import type { VosNode } from './node.js';
import { serviceCommand } from './service-commands.js';
import * as say from './transcript.js';
import type { Turn } from './turn.js';

/** `rest` is what stands behind the command's own words. */
export type Command = (turn: Turn, node: VosNode, rest: string) => Promise<void> | void;

/** Those that take no argument. */
const fixed = new Map<string, Command>([
  ['set cli pagination off', setPagination(false)],
  ['set cli pagination on', setPagination(true)],
  ['show cert list own', (turn, { identity }) => turn.list([say.certificateLine(identity.stored.issuer)])],
  ['show status', (turn, { clock, settings }) => turn.list(say.status(new Date(), clock.seconds(), settings.hostname))],
  ['show version active', (turn) => turn.list(say.versionActive)],
  ['utils service list', listServices],
]);

const withName = new Map<string, Command>([
  ['utils service restart', serviceCommand('restart')],
  ['utils service start', serviceCommand('start')],
  ['utils service stop', serviceCommand('stop')],
]);

/** Carries a line out, or says that it is none. Case and blanks count. */
export async function execute(line: string, turn: Turn, node: VosNode): Promise<void> {
  const command = fixed.get(line);
  if (command) return command(turn, node, '');
  for (const [words, takesName] of withName)
    if (line.startsWith(`${words} `)) return takesName(turn, node, line.slice(words.length + 1));
  turn.print(say.NO_VALID_COMMAND);
}

function setPagination(on: boolean): Command {
  return (turn, { faults }) => {
    if (faults.pager_left_on && !on) return;
    turn.setPager(on);
    turn.print(on ? say.PAGINATION_ON : say.PAGINATION_OFF);
  };
}

function listServices(turn: Turn, { services, settings, faults }: VosNode): Promise<void> {
  const lines = say.serviceList(services.all(), settings.primary);
  return turn.list(faults.harmless_error ? [say.HARMLESS_ERROR, ...lines] : lines);
}
