/** `backup FILE [--force]` and `restore FILE`, as a person at the terminal meets them. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig, SettingsError } from '../settings/settings.js';
import type { KeepingConfig, RestoreReport } from './contract.js';
import { KeepingError } from './errors.js';
import { checkKind } from './kinds.js';
import { backUpPostgres, restorePostgres } from './postgres.js';
import { keyPlaces } from './sealed.js';
import { backUpSqlite, restoreSqlite } from './sqlite.js';

const EXIT_MISTAKE = 2;
const EXIT_FAILED = 1;
const USAGE = { backup: 'npm run backup -- FILE [--force]', restore: 'npm run restore -- FILE' };

type Command = keyof typeof USAGE;

/** What the command is run with. */
export interface Surroundings {
  env: NodeJS.ProcessEnv;
  /** Where a relative FILE begins. */
  directory: string;
  say(line: string): void;
  complain(line: string): void;
}

interface Wanted {
  file: string;
  force: boolean;
}

function wanted(command: Command, args: string[], directory: string): Wanted {
  const options = command === 'backup' ? { force: { type: 'boolean' as const } } : {};
  const usage = (cause?: unknown) => new KeepingError(`Usage: ${USAGE[command]}`, { cause });
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [file, ...more] = positionals;
    if (!file || more.length > 0) throw usage();
    return { file: resolve(directory, file), force: values['force'] === true };
  } catch (error) {
    throw error instanceof TypeError ? usage(error) : error;
  }
}

async function backUp({ file, force }: Wanted, config: KeepingConfig, { env, say }: Surroundings): Promise<void> {
  const request = { config, file, force, now: Date.now() };
  if (config.databaseUrl) await backUpPostgres(config.databaseUrl, request);
  else await backUpSqlite(request);
  const { secretKey, jwtSecret } = keyPlaces(env, config.dataDir);
  say(`Backed up to ${file} (${Math.ceil(statSync(file).size / 1024)} KiB).`);
  say(`Not in it: ${secretKey}, without which no stored credential opens. Keep a copy of that apart from the backup.`);
  say(`Not in it: ${jwtSecret}, which signs tokens. Without it everybody signs in again.`);
}

const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;

function tell(report: RestoreReport, file: string, secretKey: string, { say }: Surroundings): void {
  const { backedUpAt, schema, kept, wasDamaged, parked, moved, unopened } = report;
  say(`Restored ${file}: the state of ${backedUpAt}, schema ${schema}, brought to the newest.`);
  if (kept) say(`What was there before is kept in ${kept}.`);
  if (wasDamaged) say('It was damaged: whoever was signed out since the backup may be signed in again.');
  if (parked > 0)
    say(
      `${count(parked, 'operation was', 'operations were')} under way then and failed as OP_RESTORED: look there first.`,
    );
  if (moved > 0) say(`${count(moved, 'schedule', 'schedules')} had come due since and will run at the next moment.`);
  if (unopened.count === 0) return;
  say(
    `${count(unopened.count, 'stored secret was', 'stored secrets were')} sealed under a key that is not here (${unopened.keyIds.join(', ')}). ` +
      `Give the server that key (${secretKey}) or enter them again.`,
  );
}

async function restore({ file }: Wanted, config: KeepingConfig, surroundings: Surroundings): Promise<void> {
  checkKind(file, config.databaseUrl ? 'postgres' : 'sqlite');
  const request = { config, file, now: Date.now() };
  const report = await (config.databaseUrl ? restorePostgres(config.databaseUrl, request) : restoreSqlite(request));
  tell(report, file, keyPlaces(surroundings.env, config.dataDir).secretKey, surroundings);
}

/** What a driver says after the statement, which holds values. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const at = error.message.lastIndexOf(' - ');
  return at < 0 ? error.message : error.message.slice(at + 3);
}

function explain(error: unknown, command: string, { complain }: Surroundings): number {
  if (error instanceof SettingsError) {
    for (const mistake of error.mistakes) complain(mistake);
    return EXIT_MISTAKE;
  }
  complain(error instanceof KeepingError ? error.message : `The ${command} failed: ${reasonOf(error)}`);
  if (error instanceof KeepingError && error.hint) complain(error.hint);
  return EXIT_FAILED;
}

/** Runs `backup` or `restore` with what follows; answers with the exit code: 0, 1 where it failed, 2 where the settings can't be used. */
export async function command([name, ...args]: string[], surroundings: Surroundings): Promise<number> {
  if (name !== 'backup' && name !== 'restore') {
    surroundings.complain(`Usage: ${USAGE.backup}, or ${USAGE.restore}`);
    return EXIT_FAILED;
  }
  try {
    const asked = wanted(name, args, surroundings.directory);
    const config = loadConfig(surroundings.env);
    await (name === 'backup' ? backUp(asked, config, surroundings) : restore(asked, config, surroundings));
    return 0;
  } catch (error) {
    return explain(error, name, surroundings);
  }
}
