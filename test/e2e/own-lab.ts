import { createProgress, down, type Lab, labFromEnvironment, logFile, systemProgressClock, up } from '@drover/lab';

/** A lab of one test file, beside the one that `npm start` uses. */
export interface OwnLab {
  readonly lab: Lab;
  readonly signal: AbortSignal;
  readonly progress: ReturnType<typeof createProgress>;
  /** Brings the bare hosts up, after whatever an earlier run left is gone. */
  start(): Promise<void>;
  dispose(): Promise<void>;
}

/** Nothing is made before `start`. The first host is a control plane. */
export function createOwnLab(name: string, subnet: string, { hosts = 2 }: { readonly hosts?: number } = {}): OwnLab {
  const lab = labFromEnvironment({
    ...process.env,
    DROVER_LAB_NAME: name,
    DROVER_LAB_SUBNET: subnet,
    DROVER_LAB_DIR: `/var/lib/drover-lab/${name}`,
  });
  const { signal } = new AbortController();
  const clock = systemProgressClock();
  const progress = createProgress({ stream: process.stderr, isTerminal: false, logFile: logFile(lab), clock });
  return {
    lab,
    signal,
    progress,
    start: async () => {
      await down(lab);
      await up(lab, { hosts, controlPlanes: 1, progress, signal });
    },
    dispose: async () => {
      progress.close();
      await down(lab);
    },
  };
}
