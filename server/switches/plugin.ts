/** GET and PATCH /settings, for admins. */
import type { Plugin, Request, ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import type { Access } from '../access/contract.js';
import { adminOnly } from '../access/gate.js';
import { smallJson } from '../access/schemas.js';
import type { Audit } from '../audit/contract.js';
import type { SettingsView, SwitchChange } from './contract.js';
import { answer, change } from './schemas.js';
import type { Switches } from './switches.js';

export interface SwitchesOptions {
  switches: Switches;
  access: Access;
  audit: Audit;
}

async function update({ switches, access, audit }: SwitchesOptions, request: Request): Promise<SettingsView> {
  const { username } = adminOnly(access, request);
  const changed = await switches.change(request.payload as SwitchChange, username);
  if (Object.keys(changed).length > 0)
    await audit.write({ request, action: 'settings.update', target: 'settings', outcome: 'ok', detail: changed });
  return switches.view();
}

function routesOf(options: SwitchesOptions): ServerRoute[] {
  const { switches, access } = options;
  const shared = { tags: ['api'], response: { schema: answer } };
  return [
    {
      method: 'GET',
      path: '/settings',
      handler: (request) => {
        adminOnly(access, request);
        return switches.view();
      },
      options: {
        ...shared,
        description: 'The settings that can be changed while the server runs, and who changed them.',
        validate: { query: Joi.object({}) },
      },
    },
    {
      method: 'PATCH',
      path: '/settings',
      handler: (request) => update(options, request),
      options: {
        ...shared,
        description: 'Changes settings at once; null goes back to the environment’s value.',
        payload: smallJson,
        validate: { query: Joi.object({}), payload: change },
      },
    },
  ];
}

export const switches: Plugin<SwitchesOptions> = {
  name: 'signalbox-switches',
  register(server, options) {
    server.route(routesOf(options));
    server.ext('onPreStart', () => {
      const { overrides } = options.switches.view();
      // Whoever reads the environment's values in the log must not believe that they count.
      const inForce = Object.entries(overrides).filter(([, override]) => override !== null);
      if (inForce.length > 0) server.log(['settings', 'overrides'], { overrides: Object.fromEntries(inForce) });
    });
  },
};
