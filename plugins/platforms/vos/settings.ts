/** What a connection may say about its appliance. */
import Joi from 'joi';
import type { ConnectionTarget } from '../../../server/connections/contract.js';

export interface Settings {
  servedPort: number;
  restartTimeoutSeconds: number;
}

export const settings = Joi.object<Settings>({
  servedPort: Joi.number()
    .port()
    .min(1)
    .default(8443)
    .description('The TLS port that Tomcat serves; a handshake with it belongs to the proof of a restart.'),
  restartTimeoutSeconds: Joi.number()
    .integer()
    .min(5)
    .max(7200)
    .default(1200)
    .description('How many seconds a restart may take, from the command on, before it counts as failed.'),
});

/** The connection's settings, with the defaults for what was stored before there were any. */
export function settingsOf({ platformSettings }: Pick<ConnectionTarget, 'platformSettings'>): Settings {
  return Joi.attempt(platformSettings, settings) as Settings;
}

/** How often a restart is looked at: 240 times until its deadline, yet never in a rush nor seldom. */
export function pollGapMs({ restartTimeoutSeconds }: Settings): number {
  return Math.min(5_000, Math.max(250, (restartTimeoutSeconds * 1000) / 240));
}
