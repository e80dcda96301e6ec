import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareHardware, type Hardware, readHardware, type ShownHardware } from './hardware.ts';

const uuid = '4c4c4544-0042-3510-8052-b3c04f4b4e32';
const shown: ShownHardware = { productUuid: uuid, boardSerial: 'BR80F', macs: ['52:54:00:0A:0b:0c'] };
const known: Hardware = readHardware(shown);

test('an account is kept in one form', () => {
  assert.deepEqual(known, { productUuid: uuid, boardSerial: 'BR80F', macs: ['52:54:00:0a:0b:0c'] });
  assert.deepEqual(readHardware({ ...shown, productUuid: ` ${uuid.toUpperCase()}\n` }), known);
});

const junk: readonly Partial<ShownHardware>[] = [
  { productUuid: '00000000-0000-0000-0000-000000000000' },
  { productUuid: 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF' },
  { productUuid: 'FEFEFEFE-FEFE-FEFE-FEFE-FEFEFEFEFEFE' },
  { productUuid: '03000200-0400-0500-0006-000700080009' },
  { productUuid: 'Not Specified' },
  { boardSerial: 'Default string' },
  { boardSerial: 'To be filled by O.E.M.' },
  { boardSerial: 'To Be Filled By O.E.M.' },
  { boardSerial: 'Not Specified' },
  { boardSerial: '0000000' },
  { boardSerial: '................' },
  { boardSerial: ' ' },
  { boardSerial: 'x'.repeat(1000) },
  { macs: ['00:00:00:00:00:00', '01:00:5e:00:00:01', 'ff:ff:ff:ff:ff:ff', 'nonsense'] },
];

for (const part of junk)
  test(`what identifies nobody never matches: ${JSON.stringify(part).slice(0, 60)}`, () => {
    const machine = readHardware({ productUuid: '', boardSerial: '', macs: [], ...part });
    assert.deepEqual(machine, { macs: [] });
    assert.equal(compareHardware(machine, machine).kind, 'unknown');
  });

test('two accounts are of one machine by its product uuid, in either byte order, whatever its interfaces', () => {
  const swapped = '44454c4c-4200-1035-8052-b3c04f4b4e32';
  const other = { productUuid: swapped, macs: ['52:54:00:00:00:01'] };
  assert.equal(compareHardware(known, other).kind, 'same');
});

test('another product uuid or another board makes another machine', () => {
  assert.equal(compareHardware(known, { ...known, productUuid: uuid.replace('4c', '4d') }).kind, 'other');
  assert.equal(compareHardware(known, { ...known, boardSerial: 'BR81A' }).kind, 'other');
});

test('interfaces decide where nothing else can, and one in common is enough', () => {
  const machine: Hardware = { macs: ['52:54:00:00:00:01', '52:54:00:00:00:02'] };
  assert.equal(compareHardware(machine, { macs: ['52:54:00:00:00:02'] }).kind, 'same');
  assert.equal(compareHardware(machine, { macs: ['52:54:00:00:00:03'] }).kind, 'other');
  assert.equal(compareHardware(machine, { macs: [] }).kind, 'unknown');
});

test('where nothing is recorded, nothing is known', () => {
  assert.equal(compareHardware(undefined, known).kind, 'unknown');
});
