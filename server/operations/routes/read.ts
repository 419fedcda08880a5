/** Reading operations: the published types, lists with a version for a tag, one operation, its log. */
import { createHash } from 'node:crypto';
import type { Request, ResponseToolkit, ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import { callerOf, gate } from '../../access/gate.js';
import { problem } from '../../problems/problems.js';
import type { OperationPage } from '../contract.js';
import { find, isCursor, list, type ListFilter } from '../history.js';
import { logAfter } from '../log-store.js';
import type { Desk } from '../plugin.js';
import { connectionParams, operationParams } from './requests.js';

interface ListQuery {
  status?: string;
  type?: string;
  limit: number;
  before?: string;
}

const listQuery = Joi.object({
  status: Joi.string()
    .valid('pending', 'in_progress', 'completed', 'failed', 'cancelled', 'active')
    .description('One status; `active` takes pending and in_progress.'),
  type: Joi.string().max(64).description('One operation type.'),
  limit: Joi.number().integer().min(1).max(200).default(50).description('How many operations at most.'),
  before: Joi.string()
    .max(64)
    .custom((value: string, tools) => (isCursor(value) ? value : tools.error('any.invalid')))
    .description('What the last page gave as `next`.'),
});

/** Names a list without a query: the store's version, the caller's rights, and which part of it was asked for. */
function versionTag(desk: Desk, request: Request, connectionId?: number): string {
  const caller = callerOf(request);
  const whose = `${caller.userId}.${caller.maxRole}.${request.url.search}`;
  const part = createHash('sha256').update(whose).digest('base64url').slice(0, 12);
  return `${request.server.info.id}.${desk.engine.publications.version(connectionId)}.${desk.access.version}.${part}`;
}

const bodyTag = (page: OperationPage) => createHash('sha256').update(JSON.stringify(page)).digest('base64url');

async function pageOf(desk: Desk, filter: ListFilter): Promise<OperationPage> {
  const { rows, next } = await list(desk.knex, filter);
  return { operations: rows.map((row) => desk.engine.wire(row)), next, epoch: await desk.engine.epoch() };
}

function unchanged(desk: Desk, answer: ReturnType<ResponseToolkit['entity']>) {
  if (answer) desk.counters.notModified.inc();
  return answer;
}

/** On one node the tag costs no query; several nodes on one PostgreSQL tag what they read. */
async function tagged(desk: Desk, request: Request, h: ResponseToolkit, filter: ListFilter) {
  const shared = desk.engine.store.dialect.name === 'postgres';
  const early = shared ? null : versionTag(desk, request, filter.connectionId);
  const known = early && unchanged(desk, h.entity({ etag: early, vary: false }));
  if (known) return known.header('cache-control', 'private, no-cache');
  const page = await pageOf(desk, filter);
  const late = early ? undefined : unchanged(desk, h.entity({ etag: bodyTag(page), vary: false }));
  return (late ?? h.response(page)).header('cache-control', 'private, no-cache');
}

function filterOf(request: Request): ListFilter {
  const { status, type, limit, before } = request.query as unknown as ListQuery;
  return { limit, ...(status ? { status } : {}), ...(type ? { type } : {}), ...(before ? { before } : {}) };
}

function listOfConnection(desk: Desk): ServerRoute {
  return {
    method: 'GET',
    path: '/connections/{id}/operations',
    options: {
      description: 'The operations of a connection: active ones first, then the newest.',
      tags: ['api', 'operations'],
      validate: { params: connectionParams, query: listQuery },
      handler: async (request, h) => {
        const connectionId = Number(request.params['id']);
        gate(desk.access, request, connectionId, 'viewer');
        return tagged(desk, request, h, { ...filterOf(request), connectionId });
      },
    },
  };
}

function listOfAll(desk: Desk): ServerRoute {
  return {
    method: 'GET',
    path: '/operations',
    options: {
      description: 'The operations of every connection that the caller may see.',
      tags: ['api', 'operations'],
      validate: { query: listQuery },
      handler: async (request, h) => {
        const caller = callerOf(request);
        const mine = desk.access.visibleTo(caller) === 'all' ? {} : { visibleToUser: caller.userId };
        return tagged(desk, request, h, { ...filterOf(request), ...mine });
      },
    },
  };
}

/** The row, for a caller who may see its connection; a missing one looks like a hidden one. */
export async function rowFor(desk: Desk, request: Request, role: 'viewer' | 'operator') {
  const connectionId = Number(request.params['id']);
  gate(desk.access, request, connectionId, role);
  const row = await find(desk.knex, connectionId, String(request.params['operationId']));
  if (!row) throw problem('NOT_FOUND');
  return row;
}

function one(desk: Desk): ServerRoute {
  return {
    method: 'GET',
    path: '/connections/{id}/operations/{operationId}',
    options: {
      description: 'One operation.',
      tags: ['api', 'operations'],
      validate: { params: operationParams },
      handler: async (request) => desk.engine.wire(await rowFor(desk, request, 'viewer')),
    },
  };
}

function log(desk: Desk): ServerRoute {
  const after = Joi.number().integer().min(0).default(0).description('Lines after this sequence number.');
  return {
    method: 'GET',
    path: '/connections/{id}/operations/{operationId}/log',
    options: {
      description: 'The lines of an operation, at most 1,000 in one answer.',
      tags: ['api', 'operations'],
      validate: { params: operationParams, query: Joi.object({ after }) },
      handler: async (request) => {
        const row = await rowFor(desk, request, 'viewer');
        return logAfter(desk.knex, row.id, Number(request.query['after']));
      },
    },
  };
}

function types(desk: Desk): ServerRoute {
  return {
    method: 'GET',
    path: '/operations/types',
    options: {
      description: 'The published operation types.',
      tags: ['api', 'operations'],
      handler: () => ({ types: desk.engine.types.published() }),
    },
  };
}

export const readRoutes = (desk: Desk): ServerRoute[] => [
  types(desk),
  listOfAll(desk),
  listOfConnection(desk),
  one(desk),
  log(desk),
];
