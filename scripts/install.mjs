/** Whether the packages are those of package-lock.json, and how to make it so. Only Node's own modules: it runs first of all. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './sources.mjs';

const STAMP = 'node_modules/.signalbox-lock';
const SQLITE_HEADER = '/usr/include/sqlite3.h';

function read(directory, path) {
  try {
    return readFileSync(join(directory, path), 'utf8');
  } catch (cause) {
    if (cause.code === 'ENOENT') return null;
    throw cause;
  }
}

/** What is to be installed: the lock file, and whether what only developers need belongs to it. */
function wanted(directory, everything) {
  const lock = createHash('sha256')
    .update(read(directory, 'package-lock.json') ?? '')
    .digest('hex');
  return `${lock} ${everything ? 'everything' : 'production'}`;
}

function isNeeded(entry, everything) {
  return !entry.optional && !entry.devOptional && !entry.peer && (everything || !entry.dev);
}

/** npm keeps a list of what it installed: packages that somebody installed by hand need not be installed again. */
function matchesByHand(directory, everything) {
  const installed = read(directory, 'node_modules/.package-lock.json');
  const locked = read(directory, 'package-lock.json');
  if (!installed || !locked) return false;
  const present = JSON.parse(installed).packages;
  return Object.entries(JSON.parse(locked).packages).every(
    ([path, entry]) => path === '' || !isNeeded(entry, everything) || present[path]?.version === entry.version,
  );
}

function stamp(directory, everything) {
  writeFileSync(join(directory, STAMP), `${wanted(directory, everything)}\n`);
}

/** `everything`: also what only tests and checks need. */
export function isInstalled(directory = root, everything = false) {
  const found = read(directory, STAMP)?.trim();
  if (found === wanted(directory, true)) return true;
  if (!everything && found === wanted(directory, false)) return true;
  const kind = [true, false].find((all) => (all || !everything) && matchesByHand(directory, all));
  if (kind === undefined) return false;
  stamp(directory, kind);
  return true;
}

function isOnPath(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** sqlite3 compiles where no ready-made binary is to be had; against the system's SQLite that takes seconds, not minutes. */
export function sqliteSettings() {
  const ready = existsSync(SQLITE_HEADER) && ['make', 'g++', 'python3'].every(isOnPath);
  return ready ? { npm_config_build_from_source: 'true', npm_config_sqlite: '/usr' } : {};
}

function npm(directory, env) {
  // Under `npm start` this very npm; else the one on the PATH.
  const script = process.env.npm_execpath;
  const [command, before] = script?.endsWith('.js') ? [process.execPath, [script]] : ['npm', []];
  const args = [...before, 'ci', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
  const child = spawn(command, args, { cwd: directory, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => (output = (output + text).slice(-4000)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

/** Installs exactly what package-lock.json names. Throws an error whose message is npm's own words. */
export async function install(directory = root, everything = false) {
  const environment = { ...process.env };
  if (everything) delete environment.NODE_ENV;
  const fast = sqliteSettings();
  let { code, output } = await npm(directory, { ...environment, ...fast });
  // The system's SQLite may not suit; the one that the package brings along always does.
  if (code !== 0 && fast.npm_config_sqlite) ({ code, output } = await npm(directory, environment));
  if (code !== 0) throw new Error(`npm could not install the packages.\n${output.trim()}`);
  stamp(directory, everything || environment.NODE_ENV !== 'production');
}
