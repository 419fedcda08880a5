/** The one table, as Markdown, so that docs/performance.md can keep it as it is. */

const number = (value) => (Number.isFinite(value) ? String(Number(value.toPrecision(3))) : '–');

function row({ axis, against, ratio, min, max, bound, goal, rounds, n, reached, failed, noisy }) {
  const word = goal === null ? '' : reached ? 'reached' : failed ? '**missed**' : 'within 15 %';
  return [
    ...[
      axis,
      against,
      number(ratio),
      `${number(min)}–${number(max)}`,
      goal === null ? bound : `${bound} ${number(goal)}`,
    ],
    ...[n ?? '', rounds, noisy ? `${word} (noisy)` : word],
  ];
}

export function table(verdicts) {
  const head = ['axis', 'against', 'ratio', 'min–max', 'goal', 'n', 'rounds', ''];
  const lines = [head, head.map(() => '---'), ...verdicts.map(row)];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
