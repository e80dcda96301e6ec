import { Command, InvalidArgumentError } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { formatDocument } from '../output/format.ts';
import { type RunCommand, type SharedOptions, sharedCommand } from './command.ts';

interface ConfirmOptions extends SharedOptions {
  readonly epoch: number;
}

/** `drover coordinator confirm`: whether a coordinator is in charge is shown by `drover status`. */
export function coordinatorCommand(run: RunCommand): Command {
  const coordinator = new Command('coordinator').description('the coordinator itself');
  coordinator.addCommand(confirmCommand(run));
  return coordinator;
}

function confirmCommand(run: RunCommand): Command {
  return sharedCommand('confirm', 'let a superseded coordinator go on, once the other one is gone for good')
    .requiredOption('--epoch <epoch>', 'the epoch that was shown, as `drover status` names it', parseEpoch)
    .addHelpText('after', help)
    .action((options: ConfirmOptions) =>
      run(options, async ({ client, io, format }) => {
        const body = { type: 'application/json', text: JSON.stringify({ epoch: options.epoch }) } as const;
        const confirmed = await client.json({ method: 'POST', path: '/coordinator/confirm', body });
        const { epoch } = confirmed as { readonly epoch: number };
        io.stderr.write(
          `this coordinator is in charge, in epoch ${epoch}\n` +
            'its agents come back within a minute, and are asked for what was under way\n',
        );
        if (format === 'json' || format === 'yaml') io.stdout.write(formatDocument(confirmed, format));
        return exitCodes.ok;
      }),
    );
}

function parseEpoch(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a number of 1 or more.');
}

const help = `
A coordinator is superseded once a node has shown that it obeyed another one of
the same authority, whose work this one does not know: this one runs on a
restored backup, or on a copy. Confirm it only where the other one is gone for
good.
`;
