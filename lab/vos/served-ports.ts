/** The TLS ports of a node, 443 and 8443: the same Tomcat stands behind both, so they open and close together. */
import { ServedPort, type ServedPortOptions } from './served-port.js';

export interface ServedPortsOptions extends Omit<ServedPortOptions, 'port'> {
  /** 0: a free one. */
  ports: number[];
}

export class ServedPorts {
  readonly #ports: ServedPort[] = [];
  readonly #options: ServedPortsOptions;
  #open = false;

  private constructor(options: ServedPortsOptions) {
    this.#options = options;
  }

  /** Opens the ports for the first time. */
  static async start(options: ServedPortsOptions): Promise<ServedPorts> {
    const all = new ServedPorts(options);
    const changed = () => all.#notice();
    try {
      for (const port of options.ports) all.#ports.push(await ServedPort.start({ ...options, port, changed }));
    } catch (error) {
      all.close();
      throw error;
    }
    all.#notice();
    return all;
  }

  /** In the order of the options. */
  get numbers(): number[] {
    return this.#ports.map(({ port }) => port);
  }

  /** Since when all are open, in milliseconds of the epoch; null while one is closed. */
  get since(): number | null {
    const times = this.#ports.map(({ since }) => since);
    const complete = times.length === this.#options.ports.length;
    return complete && times.every((time) => time !== null) ? Math.max(...times) : null;
  }

  open(): void {
    for (const port of this.#ports) port.open();
  }

  close(): void {
    for (const port of this.#ports) port.close();
  }

  #notice(): void {
    const open = this.since !== null;
    if (open === this.#open) return;
    this.#open = open;
    this.#options.changed(open);
  }
}
