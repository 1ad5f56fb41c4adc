// What the app cannot do without the browser's own script. Each function is called by Shell/Browser.cs.
export function focus(selector) { document.querySelector(selector)?.focus(); }
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
export async function signOut() {
  await fetch('sign-in', { method: 'POST', headers: { 'X-Xrm': '1' } });
  location.assign('sign-in');
}
export function goSignIn() { location.assign('sign-in?returnUrl=' + encodeURIComponent(location.pathname + location.search)); }
export function download(name, mediaType, bytes) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes], { type: mediaType }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
export function openPicker(id) { document.getElementById(id)?.showPicker(); }
const onLeaving = new Map();
export function sendOnLeaving(id, body) { onLeaving.set(id, body); }
export function keepFromSending(id) { onLeaving.delete(id); }
addEventListener('pagehide', () => {
  for (const body of onLeaving.values()) navigator.sendBeacon('graphql', new Blob([body], { type: 'application/json' }));
  onLeaving.clear();
});
export function showModal(dialog) { if (!dialog.open) dialog.showModal(); }

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

document.documentElement.lang = language();
document.addEventListener('keydown', event => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.('input, textarea, select, [contenteditable]')) return;
  event.preventDefault();
  document.querySelector('#search')?.focus();
});
