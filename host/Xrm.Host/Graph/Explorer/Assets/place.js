// Finds out what may stand at the cursor: reads the tokens before it as GraphQL and stops where they end.

import { graphqlTokens, meaningful } from './lexer.js';

class Found {
  constructor(place) {
    this.place = place;
  }
}

class Walk {
  constructor(tokens, schema) {
    this.tokens = tokens;
    this.schema = schema;
    this.at = 0;
  }

  /** The next token; at the end the walk is over, and `place` is what may stand there. */
  next(place) {
    if (this.at >= this.tokens.length)
      throw new Found(place);
    return this.tokens[this.at++];
  }

  is(text, place) {
    const found = this.next(place).text === text;
    if (!found)
      this.at--;
    return found;
  }

  document() {
    for (;;) {
      const token = this.next({ kind: 'definition' });
      if (token.text === '{')
        this.selection(this.schema.root('query'));
      else if (token.text === 'fragment')
        this.fragment();
      else if (/^(query|mutation|subscription)$/.test(token.text))
        this.operation(this.schema.root(token.text));
    }
  }

  operation(root) {
    const nothing = { kind: 'nothing' };
    if (this.next(nothing).kind !== 'name')
      this.at--;
    if (this.is('(', nothing))
      this.variables();
    this.directives(nothing);
    if (this.is('{', nothing))
      this.selection(root);
  }

  fragment() {
    this.next({ kind: 'nothing' });
    this.is('on', { kind: 'on' });
    const type = this.schema.type(this.next({ kind: 'condition' }).text);
    this.directives({ kind: 'nothing' });
    if (this.is('{', { kind: 'nothing' }))
      this.selection(type);
  }

  variables() {
    const nothing = { kind: 'nothing' };
    while (!this.is(')', nothing))
      if (this.next(nothing).text === '$') {
        this.next(nothing);
        this.is(':', nothing);
        const type = this.inputType();
        if (this.is('=', nothing))
          this.value(type);
      }
  }

  /** The type of a variable, as a reference; null when nobody knows it. */
  inputType() {
    let token = this.next({ kind: 'inputType' });
    let lists = 0;
    while (token.text === '[') {
      lists++;
      token = this.next({ kind: 'inputType' });
    }
    const type = this.schema.type(token.text);
    while (this.at < this.tokens.length && /^[!\]]$/.test(this.tokens[this.at].text))
      this.at++;
    let reference = type ? { kind: type.kind, name: type.name } : null;
    for (; reference && lists > 0; lists--)
      reference = { kind: 'LIST', ofType: reference };
    return reference;
  }

  selection(type) {
    const given = [];
    for (;;) {
      const token = this.next({ kind: 'field', type, given });
      if (token.text === '}')
        return;
      if (token.text === '...')
        this.spread(type);
      else if (token.kind === 'name')
        given.push(this.field(type, token.text, given));
    }
  }

  field(type, name, given) {
    const here = { kind: 'field', type, given };
    let called = name;
    if (this.is(':', here))
      called = this.next(here).text;
    const field = this.schema.field(type, called);
    if (this.is('(', here))
      this.arguments(field?.args ?? []);
    this.directives(here);
    if (this.is('{', here))
      this.selection(this.schema.named(field?.type));
    return name;
  }

  spread(type) {
    const token = this.next({ kind: 'spread', type });
    if (token.text === '{' || token.text === '@') {
      this.at--;
      this.directives({ kind: 'nothing' });
      if (this.is('{', { kind: 'nothing' }))
        this.selection(type);
      return;
    }
    let inner = null;
    if (token.text === 'on') {
      inner = this.schema.type(this.next({ kind: 'condition', type }).text) ?? null;
    }
    this.directives({ kind: 'field', type, given: [] });
    if (inner && this.is('{', { kind: 'nothing' }))
      this.selection(inner);
  }

  directives(place) {
    while (this.is('@', place)) {
      const name = this.next({ kind: 'directive' }).text;
      if (this.is('(', place))
        this.arguments(this.schema.directives.find(d => d.name === name)?.args ?? []);
    }
  }

  arguments(known) {
    this.members(')', known, 'argument');
  }

  members(end, known, kind) {
    const given = [];
    for (;;) {
      const token = this.next({ kind, known, given });
      if (token.text === end)
        return;
      if (token.kind !== 'name')
        continue;
      given.push(token.text);
      const type = known.find(one => one.name === token.text)?.type;
      if (this.is(':', { kind: 'colon' }))
        this.value(type);
    }
  }

  value(type) {
    const token = this.next({ kind: 'value', type });
    const named = this.schema.named(type);
    if (token.text === '$')
      this.next({ kind: 'variable', type });
    else if (token.text === '{')
      this.members('}', named?.inputFields ?? [], 'argument');
    else if (token.text === '[')
      while (!this.is(']', { kind: 'value', type: inner(type) }))
        this.value(inner(type));
  }
}

function inner(type) {
  const here = type?.kind === 'NON_NULL' ? type.ofType : type;
  return here?.kind === 'LIST' ? here.ofType : undefined;
}

/**
 * What may stand at a place of a document.
 * `word` is the part of a name that is written already, from `start`; `place.kind` is nothing, on, colon, definition, field, spread,
 * condition, argument, value, variable, inputType or directive.
 */
export function placeAt(text, cursor, schema) {
  const tokens = graphqlTokens(text.slice(0, cursor));
  const last = tokens[tokens.length - 1];
  const isIn = last && last.end === cursor;
  if (isIn && (last.kind === 'comment' || last.kind === 'number' || last.kind === 'string'))
    return { word: '', start: cursor, place: { kind: 'nothing' } };
  const word = isIn && last.kind === 'name' ? last.text : '';
  try {
    new Walk(meaningful(word ? tokens.slice(0, -1) : tokens), schema).document();
  } catch (found) {
    if (found instanceof Found)
      return { word, start: cursor - word.length, place: found.place };
    throw found;
  }
  return { word, start: cursor - word.length, place: { kind: 'nothing' } };
}
