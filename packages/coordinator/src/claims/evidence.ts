import type { HardwareMatch } from '../inventory/hardware.ts';
import type { ClaimDecision, Evidence, MachineAccount } from './claim-record.ts';
import type { ClaimRequest, Proof } from './claim-request.ts';
import type { TpmMatch } from './compare-tpm.ts';
import type { RebuildWindow } from './rebuild-window.ts';

/** What stands beside the machine's own words. */
export interface EvidenceSources {
  readonly request: Pick<ClaimRequest, 'proof' | 'account' | 'tpm'>;
  readonly match: HardwareMatch;
  /** Absent where there is no TPM to speak of. */
  readonly tpmMatch?: TpmMatch | undefined;
  readonly approval?: ClaimDecision | undefined;
  readonly window?: RebuildWindow | undefined;
}

/** Everything that speaks for a claim, the weighty first, with what it is worth and why. */
export function weighEvidence({ request, match, tpmMatch, approval, window }: EvidenceSources): readonly Evidence[] {
  const words: Evidence[] = [];
  if (approval !== undefined) words.push(person('approval', describeApproval(approval)));
  if (window !== undefined) words.push(person('rebuild window', `${window.by} opened it until ${window.expiresAt}`));
  return [
    ...words,
    ...weighTpm(request, tpmMatch),
    ...weighProof(request.proof),
    ...weighAccount(request.account, match),
  ];
}

function describeApproval({ by, at, rule }: ClaimDecision): string {
  return rule === undefined ? `${by} approved it at ${at}` : `a rule of the ${by} approved it at ${at}: ${rule}`;
}

function person(kind: string, reason: string): Evidence {
  return { class: 'C', kind, accepted: true, reason };
}

function weighTpm({ tpm }: EvidenceSources['request'], match: TpmMatch | undefined): Evidence[] {
  if (match === undefined) return [];
  const value = tpm?.kind === 'proved' ? { value: tpm.endorsementKey } : {};
  return [{ class: 'A', kind: 'TPM', ...value, accepted: match.kind === 'same', reason: match.reason }];
}

function weighProof(proof: Proof): Evidence[] {
  switch (proof.kind) {
    case 'machine-credential':
      return [
        {
          class: 'B',
          kind: 'machine credential',
          value: proof.tokenId,
          accepted: true,
          reason: 'the machine has proved the secret that its provisioner gives to it alone',
        },
      ];
    case 'enrolment-token':
      return [
        { ...person('enrolment token', 'a person made it for this node, for one machine'), value: proof.tokenId },
      ];
    case 'previous-key':
      return [
        {
          class: 'D',
          kind: 'node key',
          accepted: false,
          reason: 'its disk has the node’s key, as every copy of it has',
        },
      ];
    case 'own-session':
      return [
        {
          class: 'B',
          kind: 'node key',
          accepted: true,
          reason: 'it has the node’s session, by its key and its count of sessions',
        },
      ];
    case 'fleet-token':
      return [
        {
          class: 'B-',
          kind: 'fleet token',
          value: proof.tokenId,
          accepted: false,
          reason: 'an image’s key says nothing of which machine it is',
        },
      ];
    case 'nothing':
      return [];
  }
}

function weighAccount(account: MachineAccount | undefined, match: HardwareMatch): Evidence[] {
  if (account === undefined)
    return [{ class: 'D', kind: 'hardware', accepted: false, reason: 'the machine could not look at itself' }];
  const { hardware, hostname, machineId, bootId } = account;
  const told = (kind: string, value: string | undefined, reason: string): Evidence[] =>
    value === undefined || value === '' ? [] : [{ class: 'D', kind, value, accepted: false, reason }];
  const said = 'the machine says so';
  return [
    { class: 'D', kind: 'hardware', value: match.kind, accepted: match.kind === 'same', reason: match.reason },
    ...told('product uuid', hardware.productUuid, said),
    ...told('board serial', hardware.boardSerial, said),
    ...told('network interfaces', hardware.macs.join(', '), said),
    ...told('hostname', hostname, said),
    ...told('machine id', machineId, said),
    ...told('boot id', bootId, said),
  ];
}
