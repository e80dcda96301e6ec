import { wantedRuntime } from '../../clusters/wanted-runtime.ts';
import { nodeCheck } from '../define-check.ts';

const source = 'https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file';

/** Drover merges its settings into what others wrote; what Docker cannot read itself, nobody can merge into. */
export const dockerConfiguration = nodeCheck({
  id: 'docker-configuration',
  title: '/etc/docker/daemon.json is something that Docker can read',
  scope: 'node',
  reads: ['dockerConfiguration', 'packages'],
  shows: 'What is wrong with it, and which settings are in it',
  rules: {
    malformed: {
      severity: 'error',
      when: 'It is no JSON object: comments and trailing commas are faults too',
      source,
      remedy: 'Mend /etc/docker/daemon.json: `dockerd --validate` says what is wrong.',
    },
    hostsTwice: {
      severity: 'warning',
      when: 'It has `hosts`, and the unit of the package gives dockerd -H too: dockerd refuses both',
      source: 'https://docs.docker.com/engine/daemon/troubleshoot/#unable-to-start-the-daemon',
      remedy: 'Take `hosts` out of it, or -H out of the unit by a drop-in.',
    },
  },
  ofNode: ({ facts: { dockerConfiguration: found, packages } }, { spec }) => {
    if (wantedRuntime(spec).name !== 'docker') return [];
    const evidence = [`settings: ${found.keys.length === 0 ? 'none' : found.keys.join(', ')}`];
    if (found.state === 'malformed') {
      const message = `/etc/docker/daemon.json cannot be read: ${found.fault ?? 'it is malformed'}`;
      return [{ rule: 'malformed', message }];
    }
    if (!found.keys.includes('hosts')) return [];
    const installed = packages.installed['docker-ce'] === undefined ? 'is to be installed' : 'is installed';
    const message = `/etc/docker/daemon.json has \`hosts\`, and docker-ce, whose unit has -H, ${installed}`;
    return [{ rule: 'hostsTwice', message, evidence }];
  },
});
