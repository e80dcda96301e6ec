import { onHost } from '../quick-start.ts';

/** What a person would notice to be otherwise on a machine. */
export interface MachineState {
  /** `<hash>  <path>` of each file that configures something. */
  readonly files: ReadonlySet<string>;
  /** Name, version and release of each package. */
  readonly packages: ReadonlySet<string>;
  /** The daemons' processes, which would be others if they had been restarted. */
  readonly processes: string;
}

/** What there is now. */
export async function machineState(name: string): Promise<MachineState> {
  const places = '/etc /usr/lib/systemd/system /var/lib/kubelet/config.yaml /var/lib/kubelet/kubeadm-flags.env /root';
  const find = `find ${places} -xdev -type f -exec sha256sum {} + 2>/dev/null`;
  const files = await onHost(name, 'sh', '-c', find);
  const packages = await onHost(name, 'rpm', '--query', '--all');
  const processes = await onHost(name, 'systemctl', 'show', '--property=MainPID', 'docker', 'kubelet', 'containerd');
  return { files: lines(files), packages: lines(packages), processes };
}

/** The paths of the files that are not what they were: made, changed or removed. */
export function changedFiles(before: MachineState, after: MachineState): readonly string[] {
  const changed = [...before.files.symmetricDifference(after.files)].map((line) => line.replace(/^[0-9a-f]+ +/, ''));
  return [...new Set(changed)].toSorted();
}

function lines(text: string): ReadonlySet<string> {
  return new Set(text.split('\n').filter((line) => line !== ''));
}
