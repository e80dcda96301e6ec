import { type EpochGuard, requireNewerMark } from '@drover/agent/simulation';
import type { SignedCoordinatorMark } from '@drover/core';
import type { Disk } from './disk.ts';
import type { Guards } from './guards.ts';
import type { MortalProcess } from './mortal-process.ts';
import type { Observer } from './observer.ts';

interface SimulatedEpochGuardOptions {
  readonly nodeName: string;
  readonly disk: Disk;
  readonly observer: Observer;
  readonly guards: Guards;
}

/** What an agent remembers of the coordinators that it has obeyed, on a simulated disk. */
export class SimulatedEpochGuard {
  readonly #options: SimulatedEpochGuardOptions;
  #known: SignedCoordinatorMark | undefined;

  constructor(options: SimulatedEpochGuardOptions) {
    this.#options = options;
  }

  /** The disk that it was on is thrown away. */
  wipe(): void {
    this.#known = undefined;
  }

  port(agent: MortalProcess): EpochGuard {
    const { disk, nodeName, observer, guards } = this.#options;
    return agent.guard<EpochGuard>(
      {
        known: async () => (guards['agent-epoch'] ? this.#known : undefined),
        accept: async (mark) => {
          const known = this.#known;
          if (known !== undefined && guards['agent-epoch']) requireNewerMark(mark, known);
          const isOlder =
            known !== undefined &&
            (mark.epoch < known.epoch || (mark.epoch === known.epoch && mark.coordinatorId !== known.coordinatorId));
          if (isOlder) observer.violate('I3', `${nodeName} obeys epoch ${mark.epoch} after epoch ${known.epoch}`);
          if (known?.epoch === mark.epoch && known.revision === mark.revision) return;
          await disk.write(
            agent,
            () => void (this.#known = mark),
            () => new Error('no space left on device'),
          );
        },
      },
      { name: 'epochs', transitions: ['accept'] },
    );
  }
}
