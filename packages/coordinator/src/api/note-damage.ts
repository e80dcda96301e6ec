import type { FastifyRequest } from 'fastify';
import { isDamage } from '../store/read-undamaged.ts';
import { noteTarget } from './record-calls.ts';

/** Whether what a call is about is damaged; where it is, the record of the call says so. Throws what else keeps it from being read. */
export async function noteDamage(request: FastifyRequest, reading: Promise<unknown>): Promise<boolean> {
  try {
    await reading;
    return false;
  } catch (error) {
    if (!isDamage(error)) throw error;
    noteTarget(request, { damaged: 'true' });
    return true;
  }
}
