/** Progress out of the steps' weights: never falls, and stays below 100 until the end. */
import type { StepDefinition, StepPosition } from '../contract.js';

export const HIGHEST_BEFORE_END = 99;

export class Progress {
  readonly #steps: StepDefinition[];
  readonly #total: number;
  #index = -1;
  #percent: number;

  /** `percent` is where a run that goes on from a checkpoint stands already. */
  constructor(steps: StepDefinition[], percent = 0) {
    this.#steps = steps;
    this.#total = steps.reduce((sum, step) => sum + step.weight, 0);
    this.#percent = percent;
  }

  get percent(): number {
    return this.#percent;
  }

  /** Enters a step; it must be declared and stand after the one before. */
  enter(key: string): StepPosition {
    const index = this.#steps.findIndex((step) => step.key === key);
    const step = this.#steps[index];
    if (!step) throw new Error(`expected step to be one of ${this.#steps.map((s) => s.key).join(', ')}, got ${key}`);
    if (index <= this.#index) throw new Error(`expected steps in their declared order, got ${key} again or too late`);
    this.#index = index;
    this.set(0);
    return { key, title: step.title, index: index + 1, count: this.#steps.length };
  }

  /** Sets how much of the present step is done, 0–1. */
  set(fraction: number): void {
    const done = this.#steps.slice(0, this.#index).reduce((sum, step) => sum + step.weight, 0);
    const share = (this.#steps[this.#index]?.weight ?? 0) * Math.min(1, Math.max(0, fraction || 0));
    const percent = Math.floor((100 * (done + share)) / this.#total);
    this.#percent = Math.max(this.#percent, Math.min(HIGHEST_BEFORE_END, percent));
  }
}
