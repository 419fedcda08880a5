/** A Cisco VOS appliance (CUCM, CUC, IM&P, CER, UCCX, Finesse, VVB), reached by its command line over SSH and its certificate REST. */
import type { Plugin } from '@hapi/hapi';
import Joi from 'joi';
import type { Platform } from '../../../server/platforms/contract.js';
// For the type of server.platform() only.
import type {} from '../../../server/platforms/registry.js';
import { certificate } from './certificate/certificate.js';
import { certmgrTiming } from './certificate/timing.js';
import { cliTiming } from './cli/timing.js';
import { inventory } from './inventory.js';
import { Restart } from './restart/restart.js';
import { servicePattern } from './services.js';
import { settings } from './settings.js';
import { realWorld, type World } from './world.js';

const milliseconds = Joi.number().integer().min(1);
const times = (timing: object) =>
  Joi.object(Object.fromEntries(Object.keys(timing).map((key) => [key, milliseconds.required()]))).required();

const schema = Joi.object<World>({
  now: Joi.function().required().description('The time in milliseconds since 1970.'),
  sleep: Joi.function().required().description('Waits for some milliseconds, or until a signal aborts.'),
  probeTls: Joi.function().required().description('Shows the certificate that a port serves.'),
  cli: times(cliTiming).description('How long the conversation with the command line waits for what.'),
  certmgr: times(certmgrTiming).description('How long the certificate interface is given for what.'),
});

function platform(world: World): Platform {
  return {
    name: 'vos',
    title: 'Cisco VOS appliance',
    defaultPort: 22,
    defaultService: 'Cisco Tomcat',
    servicePattern,
    restartDurationMs: 300_000,
    settings,
    ...inventory(world),
    ...certificate(world),
    restartService: async (run) => new Restart(run, world).run(),
  };
}

export const plugin: Plugin<Partial<World> | void> = {
  name: 'signalbox-platform-vos',
  register(server, options) {
    const { value, error } = schema.validate({ ...realWorld, ...options });
    if (error) throw new Error(`Invalid vos configuration: ${error.message}`);
    server.platform(platform(value));
  },
};
