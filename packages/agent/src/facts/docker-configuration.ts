import { digestOf, messageOf } from '@drover/core';
import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';

type DockerConfiguration = NonNullable<Facts['dockerConfiguration']>;

const nothing = { fault: null, keys: [], settings: {}, cgroupDriver: null, dataRoot: null };

/** Those that Drover writes; of the log driver’s options each is one by itself. */
const ownLists = ['registry-mirrors', 'insecure-registries', 'exec-opts', 'storage-opts'];
const ownTexts = ['log-driver', 'storage-driver'];

/** /etc/docker/daemon.json as Docker would read it: JSON without comments; an empty file is an empty object to it. */
export async function readDockerConfiguration(host: ReadonlyHost): Promise<DockerConfiguration> {
  const text = await host.readFile('/etc/docker/daemon.json');
  if (text === undefined) return { state: 'absent', ...nothing };
  if (text.trim() === '') return { state: 'empty', ...nothing };
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
      return { state: 'malformed', ...nothing, fault: 'it holds no JSON object' };
    }
    return describe(new Map(Object.entries(parsed)));
  } catch (error) {
    return { state: 'malformed', ...nothing, fault: `it is no JSON: ${messageOf(error)}` };
  }
}

/** No values but two: among the others are passwords of proxies and tokens of log drivers. */
function describe(settings: ReadonlyMap<string, unknown>): DockerConfiguration {
  const options: unknown = settings.get('exec-opts');
  const driver = (Array.isArray(options) ? options.map(String) : []).find((each) =>
    each.startsWith('native.cgroupdriver='),
  );
  // `graph` is what data-root was called before 17.05.
  const root = settings.get('data-root') ?? settings.get('graph');
  return {
    state: 'object',
    fault: null,
    keys: [...settings.keys()].sort(),
    settings: digestSettings(settings),
    cgroupDriver: driver?.split('=')[1] ?? null,
    dataRoot: typeof root === 'string' ? root : null,
  };
}

/** Enough to see whether a value is the one that is wanted, and not what it is where it is not. */
function digestSettings(settings: ReadonlyMap<string, unknown>): Record<string, string[]> {
  const lists = ownLists.map((name): readonly [string, readonly unknown[]] => {
    const list: unknown = settings.get(name);
    return [name, Array.isArray(list) ? list : []];
  });
  const texts = ownTexts.map((name) => [name, settings.has(name) ? [settings.get(name)] : []] as const);
  const options: unknown = settings.get('log-opts');
  const ofLog = typeof options === 'object' && options !== null ? Object.entries(options) : [];
  const all = [...lists, ...texts, ...ofLog.map(([name, value]) => [`log-opts.${name}`, [value]] as const)];
  return Object.fromEntries(
    all.filter(([, values]) => values.length > 0).map(([name, values]) => [name, values.map(digestOf)]),
  );
}
