import { encodings } from '../../integration/secret-traces.ts';

/** Secrets by what they are called. */
export type Secrets = ReadonlyMap<string, string>;

/** What is looked for: each secret in the clear, in base64 and in hex. */
export interface Needles {
  /** All forms, one a line, as `grep -F -f` reads them. */
  readonly lines: string;
  /** The names of the secrets that are in a text. */
  namesIn(text: string): readonly string[];
}

/** Of these secrets. A form contains no line break. */
export function createNeedles(secrets: Secrets): Needles {
  const forms = [...secrets].flatMap(([name, secret]) => encodings(secret).map((form) => ({ name, form })));
  return {
    lines: forms.map(({ form }) => `${form}\n`).join(''),
    namesIn: (text) => [...new Set(forms.flatMap(({ name, form }) => (text.includes(form) ? [name] : [])))],
  };
}
