import { certificateKeyPlaceholder, joinPlaceholders, kubeadmByHand, withJoinPlaceholders } from './kubeadm-by-hand.ts';
import { type JoinParams, joinConfiguration } from './run-join.ts';

/** What the kubelet has once its node is a member. */
const kubeletKubeconfig = '/etc/kubernetes/kubelet.conf';

/** A join of a worker or a control plane, with credentials that a person makes for it. */
export function joinByHand(params: JoinParams): readonly string[] {
  const document = joinConfiguration(params);
  const ignored = params.ignoredPreflightErrors;
  return kubeadmByHand({
    args: ['join', ...(ignored.length === 0 ? [] : [`--ignore-preflight-errors=${ignored.join(',')}`])],
    documents: [withJoinPlaceholders(document)],
    patches: params.patches,
    placeholders: [...joinPlaceholders, ...(document.controlPlane === undefined ? [] : [certificateKeyPlaceholder])],
    result: kubeletKubeconfig,
  });
}
