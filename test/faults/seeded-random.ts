/** Numbers that a seed decides. */
export interface SeededRandom {
  /** An integer in [0, limit). */
  below(limit: number): number;
  /** One of a list that has at least one. */
  pick<Item>(list: readonly [Item, ...Item[]]): Item;
}

/** The same seed gives the same numbers: mulberry32 (Tommy Ettinger, public domain). */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    below: (limit) => Math.floor(next() * limit),
    pick: (list) => list[Math.floor(next() * list.length)] ?? list[0],
  };
}

/** `DROVER_FAULT_SEED`, or one of its own, which has to be printed. Throws when it is no number. */
export function faultSeed(environment: NodeJS.ProcessEnv): number {
  const given = environment['DROVER_FAULT_SEED'];
  if (given === undefined) return Math.floor(Math.random() * 2 ** 31);
  if (!/^\d{1,10}$/.test(given)) throw new RangeError(`DROVER_FAULT_SEED is ${given}, and has to be a number`);
  return Number(given);
}
