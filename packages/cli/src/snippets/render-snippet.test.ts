import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { promisify } from 'node:util';
import { createEnrollmentToken, formatEnrollmentToken, parseEnrollmentToken, Secret } from '@drover/core';
import { parse } from 'yaml';
import type { MachineSetup, PackageSource } from './machine-setup.ts';
import { renderSnippet, type SnippetFormat } from './render-snippet.ts';

const token = createEnrollmentToken(`sha256:${'ab'.repeat(32)}`, (size) => new Uint8Array(size).fill(7));
const coordinators = [
  { enrollment: 'drover.example.org:8445', session: 'drover.example.org:8444' },
  { enrollment: '[fd00::1]:8445', session: '[fd00::1]:8444' },
];
const repository: PackageSource = {
  kind: 'repository',
  url: 'https://packages.example.org/el$releasever/$basearch',
  keyUrl: 'https://packages.example.org/key',
};
const rpm: PackageSource = { kind: 'rpm', url: 'https://packages.example.org/drover-agent.rpm?at=50%25&as=$x' };
const deb: PackageSource = { kind: 'deb', url: 'https://packages.example.org/drover-agent.deb?at=50%25&as=$x' };

function setupOf(source: PackageSource): MachineSetup {
  return { node: 'worker-1', coordinators, credential: formatEnrollmentToken(token), source };
}

function render(format: SnippetFormat, source: PackageSource): string {
  return renderSnippet(format, setupOf(source)).reveal();
}

const golden: readonly (readonly [SnippetFormat, PackageSource, string])[] = [
  ['cloud-init', repository, 'cloud-init-repository.yaml'],
  ['cloud-init', rpm, 'cloud-init-rpm.yaml'],
  ['cloud-init', deb, 'cloud-init-deb.yaml'],
  ['kickstart', repository, 'kickstart-repository.ks'],
  ['kickstart', rpm, 'kickstart-rpm.ks'],
  ['ignition', repository, 'ignition-repository.ign'],
  ['ignition', rpm, 'ignition-rpm.ign'],
];

suite('a snippet', () => {
  for (const [format, source, name] of golden)
    test(`is what golden/${name} says`, () => {
      assert.equal(render(format, source), readFileSync(join(import.meta.dirname, 'golden', name), 'utf8'));
    });

  test('cannot be printed by accident: it has the credential in it', () => {
    assert.ok(renderSnippet('kickstart', setupOf(rpm)) instanceof Secret);
  });
});

suite('each provisioner gets the same files, readable to root alone where they are secret', () => {
  for (const source of [repository, rpm, { kind: 'image' } as const]) {
    const files = {
      'cloud-init': cloudInitFiles(render('cloud-init', source)),
      kickstart: kickstartFiles(render('kickstart', source)),
      ignition: ignitionFiles(render('ignition', source)),
    };
    for (const [format, given] of Object.entries(files))
      test(`${format}, from ${source.kind}`, () => {
        const byPath = new Map(given.map((file) => [file.path, file]));
        assert.equal(byPath.has('/etc/yum.repos.d/drover.repo'), source.kind === 'repository');
        const configuration = byPath.get('/etc/drover/agent.yaml');
        assert.deepEqual([configuration?.mode, parse(configuration?.content ?? '')], [0o600, { coordinators }]);
        const credential = byPath.get('/etc/drover/enrollment-token');
        const shown = parseEnrollmentToken(new Secret(credential?.content ?? ''));
        assert.deepEqual([credential?.mode, shown?.tokenId, shown?.caHash], [0o600, token.tokenId, token.caHash]);
      });
  }
});

test('cloud-init: a cloud-config of known keys, whose commands are lists of words', () => {
  const text = render('cloud-init', rpm);
  assert.ok(text.startsWith('#cloud-config\n'), 'the first line says what it is');
  const document = parse(text) as Record<string, unknown>;
  assert.deepEqual(Object.keys(document), ['write_files', 'runcmd']);
  assert.deepEqual(document['runcmd'], [
    ['yum', 'install', '-y', 'https://packages.example.org/drover-agent.rpm?at=50%25&as=$x'],
    ['systemctl', 'enable', '--now', 'drover-agent.service'],
  ]);
});

test('kickstart: the section is a script that bash reads', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'drover-cli-'));
  t.after(() => rm(folder, { recursive: true }));
  const check = async (script: string): Promise<void> => {
    await writeFile(join(folder, 'post.sh'), script);
    await promisify(execFile)('bash', ['-n', join(folder, 'post.sh')]);
  };
  const script = postSection(render('kickstart', repository));
  await check(script);
  await assert.rejects(check(`${script}\nif`), 'bash does read it');
});

test('ignition: a configuration of specification 3, whose unit says what it means to systemd', () => {
  const document = JSON.parse(render('ignition', rpm)) as IgnitionDocument;
  assert.deepEqual(Object.keys(document), ['ignition', 'storage', 'systemd']);
  assert.match(document.ignition.version, /^3\.\d+\.\d+$/);
  for (const file of document.storage.files)
    assert.deepEqual(Object.keys(file).toSorted(), ['contents', 'mode', 'overwrite', 'path']);
  const [unit] = document.systemd.units;
  assert.deepEqual([unit?.name, unit?.enabled], ['drover-agent-install.service', true]);
  assert.match(unit?.contents ?? '', / https:\/\/packages\.example\.org\/drover-agent\.rpm\?at=50%%25&as=\$\$x\n/);
});

interface GivenFile {
  readonly path: string;
  readonly mode: number;
  readonly content: string;
}

interface IgnitionDocument {
  readonly ignition: { readonly version: string };
  readonly storage: {
    readonly files: readonly {
      readonly path: string;
      readonly mode: number;
      readonly contents: { readonly source: string };
    }[];
  };
  readonly systemd: {
    readonly units: readonly { readonly name: string; readonly enabled: boolean; readonly contents: string }[];
  };
}

function cloudInitFiles(text: string): readonly GivenFile[] {
  const { write_files: files } = parse(text) as {
    readonly write_files: readonly { readonly path: string; readonly permissions: string; readonly content: string }[];
  };
  return files.map(({ path, permissions, content }) => ({ path, mode: Number.parseInt(permissions, 8), content }));
}

function ignitionFiles(text: string): readonly GivenFile[] {
  return (JSON.parse(text) as IgnitionDocument).storage.files.map(({ path, mode, contents }) => {
    const [, base64] = /^data:;base64,(.*)$/.exec(contents.source) ?? [];
    return { path, mode, content: Buffer.from(base64 ?? '', 'base64').toString() };
  });
}

function kickstartFiles(text: string): readonly GivenFile[] {
  const form = /^install -D -m (\d+) \/dev\/stdin (\S+) <<'DROVER_END'\n(.*?)^DROVER_END$/gms;
  return [...postSection(text).matchAll(form)].map(([, mode = '', path = '', content = '']) => ({
    path,
    mode: Number.parseInt(mode, 8),
    content,
  }));
}

function postSection(text: string): string {
  const [, script] = /^%post --interpreter=\/bin\/bash --erroronfail\n(.*)^%end\n$/ms.exec(text) ?? [];
  assert.ok(script !== undefined, 'there is one %post section');
  return script;
}
