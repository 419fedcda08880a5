/** What both documents say of themselves. A test holds the version to package.json. */
export const info = {
  title: 'Signalbox',
  version: '0.1.0',
  summary: 'Runs operations on appliances and servers, live for everyone who may see them, and never twice at once.',
  description:
    'Times are UTC ISO 8601 with milliseconds, durations are milliseconds. Errors are RFC 9457 problem documents with a stable `code`.',
  license: { name: 'MIT', identifier: 'MIT' },
} as const;
