import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { execa } from 'execa';
import { cloudInitPackages } from './cloud-init.ts';
import { unpackDebianPackages } from './debian-packages.ts';
import { repositoryRoot } from './quick-start.ts';

// What provisioners are given, by the provisioners' own judgement. Of kickstart there is none in Debian.

const golden = join(repositoryRoot, 'packages', 'cli', 'src', 'snippets', 'golden');
let folder = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-e2e-'));
  const root = join(folder, 'root');
  await unpackDebianPackages([...cloudInitPackages, 'ignition'], { directory: join(folder, 'debs'), root });
});
after(() => rm(folder, { recursive: true, force: true }));

/** Whether cloud-init takes it, with what it says. */
async function judgeCloudConfig(file: string) {
  const env = { PYTHONPATH: join(folder, 'root/usr/lib/python3/dist-packages') };
  // Debian's own, for which its modules are made.
  const argv = ['-m', 'cloudinit.cmd.main', 'schema', '--config-file', file];
  return await execa('/usr/bin/python3', argv, { env, reject: false, all: true, timeout: 60_000 });
}

async function judgeIgnition(file: string) {
  const program = join(folder, 'root/usr/bin/ignition-validate');
  return await execa(program, [file], { reject: false, all: true, timeout: 60_000 });
}

const judges = [
  {
    names: ['cloud-init-repository.yaml', 'cloud-init-rpm.yaml', 'cloud-init-deb.yaml'],
    judge: judgeCloudConfig,
    flaw: ['permissions: "0600"', 'permissions: 384'],
  },
  {
    names: ['ignition-repository.ign', 'ignition-rpm.ign'],
    judge: judgeIgnition,
    flaw: ['"mode": 384', '"mode": "0600"'],
  },
] as const;

for (const { names, judge, flaw } of judges)
  for (const name of names)
    test(`${name} is what its provisioner takes, and would not be with a flaw`, async () => {
      const { exitCode, all } = await judge(join(golden, name));
      assert.equal(exitCode, 0, all);
      const text = await readFile(join(golden, name), 'utf8');
      const flawed = join(folder, name);
      const [sound, broken] = flaw;
      assert.ok(text.includes(sound));
      await writeFile(flawed, text.replace(sound, broken));
      assert.notEqual((await judge(flawed)).exitCode, 0);
    });
