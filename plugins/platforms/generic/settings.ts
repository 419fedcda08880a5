/** The commands that an admin writes for a host that no other platform describes. */
import Joi from 'joi';
import type { ConnectionTarget } from '../../../server/connections/contract.js';

export interface GenericSettings {
  restartCommand: string;
  successExitCodes: number[];
  checkCommand: string;
  servedPort: number | null;
  restartTimeoutSeconds: number;
  settleSeconds: number;
}

// A second line would be a second command; quotes around the name would undo ours.
const ONE_COMMAND = /^(?!.*["'`]\{service\})(?!.*\{service\}["'`])[^\p{Cc}]*$/u;

const command = () =>
  Joi.string()
    .allow('')
    .max(1000)
    .pattern(ONE_COMMAND)
    .messages({ 'string.pattern.base': '{{#label}} must be one line, without quotes around {service}' })
    .default('');

const NO_PROOF =
  '{{#label}} needs a checkCommand or a servedPort beside the restartCommand: the exit code alone proves no restart';

export const settings = Joi.object<GenericSettings>({
  restartCommand: command().description(
    'Restarts the service; {service} becomes its name, quoted. Empty: nothing can be restarted here.',
  ),
  successExitCodes: Joi.array()
    .items(Joi.number().integer().min(0).max(255))
    .min(1)
    .max(16)
    .unique()
    .default([0])
    .description('The exit codes with which the restart command says that it worked.'),
  checkCommand: command().description('Ends with 0 while the service runs; {service} becomes its name, quoted.'),
  servedPort: Joi.number()
    .port()
    .allow(null)
    .default(null)
    .description('A TCP port that Signalbox must be able to connect to while the service runs.'),
  restartTimeoutSeconds: Joi.number()
    .integer()
    .min(5)
    .max(7200)
    .default(300)
    .description('How long a restart may take, from the command on, in seconds.'),
  settleSeconds: Joi.number()
    .integer()
    .min(0)
    .max(60)
    .default(3)
    .description('How long the checks must stay good before the restart counts, in seconds.'),
}).custom((value: GenericSettings, { message }) => {
  const proven = value.checkCommand !== '' || value.servedPort !== null;
  return value.restartCommand === '' || proven ? value : message({ custom: NO_PROOF });
});

/** The stored settings, completed by the defaults; throws where they were never let in by this schema. */
export function settingsOf({ platformSettings }: ConnectionTarget): GenericSettings {
  return Joi.attempt(platformSettings, settings);
}
