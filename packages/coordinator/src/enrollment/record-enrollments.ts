import { type Clock, DroverError, type Logger } from '@drover/core';
import type { EnrollmentHello } from '@drover/proto';
import type { AuditContent } from '../audit/audit-record.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { redactSecrets } from '../audit/redact-secrets.ts';
import { createRefusalMeter } from '../audit/refusal-meter.ts';
import { coordinatorErrors } from '../errors.ts';
import type { Enrollment } from './enrollment.ts';

/** What recording takes. */
export interface EnrollmentRecordingOptions {
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * An enrolment that is on record: each refusal of a machine that did not prove what it has to, as many as the meter lets
 * through; and of each that did, the attempt before it becomes the node, and the end. What cannot be recorded is not done.
 */
export function recordEnrollments(
  enrollment: Enrollment,
  { audit, clock, logger }: EnrollmentRecordingOptions,
): Enrollment {
  // The machine is told what it has to know, whether or not that can be recorded; nothing further is done for it.
  const note = (content: Omit<AuditContent, 'at'>) =>
    audit
      .append(content)
      .catch((error: unknown) => logger.error({ err: error, ...content }, 'an enrolment is not on record'));
  const meterRefusal = createRefusalMeter({ clock });
  return {
    begin: (hello, from = 'unknown') => {
      const attempt = enrollment.begin(hello, from);
      const call = { operation: 'enrollNode', from, target: targetOf(hello) };
      let proved: Pick<AuditContent, 'operation' | 'from' | 'target' | 'caller'> | undefined;
      return {
        ...attempt,
        prove: async (proof, ask) => {
          try {
            const accepted = await attempt.prove(proof, ask);
            const { nodeName: node, incarnation } = accepted;
            const target = { ...call.target, node, incarnation: String(incarnation) };
            proved = { ...call, caller: 'agent', target };
            return accepted;
          } catch (error) {
            const metered = meterRefusal();
            const missed = metered.isRecorded && metered.unrecorded > 0 ? { unrecorded: metered.unrecorded } : {};
            const refusal = {
              event: 'refused',
              ...call,
              target: { ...call.target, ...nodeOf(error) },
              caller: 'unknown',
              outcome: outcomeOf(error),
              ...missed,
            } as const;
            if (metered.isRecorded) await note(refusal);
            throw error;
          }
        },
        acknowledge: async (acknowledgement) => {
          // What comes without a proof is refused below, and changes nothing.
          if (proved === undefined) return await attempt.acknowledge(acknowledgement);
          const { sequence } = await audit.append({ event: 'attempted', ...proved });
          const end = { event: 'ended', attempt: sequence, ...proved } as const;
          try {
            await attempt.acknowledge(acknowledgement);
          } catch (error) {
            await note({ ...end, outcome: outcomeOf(error) });
            throw error;
          }
          // It is the node now: an attempt without an end says that this is to be looked up.
          await note({ ...end, outcome: { status: 200, code: 'ok' } });
        },
      };
    },
  };
}

/** A machine that the coordinator knows by its key comes without a token. */
function targetOf({ tokenId }: EnrollmentHello): Readonly<Record<string, string>> {
  return tokenId === '' ? {} : { tokenId: redactSecrets(tokenId) };
}

/** Of a machine that has proved enough to be told which node it is about. */
function nodeOf(error: unknown): { readonly node?: string } {
  const node = error instanceof DroverError ? error.problem.node : undefined;
  return node === undefined ? {} : { node };
}

function outcomeOf(error: unknown): NonNullable<AuditContent['outcome']> {
  if (error instanceof DroverError) return { status: error.entry.status, code: error.code };
  return { status: coordinatorErrors.table.internal.status, code: 'internal' };
}
