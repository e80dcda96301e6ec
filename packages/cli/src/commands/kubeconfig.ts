import { generateKeyPair, open } from '@drover/core';
import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { writePrivateFile } from '../private-file.ts';
import { type RunCommand, type SharedOptions, sharedCommand } from './command.ts';

interface KubeconfigOptions extends SharedOptions {
  readonly apiServer?: string;
  readonly out?: string;
}

/**
 * `drover kubeconfig CLUSTER`: the administrator's kubeconfig. A control-plane node seals it to a key that this process
 * makes for the occasion: the coordinator forwards what it cannot read.
 */
export function kubeconfigCommand(run: RunCommand): Command {
  return sharedCommand('kubeconfig', 'the administrator’s kubeconfig of a cluster')
    .argument('<cluster>')
    .option('--api-server <url>', 'the address under which you reach the cluster’s API, where it is not the endpoint’s')
    .option('--out <file>', 'write it there (mode 0600) instead of to standard output')
    .addHelpText('after', examples)
    .action((cluster: string, options: KubeconfigOptions) =>
      run(options, async ({ client, io }) => {
        const { privateKey, publicKey } = generateKeyPair();
        const request = {
          recipientPublicKey: Buffer.from(publicKey).toString('base64'),
          ...(options.apiServer === undefined ? {} : { server: options.apiServer }),
        };
        const { sealed } = (await client.json({
          method: 'POST',
          path: `/clusters/${encodeURIComponent(cluster)}/kubeconfig`,
          body: { type: 'application/json', text: JSON.stringify(request) },
        })) as { readonly sealed: string };
        const info = 'drover/v1/mint-kubeconfig';
        const kubeconfig = await open({ privateKey, info, sealed: Buffer.from(sealed, 'base64') });
        if (options.out === undefined) {
          io.stdout.write(kubeconfig.reveal());
        } else {
          await writePrivateFile(options.out, 'the kubeconfig', kubeconfig);
          io.stderr.write(`written to ${options.out}\n`);
        }
        return exitCodes.ok;
      }),
    );
}

const examples = `
Examples:
  drover kubeconfig my-cluster --out my-cluster.conf
  drover kubeconfig my-cluster --api-server https://203.0.113.7:6443
`;
