import type { LabStatus } from '../commands/status.ts';

/** The lab's status as a table for people. */
export function describeStatus(status: LabStatus): string {
  if (status.hosts.length === 0) return 'the lab is down; bring it up with: npm run lab -- up\n';
  const rows = [
    ['HOST', 'ADDRESS', 'MAC', 'STATE', 'PID', 'CUT OFF FROM'],
    ...status.hosts.map((host) => [
      host.name,
      host.address,
      host.mac,
      host.state,
      String(host.pid ?? '-'),
      host.cutOffFrom.join(', ') || '-',
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const table = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const { isServing, registry, packages } = status.mirrors;
  const mirrors = isServing ? `images from ${registry}, packages from ${packages}` : 'the mirrors are not serving';
  return `${table.join('\n')}\n${mirrors}\n`;
}
