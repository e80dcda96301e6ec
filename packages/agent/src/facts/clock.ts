import type { Facts } from '@drover/proto';
import type { Ask } from './ask.ts';

/** Whether the kernel's clock is disciplined. timedatectl of EL 7 calls the line "NTP synchronized", later ones "System clock synchronized". */
export async function readClockSynchronized(ask: Ask): Promise<Facts['clock']['synchronized']> {
  const answer = /(?:NTP|System clock) synchronized: (yes|no)/.exec(await ask(['timedatectl', 'status']))?.[1];
  return answer === undefined ? null : answer === 'yes';
}
