/** What stands in a secret's place. */
const mask = '(not shown)';

/** `user:password@` of a URL. */
const urlPassword = /(:\/\/[^\s/:@]*:)[^\s/@]+@/g;

const secretName =
  /(?:[\w.-]*(?:passw(?:or)?d|passphrase|secret|token|private[_-]?key|api[_-]?key|authorization)|pass|pwd|auth)/.source;

/** A setting that has the line to itself, as a package manager's configuration and JSON have: all that follows is its value. */
const secretSetting = new RegExp(`^(\\s*["']?${secretName}["']?\\s*[=:]\\s*)\\S.*`, 'i');

/** One option of several, as an fstab has them: `rw,password=…,noauto`. */
const secretOption = new RegExp(`([\\s,;]["']?${secretName}["']?\\s*[=:]\\s*)[^\\s,;]+`, 'gi');

/** A line of a file with the values masked that look like secrets: whoever reads a plan need not be who may read the file. */
export function hideSecrets(line: string): string {
  const setting = secretSetting.exec(line)?.[1];
  if (setting !== undefined) return `${setting}${mask}`;
  return line.replaceAll(urlPassword, `$1${mask}@`).replaceAll(secretOption, `$1${mask}`);
}
