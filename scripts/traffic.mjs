/**
 * The traffic of a whole test run: every watched server leaves what it publishes in /openapi.json and /asyncapi.json, and what of
 * it it was seen to say (server/documents/testing/ledger.ts). Here both are summed over all processes.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ANSWER = /^([A-Z]+ \S+) (\d)(\d\d|XX)$/;

/** Reads the files of all processes. A last line that was cut off is none. */
export function readTraffic(directory) {
  const traffic = { servers: 0, published: new Set(), seen: new Set() };
  for (const file of existsSync(directory) ? readdirSync(directory) : []) {
    const lines = readFileSync(join(directory, file), 'utf8').split('\n').slice(0, -1);
    for (const line of lines) {
      const [kind, ...name] = line.split(' ');
      if (kind === 'server') traffic.servers += 1;
      else traffic[kind]?.add(name.join(' '));
    }
  }
  return traffic;
}

/**
 * What has to be seen of a published name. Each success stands for itself: `POST … 200` is another answer than 202. Of refusals one
 * is enough, `POST … 4xx`: that each code is used is for the tests of what refuses.
 */
function wantedOf(name) {
  const [, route, first, rest] = ANSWER.exec(name) ?? [];
  return route && (first >= '4' || rest === 'XX') ? `${route} ${first}xx` : name;
}

function metBy(name) {
  const [, route, first] = ANSWER.exec(name) ?? [];
  return route ? [name, `${route} ${first}xx`] : [name];
}

/** Of answers and of messages: how many are wanted, and which of them nobody has seen, sorted. */
export function gapsOf({ published, seen }) {
  const met = new Set([...seen].flatMap(metBy));
  const wanted = [...new Set([...published].map(wantedOf))].sort();
  const part = (names) => ({ wanted: names.length, unseen: names.filter((name) => !met.has(name)) });
  const isAnswer = (name) => /^[A-Z]/.test(name);
  return { answers: part(wanted.filter(isAnswer)), messages: part(wanted.filter((name) => !isAnswer(name))) };
}

/** One check more for the sums of the run, and what to say of it. */
export function checkTraffic(traffic) {
  const { answers, messages } = gapsOf(traffic);
  const unseen = [...answers.unseen, ...messages.unseen];
  const share = ({ wanted, unseen: left }, noun) => `${wanted - left.length} of ${wanted} ${noun}`;
  // Servers that publish nothing would lack nothing.
  const passed = unseen.length === 0 && answers.wanted > 0 && messages.wanted > 0;
  const sentence = `${share(answers, 'answers')} and ${share(messages, 'messages')} that ${traffic.servers} watched servers publish were seen.`;
  return {
    totals: passed ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 },
    lines: [`${passed ? '✓' : '✗'} ${sentence}`, ...unseen.map((name) => `    never seen: ${name}`)],
  };
}
