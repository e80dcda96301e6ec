import { notPlayed, operands, type Program, type ProgramCall } from '../program.ts';
import { type InstalledPackage, installPayload } from './install-payload.ts';

const sourcesDirectory = '/etc/apt/sources.list.d';

/** Here a line `kubelet hold` each; a real dpkg has it in its status file. */
const selectionsFile = '/var/lib/dpkg/selections';

/** The revision that every simulated archive gives its packages. */
const revision = '1.1';

/** apt-get(8): fetches lists, and installs at exact versions from the repositories that the machine is configured for. */
export const aptGet: Program = async (call) => {
  const args = withoutOptionValues(call.args);
  const [verb = '', ...specs] = operands(args);
  if (!['update', 'install'].includes(verb)) return notPlayed(call, 'apt-get');
  await call.work(100);
  const addresses = await readAddresses(call);
  const { unreachableHosts } = call.machine.world.supply();
  const silent = addresses.find((address) => unreachableHosts.includes(new URL(address).host));
  if (silent !== undefined) {
    call.complain(`E: Failed to fetch ${silent}InRelease  Could not connect to ${new URL(silent).host}`);
    return 100;
  }
  if (verb === 'update') return 0;
  const wanted = specs.map(parseSpec);
  const missing = wanted.filter(({ name, version }) => !offered(call, addresses, name).includes(version));
  for (const { name, version } of missing) call.complain(`E: Version '${version}' for '${name}' was not found`);
  if (missing.length > 0) return 100;
  await call.work(150 * wanted.length);
  // As the real one: a transaction takes the holds of its packages away.
  const names = wanted.map(({ name }) => name);
  await writeHolds(
    call,
    (await readHolds(call)).filter((name) => !names.includes(name)),
  );
  await installPayload(call, wanted);
  for (const { name, version } of wanted) call.print(`Setting up ${name} (${version}-${revision}) ...`);
  return 0;
};

/** apt-cache(8): which versions of packages there are, and from where. */
export const aptCache: Program = async (call) => {
  const [verb = '', ...names] = operands(call.args);
  if (verb !== 'madison') return notPlayed(call, 'apt-cache');
  for (const address of await readAddresses(call)) {
    const source = address.replace(/\/+$/, '');
    for (const name of names) {
      for (const version of offered(call, [address], name).toReversed())
        call.print(`${name} | ${version}-${revision} | ${source}  Packages`);
    }
  }
  return 0;
};

/** apt-mark(8): holds packages. */
export const aptMark: Program = async (call) => {
  const [verb = '', ...names] = operands(call.args);
  if (verb !== 'hold') return notPlayed(call, 'apt-mark');
  await writeHolds(call, [...new Set([...(await readHolds(call)), ...names])]);
  for (const name of names) call.print(`${name} set on hold.`);
  return 0;
};

/** dpkg-query(1): state, name and version of installed packages; the status is 1 where one is not known. */
export const dpkgQuery: Program = async (call) => {
  const format = '${db:Status-Abbrev}${Package} ${Version}\\n';
  const [, , given, ...names] = call.args;
  if (call.args[0] !== '-W' || given !== format) return notPlayed(call, 'dpkg-query');
  const { packages } = await call.machine.state();
  const holds = await readHolds(call);
  for (const name of names) {
    const version = packages[name];
    if (version !== undefined) call.print(`${holds.includes(name) ? 'h' : 'i'}i ${name} ${version}-${revision}`);
  }
  const unknown = names.filter((name) => packages[name] === undefined);
  for (const name of unknown) call.complain(`dpkg-query: no packages found matching ${name}`);
  return unknown.length > 0 ? 1 : 0;
};

/** apt's own downloads: whatever is asked for is a key. */
export const aptHelper: Program = async (call) => {
  const [verb = '', url = '', path = ''] = operands(withoutOptionValues(call.args));
  if (verb !== 'download-file') return notPlayed(call, 'apt-helper');
  if (call.machine.world.supply().unreachableHosts.includes(new URL(url).host)) {
    call.complain(`E: Failed to fetch ${url}  Could not connect to ${new URL(url).host}`);
    return 100;
  }
  const key = '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nc2ltdWxhdGVk\n-----END PGP PUBLIC KEY BLOCK-----\n';
  await call.machine.files.writeFile(path, key, { mode: 0o644 });
  return 0;
};

/** base64(1) of a file, in one line. */
export const base64: Program = async (call) => {
  const [path = ''] = operands(call.args);
  const content = await call.machine.files.readFile(path);
  if (content === undefined) {
    call.complain(`base64: ${path}: No such file or directory`);
    return 1;
  }
  call.write(Buffer.from(content).toString('base64'));
  return 0;
};

/** The value of -o is an argument of its own. */
function withoutOptionValues(args: readonly string[]): readonly string[] {
  return args.filter((_, i) => args[i - 1] !== '-o');
}

async function readAddresses({ machine }: ProgramCall): Promise<readonly string[]> {
  const names = (await machine.files.listDirectory(sourcesDirectory)).filter((name) => name.endsWith('.sources'));
  const texts = await Promise.all(names.map((name) => machine.files.readFile(`${sourcesDirectory}/${name}`)));
  return texts.flatMap((text) => /^URIs: (\S+)$/m.exec(text ?? '')?.[1] ?? []);
}

function offered({ machine }: ProgramCall, addresses: readonly string[], name: string): readonly string[] {
  return machine.world
    .supply()
    .repositories.filter(({ urlContains }) => addresses.some((address) => address.includes(urlContains)))
    .flatMap(({ packages }) => packages[name] ?? []);
}

/** `kubelet=1.20.2-1.1` */
function parseSpec(spec: string): InstalledPackage {
  const [name = '', full = ''] = spec.split('=');
  return { name, version: full.replace(new RegExp(`-${revision}$`), '') };
}

async function readHolds({ machine }: ProgramCall): Promise<readonly string[]> {
  const text = (await machine.files.readFile(selectionsFile)) ?? '';
  return [...text.matchAll(/^(\S+) hold$/gm)].map(([, name = '']) => name);
}

async function writeHolds({ machine }: ProgramCall, names: readonly string[]): Promise<void> {
  const text = names.map((name) => `${name} hold\n`).join('');
  await machine.files.writeFile(selectionsFile, text, { mode: 0o644 });
}
