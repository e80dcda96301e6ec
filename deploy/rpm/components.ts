/** A program to bundle. */
export interface Bundle {
  /** The file that starts it, relative to the repository's root. */
  readonly entry: string;
  /** Name of the bundle, ending in `.mjs`. */
  readonly output: string;
  /** Name in /usr/bin under which people start it. @default none: it is started by other programs */
  readonly command?: string;
}

/** What becomes one RPM. What goes where in it is said by its spec file, `<name>.spec` beside this file. */
export interface Component {
  readonly name: string;
  /** Folder on the host for the bundles and for the Node.js that runs them. */
  readonly installFolder: string;
  readonly bundles: readonly Bundle[];
  /** Whether it becomes a Debian package too, with the scripts `debian/<name>.*` beside this file. @default false */
  readonly debian?: true;
  /** Files that the spec takes from the repository as they are, relative to its root. */
  readonly files: readonly string[];
}

/** Every RPM of this repository. */
export const components: readonly Component[] = [
  {
    name: 'drover-agent',
    installFolder: '/usr/lib/drover/agent',
    debian: true,
    bundles: [
      { entry: 'packages/agent/src/main.ts', output: 'agent.mjs', command: 'drover-agent' },
      { entry: 'packages/agent/src/unit-main.ts', output: 'unit.mjs' },
    ],
    files: [
      'systemd/drover-agent.service',
      'systemd/drover-agent.tmpfiles',
      'systemd/80-drover-agent.preset',
      'deploy/rpm/agent.yaml',
      'LICENSE',
    ],
  },
  {
    name: 'drover-coordinator',
    installFolder: '/usr/lib/drover/coordinator',
    bundles: [
      { entry: 'packages/coordinator/src/main.ts', output: 'coordinator.mjs', command: 'drover-coordinator' },
      { entry: 'packages/cli/src/main.ts', output: 'drover.mjs', command: 'drover' },
    ],
    files: [
      'systemd/drover-coordinator.service',
      'systemd/drover-coordinator.sysusers',
      'systemd/80-drover-coordinator.preset',
      'deploy/rpm/coordinator.yaml',
      'LICENSE',
    ],
  },
];
