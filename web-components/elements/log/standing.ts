import { html, nothing, type TemplateResult } from 'lit';
import type { ConnectionState, Operation } from '../../client/contract.js';
import { isActive } from '../../client/index.js';
import { msg, str } from '../../localisation/door.js';
import { timeOfDay } from '../durations.js';
import { type Aspect, lamp } from '../lamp/lamp.js';
import { staleSentence } from '../words.js';

const said = (aspect: Aspect, words: string): TemplateResult =>
  html`<span class="standing">${lamp(aspect)} ${words}</span>`;

function ended({ status }: Operation, at: string): TemplateResult {
  if (status === 'failed') return said('failed', msg(str`Ended at ${at}, failed`));
  if (status === 'cancelled') return said('cancelled', msg(str`Ended at ${at}, cancelled`));
  return html`<span>${msg(str`Ended at ${at}`)}</span>`;
}

/** Whether more may come, and how it comes; of an operation that is not known nothing is claimed. */
export function standing(state: ConnectionState, operation: Operation | null): TemplateResult | typeof nothing {
  switch (state.phase) {
    case 'reconnecting':
      return said('stale', staleSentence(state));
    case 'signed-out':
      return said('locked', msg('Signed out'));
    case 'closed':
      return said('stale', msg('Disconnected'));
    case 'connecting':
      return nothing;
    case 'live':
    case 'polling':
      break;
  }
  if (!operation) return nothing;
  if (operation.completedAt !== null) return ended(operation, timeOfDay(operation.completedAt));
  if (!isActive(operation)) return nothing;
  if (operation.status === 'pending') return said('pending', msg('Waiting'));
  return state.phase === 'live' ? said('live', msg('Live')) : said('pending', msg('Checked every few seconds'));
}
