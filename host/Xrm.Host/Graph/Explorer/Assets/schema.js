// The schema as introspection tells it, ready to be asked.

const typeReference = 'kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } }';

/** The document that reads everything the page shows. */
export const introspection = `query Introspection {
  __schema {
    queryType { name } mutationType { name } subscriptionType { name }
    directives { name description locations args { name description defaultValue type { ${typeReference} } } }
    types {
      kind name description
      fields(includeDeprecated: true) { name description isDeprecated deprecationReason type { ${typeReference} } args { name description defaultValue type { ${typeReference} } } }
      inputFields { name description defaultValue type { ${typeReference} } }
      interfaces { name } possibleTypes { name }
      enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
    }
  }
}`;

export class Schema {
  constructor(data) {
    const told = data.__schema;
    this.types = told.types.filter(type => !type.name.startsWith('__')).sort((a, b) => a.name < b.name ? -1 : 1);
    this.byName = new Map(told.types.map(type => [type.name, type]));
    this.directives = told.directives;
    this.roots = { query: told.queryType?.name, mutation: told.mutationType?.name, subscription: told.subscriptionType?.name };
  }

  type(name) {
    return this.byName.get(name);
  }

  root(kind) {
    return this.type(this.roots[kind]);
  }

  field(type, name) {
    return type?.fields?.find(field => field.name === name)
      ?? (name === '__typename' ? { name, type: { kind: 'SCALAR', name: 'String' }, args: [] } : undefined);
  }

  /** The type behind lists and exclamation marks. */
  named(reference) {
    let here = reference;
    while (here?.ofType)
      here = here.ofType;
    return this.type(here?.name);
  }

  /** Whether a field can stand beside things of `type` under a condition on `other`: they have something in common. */
  overlaps(type, other) {
    const kinds = one => one.possibleTypes?.map(p => p.name) ?? [one.name];
    return kinds(type).some(name => kinds(other).includes(name));
  }

  get composites() {
    return this.types.filter(type => type.fields || type.kind === 'UNION');
  }

  get inputs() {
    return this.types.filter(type => /^(SCALAR|ENUM|INPUT_OBJECT)$/.test(type.kind));
  }
}

/** A reference as GraphQL writes it: [Person!]! */
export const textOf = reference => reference.kind === 'NON_NULL' ? textOf(reference.ofType) + '!'
  : reference.kind === 'LIST' ? `[${textOf(reference.ofType)}]` : reference.name;

/** What one item of a list is; the reference itself when it is no list. */
export function itemOf(reference) {
  const here = reference?.kind === 'NON_NULL' ? reference.ofType : reference;
  return here?.kind === 'LIST' ? here.ofType : reference;
}

export const isRequired = argument => argument.type.kind === 'NON_NULL' && argument.defaultValue === null;
