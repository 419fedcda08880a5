/** Certificates and requests by the openssl program, since Node's crypto makes none. Keys go in on stdin, never to a file. */
import { execFile } from 'node:child_process';

export interface CertificateNames {
  commonName: string;
  /** DNS names of the subject's alternative name. */
  altNames: readonly string[];
  hash: 'sha256' | 'sha384' | 'sha512';
}

function openssl(args: string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    // Through cat: Node's own pipes are sockets, which cannot be opened by the name /dev/stdin.
    const command = ['-c', 'cat | openssl "$@"', 'openssl', ...args];
    const child = execFile('sh', command, (error, stdout) => (error ? reject(failure(error)) : resolve(stdout)));
    child.stdin?.end(input);
  });
}

function failure(cause: Error): Error {
  return new Error('The openssl program made no certificate. It must be installed (Debian: openssl).', { cause });
}

function request(names: CertificateNames): string[] {
  const san = names.altNames.map((name) => `DNS:${name}`).join(',');
  const subject = ['-subj', `/CN=${names.commonName}`, '-addext', `subjectAltName=${san}`];
  return ['req', '-new', '-key', '/dev/stdin', `-${names.hash}`, ...subject];
}

/** A PKCS#10 request as PEM. The names must be checked before. */
export function makeCsr(keyPem: string, names: CertificateNames): Promise<string> {
  return openssl(request(names), keyPem);
}

/** A certificate for five years as PEM, signed by its own key. */
export function makeSelfSigned(keyPem: string, names: CertificateNames): Promise<string> {
  return openssl([...request(names), '-x509', '-days', '1825'], keyPem);
}
