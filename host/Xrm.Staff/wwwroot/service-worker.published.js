// Keeps the program: all files whose names say which version they are of, as the build lists them. A next visit asks the server for data, and whether
// styles and pictures are still the same: from here they would be those of the version before.
self.importScripts('./service-worker-assets.js');
const prefix = 'xrm-';
const name = prefix + self.assetsManifest.version;
const kinds = ['wasm', 'js', 'dat'];
const kept = new RegExp(`\\.(?:${kinds.join('|')})$`);
const files = self.assetsManifest.assets.filter(a => kept.test(a.url)).map(a => ({ url: new URL(a.url, self.registration.scope).href, hash: a.hash }));
// Assemblies are kept in one piece, which the app's script takes apart: asking for each would take longer than reading them.
const isAssembly = file => file.url.endsWith('.wasm') && !/\/dotnet\.native\./.test(file.url);
const pack = new URL('assemblies', self.registration.scope).href;
const urls = new Set(files.filter(file => !isAssembly(file)).map(file => file.url));

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
  const keep = async file => { if (!await cache.match(file.url)) await cache.put(file.url, await get(file)); };
  const keepPacked = async assemblies => {
    if (await cache.match(pack)) return;
    const parts = await Promise.all(assemblies.map(async file => (await get(file)).blob()));
    await cache.put(pack, new Response(new Blob(parts), { headers: { 'X-Parts': JSON.stringify(assemblies.map((file, i) => [file.url, parts[i].size])) } }));
  };
  await Promise.all([...files.filter(file => !isAssembly(file)).map(keep), keepPacked(files.filter(isAssembly))]);
}

async function get(file) {
  const answer = await fetch(file.url, { integrity: file.hash });
  if (!answer.ok) throw new Error(file.url);
  return answer;
}

async function clear() {
  for (const key of await caches.keys()) if (key.startsWith(prefix) && key !== name) await caches.delete(key);
  await self.clients.claim();
}

async function find(request) {
  const cache = await caches.open(name);
  return await cache.match(request.url) ?? fetch(request);
}
