import { html, type TemplateResult } from 'lit';
import type { Operation } from '../../client/contract.js';

/** What a rail knows of a step: how long it is beside the others. */
interface Weighted {
  weight: number;
}

/** Where each step but the first begins, in percent of the line. */
export function ticksOf(steps: readonly Weighted[]): number[] {
  const total = steps.reduce((sum, { weight }) => sum + weight, 0);
  let sum = 0;
  return steps.slice(0, -1).map(({ weight }) => ((sum += weight) / total) * 100);
}

/** The thin rail with a tick where each step begins. */
export function stepTrack(steps: readonly Weighted[], operation: Operation): TemplateResult {
  const { progress, status } = operation;
  return html`<span class="track ${status}" .style=${`--p:${progress}%`}
    ><i></i>${ticksOf(steps).map(
      (at) => html`<b class=${at > progress ? 'ahead' : ''} .style=${`--at:${at}%`}></b>`,
    )}</span
  >`;
}
