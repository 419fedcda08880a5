/** Which names a certificate stands for (RFC 9525 §6.3). */

/** A wildcard stands for exactly one label. */
function stands(name: string, wanted: string): boolean {
  if (name === wanted) return true;
  const dot = wanted.indexOf('.');
  return name.startsWith('*.') && dot > 0 && !wanted.startsWith('*.') && name.slice(1) === wanted.slice(dot);
}

/** The wanted names that none of `names` stands for; a wanted wildcard has to be there itself. All in lower case. */
export function missingNames(names: string[], wanted: string[]): string[] {
  return wanted.filter((one) => !names.some((name) => stands(name, one.toLowerCase())));
}
