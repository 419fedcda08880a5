/** PostgreSQL's own programs: pg_dump writes an archive, pg_restore reads one. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Readable } from 'node:stream';
import { KeepingError } from './errors.js';

const DEBIAN = '/usr/lib/postgresql';
const LAST_WORDS = 4_000;

type Tool = 'pg_dump' | 'pg_restore';

/** The newest of Debian's, then those of the PATH: an older pg_dump refuses a newer server. */
function folders(): string[] {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  return [...versions.map((version) => join(DEBIAN, version, 'bin')), ...(process.env['PATH'] ?? '').split(delimiter)];
}

/** The program's path. Throws one sentence where it is in none of the places. */
export function pathOf(tool: Tool, places = folders()): string {
  const path = places.map((folder) => join(folder, tool)).find((each) => existsSync(each));
  if (path) return path;
  throw new KeepingError(`${tool} was found neither in PATH nor in ${DEBIAN}.`, {
    hint: 'Install the client programs of PostgreSQL (Debian: postgresql-client).',
  });
}

/** A password is no argument: every account of a machine sees those. */
export function addressParts(databaseUrl: string): { address: string; env: Record<string, string> } {
  const url = new URL(databaseUrl);
  const password = url.searchParams.get('password') ?? decodeURIComponent(url.password);
  url.password = '';
  url.searchParams.delete('password');
  return { address: url.href, env: password ? { PGPASSWORD: password } : {} };
}

export interface ToolRun {
  output: Readable;
  /** Rejects with what the program said last where it failed. */
  ended: Promise<void>;
  stop(): void;
}

function endOf(child: ChildProcessByStdio<null, Readable, Readable>, tool: Tool): Promise<void> {
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-LAST_WORDS)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new KeepingError(`${tool} failed: ${said.trim() || 'it did not say why'}`)),
    );
  });
}

/** Runs it in UTC, in which an archive keeps its time, and in English, which is what its hints are known in. */
export function runTool(tool: Tool, args: string[], env: Record<string, string> = {}): ToolRun {
  const child = spawn(pathOf(tool), args, {
    env: { ...process.env, TZ: 'UTC', LC_ALL: 'C', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = endOf(child, tool);
  // Who reads the output first gets the same words a little later.
  ended.catch(() => undefined);
  return { output: child.stdout, ended, stop: () => void child.kill() };
}

export async function textOf({ output, ended }: ToolRun): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of output) parts.push(part as Buffer);
  await ended;
  return Buffer.concat(parts).toString('utf8');
}
