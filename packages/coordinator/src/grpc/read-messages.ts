import type { Readable } from 'node:stream';

/**
 * The messages of a call, one at a time. Unlike the stream's own iterator it never destroys the stream: the status with
 * which a call is refused still has to get out behind what was written before.
 */
export function readMessages<Message>(call: Readable): AsyncIterator<Message> {
  let state: 'open' | 'ended' | 'broken' = 'open';
  let wake = (): void => undefined;
  const leave = (next: 'ended' | 'broken'): void => {
    if (state === 'open') state = next;
    wake();
  };
  call.on('readable', () => wake());
  call.on('end', () => leave('ended'));
  call.on('close', () => leave('broken'));
  return {
    next: async () => {
      for (;;) {
        // In object mode a stream gives back what was written to it: the decoder's messages.
        const message = call.read() as Message | null;
        if (message !== null) return { done: false, value: message };
        if (state === 'ended') return { done: true, value: undefined };
        if (state === 'broken') throw new Error('the call was broken off');
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
