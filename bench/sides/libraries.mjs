/** What the product stands on, loaded and listening, with nothing of the product: no start of it can be shorter. */
import { server as hapiServer } from '@hapi/hapi';
import Jwt from '@hapi/jwt';
import nes from '@hapi/nes';
import knex from 'knex';
import 'joi';
import 'pino';
import 'sqlite3';

const server = hapiServer({ host: '127.0.0.1', port: 0 });
await server.register([nes, Jwt]);
knex({ client: 'sqlite3', connection: { filename: ':memory:' }, useNullAsDefault: true });
await server.start();
process.send({ name: 'listening', port: server.info.port });
process.on('disconnect', () => process.exit());
