// Shows what came back: status, time and size, the errors with their places, the plan, the JSON.

import { $, el } from './dom.js';
import { jsonColours, jsonTokens } from './lexer.js';
import { language, locale, t } from './words.js';

// Beyond this many characters colours would take longer than reading.
const mostColoured = 150_000;

export class Answer {
  /** @param {(line: number, column: number) => void} go Called when somebody wants to see the place of an error. */
  constructor(go) {
    this.go = go;
    this.say(t('ready'));
  }

  say(text) {
    $('status').replaceChildren(text);
  }

  show({ status, json, text, time, size }) {
    const errors = json?.errors ?? [];
    const number = value => value.toLocaleString(locale(), { maximumFractionDigits: value < 10 ? 1 : 0 });
    $('status').replaceChildren(
      el('span', { className: status < 300 && errors.length === 0 ? 'good' : 'bad' }, `HTTP ${status}`),
      el('span', {}, `${number(time)} ms`),
      el('span', {}, size < 1024 ? `${size} ${language() === 'fr' ? 'o' : 'B'}` : `${number(size / 1024)} ${language() === 'fr' ? 'Kio' : 'KiB'}`),
      errors.length ? el('span', { className: 'bad' }, errors.length === 1 ? t('error') : t('errors', errors.length)) : '');
    this.plan(json?.extensions?.explain);
    this.write(json === undefined ? text : JSON.stringify(json, null, 2));
    return this.problems(errors);
  }

  plan(explain) {
    $('plan').hidden = explain === undefined;
    $('plan').open = explain !== undefined;
    $('plan').querySelector('pre').textContent = typeof explain === 'string' ? explain : JSON.stringify(explain, null, 2);
  }

  write(text) {
    $('result').replaceChildren(...(text.length > mostColoured ? [text]
      : jsonColours(jsonTokens(text)).map(token => token.kind === 'space' || token.kind === 'punctuator' ? token.text : el('span', { className: token.kind }, token.text))));
    $('result').scrollTop = 0;
  }

  clear() {
    $('plan').hidden = true;
    $('result').replaceChildren();
  }

  /** Tells the errors below the document. Answers the lines they are at. */
  problems(errors) {
    const list = $('problems');
    list.hidden = errors.length === 0;
    list.replaceChildren(...errors.slice(0, 20).map(error => {
      const place = error.locations?.[0];
      return el('li', {}, place
        ? el('button', { type: 'button', className: 'link', onclick: () => this.go(place.line, place.column) }, t('at', place.line, place.column), error.message)
        : error.message);
    }));
    return errors.flatMap(error => (error.locations ?? []).map(place => place.line));
  }
}
