import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderAptConfiguration, renderSources } from './debian-archive.ts';

test('every file of apt that holds state is in the private directory', () => {
  const configuration = renderAptConfiguration('/cache/apt');
  for (const key of ['Dir::State', 'Dir::State::status', 'Dir::Cache', 'Dir::Etc::SourceList']) {
    assert.match(configuration, new RegExp(`^${key} "/cache/apt/`, 'm'));
  }
});

test("the machine's hooks, sources and pins are not taken over", () => {
  const configuration = renderAptConfiguration('/cache/apt');
  assert.match(configuration, /^#clear APT::Update::Post-Invoke;$/m);
  assert.match(configuration, /^Dir::Etc::SourceParts "\/dev\/null";$/m);
  assert.match(configuration, /^Dir::Etc::PreferencesParts "\/dev\/null";$/m);
});

test('sources of an archive that the machine has no mirror of are left out', () => {
  const sources = renderSources(
    [
      { kind: 'deb', archive: 'main', suite: 'bookworm' },
      { kind: 'deb-src', archive: 'security', suite: 'bookworm-security' },
    ],
    { main: 'http://mirror.example/debian/' },
  );
  assert.match(sources, /^deb \[signed-by=\S+\] http:\/\/mirror\.example\/debian\/ bookworm main\n$/);
});
