/** What the routes and the feed of operations answer with. */
import type {
  LogChunk,
  LogLine,
  Operation,
  OperationEvent,
  OperationFailure,
  OperationPage,
  PublishedDefinition,
  StartAnswer,
  StepPosition,
} from '../../operations/contract.js';
import { anything, durationMs, flag, list, moment, oneOf, orNull, record, ref, share, text, whole } from '../words.js';

const STATUSES = ['pending', 'in_progress', 'completed', 'failed', 'cancelled'];
const EVENTS = ['operation:start', 'operation:update', 'operation:complete', 'operation:error'];

const started = {
  operationId: text('The operation that runs now.', { format: 'uuid' }),
  status: oneOf(['started', 'already_running'], 'Whether this request started it, or it was running already.'),
  message: text('One sentence for the person.'),
  estimatedDuration: durationMs('How long it will probably take.'),
  existingOperation: record<NonNullable<StartAnswer['existingOperation']>>(
    'What runs already; only with `already_running`.',
    {
      operationId: text('Its id.', { format: 'uuid' }),
      progress: share('How far it is, 0 to 100.'),
      message: orNull(text('What it is doing.')),
    },
  ),
};

export const operationShapes = {
  OperationFailure: record<OperationFailure>('Why an operation failed.', {
    code: text('A stable code; see docs/errors.md.'),
    message: text('One sentence: what happened.'),
    hint: orNull(text('What the person can do about it.')),
    retryable: flag('Whether the same run can succeed later without anybody changing anything.'),
  }),
  StepPosition: record<StepPosition>('A step in the making of an operation.', {
    key: text('The name of the step.'),
    title: text('The step in words.'),
    index: whole('Which step it is, counted from 1.', { minimum: 1 }),
    count: whole('How many steps there are.', { minimum: 1 }),
  }),
  Operation: record<Operation>('One run of an operation type on one connection.', {
    id: text('The operation.', { format: 'uuid' }),
    connectionId: whole('The connection that it runs on.'),
    type: text('The operation type: a name of GET /operations/types.'),
    status: oneOf(STATUSES, 'Where it stands.'),
    progress: share('0 to 100; never falls, and is 100 only when it is completed.', { minimum: 0, maximum: 100 }),
    step: orNull(ref('StepPosition')),
    message: orNull(text('What it is doing, in one sentence.')),
    error: orNull(ref('OperationFailure')),
    startedAt: moment('When it was started.'),
    updatedAt: moment('When it last changed.'),
    completedAt: orNull(moment('When it ended; null while it has not.')),
    estimatedDuration: durationMs('How long it will probably take.'),
    createdBy: oneOf(['user', 'cron', 'auto'], 'What kind of start it was.'),
    requestedBy: orNull(text('The user who started it.')),
    parentId: orNull(text('The operation that it is a part of.', { format: 'uuid' })),
    retryOf: orNull(text('The operation that it retries.', { format: 'uuid' })),
    attempt: whole('How often a node has taken it up.', { minimum: 0 }),
    params: anything('What it was started with, completed by its type.'),
    cancellable: flag('Whether a cancel would be accepted now.'),
    revision: whole('Counts the stored changes: the higher one is the newer one.', { minimum: 1 }),
    result: orNull(anything('What the type reports; `steps` has the duration of each step.')),
  }),
  OperationEvent: record<OperationEvent>('A message on a subscription of operations.', {
    event: oneOf(EVENTS, 'A cancelled operation ends with operation:error and the status cancelled.'),
    operation: ref('Operation'),
  }),
  LogLine: record<LogLine>('One line of an operation’s log.', {
    seq: whole('The line’s number, counted from 1 without a gap.', { minimum: 1 }),
    at: moment('When it was written.'),
    stream: oneOf(['out', 'err', 'in', 'note', 'step'], 'Where the line comes from.'),
    text: text('The line: text of the machine, never HTML.'),
  }),
  LogChunk: record<LogChunk>('Lines of an operation’s log, in order.', {
    seq: whole('The number of the first line; of the next one to come where there are none.', { minimum: 1 }),
    lines: list(ref('LogLine'), 'The lines.'),
  }),
  OperationPage: record<OperationPage>('Operations: active ones first, then the newest.', {
    operations: list(ref('Operation'), 'The operations.'),
    next: orNull(text('What the next page takes as `before`; null where this is the last one.')),
    epoch: text('Changes when a backup was restored: drop then what you have.'),
  }),
  StartAnswer: record<StartAnswer>('The answer to a start or a retry.', { ...started, operation: ref('Operation') }, [
    'existingOperation',
  ]),
  PlannedAnswer: record<Omit<StartAnswer, 'operation'>>(
    'The answer of a planned path; a type may add the id under a name of its own.',
    started,
    ['existingOperation'],
  ),
  PublishedDefinition: record<PublishedDefinition>('An operation type.', {
    type: text('Its name, in routes and messages.'),
    title: text('Its name for people.'),
    description: text('What it does.'),
    labels: record<PublishedDefinition['labels']>('The words of a button.', {
      idle: text('Before a start.'),
      busy: text('While it runs.'),
      done: text('When it is completed.'),
    }),
    display: oneOf(['spinner', 'bar', 'steps'], 'How its progress is best shown.'),
    confirm: orNull(text('A question that a page asks before it starts; null to start at once.')),
    cancellable: flag('Whether it can be cancelled at all.'),
    steps: list(
      record<PublishedDefinition['steps'][number]>('A step.', {
        key: text('The name of the step.'),
        title: text('The step in words.'),
        weight: share('Its share of the progress, relative to the other steps.'),
      }),
      'The steps, in order.',
    ),
    params: anything('JSON Schema (2020-12) of the params.'),
    estimatedDuration: durationMs('The first guess of how long it takes.'),
  }),
  PublishedTypes: record<{ types: PublishedDefinition[] }>('The operation types, the quickest first.', {
    types: list(ref('PublishedDefinition'), 'The types.'),
  }),
};
