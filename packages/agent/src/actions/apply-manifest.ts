import { DroverError } from '@drover/core';
import type { Change } from '@drover/proto';
import type { EnsureAction, InspectContext } from './action.ts';
import { askKubectl, hasCluster, runKubectl } from './kubernetes/kubectl.ts';
import { kubectlByHand } from './shell/kubectl-by-hand.ts';
import { feed } from './shell/write-file.ts';

/** The documents of a manifest, as the API server would have them after `kubectl apply`. */
export const applyManifest: EnsureAction<'apply-manifest'> = {
  kind: 'ensure',
  name: 'apply-manifest',
  inspect: async (context, { name, manifest }) => {
    const changes = (await hasCluster(context))
      ? await findChanges(context, name, manifest)
      : [{ subject: `manifest ${name}`, before: 'no cluster yet', after: 'applied' }];
    return { satisfied: changes.length === 0, changes };
  },
  apply: async (context, { manifest }) => {
    await runKubectl(context, {
      args: ['apply', '--filename=-'],
      input: manifest,
      timeoutMs: 120_000,
      onLine: context.log,
    });
  },
  byHand: (_context, { manifest }) => [feed(kubectlByHand('apply', '--filename=-'), manifest)],
};

/** `kubectl diff` asks the API server what applying would make of each object (a dry run there), and ends with 1 when something differs. */
async function findChanges(context: InspectContext, name: string, manifest: string): Promise<readonly Change[]> {
  try {
    const diff = await askKubectl(context, {
      args: ['diff', '--filename=-'],
      input: manifest,
      successStatuses: [0, 1],
      timeoutMs: 60_000,
    });
    return parseDifferences(diff);
  } catch (thrown) {
    // A dry run cannot create an object in a namespace, or of a kind, that the same manifest brings along: that it has
    // not been applied is all there is to know. When it still cannot after applying, the runner says so with this reason.
    if (!(thrown instanceof DroverError) || thrown.code !== 'command-failed') throw thrown;
    const reason = thrown.problem.evidence.at(-1) ?? thrown.problem.reason;
    return [{ subject: `manifest ${name}`, before: `cannot be compared: ${reason}`, after: 'applied' }];
  }
}

/** The objects that differ, from the names under which kubectl gives them to diff(1): `group.version.Kind.namespace.name`. */
function parseDifferences(diff: string): readonly Change[] {
  const sections = diff.split(/^diff /m).slice(1);
  return sections.map((section) => {
    const object = /\/LIVE-[^/\s]+\/(\S+)/.exec(section)?.[1] ?? 'unnamed';
    const isNew = /^@@ -0,0 /m.test(section);
    return {
      subject: `object ${object}`,
      before: isNew ? 'absent' : 'differs from the manifest',
      after: 'as in the manifest',
    };
  });
}
