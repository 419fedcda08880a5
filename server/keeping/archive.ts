/** An archive of pg_dump: made, looked at, and read as the SQL and the rows that it holds. */
import { statSync } from 'node:fs';
import { KeepingError } from './errors.js';
import { addressParts, runTool, textOf } from './postgres-tools.js';

// The database may have other names for its accounts where it is restored.
const WITHOUT_ACCOUNTS = ['--no-owner', '--no-privileges'];
const NEW_LINE = 0x0a;
const CHUNK_BYTES = 64 * 1024;

/** One snapshot of the database, taken while others go on. */
export async function dump(databaseUrl: string, file: string): Promise<void> {
  const { address, env } = addressParts(databaseUrl);
  const args = ['--format=custom', ...WITHOUT_ACCOUNTS, '--no-password', `--file=${file}`, `--dbname=${address}`];
  await textOf(runTool('pg_dump', args, env));
}

/** When it was made, as ISO; null where it holds nothing of Signalbox. Throws where its list can't be read. */
export async function look(file: string): Promise<string | null> {
  const list = await textOf(runTool('pg_restore', ['--list', file]));
  if (!/ TABLE DATA \S+ store_meta /.test(list)) return null;
  const made = /Archive created at (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/.exec(list);
  return made ? `${made[1]}T${made[2]}.000Z` : statSync(file).mtime.toISOString();
}

/** Either statements, or the rows that follow a COPY, as they go over the wire. */
export type Part = { sql: string } | { copy: string; rows: AsyncIterable<Buffer> };

async function* linesOf(output: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const part of output) {
    let bytes = rest.length > 0 ? Buffer.concat([rest, part]) : part;
    for (let end = bytes.indexOf(NEW_LINE); end >= 0; end = bytes.indexOf(NEW_LINE)) {
      yield bytes.subarray(0, end + 1);
      bytes = bytes.subarray(end + 1);
    }
    rest = bytes;
  }
  if (rest.length > 0) yield rest;
}

/** Up to the line that ends them. */
async function* rowsOf(lines: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  let chunk: Buffer[] = [];
  let bytes = 0;
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    if (next.value.toString('latin1').trimEnd() === '\\.') {
      if (bytes > 0) yield Buffer.concat(chunk);
      return;
    }
    chunk.push(next.value);
    bytes += next.value.length;
    if (bytes < CHUNK_BYTES) continue;
    yield Buffer.concat(chunk);
    [chunk, bytes] = [[], 0];
  }
  throw new KeepingError('The archive ended in the middle of a table.');
}

/** Each part is to be used up before the next is asked for. Backslash commands are for psql alone, and are left out. */
export async function* partsOf(output: AsyncIterable<Buffer>): AsyncGenerator<Part> {
  const lines = linesOf(output);
  let sql = '';
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    const line = next.value.toString('utf8');
    if (/^\\(un)?restrict /.test(line)) continue;
    if (!/^COPY .* FROM stdin;$/.test(line.trimEnd())) sql += line;
    else {
      yield { sql };
      sql = '';
      yield { copy: line, rows: rowsOf(lines) };
    }
  }
  yield { sql };
}

/** The whole archive as SQL. */
export const script = (file: string) => runTool('pg_restore', [...WITHOUT_ACCOUNTS, '--file=-', file]);
