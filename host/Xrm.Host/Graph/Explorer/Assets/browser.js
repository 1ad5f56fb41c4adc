// The schema to read: types with their fields, arguments, values and descriptions, every type a way to its own page.

import { $, el } from './dom.js';
import { textOf } from './schema.js';
import { t } from './words.js';

const mostFound = 80;

export class Browser {
  constructor() {
    this.schema = null;
    this.trail = [];
    this.body = $('schema-body');
    this.search = $('schema-search');
    this.search.addEventListener('input', () => this.draw());
    this.search.addEventListener('keydown', event => {
      if (event.key === 'Escape')
        this.open(null);
    });
    $('schema-back').addEventListener('click', () => {
      this.trail.pop();
      this.draw();
    });
  }

  show(schema) {
    this.schema = schema;
    this.trail = this.trail.filter(name => schema.type(name));
    this.draw();
  }

  /** Tells why there is no schema to show. */
  fail(why) {
    this.schema = null;
    this.body.replaceChildren(el('p', { className: 'hint' }, t('noSchema', why)));
  }

  /** Goes to a type; null goes back to the beginning. */
  open(name) {
    this.search.value = '';
    this.trail = name ? [...this.trail, name] : [];
    this.draw();
    this.body.scrollTop = 0;
    this.body.focus({ preventScroll: true });
  }

  draw() {
    const name = this.trail[this.trail.length - 1];
    const wanted = this.search.value.trim().toLowerCase();
    $('schema-back').hidden = !name || wanted !== '';
    if (!this.schema)
      return;
    this.body.replaceChildren(...(wanted ? this.found(wanted) : name ? this.type(this.schema.type(name)) : this.beginning()));
  }

  beginning() {
    const roots = Object.values(this.schema.roots).filter(Boolean);
    return [
      el('h3', {}, t('roots')),
      el('ul', {}, roots.map(name => el('li', {}, this.link(name)))),
      el('h3', {}, t('allTypes')),
      el('ul', {}, this.schema.types.filter(type => !roots.includes(type.name)).map(type => el('li', { className: 'type' }, this.link(type.name), el('small', {}, kindOf(type))))),
    ];
  }

  found(wanted) {
    const types = this.schema.types.filter(type => type.name.toLowerCase().includes(wanted)).sort((a, b) => a.name.length - b.name.length);
    const fields = this.schema.types.flatMap(type => (type.fields ?? type.inputFields ?? []).filter(field => field.name.toLowerCase().includes(wanted)).map(field => ({ type, field })));
    const items = [
      ...types.map(type => el('li', { className: 'type' }, this.link(type.name), el('small', {}, kindOf(type)))),
      ...fields.map(({ type, field }) => el('li', {}, this.link(type.name), el('span', { className: 'field' }, '.' + field.name))),
    ];
    return items.length === 0 ? [el('p', { className: 'hint' }, t('nothingFound'))] : [
      el('ul', {}, items.slice(0, mostFound)),
      items.length > mostFound ? el('p', { className: 'hint' }, t('more', items.length - mostFound)) : '',
    ];
  }

  type(type) {
    const parts = [el('h3', { className: 'name' }, type.name, el('small', {}, kindOf(type))), ...described(type)];
    const section = (title, items) => items?.length ? [el('h4', {}, t(title)), el('ul', {}, items)] : [];
    return [
      ...parts,
      ...section('implements', type.interfaces?.map(i => el('li', {}, this.link(i.name)))),
      ...section('fields', type.fields?.map(field => this.field(field))),
      ...section('inputFields', type.inputFields?.map(field => this.field(field))),
      ...section('values', type.enumValues?.map(value => el('li', { className: value.isDeprecated ? 'old' : '' }, el('span', { className: 'field' }, value.name), ...described(value)))),
      ...section('kinds', type.kind === 'OBJECT' ? [] : type.possibleTypes?.map(p => el('li', {}, this.link(p.name)))),
    ];
  }

  field(field) {
    const args = field.args ?? [];
    return el('li', { className: field.isDeprecated ? 'old' : '' },
      el('span', { className: 'field' }, field.name),
      args.length ? el('span', { className: 'arguments' }, '(', args.flatMap((one, i) => [i ? ', ' : '', el('span', { className: 'label', title: one.description ?? '' }, one.name), ': ', this.reference(one.type), one.defaultValue === null ? '' : ` = ${one.defaultValue}`]), ')') : '',
      ': ', this.reference(field.type), field.defaultValue ? ` = ${field.defaultValue}` : '', ...described(field));
  }

  /** A type as GraphQL writes it, its name a link. */
  reference(type) {
    const [, before, name, after] = /^(\[*)(\w+)([\]!]*)$/.exec(textOf(type));
    return el('span', { className: 'reference' }, before, this.link(name), after);
  }

  link(name) {
    return el('button', { type: 'button', className: 'link', onclick: () => this.open(name) }, name);
  }
}

const kindOf = type => ({ OBJECT: 'type', INPUT_OBJECT: 'input' })[type.kind] ?? type.kind.toLowerCase();

const described = one => [
  one.description ? el('p', { className: 'description' }, one.description) : null,
  one.isDeprecated ? el('p', { className: 'description' }, `${t('deprecated')}${one.deprecationReason ?? ''}`) : null,
].filter(Boolean);
