// What the app cannot do without the browser's own script. Each function is one of Shell/Browser.cs.
// Whoever asks for it may have changed the page and not yet seen it drawn.
export function focus(selector) { queueMicrotask(() => document.querySelector(selector)?.focus()); }
// Where what had the focus is gone, it goes here.
export function focusIfLost(selector) { queueMicrotask(() => { if (!document.activeElement || document.activeElement === document.body) document.querySelector(selector)?.focus(); }); }
export function focusPage() { queueMicrotask(() => document.querySelector('h1')?.focus({ preventScroll: true })); }
export function focusHeading() { if (!document.activeElement || document.activeElement === document.body) document.querySelector('h1')?.focus({ preventScroll: true }); }
export function kept(name) { return localStorage.getItem('xrm:' + name); }
export function keep(name, text) { put(localStorage, name, text); }
export function drafted(name) { return sessionStorage.getItem('xrm:' + name); }
export function draft(name, text) { put(sessionStorage, name, text); }
export function language() { return localStorage.getItem('xrm:language') ?? (navigator.language.startsWith('en') ? 'en' : 'fr'); }
export function setLanguage(code) {
  localStorage.setItem('xrm:language', code);
  document.documentElement.lang = code;
}
// While somebody signs out nothing is asked any more: it would be refused.
let leaving;
export async function signOut() {
  for (const key of Object.keys(localStorage)) if (key.startsWith(askedFirst)) localStorage.removeItem(key);
  let stay;
  leaving = new Promise(done => { stay = done; });
  try {
    // What is on its way has a second to arrive.
    for (let i = 0; i < 20 && asked.size > 0; i++) await new Promise(done => setTimeout(done, 50));
    await fetch('sign-in', { method: 'POST', headers: { 'X-Xrm': '1' } });
  } catch (e) {
    leaving = undefined;
    stay();
    throw e;
  }
  location.assign('sign-in');
  // Who stays, because of something typed, is told at the next question.
  setTimeout(() => { leaving = undefined; stay(); }, 3000);
}
export function goSignIn() { if (!leaving) location.assign('sign-in?returnUrl=' + encodeURIComponent(location.pathname + location.search)); }
export function download(name, mediaType, bytes) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes.slice()], { type: mediaType }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
// Ends once the first page stands: nothing is being asked and the browser has nothing more urgent to do.
export async function rest() {
  do await new Promise(done => setTimeout(() => 'requestIdleCallback' in self ? requestIdleCallback(done, { timeout: 1000 }) : done(), 150));
  while (asked.size > 0);
  rememberFirst();
}
// The app's files are kept for the next visit.
export function keepFiles() {
  // A server that is gone by then is asked at the next visit.
  navigator.serviceWorker?.register('service-worker.js', { updateViaCache: 'none' }).catch(() => { });
}
export function setTitle(text) { document.title = text; }
export function openPicker(id) { document.getElementById(id)?.showPicker(); }
const onLeaving = new Map();
export function sendOnLeaving(id, body) { onLeaving.set(id, body); }
export function keepFromSending(id) { onLeaving.delete(id); }
addEventListener('pagehide', () => {
  for (const body of onLeaving.values()) navigator.sendBeacon('graphql', new Blob([body], { type: 'application/json' }));
  onLeaving.clear();
});
export function showModal(heading) {
  const dialog = document.getElementById(heading)?.closest('dialog');
  if (dialog && !dialog.open) dialog.showModal();
}

const asked = new Map();
export async function ask(number, body, language) {
  if (leaving) await leaving;
  const leave = new AbortController();
  asked.set(number, leave);
  first?.push(body);
  try {
    return await take(body, language)?.answer ?? await post(body, language, leave.signal);
  } finally { asked.delete(number); }
}
async function post(body, language, signal) {
  const headers = { 'Content-Type': 'application/json', 'Accept': 'application/graphql-response+json', 'Accept-Language': language, 'X-Xrm': '1' };
  const answer = await fetch('graphql', { method: 'POST', headers, body, signal });
  if (answer.status === 401) return null;
  // A server between that has none behind it.
  if ([502, 503, 504].includes(answer.status)) throw new Error(answer.statusText);
  return await answer.text();
}
export function breakOff(number) { asked.get(number)?.abort(); }
export const isReady = () => fetch('health/ready').then(answer => answer.ok, () => false);

export function connect(protocol, opened, heard, closed) {
  const address = new URL('graphql', document.baseURI);
  address.protocol = address.protocol.replace('http', 'ws');
  const socket = new WebSocket(address, protocol);
  socket.onopen = opened;
  socket.onmessage = message => heard(message.data);
  socket.onclose = event => closed(event.code);
  return socket;
}
export function send(socket, text) { if (socket.readyState === WebSocket.OPEN) socket.send(text); }
export function hangUp(socket) { socket.close(); }

