import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { writeBundles } from './bundle.ts';
import type { Component } from './components.ts';
import { prepareNodeRuntime } from './node-runtime.ts';

/** Where a build reads and writes. */
export interface BuildPlaces {
  readonly repositoryRoot: string;
  /** The finished packages go here. */
  readonly outputFolder: string;
}

/** What goes into the packages beside the files. */
export interface BuildIdentity {
  /** Version of the packages. */
  readonly version: string;
  /** Seconds since 1970, put in place of every time in them, so that the same commit gives the same bytes. */
  readonly sourceDateEpoch: number;
}

/** A finished package. */
export interface BuiltPackage {
  readonly path: string;
  /** False when nothing had changed since it was built. */
  readonly rebuilt: boolean;
}

const rpmbuildTimeoutMs = 300_000;

/** Builds a component's RPM, unless the one in the output folder was built from the same inputs. */
export async function buildRpm(
  component: Component,
  identity: BuildIdentity,
  places: BuildPlaces,
): Promise<BuiltPackage> {
  const rpm = join(places.outputFolder, `${component.name}-${identity.version}-1.x86_64.rpm`);
  const workFolder = join(places.outputFolder, 'work');
  const runtime = await prepareNodeRuntime(workFolder, component.installFolder);
  const staging = await mkdtemp(join(workFolder, `${component.name}-`));
  try {
    await writeBundles(component.bundles, places.repositoryRoot, staging);
    const digest = await digestInputs(component, places.repositoryRoot, staging, [identity.version, basename(runtime)]);
    if ((await readOptional(`${rpm}.inputs`)) === digest && (await readOptional(rpm)) !== undefined) {
      return { path: rpm, rebuilt: false };
    }
    const built = await runRpmbuild(component, identity, { ...places, staging, runtime });
    await rm(`${rpm}.inputs`, { force: true });
    await rename(built, rpm);
    await writeFile(`${rpm}.inputs`, digest);
    return { path: rpm, rebuilt: true };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Runs rpmbuild inside the staging folder and returns the path of the RPM. Throws with its output when it fails. */
async function runRpmbuild(
  component: Component,
  identity: BuildIdentity,
  places: BuildPlaces & { readonly staging: string; readonly runtime: string },
): Promise<string> {
  const top = join(places.staging, 'rpmbuild');
  await mkdir(top);
  const macros = {
    _topdir: top,
    drover_version: identity.version,
    drover_source: places.repositoryRoot,
    drover_bundles: places.staging,
    drover_runtime: places.runtime,
    // rpm 4.11 of Enterprise Linux 7 reads gzip and xz, not zstd.
    _binary_payload: 'w6.gzdio',
    _buildhost: 'drover',
    _build_id_links: 'none',
    use_source_date_epoch_as_buildtime: '1',
    clamp_mtime_to_source_date_epoch: '1',
  };
  const defines = Object.entries(macros).flatMap(([name, value]) => ['--define', `${name} ${value}`]);
  const spec = join(places.repositoryRoot, 'deploy/rpm', `${component.name}.spec`);
  await execa('rpmbuild', ['-bb', '--target', 'x86_64', ...defines, spec], {
    env: { SOURCE_DATE_EPOCH: String(identity.sourceDateEpoch) },
    stdin: 'ignore',
    all: true,
    timeout: rpmbuildTimeoutMs,
  });
  const folder = join(top, 'RPMS', 'x86_64');
  const [file, ...others] = await readdir(folder);
  if (file === undefined || others.length > 0) throw new Error(`rpmbuild left ${others.length + 1} files in ${folder}`);
  return join(folder, file);
}

async function digestInputs(
  component: Component,
  repositoryRoot: string,
  staging: string,
  labels: readonly string[],
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(labels));
  const programs = (await readdir(staging)).filter((name) => name.endsWith('.mjs')).toSorted();
  const files = [...component.files, `deploy/rpm/${component.name}.spec`, 'deploy/rpm/build-rpm.ts'];
  for (const path of [
    ...programs.map((name) => join(staging, name)),
    ...files.map((file) => join(repositoryRoot, file)),
  ])
    hash.update(await readFile(path));
  return hash.digest('hex');
}

function readOptional(path: string): Promise<string | undefined> {
  return readFile(path, 'latin1').catch(() => undefined);
}
