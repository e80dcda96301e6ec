import { Command } from 'commander';
import type { ClaimResource } from '../client/claim-resource.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatDocument } from '../output/format.ts';
import { type CommandContext, type RunCommand, type SharedOptions, sharedCommand } from './command.ts';

interface ApproveOptions extends SharedOptions {
  readonly as?: string;
}

/** `drover claims approve|reject|facts`: what people decide about machines that want to be nodes, and how they look at them. */
export function claimsCommand(run: RunCommand): Command {
  const claims = new Command('claims').description(
    'machines that want to be nodes: look at them, approve or reject them',
  );
  const approve = sharedCommand('approve', 'let the machine in: it comes for it by itself, and is then the node')
    .argument('<claim>', 'its identifier, as `drover get claims` shows it')
    .option('--as <node>', 'the new node that it is to be, where the claim names none')
    .addHelpText('after', approveHelp)
    .action((claimId: string, { as, ...options }: ApproveOptions) =>
      run(options, (context) => decide(context, claimId, 'approve', as === undefined ? {} : { node: as })),
    );
  const reject = sharedCommand('reject', 'turn the machine away for good: its key is not let in any more')
    .argument('<claim>', 'its identifier, as `drover get claims` shows it')
    .action((claimId: string, options: SharedOptions) => run(options, (context) => decide(context, claimId, 'reject')));
  const facts = sharedCommand('facts', 'what its machine observes of itself: it is asked when it comes next')
    .argument('<claim>', 'its identifier, as `drover get claims` shows it')
    .addHelpText('after', factsHelp)
    .action((claimId: string, options: SharedOptions) => run(options, (context) => showFacts(context, claimId)));
  for (const command of [approve, reject, facts]) claims.addCommand(command);
  return claims;
}

async function decide(
  { client, io, format }: CommandContext,
  claimId: string,
  decision: 'approve' | 'reject',
  body?: object,
) {
  const claim = (await client.json({
    method: 'POST',
    path: `/claims/${encodeURIComponent(claimId)}/${decision}`,
    ...(body === undefined ? {} : { body: { type: 'application/json', text: JSON.stringify(body) } }),
  })) as ClaimResource;
  io.stderr.write(`the claim of ${claim.node ?? claim.from} is ${claim.state}\n`);
  if (claim.state === 'approved') io.stderr.write(`its machine asks within half a minute: drover get nodes\n`);
  if (format === 'json' || format === 'yaml') io.stdout.write(formatDocument(claim, format));
  return exitCodes.ok;
}

/** The coordinator answers within its own time, or says that the machine did not come. */
async function showFacts({ client, io, format }: CommandContext, claimId: string) {
  if (io.isTerminal) io.stderr.write('waiting for the machine, which comes every half minute\n');
  const facts = await client.json({ method: 'GET', path: `/claims/${encodeURIComponent(claimId)}/facts` });
  io.stdout.write(formatDocument(facts, format));
  return exitCodes.ok;
}

const factsHelp = `
All of it is the machine's word. It is the only thing that a machine is asked
that is not let in, and nothing on it is changed.
`;

const approveHelp = `
Look at the evidence first: drover get claims CLAIM. What a machine says of
itself proves nothing; a secret that its provisioner gives to it alone does.
`;
