/** A time limit that can be taken back. */
export interface TimeLimit {
  cancel(): void;
}

/** So often what has arrived is read before the time is over. */
const looks = 10;

/**
 * Calls back after this time, and not before what has arrived was read ten times meanwhile: a machine that is so busy that it
 * looks seldom gets more time, and takes no answer that lies there for silence.
 */
export function startTimeLimit(durationMs: number, callBack: () => void): TimeLimit {
  let timer: NodeJS.Timeout | undefined;
  const look = (left: number): void => {
    // Between a timer and an immediate the event loop reads its sockets.
    timer = setTimeout(() => setImmediate(() => end(left - 1)), durationMs / looks);
  };
  const end = (left: number): void => {
    if (timer === undefined) return;
    if (left === 0) callBack();
    else look(left);
  };
  look(looks);
  return {
    cancel: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
