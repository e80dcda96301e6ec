import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { agentErrors } from '../../errors.ts';
import type { ApplyContext, InspectContext } from '../action.ts';

/** A file in the agent's state directory in which guarded actions write down what they are about to begin. */
export interface MarkFile<Mark> {
  /** Undefined when nothing was begun. Throws `file-unreadable` when it is damaged: nothing is guessed from half a mark. */
  read(context: InspectContext): Promise<Mark | undefined>;
  /** Replaces the mark; it is on the disk when the promise resolves. */
  write(context: ApplyContext, mark: Mark): Promise<void>;
  remove(context: ApplyContext): Promise<void>;
}

/** The mark file of this name; what a mark of an earlier release lacks has the schema's default. */
export function markFile<T extends TSchema>(fileName: string, schema: T): MarkFile<Static<T>> {
  const pathOf = ({ stateDirectory }: InspectContext): string => `${stateDirectory}/${fileName}`;
  return {
    read: async (context) => {
      const path = pathOf(context);
      const text = await context.host.readFile(path);
      if (text === undefined) return undefined;
      try {
        const mark: unknown = JSON.parse(text);
        return Value.Parse(schema, Value.Default(schema, mark));
      } catch (cause) {
        const reason = 'it is not what this agent writes there';
        throw agentErrors.create('file-unreadable', { tried: `read ${path}`, node: context.nodeName, reason, cause });
      }
    },
    write: (context, mark) =>
      context.host.writeFile(pathOf(context), `${JSON.stringify(mark, null, 2)}\n`, { mode: 0o600 }),
    remove: (context) => context.host.removeFile(pathOf(context)),
  };
}
