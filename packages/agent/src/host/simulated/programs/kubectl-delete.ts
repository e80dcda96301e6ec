import { notPlayed, operands, optionValues, type ProgramCall } from '../program.ts';
import { withoutLabelled } from '../world/bootstrap-tokens.ts';
import { withoutNode } from '../world/cluster.ts';

/** `kubectl delete secret --selector=KEY=VALUE`, and `--raw=/api/v1/nodes/NAME` with DeleteOptions on standard input. */
export function kubectlDelete(call: ProgramCall): number {
  const [path] = optionValues(call.args, 'raw');
  return path === undefined ? deleteLabelled(call) : deleteNode(call, path);
}

function deleteLabelled(call: ProgramCall): number {
  const [label = '', value = ''] = (optionValues(call.args, 'selector')[0] ?? '').split('=');
  if (operands(call.args)[1] !== 'secret' || value === '') return notPlayed(call, 'kubectl');
  call.machine.world.change((cluster) => ({
    cluster: cluster && withoutLabelled(cluster, label, value),
    answer: undefined,
  }));
  return 0;
}

/** The API deletes only what has the uid that the options name. */
function deleteNode(call: ProgramCall, path: string): number {
  const name = /^\/api\/v1\/nodes\/([^/]+)$/.exec(path)?.[1];
  if (name === undefined) return notPlayed(call, 'kubectl');
  const { preconditions } = JSON.parse(call.input) as { readonly preconditions?: { readonly uid?: string } };
  const complaint = call.machine.world.change((cluster) => {
    const node = cluster?.nodes[name];
    if (cluster === null || node === undefined)
      return { cluster, answer: `Error from server (NotFound): nodes "${name}" not found` };
    if (preconditions?.uid !== undefined && preconditions.uid !== node.uid)
      return {
        cluster,
        answer: `Error from server (Conflict): the UID in the precondition (${preconditions.uid}) does not match the UID in record (${node.uid})`,
      };
    return { cluster: withoutNode(cluster, name), answer: undefined };
  });
  if (complaint === undefined) return 0;
  call.complain(complaint);
  return 1;
}
