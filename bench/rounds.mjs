/**
 * Sides are measured in turn, A B C, A B C, all alive at the same moment; what counts is the ratio inside a round. The first
 * rounds warm up and are dropped. A round in which anything was lost is void: it is tried once more, and two of them fail.
 */
const WARM_UPS = 2;
/** Where the ratios of one axis lie further apart than this, the machine was busy: the rounds are doubled once. */
const NOISY = 1.6;
/** How far past its goal an axis may be before it fails. */
const TOLERANCE = 1.15;

/** What was measured is not worth counting: an answer, a message or a row was lost. */
export class VoidRound extends Error {}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The value below which `share` of the values lie. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** Measures each side once, in the order in which they are given; answers with what each said, by its name. */
async function round(sides, measure) {
  const measured = {};
  for (const [name, side] of Object.entries(sides)) measured[name] = await measure(side, name);
  return measured;
}

async function soundRound(sides, measure, voids) {
  for (;;) {
    try {
      return await round(sides, measure);
    } catch (error) {
      if (!(error instanceof VoidRound) || ++voids.count >= 2) throw error;
      process.stderr.write(`  void: ${error.message}\n`);
    }
  }
}

/** Rounds without their warm-ups; `more` measures as many again. */
async function rounds(sides, measure, { count, warmUps = WARM_UPS }) {
  const voids = { count: 0 };
  const measured = [];
  const more = async () => {
    for (let n = 0; n < count; n++) measured.push(await soundRound(sides, measure, voids));
  };
  for (let n = 0; n < warmUps; n++) await soundRound(sides, measure, voids);
  await more();
  return { measured, more };
}

/** The ratio of two values in each round. */
export function ratios(measured, dividend, divisor) {
  const all = measured.map((each) => dividend(each) / divisor(each));
  return { ratio: median(all), min: Math.min(...all), max: Math.max(...all), rounds: all.length };
}

export const isNoisy = ({ min, max }) => min <= 0 || max / min > NOISY;

/**
 * Runs the rounds and judges each goal: `{axis, against, of, over, atMost | atLeast}`, where `of` and `over` take a number out of
 * what a round said. Doubles the rounds once where one of them was noisy.
 */
export async function judged(sides, measure, goals, options) {
  const { measured, more } = await rounds(sides, measure, options);
  const judge = () => goals.map((goal) => ({ ...verdict(goal, ratios(measured, goal.of, goal.over)), n: options.n }));
  let verdicts = judge();
  if (verdicts.some(isNoisy)) {
    await more();
    verdicts = judge();
  }
  return { verdicts, measured };
}

/** A figure without a goal: what bounds another axis, or what has nobody beside it. */
const noGoal = { goal: null, bound: 'none', reached: true, failed: false };

function judgement({ atMost, atLeast }, ratio) {
  const goal = atMost ?? atLeast;
  if (goal === undefined) return noGoal;
  const short = atMost === undefined ? goal / ratio : ratio / goal;
  return {
    goal,
    bound: atMost === undefined ? 'at least' : 'at most',
    reached: goal === 0 ? ratio === 0 : short <= 1,
    failed: goal === 0 ? ratio !== 0 : !(short <= TOLERANCE),
  };
}

/** A number and its goal: whether it is reached, and whether it is so far off that the run fails. */
export function verdict({ axis, against, unit, ...goal }, { ratio, min, max, rounds: count }) {
  return {
    ...{ axis, against, ratio, min, max },
    ...judgement(goal, ratio),
    rounds: count,
    noisy: isNoisy({ min, max }),
    ...(unit ? { unit } : {}),
  };
}
