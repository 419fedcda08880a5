/** How a certificate comes onto a host that no other platform describes: four paths and a command of the admin's. */
import Joi from 'joi';
import type { CertificateRun } from '../../../../server/platforms/contract.js';
import { pathSettings, type CertificatePaths } from '../../../../server/ssh/certificate-files.js';

export interface GenericInstall extends CertificatePaths {
  command: string | null;
}

// A second line would be a second command; quotes around a name would undo ours.
const NAMES = String.raw`\{(?:key|certificate|chain|fullchain|name)\}`;
const ONE_COMMAND = new RegExp(`^(?!.*["'\`]${NAMES})(?!.*${NAMES}["'\`])[^\\p{Cc}]+$`, 'u');

export const settings = Joi.object<GenericInstall>({
  ...pathSettings,
  command: Joi.string()
    .trim()
    .max(1000)
    .pattern(ONE_COMMAND)
    .messages({ 'string.pattern.base': '{{#label}} must be one line, without quotes around {key} and its like' })
    .allow(null)
    .default(null)
    .description(
      'Makes the service take the new files; {key}, {certificate}, {chain} and {fullchain} become their paths and ' +
        '{name} the first name of the certificate, each quoted. Empty where the service does so by itself.',
    ),
});

/** The stored settings, completed by the defaults; throws where they were never let in by this schema. */
export function settingsOf({ install }: CertificateRun): GenericInstall {
  return Joi.attempt(install, settings);
}
