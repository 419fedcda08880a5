/** Reading operations: the published types, lists with a version for a tag, one operation, its log. */
import { createHash } from 'node:crypto';
import type { Request, ResponseToolkit, ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import { callerOf, gate } from '../../access/gate.js';
import { reachesType } from '../../access/scope.js';
import { problem } from '../../problems/problems.js';
import type { Caller } from '../../access/contract.js';
import type { OperationPage } from '../contract.js';
import { find, isCursor, list, listVersion, type ListFilter } from '../history.js';
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

/** What a list depends on beside what is stored: who asks, and for which part of it. */
function askedFor(request: Request): string {
  const caller = callerOf(request);
  return `${caller.userId}.${caller.maxRole}.${JSON.stringify(caller.embed ?? null)}.${request.url.search}`;
}

const digest = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 22);

/** Names a list without a query: the store's version in this process, the caller's rights, and which part was asked for. */
function ownTag(desk: Desk, request: Request, { connectionId }: ListFilter): string {
  const part = digest(askedFor(request));
  return `${request.server.info.id}.${desk.engine.publications.version(connectionId)}.${desk.access.version}.${part}`;
}

/** The same on every node of one database: nothing in it is a node's own. */
async function sharedTag(desk: Desk, request: Request, filter: ListFilter): Promise<string> {
  return digest([await desk.engine.epoch(), askedFor(request), await listVersion(desk.knex, filter)].join('|'));
}

async function pageOf(desk: Desk, filter: ListFilter): Promise<OperationPage> {
  const { rows, next } = await list(desk.knex, filter);
  for (const row of rows) desk.knownTypes.learn(row.id, row.operation_type);
  return { operations: rows.map((row) => desk.engine.wire(row)), next, epoch: await desk.engine.epoch() };
}

function unchanged(desk: Desk, answer: ReturnType<ResponseToolkit['entity']>) {
  desk.counters.polls.inc();
  if (answer) desk.counters.notModified.inc();
  return answer;
}

/** Tagged before it is read, so that a tag never stands for more than its list shows. An unchanged one is not read at all. */
async function tagged(desk: Desk, request: Request, h: ResponseToolkit, filter: ListFilter) {
  const isShared = desk.engine.store.dialect.name === 'postgres';
  const etag = isShared ? await sharedTag(desk, request, filter) : ownTag(desk, request, filter);
  const known = unchanged(desk, h.entity({ etag, vary: false }));
  return (known ?? h.response(await pageOf(desk, filter))).header('cache-control', 'private, no-cache');
}

function filterOf(request: Request): ListFilter {
  const { status, type, limit, before } = request.query as unknown as ListQuery;
  const types = callerOf(request).embed?.operations;
  return {
    limit,
    ...(status ? { status } : {}),
    ...(type ? { type } : {}),
    ...(types ? { types } : {}),
    ...(before ? { before } : {}),
  };
}

/** Which connections the list over all of them takes. */
function mineOf(desk: Desk, caller: Caller): Pick<ListFilter, 'visibleToUser' | 'connectionIds'> {
  const visible = desk.access.visibleTo(caller);
  if (visible === 'all') return {};
  return caller.embed ? { connectionIds: [...visible] } : { visibleToUser: caller.userId };
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
        return tagged(desk, request, h, { ...filterOf(request), ...mineOf(desk, callerOf(request)) });
      },
    },
  };
}

/** The row, for a caller who may see its connection; a missing one looks like a hidden one. */
export async function rowFor(desk: Desk, request: Request, role: 'viewer' | 'operator') {
  const connectionId = Number(request.params['id']);
  gate(desk.access, request, connectionId, role);
  const row = await find(desk.knex, connectionId, String(request.params['operationId']));
  if (!row || !reachesType(callerOf(request), row.operation_type)) throw problem('NOT_FOUND');
  desk.knownTypes.learn(row.id, row.operation_type);
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
