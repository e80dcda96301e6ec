import type { Clock, DroverError, SignedCoordinatorMark } from '@drover/core';
import type { AgentFrame, Heartbeat } from '@drover/proto';
import { coordinatorErrors } from '../errors.ts';
import type { Lineage } from '../lineage/lineage.ts';
import type { AgentConnection, CoordinatorMessage } from './agent-connection.ts';
import { toMarkMessage } from './frames.ts';
import type { ConnectedNode } from './sessions.ts';

/** A session between its welcome and its end. */
export interface LiveSession {
  readonly node: ConnectedNode;
  send(message: CoordinatorMessage): void;
  /** True when the agent answers a heartbeat sent now within `timeoutMs`. An open connection alone proves nothing. */
  answersNow(timeoutMs: number): Promise<boolean>;
  /** Takes note of a frame: the agent lives, and its heartbeats are answered. */
  hear(frame: AgentFrame): void;
  /** Sends heartbeats, and marks along with them, until the session ends, and ends it when the agent is silent for three intervals. */
  keepAlive(): Promise<void>;
  /** Does nothing after the first time. */
  end(reason: Error): void;
  /** Aborted with the reason once the session is to end. */
  readonly ended: AbortSignal;
}

/** What a session is made of. */
export interface LiveSessionOptions {
  readonly node: ConnectedNode;
  readonly connection: AgentConnection;
  /** What the agent is welcomed with: its epoch is on every frame of the session. */
  readonly mark: SignedCoordinatorMark;
  readonly lineage: Pick<Lineage, 'mark'>;
  readonly clock: Clock;
  readonly heartbeatIntervalMs: number;
}

/** After this many intervals without a frame the agent is taken for gone. */
const silentIntervals = 3;

/** Takes the connection over; the caller reads its frames and passes them to `hear`. */
export function openLiveSession(options: LiveSessionOptions): LiveSession {
  const { node, connection, lineage, clock, heartbeatIntervalMs } = options;
  const { epoch } = options.mark;
  const ending = new AbortController();
  const challenges = new Set<{ readonly sentAt: number; readonly answered: () => void }>();
  // Counted, not measured: a clock that is set while agents are connected must not end their sessions.
  let quietIntervals = 0;
  let { revision } = options.mark;

  function send(message: CoordinatorMessage): void {
    if (!ending.signal.aborted) connection.send({ epoch, ...message });
  }

  function end(reason: Error): void {
    ending.abort(reason);
  }

  /** Only when it says something new: the agent writes each one to its disk. */
  async function sendMark(): Promise<void> {
    const mark = await lineage.mark();
    if (mark.epoch !== epoch || mark.revision === revision) return;
    revision = mark.revision;
    send({ mark: toMarkMessage(mark) });
  }

  function hearHeartbeat(heartbeat: Heartbeat): void {
    if (heartbeat.answers === 0) return send({ heartbeat: { sentAt: clock.now(), answers: heartbeat.sentAt } });
    for (const challenge of challenges) if (challenge.sentAt === heartbeat.answers) challenge.answered();
  }

  return {
    node,
    send,
    end,
    ended: ending.signal,
    hear: (frame) => {
      quietIntervals = 0;
      if (frame.heartbeat) hearHeartbeat(frame.heartbeat);
    },
    answersNow: async (timeoutMs) => {
      const answer = Promise.withResolvers<void>();
      const sentAt = clock.now();
      const challenge = { sentAt, answered: answer.resolve };
      challenges.add(challenge);
      send({ heartbeat: { sentAt, answers: 0 } });
      const waited = new AbortController();
      const silence = clock.sleep(timeoutMs, AbortSignal.any([waited.signal, ending.signal]));
      try {
        return await Promise.race([answer.promise.then(() => true), silence.then(() => false)]);
      } catch {
        // The session ended while it was asked.
        return false;
      } finally {
        waited.abort();
        challenges.delete(challenge);
      }
    },
    keepAlive: async () => {
      while (!ending.signal.aborted) {
        await clock.sleep(heartbeatIntervalMs, ending.signal);
        quietIntervals += 1;
        if (quietIntervals > silentIntervals) return end(silent(node, quietIntervals * heartbeatIntervalMs));
        send({ heartbeat: { sentAt: clock.now(), answers: 0 } });
        await sendMark();
      }
    },
  };
}

function silent(node: ConnectedNode, silentMs: number): DroverError {
  return coordinatorErrors.create('node-not-connected', {
    tried: 'hear from the agent',
    node: node.nodeName,
    reason: `it has sent nothing for ${Math.round(silentMs / 1000)} s`,
  });
}
