/**
 * COPY … FROM stdin over a connection of pg, which brings the messages but no query that sends them.
 * https://www.postgresql.org/docs/15/protocol-flow.html#PROTOCOL-COPY
 */
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Client, Connection, Submittable } from 'pg';

/** What pg's connection has for this and its types leave out. */
interface CopyConnection {
  stream: Writable;
  query(sql: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
}

const copying = (connection: Connection) => connection as unknown as CopyConnection;

class CopyIn implements Submittable {
  readonly done: Promise<void>;
  readonly #sql: string;
  readonly #rows: AsyncIterable<Buffer>;
  #resolve: () => void = () => undefined;
  #reject: (cause: unknown) => void = () => undefined;
  #failed = false;

  constructor(sql: string, rows: AsyncIterable<Buffer>) {
    this.#sql = sql;
    this.#rows = rows;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: Connection): void {
    copying(connection).query(this.#sql);
  }

  handleCopyInResponse(connection: Connection): void {
    this.#send(copying(connection)).catch((error: unknown) => {
      this.#fail(error);
      copying(connection).sendCopyFail('the rows could not be read');
    });
  }

  handleCommandComplete(): void {}

  /** The first reason counts: the server's word that we gave up comes after ours. */
  handleError(error: unknown): void {
    this.#fail(error);
  }

  handleReadyForQuery(): void {
    if (!this.#failed) this.#resolve();
  }

  async #send(connection: CopyConnection): Promise<void> {
    for await (const chunk of this.#rows) {
      if (this.#failed) return;
      connection.sendCopyFromChunk(chunk);
      if (connection.stream.writableNeedDrain) await once(connection.stream, 'drain');
    }
    connection.endCopyFrom();
  }

  #fail(cause: unknown): void {
    this.#failed = true;
    this.#reject(cause);
  }
}

/** Sends the rows, in COPY's text form, into the table that the statement names. Uses up `rows` unless it fails. */
export async function copyIn(client: Client, sql: string, rows: AsyncIterable<Buffer>): Promise<void> {
  await client.query(new CopyIn(sql, rows)).done;
}
