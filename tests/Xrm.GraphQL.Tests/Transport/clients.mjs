// What applications do with the npm clients graphql-ws and graphql-sse: node clients.mjs URL ws|sse|sse-single
import assert from 'node:assert/strict';
import { createClient as createSocketClient } from 'graphql-ws';
import { createClient as createEventClient } from 'graphql-sse';
import WebSocket from 'ws';

const [, , url, kind] = process.argv;
const authorization = 'Bearer clients';
let socket;
const options = kind === 'ws'
  ? { url: url.replace('http', 'ws'), webSocketImpl: WebSocket, connectionParams: { authorization }, retryWait: async () => {}, on: { connected: s => { socket = s; } } }
  : { url, headers: { 'X-Token': 'clients', 'Accept-Language': 'en' }, singleConnection: kind === 'sse-single', retryAttempts: 0 };
const create = kind === 'ws' ? createSocketClient : createEventClient;
const client = create(options);

const id = n => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const ask = async (query, variables) => (await client.iterate({ query, variables }).next()).value;
let version = 1;
const rename = async name => {
  const answer = await ask('mutation($id: ID!, $v: Int, $name: String) { updatePerson(id: $id, expectedVersion: $v, set: { givenName: $name }) { person { version } } }', { id: id(2), v: version, name });
  version = answer.data.updatePerson.person.version;
};

// Queries and mutations go the same way.
assert.deepEqual(await ask('{ me { id } person(id: "' + id(2) + '") { givenName } }'), { data: { me: { id: 'user:admin' }, person: { givenName: 'Nathalie' } } });
await rename('N0');

// One thing: now, and again when it is changed.
const person = client.iterate({ query: 'subscription { person(id: "' + id(2) + '") { givenName } }' });
assert.deepEqual((await person.next()).value, { data: { person: { givenName: 'N0' } } });

// The log from now on, beside it.
const document = 'subscription($after: String) { changes(after: $after) { cursor field after } }';
const head = (await ask('{ changes(first: 1000) { pageInfo { endCursor } } }')).data.changes.pageInfo.endCursor;
let changes = client.iterate({ query: document, variables: { after: head } });
await rename('N1');
assert.deepEqual((await person.next()).value, { data: { person: { givenName: 'N1' } } });
let change = (await changes.next()).value.data.changes;
assert.equal(change.after, 'N1');
await person.return();

// Whoever goes away and comes again with the last cursor misses nothing and hears nothing twice.
await changes.return();
const names = Array.from({ length: 40 }, (_, i) => 'M' + i);
for (const name of names) await rename(name);
const heard = [];
while (heard.length < names.length) {
  changes = client.iterate({ query: document, variables: { after: change.cursor } });
  for (let left = 7; left > 0 && heard.length < names.length; left--) {
    change = (await changes.next()).value.data.changes;
    heard.push(change.after);
  }
  await changes.return();
}
assert.deepEqual(heard, names);

// A socket that breaks is opened again by the client, which then asks again.
if (kind === 'ws') {
  const kept = client.iterate({ query: 'subscription { person(id: "' + id(2) + '") { givenName } }' });
  assert.equal((await kept.next()).value.data.person.givenName, 'M39');
  socket.terminate();
  assert.equal((await kept.next()).value.data.person.givenName, 'M39');
  await kept.return();
}

// What cannot be run is told in the protocol's way.
const wrong = client.iterate({ query: 'subscription { nothing }' });
if (kind === 'ws')
  await assert.rejects(wrong.next(), errors => errors[0].extensions.code === 'INVALID');
else {
  assert.equal((await wrong.next()).value.errors[0].extensions.code, 'INVALID');
  assert.equal((await wrong.next()).done, true);
}

// Nobody's token comes in nowhere.
const stranger = create(kind === 'ws' ? { ...options, connectionParams: { authorization: 'Bearer nobody' } } : { ...options, headers: { 'X-Token': 'nobody' } });
await assert.rejects(stranger.iterate({ query: '{ me { id } }' }).next(), e => kind === 'ws' ? e.code === 4401 : e.response.status === 401);

await client.dispose();
console.log('clients ok');
process.exit(0);
