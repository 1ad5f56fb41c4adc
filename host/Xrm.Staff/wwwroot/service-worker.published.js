// Keeps the app's own files, each under the hash of what is in it, so that a next visit asks the server for data alone.
// Pages and data always come from the server.
self.importScripts('./service-worker-assets.js');
const prefix = 'xrm-';
const name = prefix + self.assetsManifest.version;
const kept = /\.(?:wasm|js|css|dat|png|svg|webmanifest)$/;
const urls = new Map(self.assetsManifest.assets.filter(a => kept.test(a.url)).map(a => [new URL(a.url, self.registration.scope).href, a.hash]));

self.addEventListener('install', event => {
  // What is sent to the server does not pass through here: a page that is being left cannot wait for this script to start.
  if (event.addRoutes) event.waitUntil(event.addRoutes({ condition: { requestMethod: 'POST' }, source: 'network' }));
  event.waitUntil(self.skipWaiting());
});
self.addEventListener('activate', event => event.waitUntil(clear()));
self.addEventListener('fetch', event => {
  if (event.request.method === 'GET' && urls.has(event.request.url)) event.respondWith(find(event.request));
});

async function clear() {
  for (const key of await caches.keys()) if (key.startsWith(prefix) && key !== name) await caches.delete(key);
  await self.clients.claim();
}

async function find(request) {
  const cache = await caches.open(name);
  const found = await cache.match(request.url);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request.url, answer.clone());
  return answer;
}
