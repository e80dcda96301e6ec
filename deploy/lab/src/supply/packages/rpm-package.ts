/** One RPM that the lab makes. */
export interface RpmPackage {
  readonly name: string;
  /** Default: none. A real package that has one keeps it, since it takes part in version comparison. */
  readonly epoch?: number;
  readonly version: string;
  readonly release: string;
  readonly summary: string;
  readonly license: string;
  readonly requires?: readonly string[];
  readonly provides?: readonly string[];
  readonly conflicts?: readonly string[];
  /** Commands that run before the files are laid down. */
  readonly pre?: readonly string[];
  /** Commands that run once the files are in place. */
  readonly post?: readonly string[];
  /** Everything it installs. */
  readonly files: readonly RpmFile[];
}

/** One file or directory of a package. */
export type RpmFile =
  | { readonly kind: 'program'; readonly path: string; readonly source: string }
  | { readonly kind: 'text'; readonly path: string; readonly content: string; readonly isConfiguration?: boolean }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | { readonly kind: 'directory'; readonly path: string };

/** What a package with a unit runs once it is installed: systemd learns of the unit and does nothing with it. */
export const reloadSystemd = 'systemctl daemon-reload >/dev/null 2>&1 || :';

/** The specification that rpmbuild reads. `tree` is a directory with the package's files in their places. */
export function renderSpecification(rpm: RpmPackage, tree: string): string {
  return [
    // Binaries go in exactly as they are, with no requirement that is not written here.
    '%global debug_package %{nil}',
    '%global __os_install_post %{nil}',
    '%global _build_id_links none',
    '%global _binary_payload w3.zstdio',
    'AutoReqProv: no',
    `Name: ${rpm.name}`,
    ...(rpm.epoch === undefined ? [] : [`Epoch: ${rpm.epoch}`]),
    `Version: ${rpm.version}`,
    `Release: ${rpm.release}`,
    `Summary: ${rpm.summary}`,
    `License: ${rpm.license}`,
    ...(rpm.requires ?? []).map((requirement) => `Requires: ${requirement}`),
    ...(rpm.provides ?? []).map((capability) => `Provides: ${capability}`),
    ...(rpm.conflicts ?? []).map((other) => `Conflicts: ${other}`),
    '',
    '%description',
    rpm.summary,
    '',
    '%install',
    'mkdir -p %{buildroot}',
    `cp -al '${tree}/.' %{buildroot}/`,
    '',
    ...renderScript('pre', rpm.pre),
    ...renderScript('post', rpm.post),
    '%files',
    ...rpm.files.map(renderFile),
    '',
  ].join('\n');
}

function renderScript(name: string, commands: readonly string[] = []): string[] {
  return commands.length === 0 ? [] : [`%${name}`, ...commands, ''];
}

function renderFile(file: RpmFile): string {
  switch (file.kind) {
    case 'program':
      return `%attr(0755,root,root) ${file.path}`;
    case 'text':
      return `%attr(0644,root,root) ${file.isConfiguration ? '%config(noreplace) ' : ''}${file.path}`;
    case 'link':
      return file.path;
    case 'directory':
      return `%dir %attr(0755,root,root) ${file.path}`;
  }
}
