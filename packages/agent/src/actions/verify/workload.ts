/** What differs from one small pod to the next. */
export interface PodOptions {
  readonly image: string;
  /** What its shell runs; the pod just stays when there is none. */
  readonly script?: string;
  /** Merged into the pod's spec. */
  readonly spec?: Readonly<Record<string, unknown>>;
  /** Merged into the container. */
  readonly container?: Readonly<Record<string, unknown>>;
}

/** Stays until it is asked to end, and then ends at once: a plain `sleep` as process 1 would ignore the asking. */
const stay = 'trap "exit 0" TERM; while :; do sleep 1 & wait $!; done';

/** A template of a pod that needs next to nothing and is gone as soon as it is deleted. */
export function podTemplate(app: string, { image, script = stay, spec = {}, container = {} }: PodOptions) {
  return {
    metadata: { labels: { app } },
    spec: {
      // Gone from the API at once when deleted: a proof does not wait for kubelets to clear up.
      terminationGracePeriodSeconds: 0,
      // Nothing here talks to the API.
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      containers: [
        {
          name: 'main',
          image,
          imagePullPolicy: 'IfNotPresent',
          command: ['sh', '-c', script],
          resources: { requests: { cpu: '10m', memory: '16Mi' } },
          ...container,
        },
      ],
      ...spec,
    },
  };
}

/** A pod by itself, with the label `app` of its own name. */
export function pod(name: string, options: PodOptions) {
  const template = podTemplate(name, options);
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: template.metadata.labels }, spec: template.spec };
}

/** A deployment of such pods. */
export function deployment(name: string, replicas: number, options: PodOptions) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      // A new pod first, so that a rollout never leaves fewer than are wanted.
      strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: podTemplate(name, options),
    },
  };
}
