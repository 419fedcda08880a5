/** Which service a start means, decided before anything is stored or sent. */
import type { StartContext } from '../../../server/operations/contract.js';
import { refusals, type RefusalCode } from './codes.js';

export interface Params {
  service?: string;
}

type Start = StartContext<Params>;

function refuse(start: Start, code: RefusalCode, message: string): never {
  return start.fail(code, message, { hint: refusals[code].hint });
}

/** Without params: the platform's own default, else the connection's first service. Refuses what is on neither. */
export function chosenService(start: Start): string {
  const { params, connection, platform } = start;
  if (!platform.restartService)
    refuse(start, 'SERVICE_RESTART_UNSUPPORTED', `Nothing can be restarted on ${platform.title}.`);
  const usual = platform.defaultService ?? connection.services[0];
  const service = params.service ?? usual;
  if (service === undefined) refuse(start, 'SERVICE_REQUIRED', `${connection.name} names no service to restart.`);
  if (service !== platform.defaultService && !connection.services.includes(service))
    refuse(start, 'SERVICE_NOT_ALLOWED', `${service} is not among the services that may be restarted here.`);
  if (!platform.servicePattern?.test(service))
    refuse(start, 'SERVICE_NAME_INVALID', `No service on ${platform.title} can have the name ${service}.`);
  return service;
}