// Files that somebody chose or dropped, until they are sent or forgotten.
const chosen = new Map(), sending = new Map();
let lastChosen = 0;
export function takeFiles(id, taken) {
  const area = document.getElementById(id);
  const input = area.querySelector('input[type=file]');
  const take = files => {
    if (files.length === 0) return;
    chosen.set(++lastChosen, files[0]);
    taken(lastChosen, files[0].name, files[0].size);
  };
  input.addEventListener('change', () => { take(input.files); input.value = ''; });
  const over = (event, isOver) => {
    if (!event.dataTransfer?.types.includes('Files')) return false;
    event.preventDefault();
    area.toggleAttribute('data-over', isOver);
    return true;
  };
  area.addEventListener('dragover', event => over(event, true));
  area.addEventListener('dragleave', event => over(event, false));
  area.addEventListener('drop', event => { if (over(event, false)) take(event.dataTransfer.files); });
}
export function chooseFile(id) { document.getElementById(id)?.querySelector('input[type=file]').click(); }
// By a request of the old kind: the newer one does not tell how far it is.
export function sendFile(key, address, language, sent) {
  return new Promise((answered, lost) => {
    const request = new XMLHttpRequest();
    sending.set(key, request);
    request.open('POST', address);
    request.setRequestHeader('X-Xrm', '1');
    request.setRequestHeader('Accept-Language', language);
    request.setRequestHeader('Content-Type', chosen.get(key)?.type || 'application/octet-stream');
    request.upload.onprogress = event => sent(event.loaded);
    request.onloadend = () => {
      sending.delete(key);
      if (request.status === 401) answered(null);
      // Nobody, or a server between that has none behind it.
      else if (!request.responseText.startsWith('{')) lost(new Error(request.statusText));
      else answered(request.responseText);
    };
    request.send(chosen.get(key));
  });
}
export function stopSending(key) { sending.get(key)?.abort(); }
export function forgetFile(key) { chosen.delete(key); }
export const largestFile = () => fetch('files').then(answer => answer.json()).then(answer => answer.largest ?? 0).catch(() => 0);

function put(store, name, text) {
  try {
    if (text === null) store.removeItem('xrm:' + name);
    else store.setItem('xrm:' + name, text);
  } catch { /* Full, or not allowed here: it is a convenience. */ }
}

// In a picker whose list has something marked, Enter chooses it and sends no form, and arrows do not move the caret.
document.addEventListener('keydown', event => {
  if (['Enter', 'ArrowDown', 'ArrowUp'].includes(event.key) && event.target.matches?.('.picker [role=combobox][aria-activedescendant]')) event.preventDefault();
}, true);

// Some browsers drag only what brings data with it.
document.addEventListener('dragstart', event => {
  if (!event.target.closest?.('.board li')) return;
  event.dataTransfer.effectAllowed = 'move';
  event.dataTransfer.setData('text/plain', event.target.querySelector('a')?.textContent ?? '');
});

document.documentElement.lang = language();

// What a page asked first the last time is asked while the runtime starts, so that the answers are here when it asks. What is kept are the questions of whole
// lists, which hold nothing that anybody typed; the answers are asked anew, with the session of now, and live as long as the start.
const askedFirst = 'xrm:first:', address = location.search ? null : askedFirst + location.pathname, early = new Map();
let first = address && [];
for (const body of JSON.parse(address && localStorage.getItem(address) || '[]')) {
  const question = { answer: post(body, language()).then(text => question.text = text, () => null) };
  early.set(language() + body, question);
}
function take(body, language) {
  const question = early.get(language + body);
  early.delete(language + body);
  return question;
}
// The answer that is here already; null when there is none.
export function answered(body, language) {
  if (!early.get(language + body)?.text) return null;
  first?.push(body);
  return take(body, language).text;
}
function rememberFirst() {
  early.clear();
  if (!first) return;
  const isWhole = body => {
    const { query, variables } = JSON.parse(body);
    return /^query (Welcome|List)\b/.test(query) && !variables?.where && !variables?.search && !variables?.after && !variables?.offset;
  };
  put(localStorage, address.slice(4), JSON.stringify([...new Set(first.filter(isWhole))]));
  first = null;
}

// The assemblies that the service worker kept, in one piece; null where it kept none.
const assemblies = globalThis.caches?.match(new URL('assemblies', document.baseURI)).then(async pack => {
  if (!pack) return null;
  const bytes = await pack.arrayBuffer(), parts = new Map();
  let at = 0;
  for (const [url, length] of JSON.parse(pack.headers.get('X-Parts'))) {
    parts.set(url, new Uint8Array(bytes, at, length));
    at += length;
  }
  return parts;
}).catch(() => null);
async function bring(url) {
  const parts = await assemblies, kept = parts?.get(url);
  // Each is wanted once: when all are taken, the page holds the piece no longer.
  parts?.delete(url);
  return kept ? new Response(kept) : await fetch(url);
}

// As soon as the runtime's script is here, without waiting for styles. What a file's name says the version of, and the server of this page sends, is not hashed once more.
const start = () => globalThis.Blazor.start({
  configureRuntime: runtime => runtime.withConfig({ disableIntegrityCheck: true }),
  loadBootResource: (kind, name, address) => kind === 'assembly' ? bring(new URL(address, document.baseURI).href) : null,
});
if (globalThis.Blazor) start();
else document.querySelector('script[autostart]').addEventListener('load', start);

document.addEventListener('keydown', event => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.('input, textarea, select, [contenteditable]')) return;
  event.preventDefault();
  document.querySelector('#search')?.focus();
});
