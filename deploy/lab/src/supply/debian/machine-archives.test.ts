import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIndexTargets } from './machine-archives.ts';

test("the machine's mirrors of the main and the security archive are found among others", () => {
  const text = [
    'https://packages.example/apt/ bookworm main Example',
    'http://mirror.example/debian/ bookworm-updates main Debian',
    'http://mirror.example/debian/ bookworm main Debian',
    'http://mirror.example/debian-security/ bookworm-security main Debian',
  ].join('\n');
  assert.deepEqual(parseIndexTargets(text), {
    main: 'http://mirror.example/debian/',
    security: 'http://mirror.example/debian-security/',
  });
});

test('before the lists are fetched, when no origin is known, the first main archive is taken', () => {
  const text = 'http://mirror.example/debian/ trixie main $(ORIGIN)\nhttp://other.example/ trixie main $(ORIGIN)';
  assert.deepEqual(parseIndexTargets(text), { main: 'http://mirror.example/debian/' });
});

test('a machine without the main archive is told so', () => {
  assert.throws(() => parseIndexTargets('http://mirror.example/debian/ bookworm contrib Debian'), /component main/);
});
