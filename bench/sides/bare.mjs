/** The least that listens. */
import { createServer } from 'node:http';

const server = createServer((_, response) => response.end());
server.listen(0, '127.0.0.1', () => process.send({ name: 'listening', port: server.address().port }));
process.on('disconnect', () => process.exit());
