import type { AxeResults, NodeResult } from 'axe-core';

type Axe = { run(context: Element, options: object): Promise<AxeResults> };

function stateOf(node: Node | null): string {
  for (let at = node; at; at = at instanceof ShadowRoot ? at.host : at.parentNode) {
    if (at instanceof HTMLElement && at.dataset.state) return at.dataset.state;
  }
  return 'the page';
}

const sentence = (rule: string, { html, failureSummary }: NodeResult): string =>
  `${rule}: ${html.replace(/\s+/g, ' ')} ${failureSummary?.replace(/\s+/g, ' ') ?? ''}`;

/** What axe finds amiss in a part of the page, by the state in which it is found. */
export async function violations(place: Element): Promise<Map<string, string[]>> {
  // It is a script for pages, not a module.
  await import('axe-core/axe.min.js');
  const { axe } = globalThis as unknown as { axe: Axe };
  // Sections of the same name are no fault of elements that no page would show twice.
  const rules = { 'landmark-unique': { enabled: false } };
  // Style sheets are only read for a rule that is off; media there are none.
  const results = await axe.run(place, { resultTypes: ['violations'], elementRef: true, preload: false, rules });
  const found = new Map<string, string[]>();
  for (const { id, nodes } of results.violations) {
    for (const node of nodes) {
      const state = stateOf(node.element ?? null);
      found.set(state, [...(found.get(state) ?? []), sentence(id, node)]);
    }
  }
  return found;
}
