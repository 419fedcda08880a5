/**
 * Finds the tagged templates in a source: where each begins, what it is tagged with, and its texts between the expressions.
 * A parser would do more than is needed and is no part of a production install; tests hold this one against TypeScript's.
 */

/** A word behind which a value begins: no tag of a template, and a slash behind it begins a regular expression. */
const KEYWORD = /(?<![\w$.])(?:return|typeof|case|in|of|do|else|void|delete|await|yield|throw|default)$/;
/** As every sign but a closing one. */
const SIGN = /^$|[([{,;:=!?&|+\-*%~^<>]$/;

const endOf = (code, at, sign) => {
  const end = code.indexOf(sign, at);
  return end < 0 ? code.length : end + sign.length;
};

function endOfString(code, at) {
  let end = at + 1;
  while (end < code.length && code[end] !== code[at]) end += code[end] === '\\' ? 2 : 1;
  return end + 1;
}

function endOfExpression(code, at) {
  let isClass = false;
  let end = at + 1;
  for (; end < code.length && (isClass || code[end] !== '/'); end += 1) {
    if (code[end] === '\\') end += 1;
    else if (code[end] === '[') isClass = true;
    else if (code[end] === ']') isClass = false;
  }
  return end + 1;
}

/** Where what begins at `at` ends, if it is a comment, a string or a regular expression; else `at`. */
function endOfOpaque(code, at, before) {
  const two = code.slice(at, at + 2);
  if (two === '//') return endOf(code, at, '\n');
  if (two === '/*') return endOf(code, at + 2, '*/');
  if (code[at] === '"' || code[at] === "'") return endOfString(code, at);
  return code[at] === '/' && (SIGN.test(before) || KEYWORD.test(before)) ? endOfExpression(code, at) : at;
}

/** Reads from behind the backtick; answers where the template ends and leaves it, and those within it, in `found`. */
function readTemplate(code, from, tag, found) {
  const texts = [];
  const template = { tag, texts };
  found.push(template);
  let at = from;
  for (let begin = from; at < code.length; at += 1) {
    if (code[at] === '\\') at += 1;
    else if (code[at] === '`') {
      texts.push({ start: begin, end: at });
      return at + 1;
    } else if (code[at] === '$' && code[at + 1] === '{') {
      texts.push({ start: begin, end: at });
      begin = readCode(code, at + 2, found);
      at = begin - 1;
    }
  }
  throw new SyntaxError('A template does not end.');
}

/** Reads code up to the brace that closes it, or to its end; answers where that is. */
function readCode(code, from, found) {
  let depth = 0;
  let before = '';
  for (let at = from; at < code.length;) {
    const end = endOfOpaque(code, at, before);
    if (code[at] === '`') {
      at = readTemplate(
        code,
        at + 1,
        KEYWORD.test(before) ? '' : (/(?<![\w$.])[\w$]+$/.exec(before)?.[0] ?? ''),
        found,
      );
      before = ')';
    } else if (end > at) {
      // A comment is nothing at all; the others are values, after which a slash divides.
      if (!/^\/[/*]/.test(code.slice(at, at + 2))) before = ')';
      at = end;
    } else {
      if (code[at] === '{') depth += 1;
      if (code[at] === '}' && depth-- === 0) return at + 1;
      if (/\S/.test(code[at])) before = `${before}${code[at]}`.slice(-40);
      // So that `return html` is not one word.
      else if (/\w$/.test(before)) before = `${before} `;
      at += 1;
    }
    if (/\w $/.test(before) && /[^\w\s$]/.test(code[at] ?? '')) before = before.trimEnd();
  }
  return code.length;
}

/** Every template of the code, in the order of their beginnings: `{ tag, texts: [{ start, end }] }`, tag '' where there is none. */
export function templatesOf(code) {
  const found = [];
  readCode(code, 0, found);
  return found;
}
