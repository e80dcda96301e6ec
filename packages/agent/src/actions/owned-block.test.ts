import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ownedLines, replaceOwnedBlock } from './owned-block.ts';

const lines = ['10.0.12.2 cluster-endpoint'];

test('a block is put before everything else', () => {
  const content = replaceOwnedBlock('127.0.0.1 localhost\n', lines);
  assert.equal(content, '# BEGIN drover\n10.0.12.2 cluster-endpoint\n# END drover\n127.0.0.1 localhost\n');
});

test('a block that is there is replaced, wherever it stands', () => {
  const content = replaceOwnedBlock('a\n# BEGIN drover\nold\n# END drover\nb\n', lines);
  assert.equal(content, '# BEGIN drover\n10.0.12.2 cluster-endpoint\n# END drover\na\nb\n');
});

test('no lines, no block', () => {
  assert.equal(replaceOwnedBlock('a\n# BEGIN drover\nold\n# END drover\nb\n', []), 'a\nb\n');
});

for (const [fault, content] of Object.entries({
  'has no end': 'a\n# BEGIN drover\nb\n',
  'has no beginning': 'a\n# END drover\nb\n',
  'ends before it begins': '# END drover\n# BEGIN drover\n',
  'is there twice': '# BEGIN drover\n# END drover\n# BEGIN drover\n# END drover\n',
})) {
  test(`a block that ${fault} is nobody's to replace`, () => {
    assert.equal(replaceOwnedBlock(content, lines), undefined);
  });
}

test('every other line stays byte for byte, whatever it is, and the second time changes nothing', () => {
  const others = fc
    .array(fc.string({ unit: 'binary' }).filter((text) => !/drover/.test(text)))
    .map((all) => all.join('\n'));
  const ours = fc.array(fc.stringMatching(/^[a-z0-9. ]*[a-z0-9]$/), { minLength: 1 });
  fc.assert(
    fc.property(others, ours, (content, wanted) => {
      const once = replaceOwnedBlock(content, wanted) ?? '';
      assert.equal(replaceOwnedBlock(once, wanted), once);
      assert.deepEqual(ownedLines(once), wanted);
      assert.equal(replaceOwnedBlock(once, []), content);
    }),
  );
});
