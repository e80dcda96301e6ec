import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAptSources } from './apt-sources.ts';

test('stanzas are read with comments, continued lines and what is switched off', () => {
  const text = [
    '# Written by hand',
    'Types: deb deb-src',
    'URIs: https://one.example/debian',
    ' https://two.example/debian',
    '# a comment within',
    'Suites: bookworm bookworm-updates',
    'Components: main',
    'Signed-By: /usr/share/keyrings/debian.gpg',
    '',
    'Types: deb',
    'Enabled: no',
    'URIs: https://off.example/',
    'Suites: /',
    '',
  ].join('\n');
  assert.deepEqual(parseAptSources(text, 'x.sources'), [
    {
      urls: ['https://one.example/debian', 'https://two.example/debian'],
      suites: ['bookworm', 'bookworm-updates'],
      components: ['main'],
      signedBy: '/usr/share/keyrings/debian.gpg',
      trusted: false,
      file: 'x.sources',
    },
  ]);
});

test('lines are read with and without options', () => {
  const text = [
    '# deb https://old.example/ x y',
    'deb [arch=amd64 signed-by=/etc/apt/keyrings/docker.asc] https://download.docker.com/linux/debian bookworm stable # note',
    'deb-src https://one.example/debian bookworm main',
    'deb [trusted=yes] http://flat.example/ ./',
  ].join('\n');
  const found = parseAptSources(text, 'x.list').map(({ urls, suites, components, signedBy, trusted }) => [
    ...[urls[0], suites[0], components.join(' '), signedBy, trusted],
  ]);
  assert.deepEqual(found, [
    ['https://download.docker.com/linux/debian', 'bookworm', 'stable', '/etc/apt/keyrings/docker.asc', false],
    ['http://flat.example/', './', '', undefined, true],
  ]);
});
