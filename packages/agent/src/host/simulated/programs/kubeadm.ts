import { notPlayed, operands, type Program, type ProgramCall } from '../program.ts';
import { kubeadmInit, kubeadmInitPhase } from './kubeadm-init.ts';
import { kubeadmJoin } from './kubeadm-join.ts';
import { kubeadmReset } from './kubeadm-reset.ts';

/** kubeadm: init, the phases of it that can be run again, join and reset. */
export const kubeadm: Program = async (call: ProgramCall) => {
  const [verb, second] = operands(call.args);
  if (verb === 'init') return second === 'phase' ? kubeadmInitPhase(call) : kubeadmInit(call);
  if (verb === 'join') return kubeadmJoin(call);
  if (verb === 'reset') return kubeadmReset(call);
  return notPlayed(call, 'kubeadm');
};
