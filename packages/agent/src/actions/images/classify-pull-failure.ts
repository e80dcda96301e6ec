import { DroverError } from '@drover/core';
import { agentErrors } from '../../errors.ts';

/**
 * What the registry said. docker pull and crictl pull have one exit status for everything, so that only its words tell a missing image from
 * a registry that does not answer: the error codes of the registry's API
 * (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes) and Docker's and
 * containerd's own for a repository that is not there.
 */
const missing =
  /manifest unknown|name unknown|manifest for \S+ not found|repository does not exist|not found: manifest|failed to (?:resolve|pull)[^\n]*: not found/i;

const unreachable =
  /connection refused|no such host|i\/o timeout|TLS handshake|Client\.Timeout|deadline exceeded|no route to host|network is unreachable|server misbehaving|HTTP response to HTTPS client|certificate|unexpected EOF|connection reset|proxyconnect|(?:status|response)[^\n]*\b5\d\d\b/i;

/** The error to throw for a failed pull: `image-not-found`, `registry-unreachable`, or the failure as it was. */
export function classifyPullFailure(failure: unknown, image: string, node: string): unknown {
  if (!(failure instanceof DroverError)) return failure;
  const { evidence, reason } = failure.problem;
  const details = { tried: `pull ${image}`, node, reason: evidence.at(-1) ?? reason, evidence, cause: failure };
  if (failure.code === 'command-timed-out') return agentErrors.create('registry-unreachable', details);
  if (failure.code !== 'command-failed') return failure;
  const words = evidence.join('\n');
  if (missing.test(words)) return agentErrors.create('image-not-found', details);
  return unreachable.test(words) ? agentErrors.create('registry-unreachable', details) : failure;
}
