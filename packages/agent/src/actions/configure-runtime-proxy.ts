import type { Fault } from '@drover/core';
import type { ConfigureRuntimeProxy } from '@drover/proto';
import type { EnsureAction } from './action.ts';
import { faultUnless, rejectFaults } from './parameter-faults.ts';
import { applyDropIn, type DropIn, dropInByHand, inspectDropIn } from './services/drop-in.ts';

/**
 * A runtime that pulls images through a proxy: https://docs.docker.com/engine/daemon/proxy/#systemd-unit-file, whose file
 * name is used, so that there are not two of them.
 */
export const configureRuntimeProxy: EnsureAction<'configure-runtime-proxy'> = {
  kind: 'ensure',
  name: 'configure-runtime-proxy',
  inspect: async (context, params) => {
    rejectFaults('configure-runtime-proxy', context.nodeName, proxyFaults(params));
    const changes = await inspectDropIn(context, dropInOf(params));
    return { satisfied: changes.length === 0, changes };
  },
  apply: async (context, params) => applyDropIn(context, dropInOf(params)),
  byHand: (_context, params) => dropInByHand(dropInOf(params)),
};

function dropInOf({ unit, httpProxy, httpsProxy, noProxy }: ConfigureRuntimeProxy): DropIn {
  const settings = [
    ['HTTP_PROXY', httpProxy],
    ['HTTPS_PROXY', httpsProxy],
    ['NO_PROXY', noProxy.join(',')],
  ].filter(([, value]) => value !== '');
  // systemd takes %h and the like for something of its own.
  const lines = settings.map(([name, value = '']) => `Environment="${name}=${value.replaceAll('%', '%%')}"`);
  const content = `[Service]\n${lines.join('\n')}\n`;
  return { unit, name: 'http-proxy', content, needsRestart: (before) => proxiesOf(before) !== proxiesOf(content) };
}

/**
 * What is reached without the proxy changes with every node that comes, and is no reason to stop a node's containers, as
 * a restart of Docker does: it holds from the next start on.
 */
function proxiesOf(content: string): string {
  return content.replaceAll(/^Environment="NO_PROXY=.*$/gm, '');
}

function proxyFaults({ unit, httpProxy, httpsProxy, noProxy }: ConfigureRuntimeProxy): readonly Fault[] {
  const isAddress = (url: string) => url === '' || (/^https?:\/\/[^\s"\\@]+$/.test(url) && URL.canParse(url));
  return [
    ...faultUnless(['docker.service', 'containerd.service'].includes(unit), 'unit', `is no runtime: "${unit}"`),
    ...faultUnless(httpProxy !== '' || httpsProxy !== '', 'http_proxy', 'and https_proxy are both empty'),
    ...faultUnless(isAddress(httpProxy), 'http_proxy', 'is no URL of a proxy without a password'),
    ...faultUnless(isAddress(httpsProxy), 'https_proxy', 'is no URL of a proxy without a password'),
    ...noProxy.flatMap((entry, i) =>
      faultUnless(/^[^\s",\\]+$/.test(entry), `no_proxy[${i}]`, 'is no name or network'),
    ),
  ];
}
