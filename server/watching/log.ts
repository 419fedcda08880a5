/** The server's log: one JSON line an event on stdout, with nothing secret in it. */
import type { Plugin, Request } from '@hapi/hapi';
import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { describeError } from './log-errors.js';

const SECRET_KEYS = [
  'password',
  'currentPassword',
  'privateKey',
  'passphrase',
  'token',
  'authorization',
  'cookie',
  'secret',
  'adminPassword',
  'secretKey',
  'jwtSecret',
  'credentials',
];

// Redaction goes by path, and a star is one level: three levels are more than any line of ours has.
const paths = SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

/** A logger of this level to stdout, or to `destination`. */
export function makeLogger(level: string, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: (error: unknown) => describeError(error) },
    redact: { paths, censor: '[redacted]' },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Null where nothing was answered, as when the client has gone. */
function statusOf(response: Request['response'] | null): number | null {
  if (!response) return null;
  return 'statusCode' in response ? response.statusCode : response.output.statusCode;
}

/** The line for one request: the route's pattern, never the path, since a path can hold what somebody pasted. */
function requestLine(request: Request): Record<string, unknown> {
  const { info, method, route, response } = request;
  return {
    requestId: info.id,
    method: method.toUpperCase(),
    route: route.path,
    status: statusOf(response),
    ms: (info.responded || Date.now()) - info.received,
    username: request.auth.credentials?.caller?.username ?? null,
  };
}

interface LogEvent {
  channel: string;
  tags: string[];
  data?: unknown;
  error?: unknown;
}

function write(logger: Logger, { tags, data, error }: LogEvent, more: Record<string, unknown>): void {
  const level = tags.includes('error') ? 'error' : tags.includes('warn') ? 'warn' : 'info';
  const said = error ?? data;
  const fields = said instanceof Error ? { err: said } : typeof said === 'object' ? said : {};
  logger[level]({ ...fields, ...more, tags }, typeof said === 'string' ? said : tags.join(' '));
}

export interface LogOptions {
  logger: Logger;
}

/** Writes hapi's events: a line for each request, `server.log` and `request.log` as they come, errors with their stack. */
export const logging: Plugin<LogOptions> = {
  name: 'signalbox-log',
  register(server, { logger }) {
    const told = logger.isLevelEnabled('info');
    if (told) server.events.on('response', (request) => logger.info(requestLine(request), 'request'));
    server.events.on('log', (event) => write(logger, event, {}));
    // Of hapi's own channel for requests only `error` tells something new; `app` is request.log.
    server.events.on({ name: 'request', channels: ['app', 'error'] }, (request, event) =>
      write(logger, event, { requestId: request.info.id, route: request.route.path }),
    );
  },
};
