/** What the parts of the page share: tables of fields, and links to shapes. */
import { formOf, type Field } from './fields.js';
import { html, prose, type Html } from './html.js';
import type { Schema } from './words.js';

/** Nothing where there are no rows. The first cell of a row names it. */
export function table(caption: string, heads: readonly string[], rows: readonly (readonly (Html | string)[])[]): Html {
  if (rows.length === 0) return html``;
  const row = ([first = '', ...others]: readonly (Html | string)[]) =>
    html`<tr>
      <th scope="row">${first}</th>
      ${others.map((cell) => html`<td>${cell}</td>`)}
    </tr>`;
  return html`<h4>${caption}</h4>
    <div class="wide">
      <table>
        <thead>
          <tr>
            ${heads.map((head) => html`<th scope="col">${head}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(row)}
        </tbody>
      </table>
    </div> `;
}

export const code = (text: string) => html`<code>${text}</code>`;
export const fieldRow = ({ name, form, isRequired, description }: Field) => [
  code(name),
  html`${form}${isRequired ? '' : ', optional'}`,
  prose(description),
];

export const schemaIn = (holder: unknown): Schema | null => {
  const contents = Object.values((holder as { content?: Record<string, Schema> } | undefined)?.content ?? {});
  return (contents[0]?.['schema'] as Schema | undefined) ?? null;
};

/** A link to the shape that is meant. */
export function shapeLink(schema: Schema | null): Html {
  const name = schema ? formOf(schema) : '';
  return name === '' || name === 'Problem' ? html`` : html` <a href="#shape-${name}">${name}</a>`;
}
