import { DroverError, type Logger, messageOf } from '@drover/core';
import type { TpmAnswer, TpmKeys } from '@drover/proto';
import type { MachineTpm } from '../enrollment/enroll.ts';
import { askUnit, type UnitQuestion } from './ask-unit.ts';

/** What a TPM is asked by. */
export interface MachineTpmOptions extends UnitQuestion {
  /** The machine has one, whether or not it has a device for it. */
  readonly hasTpm: boolean;
  readonly logger: Logger;
}

const none = Buffer.alloc(0);

/**
 * The machine's TPM, to which units talk. Its keys are asked for once in an agent's life, as a slow TPM takes long to make them,
 * and again when it does not answer with them.
 */
export function createMachineTpm(options: MachineTpmOptions): MachineTpm {
  const { signal, logger } = options;
  let known: TpmKeys | undefined;
  let said = '';

  const readKeys = async (): Promise<TpmKeys> => {
    // A unit is this agent's own program.
    known ??= (await askUnit({ name: 'read-tpm', params: {} }, options)) as TpmKeys;
    return known;
  };

  return {
    show: async (facts) => {
      if (!options.hasTpm && (facts?.host.tpmDevice ?? null) === null) return null;
      try {
        const { endorsementKey, attestationKey } = await readKeys();
        return { endorsementKey: decode(endorsementKey), attestationKey: decode(attestationKey), unusable: '' };
      } catch (error) {
        signal.throwIfAborted();
        const unusable = reasonOf(error);
        // A machine may wait for a person for days: each reason is said once.
        if (unusable !== said) logger.warn({ error: unusable }, 'the TPM is not used');
        said = unusable;
        return { endorsementKey: none, attestationKey: none, unusable };
      }
    },
    answer: async (credential, transcript) => {
      try {
        const { endorsementContext, attestationContext } = await readKeys();
        const contexts = {
          endorsementContext: decode(endorsementContext),
          attestationContext: decode(attestationContext),
        };
        const params = { ...contexts, credential, transcript: Buffer.from(transcript) };
        const answer = (await askUnit({ name: 'answer-tpm-credential', params }, options)) as TpmAnswer;
        return decode(answer.answer);
      } catch (error) {
        signal.throwIfAborted();
        known = undefined;
        logger.warn({ error: reasonOf(error) }, 'the TPM did not answer');
        return none;
      }
    },
  };
}

/** What the unit said. */
function reasonOf(error: unknown): string {
  return error instanceof DroverError ? error.problem.reason : messageOf(error);
}

function decode(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}
