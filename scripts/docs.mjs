/**
 * `npm run docs`: makes docs/settings.md, docs/errors.md and docs/metrics.md from the tables that the program itself uses.
 * `--check` writes nothing and fails where a page is stale. It imports TypeScript: run it with --import=tsx.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { root } from './sources.mjs';

const GENERATED = '<!-- Made by `npm run docs`; change the table that it is made from. -->';

// What would end a cell, or be taken for a tag.
const cell = (text) => (text ?? '').replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');

function table(heads, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map((cells) => line(cells.map(cell)))].join('\n');
}

export function settingsPage(settings) {
  const rows = settings.map(({ name, default: fallback, description }) => [`\`${name}\``, fallback, description]);
  return [
    GENERATED,
    '# Settings',
    'One environment variable each. None is needed. All mistakes are named at the start, one sentence each; a variable with the prefix `SIGNALBOX_` that is not in this table is a mistake too.',
    table(['Variable', 'Default', 'What it does'], rows),
  ].join('\n\n');
}

/** `rooms`: the tables of rooms that more than one type works with, each under its heading. */
export function errorsPage({ codes, operationCodes, rooms, types }) {
  const http = Object.entries(codes).map(([code, { status, sentence, hint }]) => [
    `\`${code}\``,
    String(status),
    sentence,
    hint,
  ]);
  const failures = (entries) =>
    Object.entries(entries).map(([code, { sentence, hint, retryable }]) => [
      `\`${code}\``,
      sentence,
      hint,
      retryable ? 'yes' : 'no',
    ]);
  const heads = ['Code', 'What happened', 'What to do', 'May a retry help?'];
  return [
    GENERATED,
    '# Errors',
    'Every error carries a code that does not change. The sentence beside it may say more than this table.',
    '## Over HTTP',
    'As `application/problem+json` (RFC 9457), with `code` and, where there is one, `hint`.',
    table(['Code', 'Status', 'What happened', 'What to do'], http),
    '## Why an operation failed',
    'In `error` of an operation, over HTTP and in the feed.',
    table(heads, failures(operationCodes)),
    ...rooms.flatMap(({ title, codes: own }) => [`## ${title}`, table(heads, failures(own))]),
    ...types.flatMap(({ type, refusals, failures: own }) => [
      `## Why a \`${type}\` is refused`,
      'Over HTTP, with 422, before anything is stored or done.',
      table(heads, failures(refusals)),
      `## Why a \`${type}\` failed`,
      table(heads, failures(own)),
    ]),
  ].join('\n\n');
}

/** `metrics`: as prom-client's registry lists them, sorted here by name. */
export function metricsPage(metrics) {
  const rows = [...metrics]
    .sort((a, b) => a.name.localeCompare(b.name, 'en'))
    .map(({ name, type, help, labelNames }) => [
      `\`${name}\``,
      type,
      labelNames.map((label) => `\`${label}\``).join(', '),
      help,
    ]);
  return [
    GENERATED,
    '# Metrics',
    '`GET /metrics` (admins) in the text form that Prometheus reads, and in the console under Monitoring. Counters count since this process began; of several nodes each counts its own.',
    table(['Metric', 'Kind', 'Labels', 'What it says'], rows),
  ].join('\n\n');
}

/** The tables of the operation types that bring codes of their own: plugins/operations/<type>/codes.ts. */
async function codesOfTypes() {
  const folder = join(root, 'plugins/operations');
  const files = readdirSync(folder)
    .sort()
    .map((type) => ({ type, file: join(folder, type, 'codes.ts') }))
    .filter(({ file }) => existsSync(file));
  return Promise.all(files.map(async ({ type, file }) => ({ type, ...(await import(pathToFileURL(file).href)) })));
}

async function pages() {
  const { settings } = await import('../server/settings/table.ts');
  const { codes } = await import('../server/problems/codes.ts');
  const { operationCodes } = await import('../server/operations/errors.ts');
  const { sshCodes } = await import('../server/ssh/errors.ts');
  const { acmeCodes } = await import('../server/acme/codes.ts');
  const { authorityCodes } = await import('../server/authorities/codes.ts');
  const { keepingCodes } = await import('../server/keeping/errors.ts');
  const { dnsCodes } = await import('../server/dns/errors.ts');
  const { makeCounters } = await import('../server/watching/counters.ts');
  const rooms = [
    { title: 'Why an SSH session failed', codes: sshCodes },
    { title: 'Why a CA did not do it', codes: acmeCodes },
    { title: 'Why a CA or a DNS credential could not be used', codes: authorityCodes },
    { title: 'Why a DNS record could not be set', codes: dnsCodes },
    { title: 'What a restored backup ended', codes: keepingCodes },
  ];
  return {
    'docs/settings.md': settingsPage(settings),
    'docs/metrics.md': metricsPage(makeCounters().registry.getMetricsAsArray()),
    'docs/errors.md': errorsPage({ codes, operationCodes, rooms, types: await codesOfTypes() }),
  };
}

/** The paths whose content is not what it should be; they are written unless only a check is wanted. */
async function stalePages(check) {
  const stale = [];
  for (const [path, text] of Object.entries(await pages())) {
    const file = join(root, path);
    const wanted = await format(text, { ...(await resolveConfig(file)), parser: 'markdown' });
    if (existsSync(file) && readFileSync(file, 'utf8') === wanted) continue;
    stale.push(path);
    if (!check) writeFileSync(file, wanted);
  }
  return stale;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const check = process.argv.includes('--check');
  const stale = await stalePages(check);
  for (const path of stale) console.log(check ? `${path} is stale; run npm run docs.` : `Wrote ${path}.`);
  process.exitCode = check && stale.length > 0 ? 1 : 0;
}
