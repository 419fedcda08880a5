/** GET /docs: both documents as one page for people. It shows what they say and nothing else. */
import { areas } from './areas.js';
import type { AsyncApi } from './async-api.js';
import { channelSection } from './channel-section.js';
import { fieldsOf } from './fields.js';
import { Html, html, prose } from './html.js';
import type { OpenApi } from './open-api.js';
import { routeSection, type Route } from './route-section.js';
import { style } from './style.js';
import { code, fieldRow, table } from './tables.js';
import type { Schema } from './words.js';

// In one piece: the policy names exactly what stands between the tags.
const styleElement = new Html(`<style>${style}</style>`);

type Shapes = Record<string, Schema>;

const routesOf = ({ paths }: OpenApi): Route[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, route]) => ({ ...route, method: method.toUpperCase(), path })),
  );

const shapeSection = ([name, shape]: [string, Schema]): Html =>
  html`<article id="shape-${name}">
    <h3>${name}</h3>
    <p>${prose(String(shape['description']))}</p>
    ${table('Fields', ['Field', 'Form', 'What it is'], fieldsOf(shape).map(fieldRow))}
  </article> `;

const areaSection = ({ name, description }: (typeof areas)[number], routes: Route[]): Html =>
  html`<section>
    <h2>${name}</h2>
    <p>${description}</p>
    ${routes.filter(({ tags }) => tags[0] === name).map(routeSection)}
  </section> `;

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
  const shapesOf = (document: Schema) => (document['components'] as { schemas: Shapes }).schemas;
  const shapes = { ...shapesOf(http), ...shapesOf(feed) };
  const routes = routesOf(http);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${info.title}: routes and messages</title>
        ${styleElement}
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
          ${areas.map((area) => areaSection(area, routes))}
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
