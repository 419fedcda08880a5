/** One route on the page: what it takes and what it answers. */
import { fieldsOf, formOf } from './fields.js';
import { html, prose, type Html } from './html.js';
import type { RouteDocument } from './open-api.js';
import { code, fieldRow, schemaIn, shapeLink, table } from './tables.js';
import type { Schema } from './words.js';

export interface Route extends RouteDocument {
  method: string;
  path: string;
}

function parameters(route: Route): Html {
  const rows = route.parameters.map((parameter) => [
    code(String(parameter['name'])),
    html`${String(parameter['in'])}:
    ${formOf(parameter['schema'] as Schema)}${parameter['required'] ? '' : ', optional'}`,
    prose(String(parameter['description'] ?? '')),
  ]);
  return table('Parameters', ['Name', 'Form', 'What it is'], rows);
}

const body = ({ requestBody }: Route): Html =>
  table(
    requestBody?.['required'] ? 'Body' : 'Body, optional',
    ['Field', 'Form', 'What it is'],
    fieldsOf(schemaIn(requestBody) ?? {}).map(fieldRow),
  );

function answers({ responses }: Route): Html {
  const rows = Object.entries(responses as Record<string, Schema>)
    .filter(([status]) => status !== 'default')
    .map(([status, answer]) => [
      code(status),
      html`${String(answer['description'])
        .split('\n\n')
        .map((line) => html`<div>${prose(line)}</div>`)}${shapeLink(schemaIn(answer))}`,
    ]);
  return table('Answers', ['Status', 'What it says'], rows);
}

export const routeSection = (route: Route): Html =>
  html`<article id="${route.operationId}">
    <h3>${code(`${route.method} ${route.path}`)}</h3>
    <p>${prose(route.summary)}${route.security.length > 0 ? '' : html` <span class="quiet">Needs no token.</span>`}</p>
    ${parameters(route)}${body(route)}${answers(route)}
  </article> `;
