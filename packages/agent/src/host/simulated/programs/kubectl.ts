import { notPlayed, operands, optionValues, type Program, type ProgramCall } from '../program.ts';
import { isNodeReady, objectKey, type SimulatedCluster, withObjects } from '../world/cluster.ts';
import { type ManifestObject, parseManifest } from '../world/manifest.ts';
import { kubectlDelete } from './kubectl-delete.ts';
import { kubectlGet } from './kubectl-get.ts';
import { kubectlAnnotate, kubectlCordon, kubectlPatch } from './kubectl-patch.ts';

/** Kinds whose objects would have to run something. */
const runningKinds = ['Pod', 'Deployment', 'StatefulSet', 'Job', 'CronJob', 'ReplicaSet'];

/** kubectl against the world's cluster: what it stores is played, what would run as a pod is not. */
export const kubectl: Program = async (call) => {
  await call.work(15);
  const [verb = ''] = operands(call.args);
  const kubeconfig = optionValues(call.args, 'kubeconfig')[0] ?? '/root/.kube/config';
  const cluster = call.machine.world.cluster();
  if (cluster === null || (await call.machine.files.status(kubeconfig)) === undefined) {
    call.complain('The connection to the server was refused - did you specify the right host or port?');
    return 1;
  }
  if (verb === 'get') return kubectlGet(call, cluster);
  if (verb === 'wait') return wait(call);
  if (verb === 'patch') return kubectlPatch(call);
  if (verb === 'annotate') return kubectlAnnotate(call);
  if (verb === 'delete') return kubectlDelete(call);
  if (verb === 'cordon' || verb === 'drain') return kubectlCordon(call);
  if (verb === 'diff' || verb === 'apply' || verb === 'create') return useManifest(call, verb, cluster);
  return notPlayed(call, 'kubectl');
};

function useManifest(call: ProgramCall, verb: 'diff' | 'apply' | 'create', cluster: SimulatedCluster): number {
  const objects = parseManifest(call.input);
  const running = objects.filter(({ kind }) => runningKinds.includes(kind));
  if (running.length > 0) {
    call.complain(
      `error: nothing runs in a simulated cluster, so it takes no ${running.map(({ kind }) => kind).join(', ')}`,
    );
    return 64;
  }
  if (verb === 'diff') return diff(call, cluster, objects);
  const appliedAt = call.machine.now();
  call.machine.world.change((present) => ({
    // An object that is as it was keeps the instant from which it counts.
    cluster:
      present &&
      withObjects(
        present,
        objects.filter((object) => !isThere(present, object)).map((object) => ({ ...object, appliedAt })),
      ),
    answer: undefined,
  }));
  for (const { kind, name } of objects)
    call.print(`${kind.toLowerCase()}/${name} ${verb === 'apply' ? 'configured' : 'created'}`);
  return 0;
}

function isThere(cluster: SimulatedCluster, object: ManifestObject): boolean {
  return cluster.objects[objectKey(object)]?.text === object.text;
}

function diff(call: ProgramCall, cluster: SimulatedCluster, objects: readonly ManifestObject[]): number {
  const different = objects.filter((object) => !isThere(cluster, object));
  for (const object of different) {
    const file = `v1.${object.kind}.${object.namespace}.${object.name}`;
    call.print(`diff -u -N /tmp/LIVE-0/${file} /tmp/MERGED-0/${file}`);
    call.print(cluster.objects[objectKey(object)] === undefined ? '@@ -0,0 +1,1 @@' : '@@ -1,1 +1,1 @@');
  }
  return different.length === 0 ? 0 : 1;
}

/** `kubectl wait --for=condition=Ready node/a node/b --timeout=30s`. */
async function wait(call: ProgramCall): Promise<number> {
  const names = operands(call.args)
    .slice(1)
    .map((name) => name.replace(/^node\//, ''));
  const seconds = Number.parseInt(optionValues(call.args, 'timeout')[0] ?? '30', 10);
  const { machine } = call;
  const until = machine.now() + seconds * 1000;
  for (;;) {
    const cluster = machine.world.cluster();
    const isReady = (name: string) => {
      const node = cluster?.nodes[name];
      return cluster !== null && node !== undefined && isNodeReady(cluster, node, machine.now(), machine.settings.pace);
    };
    if (names.every(isReady)) return 0;
    if (machine.now() >= until) break;
    // Not less than a few milliseconds, whatever the pace: it is a loop.
    await call.work(Math.max(50, 5 / Math.max(machine.settings.pace, 0.01)));
  }
  call.complain('error: timed out waiting for the condition');
  return 1;
}
