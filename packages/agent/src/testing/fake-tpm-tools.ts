import type { FakeCall, FakeProgram, FakeReply } from './fake-host.ts';

/** What the fake TPM holds loaded, by file. */
export interface FakeTpmTools {
  readonly programs: Readonly<Record<string, FakeProgram>>;
  /** Programs that fail, and with what last line. */
  readonly failing: Map<string, string>;
}

/**
 * tpm2-tools over a TPM that is played: their files, their arguments and their refusals. Of cryptography there is none: what a
 * credential for it holds is `secret for <attestation key>`, as text.
 */
export function createFakeTpmTools({ secret = 'the secret' } = {}): FakeTpmTools {
  const failing = new Map<string, string>();
  const keys = { 'ek.ctx': 'endorsement context', 'ak.ctx': 'attestation context' } as const;
  const write = ({ files }: FakeCall, path: string, content: string): void => {
    files.set(path, { content, mode: 0o600 });
  };
  /** Refuses a file that is not what it is taken for, as the real ones do. */
  const requires = (call: FakeCall, path: string, content: string): FakeReply | undefined =>
    call.files.get(path)?.content === content ? undefined : { status: 1, stderr: `ERROR: cannot load ${path}\n` };
  const tool = (name: string, play: (call: FakeCall) => FakeReply | undefined): FakeProgram => {
    return (call) => {
      const reason = failing.get(name);
      return reason === undefined ? (play(call) ?? '') : { status: 1, stderr: `ERROR: ${reason}\n` };
    };
  };
  const contextAt = (call: FakeCall, option: string, name: keyof typeof keys) =>
    requires(call, valueOf(call, option), keys[name]);
  const plays: Readonly<Record<string, (call: FakeCall) => FakeReply | undefined>> = {
    tpm2_createek: (call) => {
      write(call, valueOf(call, '-c'), keys['ek.ctx']);
      write(call, valueOf(call, '-u'), 'endorsement key');
      return undefined;
    },
    tpm2_createprimary: (call) => {
      write(call, valueOf(call, '-c'), keys['ak.ctx']);
      return undefined;
    },
    tpm2_readpublic: (call) => {
      write(call, valueOf(call, '-o'), 'attestation key');
      return contextAt(call, '-c', 'ak.ctx');
    },
    tpm2_startauthsession: (call) => {
      write(call, valueOf(call, '-S'), 'session');
      return undefined;
    },
    tpm2_policysecret: (call) => requires(call, valueOf(call, '-S'), 'session'),
    tpm2_flushcontext: () => undefined,
    tpm2_activatecredential: (call) => {
      write(call, valueOf(call, '-o'), secret);
      const expected = `${Buffer.from('badcc0de00000001', 'hex').toString('latin1')}identity and encrypted secret`;
      return (
        contextAt(call, '-c', 'ak.ctx') ??
        contextAt(call, '-C', 'ek.ctx') ??
        requires(call, valueOf(call, '-i'), expected)
      );
    },
  };
  const programs = Object.fromEntries(Object.entries(plays).map(([name, play]) => [name, tool(name, play)]));
  return { failing, programs: { ...programs, base64: encode, dd: copyInput } };
}

const encode: FakeProgram = ({ args, files }) => {
  const content = files.get(args.at(-1) ?? '')?.content;
  return content === undefined ? { status: 1 } : Buffer.from(content, 'latin1').toString('base64');
};

const copyInput: FakeProgram = ({ args, files, input }) => {
  const path = args.find((arg) => arg.startsWith('of='))?.slice('of='.length) ?? '';
  files.set(path, { content: input ?? '', mode: 0o600 });
  return '';
};

function valueOf({ args }: FakeCall, option: string): string {
  return args[args.indexOf(option) + 1] ?? '';
}
