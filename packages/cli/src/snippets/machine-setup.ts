import type { Secret } from '@drover/core';
import { stringify } from 'yaml';

/** What a machine has to be given, at each image, to become its node by itself. */
export interface MachineSetup {
  /** Absent where it is for any machine: which node that is, a person says once it has asked. */
  readonly node?: string;
  /** Where the agent finds its coordinator: tried in turn. */
  readonly coordinators: readonly AgentEndpoints[];
  /** The node's machine credential, or the coordinator's pin: each has the hash of the CA that the agent is to trust. */
  readonly credential: Secret;
  readonly source: PackageSource;
}

/** The two listeners that an agent dials, as host:port. */
export interface AgentEndpoints {
  readonly enrollment: string;
  readonly session: string;
}

/** Where the machine gets the agent's package: a repository that its image knows already, one given here, or one file. */
export type PackageSource =
  | { readonly kind: 'image' }
  | { readonly kind: 'repository'; readonly url: string; readonly keyUrl?: string }
  | { readonly kind: 'rpm'; readonly url: string }
  | { readonly kind: 'deb'; readonly url: string };

/** A file that the machine has to have. */
export interface MachineFile {
  readonly path: string;
  readonly mode: number;
  /** Ends with a line break. May be secret. */
  readonly content: string;
}

/** For whom a snippet is. */
export function titleOf({ node = 'any machine' }: MachineSetup): string {
  return node;
}

const packageName = 'drover-agent';

/** The unit that the package brings. */
export const agentUnit = 'drover-agent.service';

/** What is installed: a package's name or an address. */
export function packageOf(source: PackageSource): string {
  return source.kind === 'rpm' || source.kind === 'deb' ? source.url : packageName;
}

/** The files of a machine, in the order in which they are of use. */
export function machineFiles({ coordinators, credential, source }: MachineSetup): readonly MachineFile[] {
  return [
    ...(source.kind === 'repository'
      ? [{ path: '/etc/yum.repos.d/drover.repo', mode: 0o644, content: repositoryFile(source) }]
      : []),
    { path: '/etc/drover/agent.yaml', mode: 0o600, content: stringify({ coordinators }) },
    { path: '/etc/drover/enrollment-token', mode: 0o600, content: `${credential.reveal()}\n` },
  ];
}

/** Without a key nothing says whose the packages are: then the connection to the repository has to. */
function repositoryFile({ url, keyUrl }: Extract<PackageSource, { readonly kind: 'repository' }>): string {
  const trust = keyUrl === undefined ? ['gpgcheck=0'] : ['gpgcheck=1', `gpgkey=${keyUrl}`];
  return ['[drover]', 'name=Drover', `baseurl=${url}`, 'enabled=1', ...trust, ''].join('\n');
}
