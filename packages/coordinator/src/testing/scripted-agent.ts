import type { AgentFrame, CoordinatorFrame, CoordinatorMark, MachineAccount, OperationResult } from '@drover/proto';
import type { AgentConnection, AgentPeer } from '../sessions/agent-connection.ts';
import type { OperationOutcome } from '../sessions/sessions.ts';

/** An agent's end of the protocol, with the memory of a real one and nothing behind it. */
export interface ScriptedAgent {
  /** A new connection of this agent; it says hello by itself. */
  connect(): ScriptedConnection;
  readonly accepted: readonly string[];
  readonly cancelled: readonly string[];
  readonly acknowledged: readonly string[];
  /** Every frame that it was sent, over all connections. */
  readonly received: readonly CoordinatorFrame[];
  finish(operationId: string, outcome: OperationOutcome): void;
  /** False: heartbeats are heard and not answered, as by a machine that hangs. */
  answersHeartbeats: boolean;
  /** What it shows of the coordinator that it has obeyed last. @default null, before the first */
  known: CoordinatorMark | null;
  /** What it says of its machine. @default null: it could not look */
  account: MachineAccount | null;
  /** The count of its sessions that it shows, kept as the coordinator asks. */
  sequence: number;
}

/** One stream of it. */
export interface ScriptedConnection extends AgentConnection {
  /** Says something more. */
  say(frame: AgentFrame): void;
  /** Ends it from the agent's side. */
  close(): void;
}

/** An agent that introduces itself as its certificate says. */
export function createScriptedAgent(peer: AgentPeer, hello: Partial<AgentPeer> = {}): ScriptedAgent {
  const accepted: string[] = [];
  const cancelled: string[] = [];
  const acknowledged: string[] = [];
  const received: CoordinatorFrame[] = [];
  const results = new Map<string, OperationResult>();
  let present: ScriptedConnection | undefined;
  const agent: ScriptedAgent = {
    ...{
      accepted,
      cancelled,
      acknowledged,
      received,
      answersHeartbeats: true,
      known: null,
      account: null,
      sequence: 0,
    },
    finish: (operationId, outcome) => {
      const result = toResult(operationId, outcome);
      results.set(operationId, result);
      present?.say({ result });
    },
    connect: () => {
      const { push, end, frames } = createQueue();
      const connection: ScriptedConnection = { peer, frames, send: receive, say: push, close: end };
      present = connection;
      const { nodeId, incarnation } = { ...peer, ...hello };
      const introduction = {
        agentVersion: '0.1.0',
        bootId: 'boot',
        machineId: 'machine',
        factsDigest: 'digest',
        known: agent.known,
        sequence: agent.sequence,
        account: agent.account,
      };
      push({ hello: { nodeId, incarnation, ...introduction, operationIds: [...accepted] } });
      return connection;

      function receive(frame: CoordinatorFrame): void {
        received.push(frame);
        if (frame.welcome) {
          agent.sequence = frame.welcome.nextSequence;
          push({ sequenceKept: { sequence: agent.sequence } });
        }
        if (frame.heartbeat?.answers === 0 && agent.answersHeartbeats)
          push({ heartbeat: { sentAt: 1, answers: frame.heartbeat.sentAt } });
        if (frame.request) accept(frame.request.operationId);
        if (frame.attach) attach(frame.attach.operationId);
        if (frame.cancel) cancelled.push(frame.cancel.operationId);
        if (frame.acknowledged) acknowledged.push(frame.acknowledged.operationId);
      }

      function accept(operationId: string): void {
        if (!accepted.includes(operationId)) accepted.push(operationId);
        push({ accepted: { operationId } });
        attach(operationId);
      }

      function attach(operationId: string): void {
        const result = results.get(operationId);
        if (result !== undefined) push({ result });
        else if (!accepted.includes(operationId)) push({ unknown: { operationId } });
      }
    },
  };
  return agent;
}

function toResult(operationId: string, outcome: OperationOutcome): OperationResult {
  const { startedAt, finishedAt, commandMs } = outcome;
  const times = { operationId, startedAt, finishedAt, commandMs };
  switch (outcome.kind) {
    case 'inspection':
      return { ...times, inspection: { satisfied: outcome.satisfied, changes: [...outcome.changes], probe: null } };
    case 'completion':
      return { ...times, completion: { changed: outcome.changed, changes: [...outcome.changes], probe: null } };
    case 'answer':
      return { ...times, answer: { json: JSON.stringify(outcome.document) } };
    case 'by-hand':
      return { ...times, byHand: { script: outcome.script } };
    case 'minted':
      return { ...times, minted: { sealed: Buffer.from(outcome.sealed) } };
    case 'failure': {
      const { code, title, tried, reason, remedy, retryable, blocks = false, evidence } = outcome.problem;
      return { ...times, failure: { code, title, tried, reason, remedy, retryable, blocks, evidence: [...evidence] } };
    }
  }
}

function createQueue() {
  const queue: AgentFrame[] = [];
  let isEnded = false;
  let wake = (): void => undefined;
  const frames: AsyncIterator<AgentFrame> = {
    next: async () => {
      for (;;) {
        const frame = queue.shift();
        if (frame !== undefined) return { done: false, value: frame };
        if (isEnded) return { done: true, value: undefined };
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
  const push = (frame: AgentFrame): void => {
    queue.push(frame);
    wake();
  };
  const end = (): void => {
    isEnded = true;
    wake();
  };
  return { push, end, frames };
}
