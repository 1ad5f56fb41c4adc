// Who asks: a session of the browser, or a token that the person pastes.

import { $ } from './dom.js';
import { ask, hasToken, messageOf, useToken } from './server.js';
import { t } from './words.js';

export class Session {
  /** @param {() => void} changed Called when somebody else asks from now on. */
  constructor(changed) {
    this.changed = changed;
    this.me = null;
    $('who').addEventListener('click', () => this.open());
    $('sign-in-close').addEventListener('click', () => $('sign-in').close());
    $('token-use').addEventListener('click', event => {
      event.preventDefault();
      this.use($('token').value.trim());
    });
    $('token-forget').addEventListener('click', () => {
      useToken(null);
      this.closed();
    });
  }

  /** Finds out who it is. */
  async find() {
    try {
      const answer = await ask({ query: '{ me { id isAdministrator } }' });
      this.me = answer.json?.data?.me ?? null;
    } catch {
      this.me = null;
    }
    this.draw();
    return this.me;
  }

  draw() {
    $('who').textContent = this.me?.id ?? t('anonymous');
    $('explain').closest('label').hidden = !this.me?.isAdministrator;
  }

  open() {
    $('token').value = '';
    $('token-problem').hidden = true;
    $('token-forget').hidden = !hasToken();
    $('sign-in').showModal();
    $('token').focus();
  }

  async use(token) {
    if (!token)
      return;
    useToken(token);
    let why;
    try {
      const answer = await ask({ query: '{ me { id } }' });
      why = answer.json?.data?.me ? null : messageOf(answer) || answer.status;
    } catch {
      why = t('unreachable');
    }
    if (why === null) {
      this.closed();
      return;
    }
    useToken(null);
    $('token-problem').textContent = t('badToken', why);
    $('token-problem').hidden = false;
  }

  closed() {
    $('token').value = '';
    $('sign-in').close();
    this.changed();
  }
}
