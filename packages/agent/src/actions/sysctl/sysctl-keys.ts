/**
 * Where a kernel parameter lives. sysctl.d(5): the first separator says which of dot and slash separates; the other one
 * stands for itself, as in `net.ipv4.conf.eth0/100.forwarding`. Undefined for what is no parameter's name.
 */
export function sysctlPath(key: string): string | undefined {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_./:-]*$/.test(key)) return undefined;
  const separator = /[./]/.exec(key)?.[0] ?? '.';
  const swapped = separator === '/' ? key : key.replaceAll(/[./]/g, (found) => (found === '.' ? '/' : '.'));
  return swapped.split('/').some((part) => part === '' || part === '..' || part === '.')
    ? undefined
    : `/proc/sys/${swapped}`;
}

/** Values of several numbers are separated by any white space, and shown with tabs. */
export function normalizeValue(value: string): string {
  return value.trim().replaceAll(/\s+/g, ' ');
}
