/**
 * Every number the contract has ever used: full name of a message or enumeration → number → what it stands for, such as
 * `string node_id` or `repeated Taint taints`. Kept in field-numbers.json; entries are added and never taken out, so
 * that a number given up cannot come back with another meaning to an agent that still speaks the old one.
 */
export type FieldNumbers = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The part of a protobufjs descriptor (`Root.toJSON()`) that numbers are read from. */
export interface DescriptorNode {
  readonly nested?: Readonly<Record<string, DescriptorNode>>;
  readonly fields?: Readonly<Record<string, DescriptorField>>;
  readonly values?: Readonly<Record<string, number>>;
  readonly reserved?: readonly (readonly number[] | string)[];
}

interface DescriptorField {
  readonly id: number;
  readonly type: string;
  readonly rule?: string;
  readonly keyType?: string;
}

/** Returns the registry with what the contract uses added. Faults are not looked for: see `compatibilityFaults`. */
export function extendFieldNumbers(registry: FieldNumbers, descriptor: DescriptorNode): FieldNumbers {
  const extended: Record<string, Readonly<Record<string, string>>> = { ...registry };
  for (const [name, node] of walk(descriptor)) {
    const used = Object.fromEntries([...numbersOf(node)].map(([number, meaning]) => [String(number), meaning]));
    extended[name] = { ...used, ...registry[name] };
  }
  return Object.fromEntries(Object.entries(extended).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Names everything in the contract that an agent or coordinator of an earlier version would misread, in words. */
export function compatibilityFaults(registry: FieldNumbers, descriptor: DescriptorNode): string[] {
  return walk(descriptor).flatMap(([name, node]) => {
    const current = numbersOf(node);
    return Object.entries(registry[name] ?? {}).flatMap(([number, recorded]) =>
      numberFaults(`${name} ${number}`, recorded, current.get(Number(number)), isReserved(node, Number(number))),
    );
  });
}

/** Names what the contract uses and the registry does not hold yet. */
export function unrecordedNumbers(registry: FieldNumbers, descriptor: DescriptorNode): string[] {
  return walk(descriptor).flatMap(([name, node]) =>
    [...numbersOf(node)]
      .filter(([number]) => registry[name]?.[number] === undefined)
      .map(([number, meaning]) => `${name} ${number}: "${meaning}" is not recorded`),
  );
}

function numberFaults(where: string, recorded: string, current: string | undefined, reserved: boolean): string[] {
  if (current === undefined)
    return reserved ? [] : [`${where}: "${recorded}" was removed without reserving its number`];
  return current === recorded ? [] : [`${where}: was "${recorded}", now "${current}"; take a new number`];
}

/** Every message and enumeration below a node, with its full name. */
function walk(node: DescriptorNode, prefix = ''): [string, DescriptorNode][] {
  return Object.entries(node.nested ?? {}).flatMap(([name, child]) => {
    const fullName = prefix === '' ? name : `${prefix}.${name}`;
    const own: [string, DescriptorNode][] = child.fields || child.values ? [[fullName, child]] : [];
    return [...own, ...walk(child, fullName)];
  });
}

function numbersOf(node: DescriptorNode): Map<number, string> {
  const fields = Object.entries(node.fields ?? {}).map(([name, field]): [number, string] => [
    field.id,
    describeField(name, field),
  ]);
  const values = Object.entries(node.values ?? {}).map(([name, number]): [number, string] => [number, name]);
  return new Map([...fields, ...values]);
}

function describeField(name: string, field: DescriptorField): string {
  const type = field.keyType === undefined ? field.type : `map<${field.keyType}, ${field.type}>`;
  return field.rule === 'repeated' ? `repeated ${type} ${name}` : `${type} ${name}`;
}

function isReserved(node: DescriptorNode, number: number): boolean {
  return (node.reserved ?? []).some((entry) => {
    if (typeof entry === 'string') return false;
    const [first = Number.NaN, last = first] = entry;
    return first <= number && number <= last;
  });
}
