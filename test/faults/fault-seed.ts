/** `DROVER_FAULT_SEED`, or one of its own, which has to be printed. Throws when it is no number. */
export function faultSeed(environment: NodeJS.ProcessEnv): number {
  const given = environment['DROVER_FAULT_SEED'];
  if (given === undefined) return Math.floor(Math.random() * 2 ** 31);
  if (!/^\d{1,10}$/.test(given)) throw new RangeError(`DROVER_FAULT_SEED is ${given}, and has to be a number`);
  return Number(given);
}
