import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heldPackages, holdPackages } from './package-hold.ts';

for (const [name, before, after] of [
  ['an empty file gets the section', '', '[main]\nexclude=a b\n'],
  ['the option goes into the section that is there', '[main]\ngpgcheck=1\n', '[main]\nexclude=a b\ngpgcheck=1\n'],
  ['packages that others hold stay held', '[main]\nexclude=kernel*\n', '[main]\nexclude=kernel* a b\n'],
  [
    'dnf’s own name for the option is kept',
    '[main]\nexcludepkgs = x,y\nbest=1\n',
    '[main]\nexcludepkgs=x y a b\nbest=1\n',
  ],
  [
    'an option over several lines is understood',
    '[main]\nexclude=x\n  y\nbest=1\n',
    '[main]\nexclude=x y a b\nbest=1\n',
  ],
  [
    'another section’s option is another’s',
    '[main]\n[extra]\nexclude=x\n',
    '[main]\nexclude=a b\n[extra]\nexclude=x\n',
  ],
  ['a comment is no option', '[main]\n#exclude=x\n', '[main]\nexclude=a b\n#exclude=x\n'],
] as const) {
  test(name, () => {
    assert.equal(holdPackages(before, ['a', 'b']), after);
    const held = heldPackages(after);
    assert.ok(held.includes('a') && held.includes('b'));
  });
}

test('a package that is held already is not named twice', () => {
  assert.equal(holdPackages('[main]\nexclude=a\n', ['a', 'b']), '[main]\nexclude=a b\n');
});
