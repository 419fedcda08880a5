/** The files that a certificate becomes on a host, and what of them an admin has chosen. */
import Joi from 'joi';
import type { InstallRun } from '../platforms/contract.js';
import type { FileOwner } from './contract.js';
import type { FileWish } from './file-swap.js';
import { InstallProblem } from './install-problem.js';

export interface CertificatePaths {
  keyPath: string | null;
  certificatePath: string | null;
  chainPath: string | null;
  fullchainPath: string | null;
}

const ABSOLUTE = /^\/(?!.*(?:\/\.{1,2}(?:\/|$)|\/$))[^\p{Cc}]+$/u;

/** A setting that names a file or directory of the host; empty by default. */
export const absolutePath = () =>
  Joi.string()
    .max(1000)
    .pattern(ABSOLUTE)
    .messages({ 'string.pattern.base': '{{#label}} must be an absolute path, such as /etc/ssl/private/web.key' })
    .allow(null)
    .default(null);

/** The settings of the four paths. */
export const pathSettings = {
  keyPath: absolutePath().description('The file of the private key.'),
  certificatePath: absolutePath().description('The file of the certificate alone; empty for none.'),
  chainPath: absolutePath().description('The file of the intermediate certificates alone; empty for none.'),
  fullchainPath: absolutePath().description('The file of the certificate with its chain, leaf first; empty for none.'),
};

/** The paths without which there is nothing to install; throws an InstallProblem where they are missing. */
export function requirePaths(paths: CertificatePaths): void {
  const { keyPath, certificatePath, fullchainPath } = paths;
  if (!keyPath) throw new InstallProblem('INSTALL_SETTINGS_MISSING', 'The connection has no path for the private key.');
  if (!certificatePath && !fullchainPath)
    throw new InstallProblem('INSTALL_SETTINGS_MISSING', 'The connection has no path for the certificate.');
  const set = chosen(paths);
  if (new Set(set).size < set.length)
    throw new InstallProblem('INSTALL_SETTINGS_MISSING', 'The connection names one path for two files.');
}

export function chosen({ keyPath, certificatePath, chainPath, fullchainPath }: CertificatePaths): string[] {
  return [keyPath, certificatePath, chainPath, fullchainPath].filter((path) => path !== null);
}

const pem = (...parts: string[]) => Buffer.from(parts.map((part) => `${part.trim()}\n`).join(''));

/** A key is never readable by others, whatever the old one was; a certificate keeps the mode of the old one. */
export function wishesOf(
  paths: CertificatePaths,
  { leafPem, chainPems, keyPem }: InstallRun['certificate'],
  { keyMode, owner }: { keyMode: number; owner: FileOwner },
): FileWish[] {
  requirePaths(paths);
  if (keyPem === null) throw new InstallProblem('INSTALL_FAILED', 'The key of this certificate was made by a device.');
  const wish = (path: string | null, data: Buffer): FileWish[] =>
    path === null ? [] : [{ path, data, mode: 0o644, keepMode: true, owner }];
  return [
    ...wish(paths.keyPath, pem(keyPem)).map((key) => ({ ...key, mode: keyMode, keepMode: false })),
    ...wish(paths.certificatePath, pem(leafPem)),
    ...wish(paths.chainPath, pem(...chainPems)),
    ...wish(paths.fullchainPath, pem(leafPem, ...chainPems)),
  ];
}
