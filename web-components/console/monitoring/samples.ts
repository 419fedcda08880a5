/** Prometheus' text form, read: each sample with its labels. Comments and what cannot be read are left out. */
export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?\s*$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const INFINITE: Readonly<Record<string, number>> = { '+Inf': Infinity, '-Inf': -Infinity };

const unescaped = (text: string): string =>
  text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));

function labelsOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(LABEL)].map(([, name = '', value = '']) => [name, unescaped(value)] as const);
  return Object.fromEntries(pairs);
}

function sampleOf(line: string): Sample[] {
  const [, name, labels = '', text = ''] = LINE.exec(line) ?? [];
  const value = INFINITE[text] ?? Number(text);
  return name === undefined || Number.isNaN(value) ? [] : [{ name, labels: labelsOf(labels), value }];
}

export function samplesOf(text: string): Sample[] {
  return text.split('\n').flatMap((line) => (line.startsWith('#') ? [] : sampleOf(line.trim())));
}

/** The sum of what a metric counts, over all labels; null where the server does not have it. */
export function sumOf(samples: readonly Sample[], name: string): number | null {
  const own = samples.filter((sample) => sample.name === name);
  return own.length === 0 ? null : own.reduce((sum, { value }) => sum + value, 0);
}

/** What a metric counts by one of its labels, the most first; what was never counted is left out. */
export function countsBy(samples: readonly Sample[], name: string, label: string): [value: string, count: number][] {
  const counts = new Map<string, number>();
  for (const { name: own, labels, value } of samples) {
    const key = labels[label];
    if (own === name && key !== undefined) counts.set(key, (counts.get(key) ?? 0) + value);
  }
  return [...counts].filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a);
}
