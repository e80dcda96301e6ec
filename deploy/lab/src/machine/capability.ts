/** Capabilities that the lab asks about, by their numbers in linux/capability.h. */
const numbers = {
  CAP_DAC_OVERRIDE: 1,
  CAP_NET_ADMIN: 12,
  CAP_SYS_CHROOT: 18,
  CAP_SYS_ADMIN: 21,
  CAP_SYS_RESOURCE: 24,
  CAP_MKNOD: 27,
} as const;

/** A capability by its name in capabilities(7). */
export type Capability = keyof typeof numbers;

/** Whether the process whose `/proc/PID/status` this is may use the capability. */
export function hasCapability(status: string, capability: Capability): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  if (effective === undefined) return false;
  return ((BigInt(`0x${effective}`) >> BigInt(numbers[capability])) & 1n) === 1n;
}
