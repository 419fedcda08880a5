/** What a connection to a Linux host can be set to. */
import Joi from 'joi';
import type { ConnectionTarget } from '../../../server/connections/contract.js';

export interface LinuxSettings {
  restartTimeoutSeconds: number;
  settleSeconds: number;
  servedPort: number | null;
  initSystem: 'auto' | 'systemd' | 'openrc' | 'sysv';
}

export const settings = Joi.object<LinuxSettings>({
  restartTimeoutSeconds: Joi.number()
    .integer()
    .min(5)
    .max(7200)
    .default(120)
    .description('How long a restart may take, from the command on, in seconds.'),
  settleSeconds: Joi.number()
    .integer()
    .min(0)
    .max(60)
    .default(3)
    .description('How long the new main process must live before the restart counts, in seconds.'),
  servedPort: Joi.number()
    .port()
    .allow(null)
    .default(null)
    .description(
      'A TCP port that Signalbox must be able to connect to afterwards; empty to look at the process alone.',
    ),
  initSystem: Joi.string()
    .valid('auto', 'systemd', 'openrc', 'sysv')
    .default('auto')
    .description('What runs the services; auto asks the host itself.'),
});

/** The stored settings, completed by the defaults; throws where they were never let in by this schema. */
export function settingsOf({ platformSettings }: ConnectionTarget): LinuxSettings {
  return Joi.attempt(platformSettings, settings);
}
