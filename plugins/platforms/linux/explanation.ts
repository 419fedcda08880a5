/** What the machine has to say about a failure: the command's output, its journal, its own test of the configuration. */
import type { JsonObject } from '../../../server/operations/contract.js';
import { Deadline } from '../../../server/ssh/deadline.js';
import { SshError } from '../../../server/ssh/errors.js';
import type { Remote } from '../../../server/ssh/remote.js';
import { plainLine, plainText } from '../../../server/ssh/text.js';
import type { CommandEnd } from './judgement.js';
import type { InitSystem } from './look.js';

const LEAST_MS = 2_000;
const MOST_MS = 10_000;
const MAX_QUOTE = 300;
/** Worth quoting, the first kind before the second. */
const TELLING = [
  /\b(?:emerg|alert|crit|fatal|panic)\b/iu,
  /\b(?:error|failed|cannot|can't|unable|denied|refused|invalid|unknown)\b/iu,
];
/** systemd's own lines about a unit say less than what the unit itself wrote. */
const FRAMING = /^(?:\S+\.\w+: |Failed to start |Start(?:ed|ing) |Stopp(?:ed|ing) |Job for |See )/u;

export interface Explanation {
  /** One line for the sentence; empty where the machine said nothing. */
  quote: string;
  /** For the result. */
  detail: JsonObject;
}

const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => plainLine(line, MAX_QUOTE))
    .filter((line) => line !== '');

/** The last line of the most telling kind that there is, else what a failed command said last, else nothing. */
function mostTelling(output: string, said: string, failed: boolean): string {
  const all = [output, said].flatMap(lines).filter((line) => !FRAMING.test(line));
  const telling = TELLING.map((pattern) => all.filter((line) => pattern.test(line)).at(-1));
  const own = lines(output);
  const last = own.filter((line) => !FRAMING.test(line)).at(-1) ?? own[0] ?? '';
  return telling.find((line) => line !== undefined) ?? (failed ? last : '');
}

export interface Explained {
  init: InitSystem;
  service: string;
  remote: Remote;
  end: CommandEnd | null;
  /** The restart's own: past it the machine gets only a moment more. */
  deadline: Deadline;
}

/** Asks once, within a moment: a machine that can no longer be reached has nothing more to say. */
async function ask({ init, service, remote, deadline }: Explained): Promise<string> {
  const limit = new Deadline(Math.min(MOST_MS, Math.max(LEAST_MS, deadline.leftMs)));
  try {
    const { stdout } = await remote.look(init.explainCommand(service), limit);
    return plainText(stdout).trim();
  } catch (error) {
    if (!(error instanceof SshError)) throw error;
    return '';
  }
}

export async function explain(explained: Explained): Promise<Explanation> {
  const { init, service, end } = explained;
  const output = end?.kind === 'exited' ? end.output : '';
  const exitCode = end?.kind === 'exited' ? end.code : null;
  const said = await ask(explained);
  const where = init.name === 'systemd' ? 'journal' : 'configurationTest';
  return {
    quote: mostTelling(output, said, exitCode !== 0),
    detail: { command: init.restartWords(service).join(' '), exitCode, output, [where]: said },
  };
}
