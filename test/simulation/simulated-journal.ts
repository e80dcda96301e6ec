import { agentErrors, formatRecord, type Journal, type JournalEntry, parseRecord } from '@drover/agent/simulation';
import type { Disk } from './disk.ts';
import type { Guards } from './guards.ts';
import type { MortalProcess } from './mortal-process.ts';

/** An agent's journal on a simulated disk, in the form in which it lies in files. */
export class SimulatedJournal {
  readonly #disk: Disk;
  readonly #guards: Guards;
  /** Content by operation id. */
  readonly files = new Map<string, string>();

  constructor(disk: Disk, guards: Guards) {
    this.#disk = disk;
    this.#guards = guards;
  }

  /** For one life of the agent. */
  port(agent: MortalProcess): Journal {
    const { files } = this;
    const write = (apply: () => void): Promise<void> => this.#disk.write(agent, apply, full);
    return agent.guard<Journal>(
      {
        load: async () => (this.#guards['agent-journal'] ? [...files].map(([id, text]) => toEntry(id, text)) : []),
        write: (record) => write(() => void files.set(record.operationId, formatRecord(record))),
        remove: (operationId) => write(() => void files.delete(operationId)),
      },
      { name: 'journal', transitions: ['write', 'remove'] },
    );
  }
}

function toEntry(operationId: string, text: string): JournalEntry {
  return { operationId, path: `operations/${operationId}.json`, record: parseRecord(text) };
}

function full(): Error {
  return agentErrors.create('journal-unwritable', { tried: 'write to operations', reason: 'no space left on device' });
}
