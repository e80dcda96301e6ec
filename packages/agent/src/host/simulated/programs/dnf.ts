import { notPlayed, operands, optionValues, type Program, type ProgramCall } from '../program.ts';
import type { Supply } from '../world/supply.ts';
import { type InstalledPackage, installPayload } from './install-payload.ts';

/** A yum repository as its file under /etc/yum.repos.d says. */
interface Repository {
  readonly id: string;
  readonly baseUrl: string;
  readonly excludes: readonly string[];
}

type CarriedPackages = Supply['repositories'][number]['packages'];

/** dnf(8): installs, upgrades or downgrades to exact versions from the repositories that the machine is configured for. */
export const dnf: Program = async (call) => {
  const [verb = '', ...specs] = operands(call.args);
  if (!['install', 'downgrade', 'clean', 'makecache', 'list'].includes(verb)) return notPlayed(call, 'dnf');
  await call.work(100);
  if (verb === 'clean') return 0;
  const repositories = await readRepositories(call);
  const supply = call.machine.world.supply();
  if (verb === 'list') return list(call, specs[0] ?? '', carriedBy(repositories, supply));
  const silent = repositories.find(({ baseUrl }) => supply.unreachableHosts.includes(hostOf(baseUrl)));
  if (silent !== undefined) {
    call.complain(
      `Error: Failed to download metadata for repo '${silent.id}': Cannot download repomd.xml: Cannot download repodata/repomd.xml: All mirrors were tried`,
    );
    return 1;
  }
  if (verb === 'makecache') return 0;
  const wanted = specs.map(parseSpec);
  const missing = wanted.filter((each) => !isAvailable(each, repositories, supply, call.args));
  if (missing.length > 0) {
    for (const { name, version } of missing) call.complain(`No match for argument: ${name}-${version}`);
    call.complain('Error: Unable to find a match');
    return 1;
  }
  await call.work(150 * wanted.length);
  await install(call, wanted);
  call.print('Complete!');
  return 0;
};

/** As `list --showduplicates` of one package does, from what is remembered of the repositories. */
function list(call: ProgramCall, name: string, carried: readonly CarriedPackages[]): number {
  const versions = carried.flatMap((packages) => packages[name] ?? []);
  if (versions.length > 0) call.print('Available Packages');
  for (const version of versions) call.print(`${name}.x86_64    ${version}-0    simulated`);
  return versions.length > 0 ? 0 : 1;
}

async function install(call: ProgramCall, wanted: readonly InstalledPackage[]): Promise<void> {
  await installPayload(call, wanted);
  for (const { name, version } of wanted) call.print(`Installed: ${name}-${version}-0.x86_64`);
}

/** `kubelet-1.20.2`, `kubelet-1.20.2-0`, `containerd.io-1.6.20`, `docker-ce-3:20.10.24-3.el8`. */
function parseSpec(spec: string): InstalledPackage {
  const { name = spec, version = '' } = /^(?<name>.+?)-(?:\d+:)?(?<version>\d[^-]*)/.exec(spec)?.groups ?? {};
  return { name, version };
}

function isAvailable(
  wanted: InstalledPackage,
  repositories: readonly Repository[],
  supply: Supply,
  args: readonly string[],
): boolean {
  const lifted = optionValues(args, 'disableexcludes');
  return repositories.some((repository) => {
    const isLifted = lifted.includes('all') || lifted.includes(repository.id);
    if (!isLifted && repository.excludes.includes(wanted.name)) return false;
    const version = wanted.version.replace(/\*$/, '');
    return carriedBy([repository], supply).some((packages) => packages[wanted.name]?.includes(version) ?? false);
  });
}

function carriedBy(repositories: readonly Repository[], supply: Supply): readonly CarriedPackages[] {
  const carries = (urlPart: string) => repositories.some(({ baseUrl }) => baseUrl.includes(urlPart));
  return supply.repositories.filter(({ urlContains }) => carries(urlContains)).map(({ packages }) => packages);
}

async function readRepositories({ machine }: ProgramCall): Promise<readonly Repository[]> {
  const names = (await machine.files.listDirectory('/etc/yum.repos.d')).filter((name) => name.endsWith('.repo'));
  const texts = await Promise.all(names.map((name) => machine.files.readFile(`/etc/yum.repos.d/${name}`)));
  return texts.flatMap((text) => parseRepositories(text ?? ''));
}

function parseRepositories(text: string): readonly Repository[] {
  const sections = text.split(/^\[/m).slice(1);
  return sections.map((section) => {
    const find = (key: string) => new RegExp(`^${key}\\s*=\\s*(.*)$`, 'm').exec(section)?.[1]?.trim() ?? '';
    const excludes = `${find('exclude')} ${find('excludepkgs')}`.split(/[\s,]+/).filter((name) => name !== '');
    return { id: section.slice(0, section.indexOf(']')), baseUrl: find('baseurl'), excludes };
  });
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}
