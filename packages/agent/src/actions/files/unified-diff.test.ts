import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { compareLines } from './compare-lines.ts';
import { hideSecrets } from './hide-secrets.ts';
import { unifiedDiff } from './unified-diff.ts';

suite('the diff of a file', () => {
  test('has three lines around a change, and says which lines they are', () => {
    const before = ['1', '2', '3', '4', '5', '6', '7', '8', '9', ''].join('\n');
    const expected = ['--- /f', '+++ /f', '@@ -3,7 +3,7 @@', ' 3', ' 4', ' 5', '-6', '+six', ' 7', ' 8', ' 9', ''];
    assert.equal(unifiedDiff('/f', before, before.replace('6', 'six')), expected.join('\n'));
  });

  test('of a file that is not there names the null device', () => {
    assert.equal(unifiedDiff('/f', undefined, 'a\n'), '--- /dev/null\n+++ /f\n@@ -0,0 +1,1 @@\n+a\n');
    assert.equal(unifiedDiff('/f', 'a\n', 'a\n'), '');
  });

  test('tells a last line that does not end', () => {
    const expected = '--- /f\n+++ /f\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n';
    assert.equal(unifiedDiff('/f', 'a', 'a\n'), expected);
  });

  test('is cut off where it gets long, and says how much is missing', () => {
    const diff = unifiedDiff('/f', undefined, `${'x'.repeat(99)}\n`.repeat(1_000));
    assert.ok(Buffer.byteLength(diff) < 16_384 + 40);
    assert.match(diff, /\n\(\d+ more lines not shown\)\n$/);
  });

  test('compares so that both texts can be put together again, whatever they are', () => {
    const texts = fc.array(fc.constantFrom('a\n', 'b\n', '\n', 'c'), { maxLength: 12 }).map((lines) => lines.join(''));
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const compared = compareLines(before, after);
        const side = (other: string) => compared.flatMap(({ kind, line }) => (kind === other ? [] : [line])).join('');
        assert.deepEqual([side('added'), side('removed')], [before, after]);
      }),
    );
  });
});

suite('a line of a file', () => {
  const lines = [
    ['//nas/s /mnt cifs username=u,password=canary 0 0', '//nas/s /mnt cifs username=u,password=(not shown) 0 0'],
    ['proxy=http://user:canary@proxy:3128', 'proxy=http://user:(not shown)@proxy:3128'],
    ['proxy_password = canary', 'proxy_password = (not shown)'],
    ['    "splunk-token": "canary \\" canary",', '    "splunk-token": (not shown)'],
    ['Authorization: Bearer canary', 'Authorization: (not shown)'],
  ] as const;
  for (const [line, shown] of lines)
    test(`is shown without its secret: ${shown}`, () => assert.equal(hideSecrets(line), shown));

  const harmless = ['UUID=1 / ext4 defaults 0 0', 'gpgkey=https://host/key', '127.0.0.1 localhost', 'tokens 1 2'];
  test('is shown as it is where it has none', () => assert.deepEqual(harmless.map(hideSecrets), harmless));
});
