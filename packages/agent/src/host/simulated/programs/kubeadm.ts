import { notPlayed, operands, type Program, type ProgramCall } from '../program.ts';
import { kubeadmInit, kubeadmInitPhase } from './kubeadm-init.ts';
import { kubeadmJoin } from './kubeadm-join.ts';
import { kubeadmJoinPhase } from './kubeadm-join-control-plane.ts';
import { kubeadmReset } from './kubeadm-reset.ts';
import { kubeadmUpgrade } from './kubeadm-upgrade.ts';

/** kubeadm: init, the phases of it that can be run again, join, reset and upgrade. */
export const kubeadm: Program = async (call: ProgramCall) => {
  const [verb, second] = operands(call.args);
  if (verb === 'init') return second === 'phase' ? kubeadmInitPhase(call) : kubeadmInit(call);
  if (verb === 'join') return second === 'phase' ? kubeadmJoinPhase(call) : kubeadmJoin(call);
  if (verb === 'upgrade') return kubeadmUpgrade(call);
  if (verb === 'version') return printVersion(call);
  if (verb === 'reset') return kubeadmReset(call);
  return notPlayed(call, 'kubeadm');
};

async function printVersion(call: ProgramCall): Promise<number> {
  const { packages } = await call.machine.state();
  call.print(`v${packages['kubeadm'] ?? '0.0.0'}`);
  return 0;
}
