import type { FactSubject, Facts } from '@drover/proto';

/** Something that facts do not tell. */
export interface UnreadSubject {
  readonly subject: FactSubject;
  readonly reason: string;
}

/** What subjects are made of that agents name as a fact of its own when they cannot read it. */
const sources: Partial<Record<FactSubject, readonly string[]>> = {
  containerd: ['packages', 'units'],
  docker: ['packages', 'units'],
  firewall: ['units'],
  kubernetes: ['packages', 'units'],
};

/** Those of the subjects that the agent could not read, or that it is too old to know of. */
export function unreadSubjects(facts: Facts, subjects: readonly FactSubject[]): readonly UnreadSubject[] {
  return subjects.flatMap((subject): readonly UnreadSubject[] => {
    const names = [subject, ...(sources[subject] ?? [])];
    const failed = facts.unreadable.find(({ fact }) => names.includes(fact.split('.')[0] ?? ''));
    if (failed !== undefined) return [{ subject, reason: `${failed.fact}: ${failed.reason}` }];
    if (facts[subject] !== undefined) return [];
    return [{ subject, reason: 'the agent does not tell it: its version may be older than the coordinator’s' }];
  });
}
