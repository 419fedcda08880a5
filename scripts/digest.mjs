/** What a person needs of a TAP report while it grows: one line a file, and each failure with its place and its reason. */

const SUBTEST = /^( *)# Subtest: (.*)$/;
const RESULT = /^( *)(ok|not ok) \d+(?: - (.*?))?(?: # (time=[\d.]+ms|TODO.*|SKIP.*))?$/;
const INDENT = 4;

/** Takes the report line by line; answers each time with the lines to show. */
export function makeDigest() {
  // The names of the tests that are open, outermost (the file) first, and whether a failure was shown inside of them.
  const names = [];
  const shown = [];
  // The diagnosis behind a result: where it begins and ends, and whether it is shown.
  let diagnosis = null;

  function inDiagnosis(line) {
    if (!diagnosis) return null;
    const text = line.slice(diagnosis.indent);
    const isPart = diagnosis.open || text === '---';
    const { show } = diagnosis;
    if (!isPart || text === '...') diagnosis = null;
    else diagnosis.open = true;
    if (!isPart) return null;
    return show && text !== '---' && text !== '...' ? [`    ${text}`] : [];
  }

  function result([, indent, verdict, name = '', note = '']) {
    const depth = indent.length / INDENT;
    const failed = verdict === 'not ok' && !/^(TODO|SKIP)/.test(note);
    const isNew = failed && !(names[depth] === name && shown[depth]);
    if (verdict === 'not ok') diagnosis = { indent: indent.length + 2, show: isNew, open: false };
    names.length = Math.min(names.length, depth);
    shown.length = names.length;
    if (failed) shown.fill(true);
    const place = isNew ? [`✗ ${[...names, name].join(' > ')}`] : [];
    const file = depth === 0 ? [`${failed ? '✗' : '✓'} ${name} ${note}`.trim()] : [];
    return isNew && depth === 0 ? file : [...place, ...file];
  }

  return (line) => {
    const part = inDiagnosis(line);
    if (part) return part;
    const subtest = SUBTEST.exec(line);
    if (subtest) {
      const depth = subtest[1].length / INDENT;
      names.splice(depth, Infinity, subtest[2]);
      shown.splice(depth, Infinity, false);
      return [];
    }
    const found = RESULT.exec(line);
    return found ? result(found) : [];
  };
}
