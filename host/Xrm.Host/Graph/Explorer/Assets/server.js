// Asks the server. The token, when there is one, is in this memory and nowhere else.

import { language } from './words.js';

let token = null;

export const useToken = given => { token = given; };

export const hasToken = () => token !== null;

/** What came back: the status, the JSON (undefined when it is none), its text, the time in milliseconds and the size in bytes. */
export async function ask(body, signal) {
  const begun = performance.now();
  const headers = { 'Content-Type': 'application/json', 'Accept': 'application/graphql-response+json, application/json;q=0.9', 'Accept-Language': language() };
  if (token)
    headers.Authorization = `Bearer ${token}`;
  const response = await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify(body), signal, credentials: token ? 'omit' : 'same-origin', cache: 'no-store', redirect: 'error' });
  const text = await response.text();
  const time = performance.now() - begun;
  let json;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.status, json, text, time, size: new TextEncoder().encode(text).length };
}

/** The first message of an answer; empty when there is none. */
export const messageOf = answer => answer.json?.errors?.[0]?.message ?? '';
