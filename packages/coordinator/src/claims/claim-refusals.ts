import type { DroverError } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import type { ClaimRecord } from './claim-record.ts';
import type { Decision } from './gates.ts';

const tried = 'become a node';

/** What a machine is told that is not let in now. */
export function refusalOf(claim: ClaimRecord, decision: Decision): DroverError {
  const details = { tried, ...nodeOf(claim) };
  const evidence = [`claim ${claim.claimId}`];
  switch (decision.kind) {
    case 'pending':
      return coordinatorErrors.create('claim-pending', { ...details, reason: decision.reason, evidence });
    case 'quarantined': {
      const code = claim.verdict === 'clone' ? 'clone-suspected' : 'revert-suspected';
      return coordinatorErrors.create(code, { ...details, reason: decision.reason, evidence });
    }
    case 'refused': {
      const remedy = 'Readmit the node, or forget it and make a token for a new one.';
      return coordinatorErrors.create('node-removed', { ...details, reason: decision.reason, remedy, evidence });
    }
    case 'admit':
    case 'resume':
      return coordinatorErrors.create('internal', { ...details, reason: 'a claim that is admitted was refused' });
  }
}

/** What the machine of a claim is told that has ended: rejected by a person, or admitted and superseded since. */
export function endedClaim(claim: ClaimRecord): DroverError {
  const details = { tried, ...nodeOf(claim), evidence: [`claim ${claim.claimId}`] };
  if (claim.state === 'rejected')
    return coordinatorErrors.create('claim-rejected', { ...details, reason: claim.reason });
  const reason = 'this key was let in before, and another one has taken its place';
  return coordinatorErrors.create('identity-superseded', { ...details, reason });
}

function nodeOf({ nodeName }: ClaimRecord): { readonly node?: string } {
  return nodeName === undefined ? {} : { node: nodeName };
}
