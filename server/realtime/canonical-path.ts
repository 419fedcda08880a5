/**
 * Paths are keys: what is published to `/connections/7/operations` reaches that spelling alone. So only one spelling is
 * taken: no percent-encoding, no empty segment, no trailing slash, no `.` or `..`, no query.
 */

const MAX_CHARS = 256;
const CANONICAL = /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+)+$/;

export function isCanonicalPath(path: unknown): path is string {
  return typeof path === 'string' && path.length <= MAX_CHARS && CANONICAL.test(path);
}
