// The page: puts its parts together.

import { Answer } from './answer.js';
import { Browser } from './browser.js';
import { complete, completeVariables } from './completion.js';
import { $, el, later } from './dom.js';
import { Editor } from './editor.js';
import { colours, graphqlTokens, jsonColours, jsonTokens, operations } from './lexer.js';
import { prettify } from './prettify.js';
import { introspection, Schema } from './schema.js';
import { ask, messageOf } from './server.js';
import { Session } from './session.js';
import { Store } from './store.js';
import { Tabs } from './tabs.js';
import { readVariables } from './variables.js';
import { language, t, translate } from './words.js';

const store = new Store();
if (store.language)
  document.documentElement.lang = store.language;
translate();

let schema = null;
let running = null;

const query = new Editor($('query'), 'query', text => colours(graphqlTokens(text)), (text, cursor) => schema && complete(text, cursor, schema));
const variables = new Editor($('variables'), 'variables', text => jsonColours(jsonTokens(text)), (text, cursor) => completeVariables(text, cursor, operation(), schema));
const browser = new Browser();
const answer = new Answer((line, column) => {
  view('query');
  query.show(line, column);
});
const tabs = new Tabs(store, load);
const session = new Session(begin);
const save = later(() => store.save(), 300);

/** The operation that is run: the one chosen, else the first. */
function operation() {
  const all = operations(query.text);
  return all.find(o => o.name === store.tab.operation) ?? all[0];
}

function load() {
  const { tab } = store;
  query.text = tab.query;
  variables.text = tab.variables;
  answer.problems([]);
  changed();
}

function changed() {
  const named = operations(query.text).filter(o => o.name);
  $('operation').hidden = named.length < 2;
  $('operation').replaceChildren(...named.map(o => el('option', { value: o.name, selected: o.name === store.tab.operation }, `${o.kind} ${o.name}`)));
  check();
}

/** Says what is wrong with the variables. Answers them. */
function check() {
  const { value, problem } = readVariables(variables.text, operation());
  $('variables-problem').textContent = problem ?? '';
  $('variables-problem').hidden = !problem;
  return { value, isWrong: problem !== undefined && value === undefined };
}

function view(name) {
  $('main').dataset.view = name;
  for (const button of $('views').children)
    button.setAttribute('aria-pressed', String(button.dataset.view === name));
}

function button() {
  $('run').textContent = running ? t('cancel') : t('run');
  $('run').title = running ? t('cancel') : t('runHint');
  $('run').classList.toggle('stop', running !== null);
}

async function run() {
  if (running) {
    running.abort();
    return;
  }
  const { value, isWrong } = check();
  if (isWrong) {
    variables.area.focus();
    return;
  }
  const chosen = operation();
  const body = { query: query.text };
  if (value !== undefined)
    body.variables = value;
  if (chosen?.name)
    body.operationName = chosen.name;
  if ($('explain').checked && session.me?.isAdministrator)
    body.extensions = { explain: true };
  const mine = running = new AbortController();
  button();
  answer.clear();
  answer.say(t('running'));
  view('answer');
  store.remember(store.tab);
  try {
    const back = await ask(body, mine.signal);
    query.mark(answer.show(back));
    if (back.status === 401)
      session.open();
  } catch {
    answer.say(mine.signal.aborted ? t('cancelled') : t('unreachable'));
  } finally {
    running = null;
    button();
  }
}

async function readSchema() {
  try {
    const back = await ask({ query: introspection, operationName: 'Introspection' });
    if (back.json?.data?.__schema) {
      schema = new Schema(back.json.data);
      browser.show(schema);
    } else
      browser.fail(messageOf(back) || `HTTP ${back.status}`);
  } catch {
    browser.fail(t('unreachable'));
  }
}

/** Begins anew for whoever asks now. */
async function begin() {
  schema = null;
  await Promise.all([session.find(), readSchema()]);
}

query.onchange = text => {
  store.tab.query = text;
  answer.problems([]);
  tabs.rename();
  changed();
  save();
};
variables.onchange = text => {
  store.tab.variables = text;
  check();
  save();
};
$('operation').addEventListener('change', event => {
  store.tab.operation = event.target.value;
  check();
  save();
});
$('run').addEventListener('click', run);
$('prettify').addEventListener('click', () => {
  const neat = prettify(query.text);
  if (neat !== query.text)
    query.replace(0, query.text.length, neat);
  query.close();
});
$('schema-reload').addEventListener('click', readSchema);
$('language').addEventListener('click', () => {
  store.language = document.documentElement.lang = language() === 'fr' ? 'en' : 'fr';
  store.save();
  speak();
});
for (const one of $('views').children)
  one.addEventListener('click', () => view(one.dataset.view));
addEventListener('keydown', event => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    run();
  } else if (event.key === 'Escape' && running)
    running.abort();
});

function speak() {
  translate();
  $('language').textContent = t('otherLanguage');
  $('language').lang = language() === 'fr' ? 'en' : 'fr';
  button();
  session.draw();
  tabs.draw();
  browser.draw();
  check();
  if (!running && !$('result').firstChild)
    answer.say(t('ready'));
}

speak();
load();
view('query');
await begin();
