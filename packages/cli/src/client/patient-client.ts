import type { Client } from './client.ts';
import { createPatience, type PatienceOptions } from './patience.ts';

/**
 * A client whose calls for JSON wait for a coordinator that does not answer, and end with the signal. A call may reach the
 * coordinator twice where there is patience: it has to be one that does no more the second time.
 */
export function patientClient(client: Client, options: PatienceOptions): Client {
  return {
    ...client,
    json: async (call) => {
      const patience = createPatience(options);
      for (;;) {
        try {
          const answer = await client.json({ signal: options.signal, ...call });
          patience.answered();
          return answer;
        } catch (error) {
          await patience.afterFailure(error);
        }
      }
    },
  };
}
