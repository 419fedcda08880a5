/** One subscription on the page: who may follow it, and what comes. */
import type { AsyncApi, Channel } from './async-api.js';
import { formOf } from './fields.js';
import { html, prose, type Html } from './html.js';
import { code, shapeLink, table } from './tables.js';
import type { Schema } from './words.js';

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

export function channelSection(feed: AsyncApi, [name, channel]: [string, Channel]): Html {
  const { address, title, description } = channel;
  return html`<article id="channel-${name}">
    <h3>${address === null ? title : code(address)}</h3>
    <p>${address === null ? '' : `${title}. `}${prose(description)}</p>
    ${channelParameters(channel)}${channelMessages(feed, channel)}
  </article> `;
}
