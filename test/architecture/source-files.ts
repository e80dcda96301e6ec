import { join, relative } from 'node:path';
import { type SourceFile as ParsedFile, type Statement, SyntaxKind } from 'typescript/unstable/ast';
import {
  isClassDeclaration,
  isFunctionDeclaration,
  isIdentifier,
  isInterfaceDeclaration,
  isStringLiteral,
  isTypeAliasDeclaration,
  isVariableStatement,
} from 'typescript/unstable/ast/is';
import { API, type Program } from 'typescript/unstable/sync';

/** What the architecture tests look at in a file. */
export interface SourceFile {
  /** Relative to the repository's root. */
  readonly path: string;
  readonly lineCount: number;
  /** The specifier of every import, export-from and dynamic import, types included, as written. */
  readonly imports: readonly string[];
  readonly exports: readonly ExportedDeclaration[];
}

/** A declaration that a file exports where it declares it. */
export interface ExportedDeclaration {
  readonly name: string;
  /** Whether a doc comment stands before it. */
  readonly documented: boolean;
}

/** Parses every file of a TypeScript project. Throws when there is none: a rule over no files would always hold. */
export function readSourceFiles(root: string): SourceFile[] {
  const configPath = join(root, 'tsconfig.json');
  const api = new API({ cwd: root });
  try {
    const project = api.updateSnapshot({ openProjects: [configPath] }).getProject(configPath);
    if (project === undefined || project.rootFiles.length === 0) throw new Error(`${configPath} names no file`);
    return project.rootFiles.map((path) => readSourceFile(root, path, project.program));
  } finally {
    api.close();
  }
}

function readSourceFile(root: string, path: string, program: Program): SourceFile {
  const parsed = program.getSourceFile(path);
  if (parsed === undefined) throw new Error(`TypeScript did not parse ${path}`);
  return {
    path: relative(root, path),
    lineCount: parsed.text.trimEnd().split('\n').length,
    imports: parsed.imports.filter((node) => isStringLiteral(node)).map((node) => node.text),
    exports: exportsOf(parsed),
  };
}

function exportsOf(parsed: ParsedFile): ExportedDeclaration[] {
  const documented = new Map<string, boolean>();
  for (const statement of parsed.statements) {
    const hasDoc = (statement.jsDoc?.length ?? 0) > 0;
    // Of a function's overloads one doc comment is enough.
    for (const name of exportedNames(statement)) documented.set(name, hasDoc || documented.get(name) === true);
  }
  return [...documented].map(([name, isDocumented]) => ({ name, documented: isDocumented }));
}

function exportedNames(statement: Statement): string[] {
  if (isVariableStatement(statement)) {
    if (!isExported(statement.modifiers)) return [];
    return statement.declarationList.declarations.flatMap(({ name }) => (isIdentifier(name) ? [name.text] : []));
  }
  const isNamed =
    isFunctionDeclaration(statement) ||
    isClassDeclaration(statement) ||
    isInterfaceDeclaration(statement) ||
    isTypeAliasDeclaration(statement);
  return isNamed && isExported(statement.modifiers) && statement.name ? [statement.name.text] : [];
}

function isExported(modifiers: readonly { readonly kind: SyntaxKind }[] | undefined): boolean {
  return modifiers?.some((modifier) => modifier.kind === SyntaxKind.ExportKeyword) ?? false;
}
