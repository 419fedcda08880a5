/** Units for a real systemd that a test can hold where it wants them, and that note what is done to them. */
import { execFile } from 'node:child_process';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Systemd } from './systemd.js';

const PATIENCE_MS = 30_000;

/** Asks until nothing is amiss; rejects with what is, after half a minute. */
async function seen(amiss: () => Promise<string | null>): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  for (let what = await amiss(); what !== null; what = await amiss()) {
    if (performance.now() > until) throw new Error(`Still ${what}.`);
  }
}

export interface Gate {
  /** The shell's line that waits here; it waits for nothing until `close`. */
  wait: string;
  close(): Promise<void>;
  /** Resolves when somebody waits here. */
  reached(): Promise<void>;
  /** Lets one through, now or when it comes. */
  open(): Promise<void>;
}

export class SystemdUnits {
  readonly #host: Systemd;

  constructor(host: Systemd) {
    this.#host = host;
  }

  /** A path in the host's folder. */
  file(name: string): string {
    return join(this.#host.folder, name);
  }

  /** Lines of its section Service; other sections may follow. It notes each of its starts. */
  async define(unit: string, ...lines: string[]): Promise<void> {
    const note = `ExecStartPre=/bin/sh -c 'echo start >>${this.#host.folder}/%N.starts'`;
    await this.#host.define({ [`${unit}.service`]: ['[Service]', note, ...lines, ''].join('\n') });
  }

  /** How often it was started so far. */
  async starts(unit: string): Promise<number> {
    return (await readFile(this.file(`${unit}.starts`), 'utf8')).trim().split('\n').length;
  }

  async #shown(unit: string, properties: string[]): Promise<string[]> {
    const text = await this.#host.systemctl('show', '-p', properties.join(), '--', unit);
    const values = new Map(text.split('\n').map((line) => line.split('=', 2) as [string, string]));
    return properties.map((name) => values.get(name) ?? '');
  }

  async mainPid(unit: string): Promise<number> {
    return Number(await this.#shown(unit, ['MainPID']));
  }

  /** Resolves when it is in this state, `active/running`. */
  async reaches(unit: string, state: string): Promise<void> {
    await seen(async () => {
      const now = (await this.#shown(unit, ['ActiveState', 'SubState'])).join('/');
      return now === state ? null : `${unit} is ${now} instead of ${state}`;
    });
  }

  /** The words that run these lines, for a unit's `ExecStart=` and the like. */
  async script(name: string, ...lines: string[]): Promise<string> {
    await writeFile(this.file(name), `${lines.join('\n')}\n`);
    return `/bin/sh ${this.file(name)}`;
  }

  /** A fifo, once it is closed. */
  gate(name: string): Gate {
    const fifo = this.file(`${name}.gate`);
    const reached = `${fifo}.reached`;
    return {
      wait: `[ ! -e ${fifo} ] || { touch ${reached}; read -r _ <${fifo}; }`,
      close: async () => void (await promisify(execFile)('mkfifo', [fifo])),
      reached: () =>
        seen(() =>
          access(reached).then(
            () => null,
            () => `nobody at the gate ${name}`,
          ),
        ),
      open: () => writeFile(fifo, '\n'),
    };
  }

  /** Starts a unit whose main process, told to end, waits at the gate; `lines` as for `define`. */
  async startReluctant(unit: string, ...lines: string[]): Promise<Gate> {
    const gate = this.gate(unit);
    await gate.close();
    const main = await this.script(unit, `trap '${gate.wait}; exit 0' TERM`, 'while :; do sleep 1000 & wait; done');
    await this.define(unit, `ExecStart=${main}`, ...lines);
    await this.#host.systemctl('start', unit);
    return gate;
  }
}
