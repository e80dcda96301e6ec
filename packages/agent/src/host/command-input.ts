import { Secret } from '@drover/core';
import type { Command } from './host.ts';

/** A command's input for hosts that keep everything as text: of bytes each becomes one character. */
export function commandInputText({ input }: Pick<Command, 'input'>): string | undefined {
  if (input instanceof Secret) return input.reveal();
  return input instanceof Uint8Array ? Buffer.from(input).toString('latin1') : input;
}
