/**
 * What the command line shows when it waits for somebody, and what it says when a command failed. Literals as seen in
 * unicon.plugins (vos/patterns.py) and in the CLI reference guides.
 */
import { plainLine } from '../../../../server/ssh/text.js';

/** What a text at rest waits for; `nothing`: more text. */
export type Cue = 'prompt' | 'press_pager' | 'options_pager' | 'end_of_pager' | 'continue_yn' | 'yes_no' | 'nothing';

/**
 * Always `admin:`, whatever the user's name. How it looks after `set commandcount enable` is published nowhere that we
 * know of, so a number is taken on either side of the word (unverified).
 */
const PROMPT = /(?:^|\n)(?:[[(]?\d{1,6}[\])]?[ :-]?)?admin(?:[ -]?[[(]?\d{1,6}[\])]?)?:\s*$/u;

const LINE_CUES: [RegExp, Cue][] = [
  [/Press <enter> for 1 line, <space> for one page, or <q> to quit\s*$/iu, 'press_pager'],
  [/options: q=quit, n=next, .*\(lines \d+ - (\d+) of \1\) ?:\s*$/iu, 'end_of_pager'],
  [/options: q=quit, n=next, .*:\s*$/iu, 'options_pager'],
  [/Continue \(y\/n\)\s*\?\s*$/iu, 'continue_yn'],
  [/\(yes\|no\)\s*\?\s*$/iu, 'yes_no'],
];

/** Reads the end of what has come so far: the unfinished line, and for the prompt the lines before it. */
export function cueOf(line: string, tail: string): Cue {
  const found = LINE_CUES.find(([pattern]) => pattern.test(line));
  if (found) return found[1];
  return PROMPT.test(tail) ? 'prompt' : 'nothing';
}

/** A pager takes a key press without Enter, a question a line. */
const ANSWERS: Record<Exclude<Cue, 'nothing' | 'prompt'>, { yes: string; no: string }> = {
  press_pager: { yes: ' ', no: ' ' },
  options_pager: { yes: 'n', no: 'n' },
  end_of_pager: { yes: 'q', no: 'q' },
  continue_yn: { yes: 'y\n', no: 'n\n' },
  yes_no: { yes: 'yes\n', no: 'no\n' },
};

/** What to send to a pager, which always goes on, or to a question, which goes on only where the caller consents. */
export function answerTo(cue: keyof typeof ANSWERS, consents: boolean): string {
  return ANSWERS[cue][consents ? 'yes' : 'no'];
}

const BARE_PROMPT = new RegExp(PROMPT.source.replace('(?:^|\\n)', '^'), 'u');

/** Whether a complete line is none of the command's output: a prompt that came twice, or a pager's line. */
export function isChrome(line: string): boolean {
  return BARE_PROMPT.test(line) || LINE_CUES.slice(0, 3).some(([pattern]) => pattern.test(line));
}

const FAILURES = [
  /^No valid command entered\.?$/iu,
  /^Executed command unsuccessfully\.?$/iu,
  /^Command failed\.?$/iu,
  /^Network request timed out\.?$/iu,
];

export interface CommandFailure {
  /** The line that says so. */
  verdict: string;
  /** The lines before it, nearest last; where the appliance gives a reason it is in them. */
  reasons: string[];
}

const MAX_REASONS = 5;

/** Whether the output says that the command failed. Only whole lines count: the word ERROR elsewhere means nothing. */
export function failureIn(output: readonly string[]): CommandFailure | null {
  const lines = output.map((line) => line.trim()).filter((line) => line !== '');
  const at = lines.findIndex((line) => FAILURES.some((pattern) => pattern.test(line)));
  const verdict = lines[at];
  return verdict === undefined ? null : { verdict, reasons: lines.slice(Math.max(0, at - MAX_REASONS), at) };
}

const MAX_WORDS = 500;

/** The failure in the appliance's own words, in one line. */
export function wordsOf({ verdict, reasons }: CommandFailure): string {
  return plainLine([...reasons, verdict].join(' – '), MAX_WORDS);
}
