/** What a machine that calls is taken for. */
export type Verdict = 'reboot' | 'new' | 'reimage' | 'clone' | 'revert' | 'removed' | 'partial-wipe';

/**
 * What follows from a verdict alone: `resume` touches nothing, `by-policy` goes on to the gates, `wait` looks again soon,
 * `pending` waits for a person, `quarantine` keeps what there is until a person has looked, `refuse` ends it.
 */
export type Ruling = 'resume' | 'by-policy' | 'wait' | 'pending' | 'quarantine' | 'refuse';

/** What is known when an agent calls. Nothing here was taken on the caller's word, but for the sequence it shows. */
export interface Observations {
  /** The slot that the call is about, by key, by credential or by hardware. */
  readonly slot: 'found' | 'removed' | 'none';
  /** Whether the caller has proved the key of the slot's present incarnation. */
  readonly key: 'valid' | 'other';
  /** The session sequence it shows beside the one on record; `none` where it has none to show. */
  readonly sequence: 'current' | 'stale' | 'none';
  /**
   * Whether the slot's present incarnation is alive: it answers now, or its Lease was renewed while it was watched; `unsure`
   * while that cannot be told yet.
   */
  readonly incumbent: 'alive' | 'unsure' | 'silent';
  /** Of a node that was made a member: whether its disk still says so. */
  readonly clusterState: 'there' | 'gone';
  /** Whether another newcomer shows the same hardware. */
  readonly rival: boolean;
}

/** A verdict, what follows from it, and why: a clause. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly ruling: Ruling;
  readonly reason: string;
}

/**
 * The verdict about a machine that calls. The order is the rule: a removed slot stays removed, and nothing is believed of
 * a newcomer while the incumbent lives.
 */
export function judge(seen: Observations): Judgement {
  if (seen.slot === 'none') return say('new', 'pending', 'no node is known by what the machine shows');
  if (seen.slot === 'removed') return say('removed', 'refuse', 'the node was removed, and not readmitted');
  if (seen.incumbent === 'alive')
    return say('clone', 'quarantine', 'the node is alive elsewhere at this moment: this is another machine');
  if (seen.key === 'valid') return judgeKnownKey(seen);
  if (seen.incumbent === 'unsure') return say('reimage', 'wait', 'the node may still be alive elsewhere');
  if (seen.rival) return say('reimage', 'pending', 'two machines with the same hardware want to be the node');
  return say('reimage', 'by-policy', 'the machine of the node has a new key: it was installed anew');
}

/** Whoever waits for another look is told what was seen, and until when it is watched: see `Sighting.reason`. */
export function explainWait(judgement: Judgement, sighting: { readonly reason: string }): Judgement {
  return judgement.ruling === 'wait' ? { ...judgement, reason: `${judgement.reason}: ${sighting.reason}` } : judgement;
}

function judgeKnownKey({ sequence, clusterState, incumbent }: Observations): Judgement {
  const verdict = sequence === 'stale' ? 'revert' : clusterState === 'gone' ? 'partial-wipe' : 'reboot';
  if (verdict === 'reboot') return say(verdict, 'resume', 'the node is itself');
  if (incumbent === 'unsure') return say(verdict, 'wait', 'the node may still be alive elsewhere');
  if (verdict === 'partial-wipe')
    return say(verdict, 'by-policy', 'the node is itself, and the state of its cluster is gone from its disk');
  return say(
    verdict,
    'quarantine',
    'the machine shows an earlier session than its last: its disk was set back or copied',
  );
}

function say(verdict: Verdict, ruling: Ruling, reason: string): Judgement {
  return { verdict, ruling, reason };
}
