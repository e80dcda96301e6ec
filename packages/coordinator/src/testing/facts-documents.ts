import { Facts } from '@drover/proto';
import fc from 'fast-check';
import type { TSchema } from 'typebox';

/** What the strings of facts look like where it matters, and where it goes wrong. */
const texts = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '1',
    'systemd',
    'cgroupfs',
    '10.0.0.12/24',
    '10.96.0.1',
    '::',
    'worker-1',
    '1.20.2',
    '1.x',
    'kube*',
    '5.14.0-el9',
  ),
  fc.string({ maxLength: 8 }),
);

/** Any document that the schema of facts allows, with its optional parts there or not. */
export const factsDocuments: fc.Arbitrary<Facts> = documentsOf(Facts) as fc.Arbitrary<Facts>;

interface Shape {
  readonly type?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly TSchema[];
  readonly items?: TSchema;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, TSchema>>;
}

/** Values of a schema, for the forms that facts use. Throws a TypeError for any other. */
function documentsOf(schema: TSchema): fc.Arbitrary<unknown> {
  const { type, anyOf, items, properties, required = [], patternProperties, ...rest } = schema as TSchema & Shape;
  if ('const' in rest) return fc.constant(rest.const);
  if (anyOf !== undefined) return fc.oneof(...anyOf.map(documentsOf));
  if (type === 'array' && items !== undefined) return fc.array(documentsOf(items), { maxLength: 3 });
  if (properties !== undefined) {
    const parts = Object.entries(properties).map(([key, value]) => [key, documentsOf(value)] as const);
    return fc.record(Object.fromEntries(parts), { requiredKeys: [...required] });
  }
  const [values] = Object.values(patternProperties ?? {});
  if (values !== undefined) return fc.dictionary(texts, documentsOf(values), { maxKeys: 3 });
  if (type === 'string') return texts;
  if (type === 'number') return fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  throw new TypeError(`no documents of ${JSON.stringify(schema)}`);
}
