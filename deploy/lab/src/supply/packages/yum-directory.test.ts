import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkVersions } from './yum-directory.ts';

const files = [
  'docker.io_20.10.24+dfsg1-1+deb12u1_amd64.deb',
  'containerd_1.6.20~ds1-1_amd64.deb',
  'runc_1.1.50-1_amd64.deb',
];

test('a revision of Debian does not matter', () => {
  checkVersions(files, { 'docker.io': '20.10.24', containerd: '1.6.20' });
});

test('every package that is missing or has another version is named', () => {
  assert.throws(
    () => checkVersions(files, { 'docker.io': '20.10.7', runc: '1.1.5', tini: '0.19.0', containerd: '1.6.20' }),
    (error: Error) =>
      /docker\.io: wanted 20\.10\.7, got docker\.io_20\.10\.24/.test(error.message) &&
      /runc: wanted 1\.1\.5, got runc_1\.1\.50/.test(error.message) &&
      /tini: wanted 0\.19\.0, got nothing/.test(error.message) &&
      !error.message.includes('containerd:'),
  );
});
