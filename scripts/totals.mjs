/** How many assertions and tests passed and failed, read from what each runner leaves behind. */

/** A runner that crashed, or ran nothing, did not pass. */
function honest(totals, exitCode) {
  const ranNothing = totals.passed + totals.failed === 0;
  return totals.failed === 0 && (exitCode !== 0 || ranNothing) ? { ...totals, failed: 1 } : totals;
}

/** From tap's report: its last line of the form `# { total: 7, pass: 5, fail: 1, todo: 1 }`. */
export function tapTotals(report, exitCode) {
  const last = [...report.matchAll(/^# \{ (total: .*) \}$/gm)].at(-1);
  if (!last) return { passed: 0, failed: 1 };
  const counts = Object.fromEntries(last[1].split(', ').map((pair) => pair.split(': ')));
  return honest({ passed: Number(counts.pass ?? 0), failed: Number(counts.fail ?? 0) }, exitCode);
}

/** From the file that the browser's reporter wrote; null where it wrote none. */
export function browserTotals(report, exitCode) {
  return honest(report ? JSON.parse(report) : { passed: 0, failed: 0 }, exitCode);
}

function testsOf(suite) {
  return [...suite.tests, ...suite.suites.flatMap(testsOf)].filter((test) => !test.skipped);
}

function sessionTotals(session) {
  const tests = session.testResults ? testsOf(session.testResults) : [];
  const failed = tests.filter((test) => !test.passed).length;
  // A file that could not be loaded, or broke outside its tests, has no failed test that would tell.
  return { passed: tests.length - failed, failed: session.passed ? failed : Math.max(failed, 1) };
}

/** Of @web/test-runner's sessions, one a test file. */
export function sumSessions(sessions) {
  return sum(sessions.map(sessionTotals));
}

export function sum(parts) {
  return {
    passed: parts.reduce((count, part) => count + part.passed, 0),
    failed: parts.reduce((count, part) => count + part.failed, 0),
  };
}
