/** What a form says that the server has refused: beneath its fields, and as a whole. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Problem } from '../client/contract.js';
import { lamp } from '../elements/lamp/lamp.js';
import { problemSentence } from '../elements/words.js';
import { settingName } from './settings/setting-name.js';

/** What has a line for each of its items in a form. */
const linesOf = /^"?(?:certificate\.)?(?:services|names|endpoints|contactEmails)\[(\d+)\](?:\.\w+)?"? /;

/** “hostname must be a DNS name” beneath the field of that name: “This must be a DNS name.” */
function beneath(message: string): string {
  const words = message
    .replace(linesOf, (_, index: string) => `Line ${Number(index) + 1} `)
    .replace(/^"?[\w.]+"? (?=(is|must|may|length|contains|need|needs|fails) )/, 'This ');
  return words.endsWith('.') ? words : `${words}.`;
}

/** The field that a pointer means: a setting out of a schema has one of its own, a list is one field. */
function fieldOf(pointer: string): string {
  const [first = '', second] = pointer.replace(/^\/(certificate\/(renewal\/)?)?/, '').split('/');
  return /^(platformSettings|settings|install)$/.test(first) && second ? settingName(second) : first;
}

/** The messages of a refused form by field, from the problem document's JSON pointers. */
export function fieldErrors(problem: Problem | null): Record<string, string> {
  const errors = problem?.body['errors'];
  if (!Array.isArray(errors)) return {};
  const entries = (errors as unknown[]).flatMap((item): [string, string][] => {
    const { pointer, message } = item as { pointer?: unknown; message?: unknown };
    if (typeof pointer !== 'string' || typeof message !== 'string') return [];
    return [[fieldOf(pointer), beneath(message)]];
  });
  return Object.fromEntries(entries);
}

/** What a refused form says as a whole: where fields are marked, they say the rest. */
export function refusalSentence(problem: Problem): string {
  return Object.keys(fieldErrors(problem)).length > 0 ? 'Correct the marked fields.' : problemSentence(problem);
}

/** What the server said no with, as a line of an alert; nothing where it did not. */
export function refusalNotice(problem: Problem | null): TemplateResult | typeof nothing {
  return problem ? html`<p class="notice">${lamp('failed')}<span>${refusalSentence(problem)}</span></p>` : nothing;
}
