// While it is being worked on, everything comes from the server.
self.addEventListener('fetch', () => { });
