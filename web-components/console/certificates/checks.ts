/** What a check before a renewal found. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Operation } from '../../client/contract.js';
import { when } from '../../elements/moments.js';
import { lamp } from '../../elements/lamp/lamp.js';

interface Check {
  title: string;
  ok: boolean;
  message: string;
  hint: string | null;
}

function isCheck(item: unknown): item is Check {
  const { title, ok, message } = (item ?? {}) as Partial<Record<string, unknown>>;
  return typeof title === 'string' && typeof ok === 'boolean' && typeof message === 'string';
}

export const isCheckRun = ({ params }: Operation): boolean => params['preflight'] === true;

function line({ title, ok, message, hint }: Check): TemplateResult {
  return html`<li>
    ${lamp(ok ? 'completed' : 'failed', { label: ok ? 'in order' : 'not in order' })}
    <div>
      <p class="strong">${title}</p>
      <p class="soft">${message}</p>
      ${!ok && hint ? html`<p class="soft">${hint}</p>` : nothing}
    </div>
  </li>`;
}

/** The findings of one run, in its order; nothing before the first one. */
export function checksTemplate(operation: Operation, now: number): TemplateResult | typeof nothing {
  const found: unknown = operation.result?.['checks'];
  const checks = Array.isArray(found) ? (found as unknown[]).filter(isCheck) : [];
  if (checks.length === 0) return nothing;
  const failed = checks.filter(({ ok }) => !ok).length;
  const verdict = failed === 0 ? 'all in order' : `${failed} of ${checks.length} not in order`;
  const ended = operation.completedAt === null ? 'so far' : when(operation.completedAt, now);
  return html`<section aria-labelledby="checks">
    <h3 id="checks">Check: ${verdict}, ${ended}</h3>
    <ul class="checks sm">
      ${checks.map(line)}
    </ul>
  </section>`;
}
