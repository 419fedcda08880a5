/** GET /audit, for admins. */
import type { Plugin, Request } from '@hapi/hapi';
import Joi from 'joi';
import type { Knex } from 'knex';
import type { Access } from '../access/contract.js';
import { adminOnly } from '../access/gate.js';
import { readAudit, type AuditQuery } from './audit.js';

export interface AuditOptions {
  knex: Knex;
  access: Access;
}

const query = Joi.object<AuditQuery>({
  limit: Joi.number().integer().min(1).max(200).default(50).description('How many entries at most.'),
  before: Joi.number().integer().min(1).max(2_147_483_647).description("The page before's `next`."),
  actor: Joi.string().max(128).description('Only what this user did.'),
  action: Joi.string().max(64).description('Only this action, such as connection.update.'),
});

export const audit: Plugin<AuditOptions> = {
  name: 'signalbox-audit',
  register(server, { knex, access }) {
    server.route({
      method: 'GET',
      path: '/audit',
      options: {
        description: 'Who did what, when, from where, with which outcome; newest first.',
        tags: ['api'],
        validate: { query },
        handler: (request: Request) => {
          adminOnly(access, request);
          return readAudit(knex, request.query as unknown as AuditQuery);
        },
      },
    });
  },
};
