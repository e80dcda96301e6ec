import { link, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runCommand, type Workshop } from '../workshop.ts';
import { type RpmFile, type RpmPackage, renderSpecification } from './rpm-package.ts';

/** Builds the package with rpmbuild and leaves it in `output`. `work` is a directory of the same file system, for it alone. */
export async function buildRpm(
  workshop: Workshop,
  rpm: RpmPackage,
  at: { work: string; output: string },
): Promise<void> {
  const tree = join(at.work, 'tree');
  await mkdir(tree, { recursive: true });
  for (const file of rpm.files) await layDown(tree, file);
  const specification = join(at.work, `${rpm.name}.spec`);
  await writeFile(specification, renderSpecification(rpm, tree));
  const definitions = {
    _topdir: join(at.work, 'rpmbuild'),
    _rpmdir: at.output,
    _build_name_fmt: '%%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm',
    _tmppath: join(at.work, 'tmp'),
    _dbpath: join(at.work, 'database'),
  };
  const defines = Object.entries(definitions).flatMap(([name, value]) => ['--define', `${name} ${value}`]);
  await mkdir(definitions._tmppath);
  await runCommand(workshop, 'rpmbuild', ['-bb', '--target', 'x86_64-linux', ...defines, specification], {
    env: { LC_ALL: 'C' },
    timeoutMs: 300_000,
  });
}

async function layDown(tree: string, file: RpmFile): Promise<void> {
  const path = join(tree, file.path);
  await mkdir(dirname(path), { recursive: true });
  switch (file.kind) {
    case 'program':
      await link(file.source, path);
      break;
    case 'text':
      await writeFile(path, file.content);
      break;
    case 'link':
      await symlink(file.target, path);
      break;
    case 'directory':
      await mkdir(path, { recursive: true });
      break;
  }
}
