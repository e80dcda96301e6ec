import { adminKubeconfig } from '../kubernetes/kubectl.ts';
import { command } from './quote.ts';

/** kubectl with the administrator's kubeconfig of the machine. */
export function kubectlByHand(...args: readonly [string, ...string[]]): string {
  return command('kubectl', `--kubeconfig=${adminKubeconfig}`, ...args);
}
