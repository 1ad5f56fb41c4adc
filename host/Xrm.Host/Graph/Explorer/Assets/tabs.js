// The row of tabs, and the list of what was run.

import { $, el } from './dom.js';
import { operations } from './lexer.js';
import { locale, t } from './words.js';

/** What a piece of work is called: its operation, else its first field. */
export function titleOf(query) {
  const named = operations(query).find(o => o.name)?.name;
  return named ?? /\{\s*(\w+)/.exec(query.replace(/#.*/g, ''))?.[1] ?? t('untitled');
}

export class Tabs {
  /** @param {() => void} changed Called when another tab is in front. */
  constructor(store, changed) {
    this.store = store;
    this.changed = changed;
    $('history').addEventListener('click', () => this.openPast());
    $('past-close').addEventListener('click', () => $('past').close());
    $('past-clear').addEventListener('click', () => {
      store.forget();
      this.drawPast();
    });
  }

  draw() {
    const { tabs, active } = this.store;
    $('tabs').replaceChildren(
      ...tabs.map((tab, i) => el('span', { className: i === active ? 'tab active' : 'tab' },
        el('button', { type: 'button', className: 'quiet', 'aria-pressed': String(i === active), onclick: () => this.go(i) }, titleOf(tab.query)),
        tabs.length > 1 ? el('button', { type: 'button', className: 'quiet icon', 'aria-label': t('closeTab', titleOf(tab.query)), onclick: () => this.close(i) }, '×') : '')),
      el('button', { type: 'button', className: 'quiet icon', id: 'tab-new', 'aria-label': t('newTab'), title: t('newTab'), onclick: () => this.add({}) }, '+'));
  }

  /** Shows the title of the tab in front, which is being written on. */
  rename() {
    const button = $('tabs').querySelector('.active button');
    if (button)
      button.textContent = titleOf(this.store.tab.query);
  }

  go(index) {
    this.store.active = index;
    this.store.save();
    this.draw();
    this.changed();
  }

  add(work) {
    this.store.add(work);
    this.draw();
    this.changed();
  }

  close(index) {
    this.store.close(index);
    this.draw();
    this.changed();
  }

  openPast() {
    this.drawPast();
    $('past').showModal();
  }

  drawPast() {
    const { past } = this.store;
    $('past-list').replaceChildren(...(past.length === 0 ? [el('li', { className: 'hint' }, t('noHistory'))] : past.map(({ at, ...work }) => el('li', {},
      el('button', {
        type: 'button', onclick: () => {
          $('past').close();
          this.add(work);
        },
      }, el('strong', {}, titleOf(work.query)), el('small', {}, new Date(at).toLocaleString(locale())), el('code', {}, work.query.replace(/\s+/g, ' ').slice(0, 120)))))));
  }
}
