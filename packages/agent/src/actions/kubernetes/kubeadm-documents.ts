import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { agentErrors } from '../../errors.ts';

const Document = Type.Object({
  apiVersion: Type.String(),
  kind: Type.String(),
  controlPlaneEndpoint: Type.Optional(Type.String()),
  kubernetesVersion: Type.Optional(Type.String()),
  skipPhases: Type.Optional(Type.Array(Type.String())),
  discovery: Type.Optional(Type.Object({})),
  controlPlane: Type.Optional(
    Type.Object({ localAPIEndpoint: Type.Optional(Type.Object({ advertiseAddress: Type.Optional(Type.String()) })) }),
  ),
  nodeRegistration: Type.Optional(
    Type.Object({ name: Type.Optional(Type.String()), criSocket: Type.Optional(Type.String()) }),
  ),
});

/** One of kubeadm's configuration documents, with the fields that Drover looks at; all others pass through. */
export type KubeadmDocument = Static<typeof Document>;

const separator = '\n---\n';

/** Reads what the coordinator rendered: JSON documents with `---` between them. Throws `parameters-invalid`. */
export function parseKubeadmDocuments(text: string): readonly KubeadmDocument[] {
  try {
    const documents = text.split(separator).map((document): unknown => JSON.parse(document));
    // Assert and not Parse: Parse would drop the fields that this schema does not name.
    Value.Assert(Type.Array(Document), documents);
    return documents;
  } catch (cause) {
    throw agentErrors.create('parameters-invalid', {
      tried: 'read the kubeadm configuration',
      reason: 'it is not JSON documents with apiVersion and kind, separated by ---',
      cause,
    });
  }
}

/** The document of one kind. Throws `parameters-invalid` when there is none. */
export function findDocument(documents: readonly KubeadmDocument[], kind: string): KubeadmDocument {
  const found = documents.find((document) => document.kind === kind);
  if (found !== undefined) return found;
  throw agentErrors.create('parameters-invalid', {
    tried: 'read the kubeadm configuration',
    reason: `it has no ${kind}`,
  });
}

/** The file that kubeadm reads: JSON is YAML, and YAML tells documents apart by `---`. */
export function formatKubeadmDocuments(documents: readonly KubeadmDocument[]): string {
  return `${documents.map((document) => JSON.stringify(document)).join(separator)}\n`;
}
