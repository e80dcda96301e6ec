import { createHash } from 'node:crypto';
import type { AptRepository, Change, ConfigureRepository } from '@drover/proto';
import { agentErrors } from '../../errors.ts';
import type { ApplyContext, InspectContext, Inspection } from '../action.ts';
import { refreshRepository } from '../packages/apt/apt-lists.ts';
import { aptFiles } from './apt-files.ts';
import { parseAptSources } from './apt-sources.ts';
import { fetchKey } from './fetch-key.ts';

/** A repository with its form for apt. */
export type AptParams = ConfigureRepository & { readonly apt: AptRepository };

/**
 * Satisfied when sources and preferences are as wanted, and the key is the one that was fetched for them: the sources say its
 * address and digest, so that nobody has to fetch it again to see that.
 */
export async function inspectAptRepository(context: InspectContext, params: AptParams): Promise<Inspection> {
  await rejectTwin(context, params);
  const files = aptFiles(params.id);
  const [sources, key, preferences] = await readAll(context, params.id);
  const wanted = renderSources(params, digestOf(key));
  const pins = renderPreferences(params);
  const changes: Change[] = [
    ...(params.apt.checkSignatures && (key === undefined || sources !== wanted)
      ? [
          {
            subject: `file ${files.key}`,
            before: key === undefined ? 'absent' : 'a key',
            after: `the key at ${params.apt.key}`,
          },
        ]
      : []),
    ...(sources === wanted ? [] : [{ subject: `file ${files.sources}`, before: sources ?? 'absent', after: wanted }]),
    ...(preferences === pins
      ? []
      : [{ subject: `file ${files.preferences}`, before: preferences ?? 'absent', after: pins ?? 'absent' }]),
  ];
  return { satisfied: changes.length === 0, changes };
}

/** Writes the files and fetches the repository's lists by them; where that fails, the files are again as they were. */
export async function applyAptRepository(context: ApplyContext, params: AptParams): Promise<void> {
  const { id, apt } = params;
  const before = await readAll(context, id);
  const key = apt.checkSignatures ? await fetchKey(context, id, apt) : undefined;
  try {
    // The sources last: what is cut short before is found to be unfinished.
    await writeAll(context, id, [renderSources(params, digestOf(key)), key, renderPreferences(params)]);
    await refreshRepository(context, id, { tried: `use the repository ${id} at ${apt.url}`, node: context.nodeName });
  } catch (error) {
    await writeAll(context, id, before);
    throw error;
  }
}

type Contents = readonly [sources: string | undefined, key: string | undefined, preferences: string | undefined];

async function readAll({ host }: InspectContext, id: string): Promise<Contents> {
  const { sources, key, preferences } = aptFiles(id);
  return [await host.readFile(sources), await host.readFile(key), await host.readFile(preferences)];
}

async function writeAll({ host }: ApplyContext, id: string, [sources, key, preferences]: Contents): Promise<void> {
  const files = aptFiles(id);
  const write = (path: string, content: string | undefined) =>
    content === undefined ? host.removeFile(path) : host.writeFile(path, content, { mode: 0o644 });
  if (sources === undefined) await write(files.sources, undefined);
  await write(files.key, key);
  await write(files.preferences, preferences);
  if (sources !== undefined) await write(files.sources, sources);
}

const mark = '# Written by Drover; its next run undoes changes made here.';

/** sources.list(5), the deb822 form: what apt 1.1 and later reads. */
function renderSources({ id, name, apt }: AptParams, keyDigest: string | undefined): string {
  const wanted = apt.keySha256 === '' ? '' : `, of SHA-256 ${apt.keySha256}`;
  const lines = [
    mark,
    ...(apt.checkSignatures ? [`# Key: ${apt.key}${wanted}; kept as SHA-256 ${keyDigest ?? 'to be fetched'}`] : []),
    `X-Repolib-Name: ${name}`,
    'Types: deb',
    `URIs: ${apt.url}`,
    `Suites: ${apt.suite}`,
    ...(apt.components.length === 0 ? [] : [`Components: ${apt.components.join(' ')}`]),
    apt.checkSignatures ? `Signed-By: ${aptFiles(id).key}` : 'Trusted: yes',
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * Below zero no version is taken by itself, an upgrade's or a dependency's; `name=version` takes it all the same, which is
 * how Drover installs. Source: apt_preferences(5).
 */
function renderPreferences({ exclude }: AptParams): string | undefined {
  if (exclude.length === 0) return undefined;
  return [mark, `Package: ${exclude.join(' ')}`, 'Pin: version *', 'Pin-Priority: -1', ''].join('\n');
}

function digestOf(key: string | undefined): string | undefined {
  return key === undefined ? undefined : createHash('sha256').update(key).digest('hex');
}

/** apt reads nothing at all when two files say different keys for one repository. */
async function rejectTwin({ host, nodeName }: InspectContext, { id, apt }: AptParams): Promise<void> {
  const directory = '/etc/apt/sources.list.d';
  const names = (await host.listDirectory(directory)).filter((name) => /\.(list|sources)$/.test(name));
  const paths = ['/etc/apt/sources.list', ...names.map((name) => `${directory}/${name}`)];
  for (const path of paths.filter((each) => each !== aptFiles(id).sources)) {
    const twins = parseAptSources((await host.readFile(path)) ?? '', path).filter(
      ({ urls, suites }) =>
        urls.some((url) => withoutSlash(url) === withoutSlash(apt.url)) && suites.includes(apt.suite),
    );
    if (twins.length === 0) continue;
    throw agentErrors.create('repository-defined-twice', {
      tried: `configure the repository ${id}`,
      node: nodeName,
      reason: `${path} has ${apt.url} ${apt.suite} too`,
      remedy: 'Remove it from the file named, then run again.',
    });
  }
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
