/** GET /docs: both documents as one page for people. It shows what they say and nothing else. */
import type { AsyncApi, Channel } from './async-api.js';
import { fieldsOf, formOf, type Field } from './fields.js';
import { Html, html, prose } from './html.js';
import type { OpenApi, RouteDocument } from './open-api.js';
import { style } from './style.js';
import type { Schema } from './words.js';

interface Route extends RouteDocument {
  method: string;
  path: string;
}

type Shapes = Record<string, Schema>;

const routesOf = ({ paths }: OpenApi): Route[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, route]) => ({ ...route, method: method.toUpperCase(), path })),
  );

function table(caption: string, heads: readonly string[], rows: readonly (readonly (Html | string)[])[]): Html {
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

const code = (text: string) => html`<code>${text}</code>`;
const fieldRow = ({ name, form, isRequired, description }: Field) => [
  code(name),
  html`${form}${isRequired ? '' : ', optional'}`,
  prose(description),
];

function parameters(route: Route): Html {
  const rows = route.parameters.map((parameter) => [
    code(String(parameter['name'])),
    html`${String(parameter['in'])}:
    ${formOf(parameter['schema'] as Schema)}${parameter['required'] ? '' : ', optional'}`,
    prose(String(parameter['description'] ?? '')),
  ]);
  return table('Parameters', ['Name', 'Form', 'What it is'], rows);
}

const schemaIn = (holder: unknown): Schema | null => {
  const contents = Object.values((holder as { content?: Record<string, Schema> } | undefined)?.content ?? {});
  return (contents[0]?.['schema'] as Schema | undefined) ?? null;
};

const body = ({ requestBody }: Route): Html =>
  table(
    requestBody?.['required'] ? 'Body' : 'Body, optional',
    ['Field', 'Form', 'What it is'],
    fieldsOf(schemaIn(requestBody) ?? {}).map(fieldRow),
  );

/** A link to the shape that is meant. */
function shapeLink(schema: Schema | null): Html {
  const name = schema ? formOf(schema) : '';
  return name === '' || name === 'Problem' ? html`` : html` <a href="#shape-${name}">${name}</a>`;
}

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

const routeSection = (route: Route): Html =>
  html`<article id="${route.operationId}">
    <h3>${code(`${route.method} ${route.path}`)}</h3>
    <p>${prose(route.summary)}${route.security.length > 0 ? '' : html` <span class="quiet">Needs no token.</span>`}</p>
    ${parameters(route)}${body(route)}${answers(route)}
  </article> `;

const channelParameters = ({ parameters: named = {} }: Channel): Html =>
  table(
    'Parameters',
    ['Name', 'Form', 'What it is'],
    Object.entries(named).map(([key, parameter]) => [
      code(key),
      formOf({ type: 'string', ...parameter }),
      String(parameter['description']),
    ]),
  );

function channelMessages(feed: AsyncApi, channel: Channel): Html {
  const { messages } = feed['components'] as { messages: Record<string, { title: string; payload: Schema }> };
  const rows = Object.keys(channel.messages).flatMap((key) => {
    const message = messages[key];
    return message ? [[message.title, shapeLink(message.payload)]] : [];
  });
  return table('Messages', ['Message', 'Shape'], rows);
}

function channelSection(feed: AsyncApi, [name, channel]: [string, Channel]): Html {
  const { address, title, description } = channel;
  return html`<article id="channel-${name}">
    <h3>${address === null ? title : code(address)}</h3>
    <p>${address === null ? '' : `${title}. `}${prose(description)}</p>
    ${channelParameters(channel)}${channelMessages(feed, channel)}
  </article> `;
}

const shapeSection = ([name, shape]: [string, Schema]): Html =>
  html`<article id="shape-${name}">
    <h3>${name}</h3>
    <p>${prose(String(shape['description']))}</p>
    ${table('Fields', ['Field', 'Form', 'What it is'], fieldsOf(shape).map(fieldRow))}
  </article> `;

function areas(routes: Route[]): Html[] {
  const names = [...new Set(routes.map(({ tags }) => tags[0] ?? ''))].sort();
  return names.map(
    (name) =>
      html`<section>
        <h2>${name}</h2>
        ${routes.filter(({ tags }) => tags[0] === name).map(routeSection)}
      </section> `,
  );
}

const contents = (routes: Route[]): Html =>
  html`<nav aria-label="Routes">
    <ul>
      ${routes.map(({ operationId, method, path }) => html`<li><a href="#${operationId}">${code(`${method} ${path}`)}</a></li>`)}
      <li><a href="#subscriptions">Subscriptions</a></li>
      <li><a href="#shapes">Shapes</a></li>
    </ul>
  </nav> `;

/** The whole page as text. */
export function page(http: OpenApi, feed: AsyncApi): string {
  const info = http['info'] as { title: string; version: string; summary: string; description: string };
  const shapes = (http['components'] as { schemas: Shapes }).schemas;
  const routes = routesOf(http);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${info.title}: routes and messages</title>
        <style>
          ${new Html(style)}
        </style>
      </head>
      <body>
        <header>
          <h1>${info.title} ${info.version}</h1>
          <p>${info.summary}</p>
          <p>
            ${prose(info.description)} For programs: <a href="/openapi.json">OpenAPI</a>,
            <a href="/asyncapi.json">AsyncAPI</a>.
          </p>
        </header>
        ${contents(routes)}
        <main>
          ${areas(routes)}
          <section id="subscriptions">
            <h2>Subscriptions</h2>
            <p>${prose(String((feed['servers'] as { signalbox: Schema }).signalbox['description']))}</p>
            ${Object.entries(feed.channels).map((channel) => channelSection(feed, channel))}
          </section>
          <section id="shapes">
            <h2>Shapes</h2>
            ${Object.entries(shapes).map(shapeSection)}
          </section>
        </main>
      </body>
    </html> `.markup;
}
