import { InvalidArgumentError } from 'commander';

/** Adds a name or an address without a port, an IPv6 address in brackets, to those before it. */
export function parseHosts(text: string, before: readonly string[] = []): readonly string[] {
  if (/^([\w.-]+|\[[\da-f:]+\])$/i.test(text)) return [...before, text];
  throw new InvalidArgumentError('It is a host without a port, as in drover.example.org, 10.0.12.2 or [fd00::1].');
}

/** An address that goes into files which a shell, systemd and dnf read: no quotes, no spaces. */
export function parseAddress(text: string): string {
  if (URL.canParse(text) && /^(https?|file):\/\/[\w!$%&*+,./:;=?@~[\]-]+$/.test(text)) return text;
  throw new InvalidArgumentError('It is an address, as in https://packages.example.org/drover-agent.rpm.');
}
