/**
 * knex' own dialect for SQLite, with statements that are prepared once. The driver prepares each query anew, which takes longer than
 * most of ours run: reading the text of a gathered write costs as much as storing sixteen operations by it.
 */
import { createRequire } from 'node:module';
import type { Knex } from 'knex';

/** As many as a house has queries; the least recently used goes first. A list of ids makes a text of its own for each length. */
export const KEPT = 300;
/** What is asked again. A schema's statements are not, and a pragma may have to be prepared anew. */
const ASKED_AGAIN = /^\s*(select|with|insert|update|delete|begin|commit|rollback|savepoint|release)\b/i;

type Done<T> = (this: { lastID: number; changes: number }, error: Error | null, answer: T) => void;

interface Statement {
  all(bindings: unknown[], done: Done<unknown[]>): void;
  run(bindings: unknown[], done: Done<undefined>): void;
  finalize(done: () => void): void;
}

interface Connection {
  prepare(sql: string, done: (error: Error | null) => void): Statement;
}

interface Query {
  sql: string;
  bindings?: unknown[];
  method?: string;
  returning?: unknown;
  response?: unknown;
  context?: unknown;
}

interface Dialect {
  new (config: Knex.Config): {
    _query(connection: Connection, query: Query): Promise<Query>;
    destroyRawConnection(connection: Connection): Promise<void>;
  };
}

const Sqlite = createRequire(import.meta.url)('knex/lib/dialects/sqlite3/index.js') as Dialect;

/** Whether knex wants the number of the changed rows, or the last id, instead of rows. */
const wantsCounts = ({ method, returning }: Query): boolean =>
  method === 'del' || method === 'counter' || ((method === 'insert' || method === 'update') && !returning);

/** The statements of one connection. knex gives a connection one query at a time, so each is free when it is asked for. */
class Prepared {
  readonly #connection: Connection;
  readonly #statements = new Map<string, Statement>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  run(query: Query): Promise<Query> {
    const { sql, bindings = [] } = query;
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => {
        void this.#forget(sql);
        reject(error);
      };
      const statement = this.#statement(sql, fail);
      const settle: Done<unknown> = function (error, response) {
        if (error) return reject(error);
        // The next run of the statement writes over them.
        const { lastID, changes } = this;
        resolve(Object.assign(query, { response, context: { lastID, changes } }));
      };
      if (wantsCounts(query)) statement.run(bindings, settle);
      else statement.all(bindings, settle);
    });
  }

  /** A file is closed only when none of its statements is left. */
  async end(): Promise<void> {
    await Promise.all([...this.#statements.keys()].map((sql) => this.#forget(sql)));
  }

  /** `fail` hears of a text that can't be prepared. */
  #statement(sql: string, fail: (error: Error) => void): Statement {
    const known = this.#statements.get(sql);
    const statement = known ?? this.#connection.prepare(sql, (error) => error && fail(error));
    this.#statements.delete(sql);
    this.#statements.set(sql, statement);
    const [oldest = sql] = this.#statements.keys();
    if (this.#statements.size > KEPT) void this.#forget(oldest);
    return statement;
  }

  #forget(sql: string): Promise<void> {
    const statement = this.#statements.get(sql);
    this.#statements.delete(sql);
    return new Promise((resolve) => (statement ? statement.finalize(resolve) : resolve()));
  }
}

// Not the client's own: knex makes clients for transactions that no constructor has seen.
const prepared = new WeakMap<Connection, Prepared>();

/** For knex' setting `client`. */
export class PreparedSqlite extends Sqlite {
  override _query(connection: Connection, query: Query): Promise<Query> {
    if (!ASKED_AGAIN.test(query.sql)) return super._query(connection, query);
    const known = prepared.get(connection) ?? new Prepared(connection);
    prepared.set(connection, known);
    return known.run(query);
  }

  override async destroyRawConnection(connection: Connection): Promise<void> {
    await prepared.get(connection)?.end();
    return super.destroyRawConnection(connection);
  }
}
