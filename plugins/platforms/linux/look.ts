/** What one look at a service finds, whichever init system runs it. Types only. */
import type { JsonObject } from '../../../server/operations/contract.js';
import type { ListedService } from '../../../server/platforms/contract.js';
import type { ExecResult } from '../../../server/ssh/contract.js';

export type Standing =
  /** It runs, or has run to its end where that is what it does. */
  | 'running'
  /** Something is under way that will end by itself. */
  | 'moving'
  /** It does not run, and nothing says that it failed. */
  | 'down'
  | 'failed'
  /** The machine knows no such service. */
  | 'unknown'
  /** The machine keeps it from being started. */
  | 'masked'
  /** The machine did not say. */
  | 'unreadable';

export interface Look {
  standing: Standing;
  /** The machine's own word: `active/running`, `running`, `stopped`, … */
  state: string;
  /** Differs after each start: main process and when it began; null where none can be found. */
  mark: string | null;
  /** Whether somebody's own start, stop or restart of it is under way. */
  underWay: boolean;
  /** In words, for a sentence: `main process 4711`. */
  process: string;
  /** What is shown of it in a result. */
  facts: JsonObject;
}

/** One init system: how it is asked, told, and what its answers mean. */
export interface InitSystem {
  readonly name: 'systemd' | 'openrc' | 'sysv';
  /** Whether an exit code above 0 is a failure whatever the state is afterwards. */
  readonly judgedByExit: boolean;
  lookCommand(service: string): string;
  readLook(answer: ExecResult): Look;
  /** As a person would type it, for the log, for sentences and for a rule of sudo; only the first word may need a path. */
  restartWords(service: string): string[];
  restartCommand(service: string): string;
  /** Collects, after a failure, what the machine itself has to say about it. */
  explainCommand(service: string): string;
  listCommand(): string;
  readList(answer: ExecResult): ListedService[];
}
