// Keeps the program: all files whose names say which version they are of, as the build lists them. A next visit asks the server for data, and whether
// styles and pictures are still the same: from here they would be those of the version before.
self.importScripts('./service-worker-assets.js');
const prefix = 'xrm-';
const name = prefix + self.assetsManifest.version;
const kinds = ['wasm', 'js', 'dat'];
const kept = new RegExp(`\\.(?:${kinds.join('|')})$`);
const urls = new Map(self.assetsManifest.assets.filter(a => kept.test(a.url)).map(a => [new URL(a.url, self.registration.scope).href, a.hash]));

self.addEventListener('install', event => {
  // The browser takes the files from the cache and all else from the server by itself: neither a start nor a page that is being left waits for this script to start.
  if (event.addRoutes) event.waitUntil(event.addRoutes([
    { condition: { requestMethod: 'POST' }, source: 'network' },
    { condition: { requestMode: 'navigate' }, source: 'network' },
    { condition: { or: kinds.map(kind => ({ urlPattern: new URLPattern({ pathname: '/*.' + kind, baseURL: self.location.origin }) })) }, source: { cacheName: name } },
  ]));
  event.waitUntil(fill().then(() => self.skipWaiting()));
});
self.addEventListener('activate', event => event.waitUntil(clear()));
self.addEventListener('fetch', event => {
  if (event.request.method === 'GET' && urls.has(event.request.url)) event.respondWith(find(event.request));
});

// Most are in the browser's own cache by now: the page that this script belongs to has just loaded them.
async function fill() {
  const cache = await caches.open(name);
  await Promise.all([...urls].map(async ([url, hash]) => {
    if (await cache.match(url)) return;
    const answer = await fetch(url, { integrity: hash });
    if (!answer.ok) throw new Error(url);
    await cache.put(url, answer);
  }));
}

async function clear() {
  for (const key of await caches.keys()) if (key.startsWith(prefix) && key !== name) await caches.delete(key);
  await self.clients.claim();
}

async function find(request) {
  const cache = await caches.open(name);
  return await cache.match(request.url) ?? fetch(request);
}
