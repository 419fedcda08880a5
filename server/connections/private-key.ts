/** A private key as people paste it. Whether it can be used shows when it is used; here only its shape counts. */

const PEM = /^-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----\n[A-Za-z0-9+/=:,\- \n]+\n-----END \1-----\n$/;

/** The key with plain line ends and one at its end, or null where it is not PEM or OpenSSH. */
export function privateKey(text: string): string | null {
  const key = `${text.replaceAll('\r\n', '\n').trim()}\n`;
  return PEM.test(key) ? key : null;
}
