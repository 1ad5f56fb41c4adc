// What this browser remembers between visits: the tabs and what was run. Never a token, never an answer.

const key = 'xrm.explorer';
const mostPast = 50;
const mostTabs = 20;

const example = `# Ctrl+Espace : ce qui peut suivre. Ctrl+Space: what may follow.
query Me {
  me {
    id
    roles
  }
}
`;

const fresh = (query = '') => ({ id: crypto.randomUUID?.() ?? String(Math.random()), query, variables: '', operation: '' });

const isText = value => typeof value === 'string';

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(key)) ?? {};
    const isWork = one => isText(one?.query) && isText(one.variables) && isText(one.operation);
    return {
      tabs: (kept.tabs ?? []).filter(isWork),
      past: (kept.past ?? []).filter(isWork),
      active: Number.isInteger(kept.active) ? kept.active : 0,
      language: kept.language === 'fr' || kept.language === 'en' ? kept.language : null,
    };
  } catch {
    // Nothing that can be read: it is begun anew.
    return { tabs: [], past: [], active: 0, language: null };
  }
}

export class Store {
  constructor() {
    Object.assign(this, read());
    if (this.tabs.length === 0)
      this.tabs = [fresh(example)];
    this.active = Math.min(Math.max(0, this.active), this.tabs.length - 1);
  }

  get tab() {
    return this.tabs[this.active];
  }

  save() {
    try {
      localStorage.setItem(key, JSON.stringify({ tabs: this.tabs, past: this.past, active: this.active, language: this.language }));
    } catch {
      // Full, or not allowed: the page works all the same and forgets.
    }
  }

  add(work) {
    this.tabs = [...this.tabs, { ...fresh(), ...work }].slice(-mostTabs);
    this.active = this.tabs.length - 1;
    this.save();
  }

  close(index) {
    this.tabs.splice(index, 1);
    if (this.tabs.length === 0)
      this.tabs = [fresh()];
    this.active = Math.min(index < this.active ? this.active - 1 : this.active, this.tabs.length - 1);
    this.save();
  }

  remember({ query, variables, operation }) {
    this.past = [{ query, variables, operation, at: new Date().toISOString() }, ...this.past.filter(one => one.query !== query || one.variables !== variables)].slice(0, mostPast);
    this.save();
  }

  forget() {
    this.past = [];
    this.save();
  }
}
