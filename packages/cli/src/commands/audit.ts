import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type ChainHead, messageOf } from '@drover/core';
import { Command, InvalidArgumentError } from 'commander';
import { type AuditRecord, readAuditPage, readAuditRecords } from '../client/audit-records.ts';
import type { Client } from '../client/client.ts';
import { cliErrors } from '../errors.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { auditColumns, toAuditedCalls } from '../output/audit-table.ts';
import { formatDocument, formatRows } from '../output/format.ts';
import { type RunCommand, type RunOffline, type SharedOptions, sharedCommand } from './command.ts';
import { verifyAudit } from './verify-audit.ts';

interface ReadOptions extends SharedOptions {
  readonly after?: number;
}

interface VerifyOptions extends SharedOptions {
  readonly file?: string;
  readonly head?: ChainHead;
}

/** `drover audit list|export|verify`. */
export function auditCommand(run: RunCommand, runOffline: RunOffline): Command {
  const audit = new Command('audit').description('who asked for what and what became of it, in a chain of records');
  for (const command of [listCommand(run), exportCommand(run), verifyCommand(run, runOffline)])
    audit.addCommand(command);
  return audit;
}

/** Shown without being asked for more. */
const recentRecords = 100;

function listCommand(run: RunCommand): Command {
  return sharedCommand('list', `the calls that changed something or were refused; the last ${recentRecords} records`)
    .option('--after <sequence>', 'all that follow this record; 0 for all that are kept', parseSequence)
    .action((options: ReadOptions) =>
      run(options, async ({ client, io, format }) => {
        const after = options.after ?? (await recentStart(client));
        const records = await Array.fromAsync(readAuditRecords(client, after));
        const isForPrograms = format === 'json' || format === 'yaml';
        io.stdout.write(
          isForPrograms
            ? formatDocument(records, format)
            : formatRows(toAuditedCalls(records), auditColumns, { format, nowMs: io.now() }),
        );
        return exitCodes.ok;
      }),
    );
}

async function recentStart(client: Client): Promise<number> {
  const { head } = await readAuditPage(client, Number.MAX_SAFE_INTEGER);
  return Math.max(0, (head?.sequence ?? 0) - recentRecords);
}

function exportCommand(run: RunCommand): Command {
  return sharedCommand('export', 'the records as they are, a line of JSON each, to be kept elsewhere')
    .option('--after <sequence>', 'those that follow this record', parseSequence, 0)
    .action((options: ReadOptions) =>
      run(options, async ({ client, io }) => {
        for await (const record of readAuditRecords(client, options.after ?? 0)) {
          io.stdout.write(`${JSON.stringify(record)}\n`);
        }
        return exitCodes.ok;
      }),
    );
}

function verifyCommand(run: RunCommand, runOffline: RunOffline): Command {
  return sharedCommand('verify', 'walk the chain: was a record changed, removed, added or moved?')
    .option('--file <file>', 'exported records instead of the coordinator’s; no coordinator is asked')
    .option('--head <sequence:hash>', 'a head that was noted before: the chain must go through it', parseHead)
    .addHelpText('after', examples)
    .action((options: VerifyOptions) => {
      const { file, head } = options;
      if (file !== undefined) return runOffline((io) => verify(io, readLines(file), head));
      return run(options, ({ client, io }) => verifyCoordinator(client, io, head));
    });
}

async function verifyCoordinator(client: Client, io: Io, noted: ChainHead | undefined): Promise<ExitCode> {
  let end: ChainHead | undefined;
  const records = readAuditRecords(client, 0, (head) => {
    end = head;
  });
  return await verify(io, records, noted, () => end);
}

/** `end` is where the coordinator says that its trail ends, asked once all records were read. */
async function verify(
  io: Io,
  records: AsyncIterable<unknown>,
  noted: ChainHead | undefined,
  end: () => ChainHead | undefined = () => undefined,
): Promise<ExitCode> {
  const { recordCount, firstSequence, head, faults, faultCount } = await verifyAudit(records, noted);
  const stated = end();
  const isCutOff = stated !== undefined && stated.hash !== head?.hash;
  const cut = isCutOff
    ? [`the trail should end with record ${stated.sequence}, and ends with ${head?.sequence ?? 0}`]
    : [];
  for (const fault of [...faults, ...cut]) io.stdout.write(`${fault}\n`);
  const total = faultCount + cut.length;
  if (total > 0) {
    io.stdout.write(
      `the chain does not hold: ${total === 1 ? 'one fault' : `${total} faults`} in ${recordCount} records\n`,
    );
    return exitCodes.auditBroken;
  }
  if (head === undefined) {
    io.stdout.write('nothing is on record\n');
    return exitCodes.ok;
  }
  io.stdout.write(
    `the chain holds: records ${firstSequence} to ${head.sequence}\nhead ${head.sequence}:${head.hash}\n`,
  );
  io.stderr.write('Note the head elsewhere: --head then shows that nothing up to it was changed.\n');
  return exitCodes.ok;
}

async function* readLines(path: string): AsyncIterable<unknown> {
  try {
    // Every line is a record; what is none is a fault of the chain.
    for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
      if (line !== '') yield parseLine(line);
    }
  } catch (error) {
    throw cliErrors.create('file-unreadable', { tried: `read ${path}`, reason: messageOf(error), cause: error });
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as AuditRecord;
  } catch {
    return undefined;
  }
}

function parseSequence(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is the number of a record.');
}

function parseHead(text: string): ChainHead {
  const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (sequence !== undefined && hash !== undefined) return { sequence: Number(sequence), hash };
  throw new InvalidArgumentError('It is a head as `drover audit verify` prints it: a number, a colon, 64 hex digits.');
}

const examples = `
Examples:
  drover audit verify
  drover audit verify --head 1207:4be1…     nothing up to this head was changed
  drover audit export > audit.jsonl
  drover audit verify --file audit.jsonl    asks no coordinator
`;
