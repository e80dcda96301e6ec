import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';

/**
 * What the kubelet's configuration says, as kubeadm writes it: YAML with one key per line. Null before there is one. Flags
 * win over the file: --fail-swap-on is in use where people put it, and kubeadm itself gave --cgroup-driver before 1.21.
 */
export async function readKubeletConfiguration(
  host: ReadonlyHost,
): Promise<NonNullable<Facts['kubeletConfiguration']> | null> {
  const paths = ['/var/lib/kubelet/kubeadm-flags.env', '/etc/sysconfig/kubelet', '/etc/default/kubelet'];
  const [text, ...flags] = await Promise.all(
    ['/var/lib/kubelet/config.yaml', ...paths].map((path) => host.readFile(path)),
  );
  const last = (pattern: RegExp) => flags.map((each) => pattern.exec(each ?? '')).findLast((each) => each !== null);
  const flag = last(/--fail-swap-on(?:=(true|false))?/);
  if (text === undefined) return null;
  return {
    cgroupDriver: last(/--cgroup-driver[= ](\w+)/)?.[1] ?? scalar(text, 'cgroupDriver'),
    failSwapOn: flag === undefined ? truth(scalar(text, 'failSwapOn')) : flag?.[1] !== 'false',
    swapBehavior: behavior(text),
    failCgroupV1: truth(scalar(text, 'failCgroupV1')),
  };
}

/** A key at the margin with a plain or quoted value. */
function scalar(text: string, key: string): string | null {
  const value = new RegExp(`^${key}:[ \\t]+["']?([^"'#\\s]+)`, 'm').exec(text)?.[1];
  return value ?? null;
}

/** `memorySwap` holds one key, below it or in braces. */
function behavior(text: string): string | null {
  const value = /^memorySwap:(?:[ \t]*\{[^}]*?|(?:\n[ \t]+.*?)*?\n?[ \t]*)swapBehavior:[ \t]*["']?(\w+)/m.exec(
    text,
  )?.[1];
  return value ?? null;
}

function truth(value: string | null): boolean | null {
  return value === null ? null : value === 'true';
}
