// The keys and the place of a table of which only what is seen is there. The line chosen is known here alone: it must follow at once.
const tables = new WeakMap();

const around = 4, step = 4;

export function attach(seen) {
  const box = document.getElementById('records')?.closest('.box');
  // Gone by now: something else is shown.
  if (!box || tables.has(box)) return;
  const table = box.querySelector('table');
  const body = table.tBodies[0];
  const state = { active: -1 };
  tables.set(box, state);
  const total = () => Number(table.getAttribute('aria-rowcount')) - 1;
  const row = index => document.getElementById('row-' + index);
  const height = () => (body.querySelector('tr[aria-rowindex]')?.getBoundingClientRect().height) || Number(box.dataset.size);
  const head = () => table.tHead.offsetHeight;

  function mark() {
    const now = state.active < 0 ? null : row(state.active);
    for (const other of body.querySelectorAll('tr[data-active]')) if (other !== now) other.removeAttribute('data-active');
    if (now) {
      now.setAttribute('data-active', '');
      table.setAttribute('aria-activedescendant', now.id);
    } else table.removeAttribute('aria-activedescendant');
  }

  function go(index) {
    state.active = Math.max(0, Math.min(total() - 1, index));
    const top = state.active * height(), room = box.clientHeight - head();
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + height() > box.scrollTop + room) box.scrollTop = top + height() - room;
    mark();
  }

  function link(step) {
    const links = [...(row(state.active)?.querySelectorAll('a') ?? [])];
    const at = links.indexOf(document.activeElement) + step;
    if (at < 0) table.focus();
    else links[Math.min(at, links.length - 1)]?.focus();
  }

  table.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('button')) return;
    const page = Math.max(1, Math.floor((box.clientHeight - head()) / height()) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in steps) {
      if (document.activeElement !== table) table.focus();
      go(state.active < 0 && Math.abs(steps[event.key]) === 1 ? Math.ceil(box.scrollTop / height()) : state.active + steps[event.key]);
    } else if (event.key === 'Enter' && event.target === table) row(state.active)?.querySelector('a')?.click();
    else if (event.key === 'ArrowRight') link(1);
    else if (event.key === 'ArrowLeft') link(-1);
    else if (event.key === 'Escape' && event.target !== table) table.focus();
    else return;
    event.preventDefault();
  });
  table.addEventListener('focus', () => {
    if (state.active < 0 && total() > 0) state.active = Math.ceil(box.scrollTop / height());
    mark();
  });
  body.addEventListener('click', event => {
    const line = event.target.closest('tr[id]');
    if (!line) return;
    state.active = Number(line.id.slice(4));
    mark();
    if (!event.target.closest('a') && getSelection().isCollapsed) line.querySelector('a')?.click();
  });
  // Lines are not always made anew: the same element may stand for another one.
  new MutationObserver(mark).observe(body, { childList: true, subtree: true, attributeFilter: ['id'] });

  // Drawn are the lines that are seen and some on both sides, so that few are drawn anew at a time.
  let drawn = '';
  function look() {
    const size = height(), first = Math.floor(box.scrollTop / size);
    const from = Math.max(0, Math.floor((first - around) / step) * step), count = Math.ceil((box.clientHeight - head()) / size) + 2 * around + step;
    if (drawn === (drawn = `${from} ${count} ${size}`)) return;
    seen(from, count, size);
  }
  box.addEventListener('scroll', look, { passive: true });
  new ResizeObserver(look).observe(box);

  // As high as the window has room for.
  function fit() { box.style.maxHeight = `max(18rem, calc(100dvh - ${Math.round(box.getBoundingClientRect().top + scrollY) + 14}px))`; }
  new ResizeObserver(fit).observe(box.parentElement);
  fit();

  // Where somebody was is kept with the page in the history: going back leads there again.
  let waiting;
  box.addEventListener('scroll', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => box.isConnected && keep(), 150);
  }, { passive: true });
  body.addEventListener('click', keep, true);
  table.addEventListener('keydown', event => event.key === 'Enter' && keep(), true);
  function keep() { history.replaceState({ ...history.state, listTop: box.scrollTop, listRow: state.active }, ''); }

  const { listTop, listRow } = history.state ?? {};
  if (listRow >= 0) {
    state.active = listRow;
    restore(listTop ?? 0, 60);
  }
  else if (listTop > 0) restore(listTop, 60);

  function restore(top, tries) {
    if (!box.isConnected) return;
    box.scrollTop = top;
    if (Math.abs(box.scrollTop - top) > 2 && tries > 0) requestAnimationFrame(() => restore(top, tries - 1));
    else {
      mark();
      if (document.activeElement === document.body || document.activeElement?.tagName === 'H1') table.focus({ preventScroll: true });
    }
  }
}

export function reset() {
  const box = document.getElementById('records')?.closest('.box'), state = tables.get(box);
  if (!state) return;
  state.active = -1;
  box.scrollTop = 0;
}
