import { createHash } from 'node:crypto';
import { renderStaticPod } from './static-pod.ts';

/** What serves the endpoint on one control-plane node: pods, and the files that they mount. */
export interface EndpointPods {
  readonly pods: readonly { readonly name: string; readonly manifest: string }[];
  readonly files: readonly { readonly name: string; readonly content: string; readonly executable: boolean }[];
}

/** An address that one of several machines has at a time. */
export interface VirtualAddress {
  readonly address: string;
  /** The interface that gets it on this machine. */
  readonly interface: string;
  /** Of the endpoint. */
  readonly port: number;
}

/** Where the agent puts the files. */
const filesFolder = '/etc/kubernetes/drover-endpoint';

/**
 * kube-vip: the machines elect a leader through a Lease of the cluster, which has the address and announces it by ARP. It
 * needs the administrator's kubeconfig, which kubeadm has written before the kubelet starts.
 * Source: https://github.com/kubernetes/kubeadm/blob/main/docs/ha-considerations.md#kube-vip
 */
export function renderKubeVip({ image, virtual }: { readonly image: string; readonly virtual: VirtualAddress }) {
  const admin = '/etc/kubernetes/admin.conf';
  const manifest = renderStaticPod({
    name: 'kube-vip',
    image,
    args: ['manager'],
    environment: {
      // Of its two names for the address the first is that of releases before 0.4.
      vip_address: virtual.address,
      address: virtual.address,
      port: String(virtual.port),
      vip_interface: virtual.interface,
      vip_cidr: '32',
      vip_arp: 'true',
      cp_enable: 'true',
      cp_namespace: 'kube-system',
      svc_enable: 'false',
      vip_leaderelection: 'true',
      vip_leaseduration: '5',
      vip_renewdeadline: '3',
      vip_retryperiod: '1',
    },
    capabilities: ['NET_ADMIN', 'NET_RAW'],
    files: [{ hostPath: admin, mountPath: admin }],
  });
  return { pods: [{ name: 'kube-vip', manifest }], files: [] } satisfies EndpointPods;
}

/** haproxy and keepalived on one of the control-plane nodes. */
export interface HaproxyOptions {
  readonly image: string;
  readonly keepalivedImage: string;
  readonly virtual: VirtualAddress;
  readonly virtualRouterId: number;
  /** Of all API servers, this node's own included. */
  readonly apiServerPort: number;
  /** Every control-plane node, in the order in which they are to have the address. */
  readonly nodes: readonly { readonly name: string; readonly address: string }[];
  /** The name of this one. */
  readonly node: string;
}

/**
 * haproxy spreads connections over the API servers that are ready; keepalived gives the address to one machine whose
 * haproxy reaches an API server. They speak to each other by unicast: clouds drop VRRP's multicast.
 * Source: https://github.com/kubernetes/kubeadm/blob/main/docs/ha-considerations.md#keepalived-and-haproxy
 */
export function renderHaproxy(options: HaproxyOptions): EndpointPods {
  const { image, keepalivedImage, virtual } = options;
  const files = {
    'haproxy.cfg': { content: haproxyConfiguration(options), executable: false },
    'keepalived.conf': { content: keepalivedConfiguration(options), executable: false },
    'check-api-server.sh': { content: checkScript(virtual.port), executable: true },
  };
  const haproxy = renderStaticPod({
    name: 'haproxy',
    image,
    files: [{ hostPath: `${filesFolder}/haproxy.cfg`, mountPath: '/usr/local/etc/haproxy/haproxy.cfg' }],
    livenessPort: virtual.port,
    configurationHash: hash(files['haproxy.cfg'].content),
  });
  const keepalived = renderStaticPod({
    name: 'keepalived',
    image: keepalivedImage,
    capabilities: ['NET_ADMIN', 'NET_BROADCAST', 'NET_RAW'],
    files: [
      { hostPath: `${filesFolder}/keepalived.conf`, mountPath: '/usr/local/etc/keepalived/keepalived.conf' },
      { hostPath: `${filesFolder}/check-api-server.sh`, mountPath: checkPath },
    ],
    configurationHash: hash(files['keepalived.conf'].content + files['check-api-server.sh'].content),
  });
  return {
    pods: [
      { name: 'haproxy', manifest: haproxy },
      { name: 'keepalived', manifest: keepalived },
    ],
    files: Object.entries(files).map(([name, file]) => ({ name, ...file })),
  };
}

const checkPath = '/etc/keepalived/check-api-server.sh';

/** Watches of the API are open for long and may be still: what has died is noticed by the clients' own pings. */
function haproxyConfiguration({ virtual, apiServerPort, nodes }: HaproxyOptions): string {
  return [
    'global',
    '  log stdout format raw local0',
    '',
    'defaults',
    '  log global',
    '  mode tcp',
    '  option tcplog',
    '  timeout connect 5s',
    '  timeout client 1h',
    '  timeout server 1h',
    '  timeout check 5s',
    '',
    'frontend endpoint',
    `  bind *:${virtual.port}`,
    '  default_backend api-servers',
    '',
    'backend api-servers',
    '  balance roundrobin',
    '  option httpchk GET /readyz',
    '  http-check expect status 200',
    // Whose the API server is the client checks, who has the cluster's CA.
    '  default-server check check-ssl verify none inter 2s fall 3 rise 2 on-marked-down shutdown-sessions',
    ...nodes.map(({ name, address }) => `  server ${name} ${address}:${apiServerPort}`),
    '',
  ].join('\n');
}

/** Nobody takes the address from a machine that serves: it moves when it has to, and not back. */
function keepalivedConfiguration({ virtual, virtualRouterId, nodes, node }: HaproxyOptions): string {
  const position = nodes.findIndex(({ name }) => name === node);
  const peers = nodes.filter(({ name }) => name !== node).map(({ address }) => address);
  return [
    'global_defs {',
    '  enable_script_security',
    '  script_user root',
    '}',
    'vrrp_script check_api_server {',
    `  script "${checkPath}"`,
    '  interval 3',
    '  timeout 3',
    '  fall 2',
    '  rise 2',
    '}',
    'vrrp_instance endpoint {',
    '  state BACKUP',
    '  nopreempt',
    `  interface ${virtual.interface}`,
    `  virtual_router_id ${virtualRouterId}`,
    `  priority ${200 - position}`,
    '  advert_int 1',
    `  unicast_src_ip ${nodes[position]?.address ?? ''}`,
    `  unicast_peer {`,
    ...peers.map((address) => `    ${address}`),
    '  }',
    '  virtual_ipaddress {',
    `    ${virtual.address}/32`,
    '  }',
    '  track_script {',
    '    check_api_server',
    '  }',
    '}',
    '',
  ].join('\n');
}

function checkScript(port: number): string {
  return [
    '#!/bin/sh',
    '# Succeeds while an API server answers through the haproxy of this machine.',
    `exec curl --silent --fail --insecure --max-time 2 --output /dev/null https://127.0.0.1:${port}/readyz`,
    '',
  ].join('\n');
}

function hash(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
