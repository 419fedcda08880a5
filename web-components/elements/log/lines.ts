import type { LogLine } from '../../client/contract.js';
import { timeOfDay } from '../durations.js';

/** Lines that are skipped as one while they are out of sight. */
const blockSize = 100;

function lineElement({ at, stream, text }: LogLine): HTMLElement {
  const line = document.createElement('div');
  line.className = stream;
  const time = document.createElement('time');
  time.dateTime = at;
  time.textContent = timeOfDay(at);
  const words = document.createElement('span');
  words.textContent = text;
  line.append(time, words);
  return line;
}

/** Keeps a container's lines equal to a log by adding what is new: a template would compare thousands of old lines each time. */
export class Lines {
  #shown: LogLine | undefined;
  #count = 0;
  #container: HTMLElement | null = null;

  /** True where lines were added. */
  show(container: HTMLElement, lines: readonly LogLine[]): boolean {
    if (container !== this.#container || this.#shown?.seq !== lines[0]?.seq || lines.length < this.#count) {
      this.#clear(container, lines[0]);
    }
    const fresh = lines.slice(this.#count);
    for (const line of fresh) this.#add(container, line);
    return fresh.length > 0;
  }

  #add(container: HTMLElement, line: LogLine): void {
    if (this.#count % blockSize === 0)
      container.append(Object.assign(document.createElement('div'), { className: 'block' }));
    container.lastElementChild?.append(lineElement(line));
    this.#count += 1;
  }

  #clear(container: HTMLElement, first: LogLine | undefined): void {
    container.replaceChildren();
    this.#container = container;
    this.#shown = first;
    this.#count = 0;
  }
}
