import { DroverError } from '@drover/core';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { agentErrors } from '../../errors.ts';
import type { Command } from '../../host/host.ts';
import type { ApplyContext, InspectContext } from '../action.ts';

const pki = '/etc/kubernetes/pki/etcd';

/** One call of the gateway. */
export interface EtcdQuestion {
  readonly endpoint: string;
  readonly path: string;
  readonly body: object;
}

/** Asks, and reads the answer by a schema whose defaults stand for what the gateway leaves out. Throws `etcd-unanswered`. */
export async function askEtcd<T extends TSchema>(
  context: InspectContext,
  question: EtcdQuestion,
  schema: T,
): Promise<Static<T>> {
  const { endpoint, path } = question;
  const command = toCommand(context, question);
  const { stdout } = await answered(context, endpoint, () => context.host.query(command));
  try {
    const answer: unknown = JSON.parse(stdout);
    return Value.Parse(schema, Value.Default(schema, answer));
  } catch (cause) {
    const evidence = [stdout.slice(0, 500)];
    const reason = `its answer to ${path} does not have the form of etcd 3.4 or later`;
    throw agentErrors.create('cluster-answer-unexpected', {
      tried: `ask etcd at ${endpoint}`,
      reason,
      evidence,
      cause,
    });
  }
}

/** Asks for a change. Throws `etcd-unanswered`: then it may or may not have been made. */
export async function changeEtcd(context: ApplyContext, question: EtcdQuestion): Promise<void> {
  const command = toCommand(context, question);
  await answered(context, question.endpoint, () => context.host.run(command));
}

/**
 * etcd's JSON gateway (etcd.io/docs/v3.4/dev-guide/api_grpc_gateway), by curl, which every system with rpm has: etcdctl is
 * in a container at best. The client certificate is kubeadm's own for its health checks; arguments name files alone.
 */
function toCommand(context: InspectContext, { endpoint, path, body }: EtcdQuestion): Command {
  const certificates = [`--cacert=${pki}/ca.crt`, `--cert=${pki}/healthcheck-client.crt`];
  const options = ['--silent', '--show-error', '--fail', '--noproxy', '*', '--max-time', '8'];
  return {
    argv: [
      'curl',
      ...options,
      ...certificates.flatMap((option) => option.split('=')),
      '--key',
      `${pki}/healthcheck-client.key`,
      '--data',
      JSON.stringify(body),
      `${endpoint}${path}`,
    ],
    timeoutMs: 10_000,
    signal: context.signal,
  };
}

async function answered<T>(context: InspectContext, endpoint: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    const isSilence = thrown instanceof DroverError && ['command-failed', 'command-timed-out'].includes(thrown.code);
    if (!isSilence) throw thrown;
    throw agentErrors.create('etcd-unanswered', {
      tried: `ask etcd at ${endpoint}`,
      node: context.nodeName,
      reason: 'it does not answer, or has no quorum',
      evidence: thrown.problem.evidence,
      cause: thrown,
    });
  }
}
