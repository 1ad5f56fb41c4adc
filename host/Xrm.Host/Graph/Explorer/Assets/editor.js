// A text area with colours behind it, line numbers, marks where errors are, and a list of what may follow at the cursor.

import { el } from './dom.js';
import { t } from './words.js';

let lists = 0;

export class Editor {
  /**
   * @param {HTMLElement} place Where to put it.
   * @param {string} label What it is called, for who cannot see it.
   * @param {(text: string) => Array} colour The tokens of a text with their kinds.
   * @param {(text: string, cursor: number) => object|null} complete What may follow; see completion.js.
   */
  constructor(place, label, colour, complete) {
    this.colour = colour;
    this.complete = complete;
    this.marks = [];
    this.items = [];
    this.chosen = 0;
    this.onchange = () => { };
    const list = `follow-${lists++}`;
    this.area = el('textarea', {
      spellcheck: false, autocomplete: 'off', autocapitalize: 'off', wrap: 'off',
      'aria-label': t(label), 'aria-autocomplete': 'list', 'aria-controls': list, 'aria-haspopup': 'listbox', 'data-label': label,
      oninput: () => this.typed(), onscroll: () => this.scrolled(), onblur: () => this.close(), onkeydown: event => this.pressed(event), onclick: () => this.close(),
    });
    this.colours = el('pre', { className: 'colours', 'aria-hidden': 'true' });
    this.numbers = el('pre', { className: 'numbers', 'aria-hidden': 'true' });
    this.list = el('ul', { className: 'follow', id: list, role: 'listbox', 'aria-label': t('suggestions'), 'data-label': 'suggestions', hidden: true });
    this.help = el('p', { className: 'follow-help', hidden: true });
    this.ruler = el('span', { className: 'ruler', 'aria-hidden': 'true' }, 'mmmmmmmmmm');
    place.append(this.numbers, el('div', { className: 'text' }, this.colours, this.area, this.ruler, this.list, this.help));
    this.paint();
  }

  get text() {
    return this.area.value;
  }

  set text(value) {
    this.area.value = value;
    this.marks = [];
    this.paint();
    this.close();
  }

  /** Puts a text in place of a part, as if it had been typed: it can be undone. */
  replace(start, end, text) {
    this.area.focus();
    this.area.setSelectionRange(start, end);
    // The one way that browsers give to change a text area and keep its undo.
    if (!document.execCommand('insertText', false, text)) {
      this.area.setRangeText(text, start, end, 'end');
      this.typed();
    }
  }

  /** Marks lines, from 1, where something is wrong. */
  mark(lines) {
    this.marks = lines;
    this.paint();
  }

  /** Puts the cursor at a line and a column, both from 1. */
  show(line, column) {
    const before = this.text.split('\n').slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    this.area.focus();
    this.area.setSelectionRange(before + column - 1, before + column - 1);
    this.area.scrollTop = Math.max(0, (line - 4) * this.lineHeight);
  }

  get lineHeight() {
    return this.ruler.getBoundingClientRect().height;
  }

