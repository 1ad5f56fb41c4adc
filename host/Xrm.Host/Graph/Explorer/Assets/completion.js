// What may follow at the cursor, for the document and for the variables.

import { fragments, jsonTokens, meaningful, operations } from './lexer.js';
import { placeAt } from './place.js';
import { isRequired, itemOf, textOf } from './schema.js';

const most = 60;

/** Proposals for the document: { start, end, items: [{ label, insert, detail, help, isOld }] }. */
export function complete(text, cursor, schema) {
  const { word, start, place } = placeAt(text, cursor, schema);
  return { start, end: cursor, items: fitting(candidates(place, text, schema), word) };
}

/** Proposals for the JSON of the variables of an operation. */
export function completeVariables(json, cursor, operation, schema) {
  const before = jsonTokens(json.slice(0, cursor));
  const last = before[before.length - 1];
  const isWord = last && last.end === cursor && (last.kind === 'string' || last.kind === 'name');
  const word = isWord ? last.text.replaceAll('"', '') : '';
  const words = meaningful(isWord ? before.slice(0, -1) : before);
  const depth = words.reduce((sum, token) => sum + (/^[{[]$/.test(token.text) ? 1 : /^[}\]]$/.test(token.text) ? -1 : 0), 0);
  const previous = words[words.length - 1]?.text;
  const start = isWord ? last.start : cursor;
  // The quote that closes what is being written belongs to it.
  const end = isWord && last.text.startsWith('"') && json[cursor] === '"' ? cursor + 1 : cursor;
  const nothing = { start, end, items: [] };
  if (depth !== 1 || !operation)
    return nothing;
  if (previous === '{' || previous === ',') {
    const given = new Set(meaningful(jsonTokens(json)).filter((_, i, all) => all[i + 1]?.text === ':').map(token => token.text.replaceAll('"', '')));
    const free = operation.variables.filter(v => !given.has(v.name));
    return { start, end, items: fitting(free.map(v => ({ label: v.name, insert: `"${v.name}": `, detail: v.type })), word) };
  }
  const name = words[words.length - 2]?.text.replaceAll('"', '');
  const type = previous === ':' && schema?.type(operation.variables.find(v => v.name === name)?.type.replace(/[![\]]/g, ''));
  const values = type?.enumValues?.map(v => ({ label: v.name, insert: `"${v.name}"`, help: v.description, isOld: v.isDeprecated }))
    ?? (type?.name === 'Boolean' ? ['true', 'false'].map(label => ({ label, insert: label })) : []);
  return { start, end, items: fitting(values, word) };
}

/** Those that fit what is written: first those that begin so, then those that have it in them. */
function fitting(items, word) {
  const wanted = word.toLowerCase();
  const rank = item => item.label.toLowerCase().indexOf(wanted);
  const found = items.filter(item => rank(item) >= 0);
  const first = found.filter(item => rank(item) === 0);
  return [...first, ...found.filter(item => rank(item) > 0)].slice(0, most);
}

function candidates(place, text, schema) {
  switch (place.kind) {
    case 'definition':
      return [...Object.keys(schema.roots).filter(kind => schema.roots[kind]), 'fragment'].map(word).concat({ label: '{', insert: '{\n  ' });
    case 'on':
      return [word('on')];
    case 'field':
      return fields(place, schema);
    case 'spread':
      return [
        ...fragments(text).filter(f => related(schema, place.type, f.type)).map(f => ({ label: f.name, insert: f.name, detail: `on ${f.type}` })),
        word('on'),
      ];
    case 'condition':
      return schema.composites.filter(type => !place.type || schema.overlaps(place.type, type)).map(typed);
    case 'inputType':
      return schema.inputs.map(typed);
    case 'directive':
      return schema.directives.map(d => ({ label: d.name, insert: d.name, help: d.description }));
    case 'argument':
      return place.known.filter(one => !place.given.includes(one.name))
        .map(one => ({ label: one.name, insert: one.name + ': ', detail: textOf(one.type), help: one.description, isFirst: isRequired(one) }))
        .sort((a, b) => b.isFirst - a.isFirst);
    case 'variable':
      return variables(text, place.type, schema);
    case 'value':
      return values(place.type, text, schema);
    default:
      return [];
  }
}

const word = text => ({ label: text, insert: text + ' ' });

const typed = type => ({ label: type.name, insert: type.name, detail: type.kind.toLowerCase().replace('_object', ''), help: type.description });

const related = (schema, type, other) => !type || !schema.type(other) || schema.overlaps(type, schema.type(other));

function fields(place, schema) {
  const known = place.type?.fields ?? [];
  const items = known.map(field => ({
    label: field.name,
    insert: field.name + (field.args.some(isRequired) ? '(' : ''),
    detail: textOf(field.type),
    help: field.description,
    isOld: field.isDeprecated,
    isGiven: place.given.includes(field.name),
  }));
  items.sort((a, b) => a.isGiven - b.isGiven);
  return place.type ? [...items, { label: '__typename', insert: '__typename', detail: 'String!' }, { label: '...', insert: '... ' }] : items;
}

function variables(text, type, schema) {
  const wanted = schema.named(type)?.name;
  const known = new Map(operations(text).flatMap(o => o.variables).map(v => [v.name, v]));
  return [...known.values()]
    .map(v => ({ label: v.name, insert: v.name, detail: v.type, fits: v.type.replace(/[![\]]/g, '') === wanted }))
    .sort((a, b) => b.fits - a.fits);
}

function values(type, text, schema) {
  const named = schema.named(type);
  const own = named?.enumValues?.map(v => ({ label: v.name, insert: v.name, help: v.description, isOld: v.isDeprecated }))
    ?? (named?.name === 'Boolean' ? [{ label: 'true', insert: 'true' }, { label: 'false', insert: 'false' }]
      : named?.inputFields ? [{ label: '{', insert: '{ ', detail: named.name }] : []);
  const isList = type && itemOf(type) !== type;
  return [
    ...(isList ? [{ label: '[', insert: '[', detail: textOf(type) }] : own),
    ...variables(text, type, schema).map(v => ({ ...v, label: '$' + v.label, insert: '$' + v.insert })),
  ];
}
