import { Type } from 'typebox';

/** Of a list: what there is, and cannot be shown. */
export const DamagedNames = Type.Optional(
  Type.Array(Type.String(), {
    description: 'The names of those whose records are damaged (`store-corrupt`); absent where none is',
  }),
);