  typed() {
    this.marks = [];
    this.paint();
    this.onchange(this.text);
    const before = this.text[this.area.selectionStart - 1];
    if (!this.isTaking && before && /[\w$@.{(":]/.test(before))
      this.propose(false);
    else
      this.close();
  }

  paint() {
    const text = this.text;
    this.colours.replaceChildren(...this.colour(text).map(token => token.kind === 'space' || token.kind === 'punctuator' ? token.text : el('span', { className: token.kind }, token.text)), '\n');
    const lines = text.split('\n').length;
    this.numbers.replaceChildren(...Array.from({ length: lines }, (_, i) => el('span', { className: this.marks.includes(i + 1) ? 'wrong' : '' }, `${i + 1}\n`)));
    this.scrolled();
  }

  scrolled() {
    this.colours.scrollTop = this.numbers.scrollTop = this.area.scrollTop;
    this.colours.scrollLeft = this.area.scrollLeft;
  }

  pressed(event) {
    const isOpen = !this.list.hidden;
    if (event.key === ' ' && event.ctrlKey)
      this.propose(true);
    else if (isOpen && (event.key === 'ArrowDown' || event.key === 'ArrowUp'))
      this.choose((this.chosen + (event.key === 'ArrowDown' ? 1 : this.items.length - 1)) % this.items.length);
    else if (isOpen && (event.key === 'Enter' && !event.ctrlKey || event.key === 'Tab'))
      this.take(this.chosen);
    else if (isOpen && event.key === 'Escape')
      this.close();
    else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !event.isComposing)
      this.newLine();
    else {
      if (/^(ArrowLeft|ArrowRight|Home|End|PageUp|PageDown)$/.test(event.key))
        this.close();
      return;
    }
    event.preventDefault();
  }

  /** A new line as deep as the one before, one level more behind a bracket. */
  newLine() {
    const { selectionStart: start, selectionEnd: end } = this.area;
    const line = this.text.slice(0, start).split('\n').pop();
    const indent = /^ */.exec(line)[0];
    const isOpened = /[{([]\s*$/.test(line);
    const isClosed = isOpened && /^\s*[})\]]/.test(this.text.slice(end));
    this.replace(start, end, '\n' + indent + (isOpened ? '  ' : '') + (isClosed ? '\n' + indent : ''));
    if (isClosed) {
      const at = start + 1 + indent.length + 2;
      this.area.setSelectionRange(at, at);
    }
    this.close();
  }

  propose(isAsked) {
    const found = this.area.selectionStart === this.area.selectionEnd && document.activeElement === this.area ? this.complete(this.text, this.area.selectionStart) : null;
    const written = found ? this.text.slice(found.start, found.end) : '';
    const isDone = found?.items.length === 1 && found.items[0].insert.trim() === written;
    if (!found || found.items.length === 0 || isDone && !isAsked) {
      this.close();
      return;
    }
    this.items = found.items;
    this.span = found;
    this.list.replaceChildren(...found.items.map((item, i) => el('li', {
      id: `${this.list.id}-${i}`, role: 'option', className: item.isOld ? 'old' : '',
      onpointerdown: event => { event.preventDefault(); this.take(i); },
    }, el('span', {}, item.label), el('small', {}, item.detail ?? ''))));
    this.list.hidden = false;
    this.settle(found.start);
    this.choose(0);
  }

  /** Puts the list below the cursor, or above it where there is no room. */
  settle(start) {
    const lines = this.text.slice(0, start).split('\n');
    const { width, height } = this.ruler.getBoundingClientRect();
    const box = this.area.getBoundingClientRect();
    const x = Math.min(lines[lines.length - 1].length * width / 10 - this.area.scrollLeft + 10, Math.max(0, box.width - 260));
    const y = lines.length * height - this.area.scrollTop + 10;
    const isBelow = box.top + y + 220 < innerHeight || box.top + y < 260;
    this.list.style.left = `${Math.max(0, x)}px`;
    this.list.style.top = isBelow ? `${y}px` : 'auto';
    this.list.style.bottom = isBelow ? 'auto' : `${box.height - y + height + 2}px`;
  }

  choose(index) {
    this.list.children[this.chosen]?.removeAttribute('aria-selected');
    this.chosen = index;
    const option = this.list.children[index];
    option.setAttribute('aria-selected', 'true');
    option.scrollIntoView({ block: 'nearest' });
    this.area.setAttribute('aria-activedescendant', option.id);
    this.help.textContent = this.items[index].help ?? '';
    this.help.hidden = !this.items[index].help;
  }

  take(index) {
    const { start, end } = this.span;
    const { insert } = this.items[index];
    this.close();
    this.isTaking = true;
    this.replace(start, end, insert);
    this.isTaking = false;
    if (/[({:]\s*$/.test(insert))
      this.propose(false);
  }

  close() {
    this.list.hidden = this.help.hidden = true;
    this.area.removeAttribute('aria-activedescendant');
  }
}
