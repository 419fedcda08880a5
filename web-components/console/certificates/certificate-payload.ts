/** What the filled-in form of certificate settings sends. */
import type { JsonObject } from '../../../server/operations/contract.js';
import { type Setting, settingsFrom } from '../settings/setting.js';
import { endpointsFrom, linesOf } from './endpoint-lines.js';

/** “03:07” out of a cron expression that means once a day; empty where it means something else. */
export function timeOfCron(cron: string): string {
  const [, minute = '', hour = ''] = /^(\d{1,2}) (\d{1,2}) \* \* \*$/.exec(cron) ?? [];
  return hour && `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
}

function cronOfTime(time: string): string {
  const [hour, minute] = time.split(':').map(Number);
  return `${minute} ${hour} * * *`;
}

/** Without an expression and a time the server chooses a minute by itself. */
function renewalFrom(form: FormData, text: (name: string) => string): JsonObject {
  const cron = text('cron') || (text('time') && cronOfTime(text('time')));
  return { automatic: form.get('automatic') !== null, timeZone: text('timeZone'), ...(cron && { cron }) };
}

export function certificateFrom(form: FormData, install: readonly Setting[]): JsonObject {
  const text = (name: string): string => {
    const value = form.get(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  const id = (name: string): number | null => (text(name) ? Number(text(name)) : null);
  const endpoints = endpointsFrom(text('endpoints'));
  return {
    names: linesOf(text('names')),
    authorityId: id('authorityId'),
    challenge: text('challenge'),
    dnsCredentialId: id('dnsCredentialId'),
    key: text('key'),
    reuseKey: form.get('reuseKey') !== null,
    profile: text('profile') || null,
    preferredChain: text('preferredChain') || null,
    ...(endpoints.length > 0 && { endpoints }),
    install: settingsFrom(install, form),
    renewal: renewalFrom(form, text),
  };
}
