import type { Finding } from './refused-error.ts';

/** How the nodes of a cluster reached each other. */
export interface ReachabilityResource {
  readonly cluster: string;
  readonly surveyedAt: string;
  readonly durationMs: number;
  readonly nodes: readonly { readonly name: string; readonly address: string }[];
  readonly unsurveyed: readonly { readonly node: string; readonly reason: string }[];
  readonly links: readonly LinkResource[];
  readonly findings: readonly Finding[];
}

/** The way from one node to another. */
export interface LinkResource {
  readonly from: string;
  readonly to: string;
  readonly latencyMs: number | null;
  readonly mtuBytes: number | null;
  readonly interfaceMtuBytes: number | null;
  readonly ports: readonly {
    readonly protocol: string;
    readonly port: number;
    readonly state: string;
    readonly answeredBy: string | null;
  }[];
}
