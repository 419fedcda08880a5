import type { ReactiveController } from 'lit';
import type { Host } from '../../controllers/index.js';
import type { FleetRow } from './row.js';

/** Which connections have their rows where they are seen, or nearly; the browser says it of each block. */
export class Sight implements ReactiveController {
  readonly #tell: (ids: ReadonlySet<number>) => void;
  readonly #blocks = new Set<Element>();

  constructor(host: Host, tell: (ids: ReadonlySet<number>) => void) {
    this.#tell = tell;
    host.addController(this);
  }

  /** A block came into sight, or left it. */
  readonly turn = ({ target, skipped }: ContentVisibilityAutoStateChangeEvent): void => {
    if (skipped) this.#blocks.delete(target as Element);
    else this.#blocks.add(target as Element);
    this.#look();
  };

  /** Rows may have come into a block that is in sight. */
  hostUpdated(): void {
    for (const block of this.#blocks) if (!block.isConnected) this.#blocks.delete(block);
    this.#look();
  }

  hostDisconnected(): void {
    this.#blocks.clear();
  }

  #look(): void {
    const rows = [...this.#blocks].flatMap((block) => [...block.querySelectorAll<FleetRow>('signalbox-fleet-row')]);
    this.#tell(new Set(rows.flatMap(({ line }) => line?.connection.id ?? [])));
  }
}
