/** Rings each minute. node-schedule keeps the minute; what is due is not its matter. */
import { performance } from 'node:perf_hooks';

const EACH_MINUTE = '* * * * *';
const LOOK_MS = 60_000;
const SILENT_MS = 150_000;
/** After the computer has slept node-schedule rings once for every minute of it, at once. */
const APART_MS = 1_000;

export interface Alarm {
  stop(): void;
}

export interface AlarmOptions {
  /** Milliseconds of a clock that is never set. */
  elapsed?: () => number;
}

/** Loads node-schedule, which nothing needs before. */
export async function eachMinute(ring: () => void, options: AlarmOptions = {}): Promise<Alarm> {
  const { default: nodeSchedule } = await import('node-schedule');
  const elapsed = options.elapsed ?? (() => performance.now());
  let rung = elapsed();
  const heard = () => {
    rung = elapsed();
    ring();
  };
  const job = nodeSchedule.scheduleJob(EACH_MINUTE, () => {
    if (elapsed() - rung >= APART_MS) heard();
  });
  // It waits for the wall clock: set back by a day, it would be silent for a day.
  const watch = setInterval(() => {
    if (elapsed() - rung < SILENT_MS) return;
    job.reschedule(EACH_MINUTE);
    heard();
  }, LOOK_MS);
  watch.unref();
  return {
    stop() {
      job.cancel();
      clearInterval(watch);
    },
  };
}
