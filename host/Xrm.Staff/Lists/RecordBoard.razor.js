// Some browsers drag only what brings data with it.
export function attach() {
  if (document.body.dataset.drags) return;
  document.body.dataset.drags = '1';
  document.addEventListener('dragstart', event => {
    if (!event.target.closest?.('.board li')) return;
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', event.target.querySelector('a')?.textContent ?? '');
  });
}
