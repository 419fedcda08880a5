/** How a certificate comes onto a Linux host; an admin writes it, and the commands run as they stand. */
import Joi from 'joi';
import type { CertificateRun } from '../../../../server/platforms/contract.js';
import { absolutePath, pathSettings, type CertificatePaths } from '../../../../server/ssh/certificate-files.js';

export interface LinuxInstall extends CertificatePaths {
  owner: string | null;
  keyMode: '0600' | '0640';
  testCommand: string | null;
  reloadCommand: string | null;
  useSudo: boolean;
  challengeDirectory: string | null;
}

const NAME = '[A-Za-z_][A-Za-z0-9_.-]{0,31}';
const OWNER = new RegExp(`^${NAME}(?::${NAME})?$`, 'u');

const command = () =>
  Joi.string()
    .trim()
    .max(1000)
    .pattern(/^[^\p{Cc}]+$/u)
    .messages({ 'string.pattern.base': '{{#label}} must be one line' })
    .allow(null)
    .default(null);

export const settings = Joi.object<LinuxInstall>({
  ...pathSettings,
  owner: Joi.string()
    .pattern(OWNER)
    .messages({ 'string.pattern.base': '{{#label}} must be a user, or user:group, such as www-data:www-data' })
    .allow(null)
    .default(null)
    .description('Whom the files belong to, as user or user:group; empty to leave them to whom they belong now.'),
  keyMode: Joi.string()
    .valid('0600', '0640')
    .default('0600')
    .description('The mode of the key file; 0640 lets its group read it.'),
  testCommand: command().description(
    'Ends with 0 when the new files will do, such as “nginx -t”; else the old ones come back. Empty for none.',
  ),
  reloadCommand: command().description(
    'Makes the service take the new files, such as “systemctl reload nginx”. Empty where it does so by itself.',
  ),
  useSudo: Joi.boolean()
    .default(false)
    .description('Writes the files and runs the two commands by “sudo -n”, which must ask for no password.'),
  challengeDirectory: absolutePath().description(
    'The web root beneath which the files of http-01 challenges are placed; empty where none are.',
  ),
});

/** The stored settings, completed by the defaults; throws where they were never let in by this schema. */
export function settingsOf({ install }: CertificateRun): LinuxInstall {
  return Joi.attempt(install, settings);
}
