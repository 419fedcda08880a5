/** Refused input in sentences: which field, what is wrong with it, and no quotes around its name. */
import Boom from '@hapi/boom';
import Joi from 'joi';
import t from 'tap';
import { problemDocument } from './problems.js';

const [a, b] = [Joi.any(), Joi.any()];
const refused: [Joi.Schema, unknown][] = [
  [Joi.object({ a: Joi.string().required(), b: Joi.number() }), { b: 'x', c: 1 }],
  [Joi.object({ a, b }).with('a', 'b'), { a: 1 }],
  [Joi.object({ a, b }).without('a', 'b'), { a: 1, b: 1 }],
  [Joi.object({ a, b }).or('a', 'b'), {}],
  [Joi.object({ a, b }).xor('a', 'b'), { a: 1, b: 1 }],
  [Joi.object({ a: Joi.number(), b: Joi.number().max(Joi.ref('a')) }), { a: 1, b: 2 }],
  [
    Joi.object({
      list: Joi.array()
        .items(Joi.object({ x: Joi.valid('p') }))
        .unique('x'),
    }),
    { list: [{ x: 'q' }] },
  ],
  [Joi.string(), 3],
  [Joi.object({}), { 'we"ird': 1 }],
];

t.test('a field is named without quotes, as Joi says it when it is told to leave them out', async (t) => {
  for (const [schema, value] of refused) {
    const { error } = schema.validate(value, { abortEarly: false });
    const plain = schema.validate(value, { abortEarly: false, errors: { wrap: { label: false } } }).error;
    const boom = Boom.boomify(error as Error, { statusCode: 400 });
    const { status, document } = problemDocument(boom);
    const messages = (document['errors'] as { message: string }[]).map(({ message }) => message);
    const expected = plain?.details.map(({ message }) => message);
    t.same([status, document['code'], messages], [400, 'VALIDATION_FAILED', expected]);
  }
});

t.test('what a pattern refused is not said back: it may be half a secret', async (t) => {
  const secret = 'tok en fails to match the "a"\nwith value x';
  const keys = {
    a: Joi.string().pattern(/^[!-~]+$/, 'visible characters'),
    b: Joi.string().pattern(/^\w+$/),
    c: Joi.string().pattern(/ /, { invert: true }),
    d: Joi.string().pattern(/ /, { name: 'spaced', invert: true }),
  };
  const { error } = Joi.object(keys).validate({ a: secret, b: secret, c: secret, d: secret }, { abortEarly: false });
  const { document } = problemDocument(Boom.boomify(error as Error, { statusCode: 400 }));
  t.same(document['errors'], [
    { pointer: '/a', message: 'a fails to match the visible characters pattern' },
    { pointer: '/b', message: 'b fails to match the required pattern: /^\\w+$/' },
    { pointer: '/c', message: 'c matches the inverted pattern: / /' },
    { pointer: '/d', message: 'd matches the inverted spaced pattern' },
  ]);
  t.equal(document['detail'], 'a fails to match the visible characters pattern.');
});

t.test('a field’s name is kept, whatever it says', async (t) => {
  const name = 'x with value y matches the z';
  const { error } = Joi.object({}).validate({ [name]: 1 });
  const { document } = problemDocument(Boom.boomify(error as Error, { statusCode: 400 }));
  t.equal(document['detail'], `${name} is not allowed.`);
});
