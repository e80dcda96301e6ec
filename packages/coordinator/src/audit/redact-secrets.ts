import type { Secret } from '@drover/core';

/** Long enough for every name and for a reason, short enough for a record. */
const maximumLength = 500;

/** What secrets look like that a caller may have pasted in the wrong place, and what is left of each. */
const forms: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // Enrolment tokens: the identifier in the second part is no secret, and tells which token it was.
  [/drv1\.([A-Za-z0-9_-]{22})\.[A-Za-z0-9_.-]+/g, 'drv1.$1.[secret]'],
  // Bootstrap tokens, as kubeadm writes them.
  [/\b[a-z0-9]{6}\.[a-z0-9]{16}\b/g, '[secret]'],
  // JSON web tokens, as of service accounts.
  [/\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g, '[secret]'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*/g, '[secret]'],
  [/:\/\/[^\s/@]+@/g, '://[secret]@'],
];

/** A caller's text without what looks like a secret and without the secrets given, of at most 500 characters. */
export function redactSecrets(text: string, secrets: readonly Secret[] = []): string {
  const withoutKnown = secrets.reduce((rest, secret) => rest.replaceAll(secret.reveal(), '[secret]'), text);
  const redacted = forms.reduce((rest, [pattern, replacement]) => rest.replaceAll(pattern, replacement), withoutKnown);
  return redacted.length > maximumLength ? `${redacted.slice(0, maximumLength)}…` : redacted;
}
