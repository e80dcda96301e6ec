/** Resolves with the first of SIGINT and SIGTERM. A second one ends the process at once with 128 + its number. */
export function waitForShutdown(target: NodeJS.Process): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const numbers = { SIGINT: 2, SIGTERM: 15 } as const;
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      target.on(signal, () => {
        if (asked) target.exit(128 + numbers[signal]);
        asked = true;
        resolve(signal);
      });
    }
  });
}
