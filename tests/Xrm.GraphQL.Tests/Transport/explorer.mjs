// Uses the explorer as a person does, in a real browser: node explorer.mjs URL BROWSER [FOLDER FOR PICTURES]
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const [url, executablePath, pictures] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
const wrong = [];

async function open(options) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('console', message => message.type() === 'error' && !/Failed to load resource/.test(message.text()) && wrong.push(message.text()));
  page.on('pageerror', error => wrong.push(String(error)));
  page.on('request', request => new URL(request.url()).host !== new URL(url).host && wrong.push(`asks ${request.url()}`));
  await page.goto(url);
  await page.locator('#schema-body li').first().waitFor({ state: 'attached' });
  return page;
}

const picture = async (page, name) => pictures && page.screenshot({ path: `${pictures}/${name}.png` });
const text = (page, selector) => page.locator(selector).innerText();
const document = page => page.locator('#query textarea');

async function write(page, value) {
  await document(page).fill(value);
  await page.keyboard.press('Escape');
}

async function run(page) {
  await page.keyboard.press('Control+Enter');
  await page.locator('#status .good, #status .bad').first().waitFor();
  return text(page, '#result');
}

async function works(name, steps, options) {
  const page = await open(options);
  try {
    await steps(page);
    assert.deepEqual(wrong.splice(0), [], 'nothing is refused by the policy, thrown, or asked of another host');
  } catch (error) {
    await picture(page, 'failed');
    throw new Error(`${name}: ${error.message}`, { cause: error });
  }
  await page.context().close();
  console.log(`ok ${name}`);
}

await works('fields, arguments, values, variables and fragments are proposed where the cursor is', async page => {
  const area = document(page);
  await area.fill('');
  await area.pressSequentially('query Q($id: I');
  await page.locator('#query .follow li').first().waitFor();
  assert.match(await text(page, '#query .follow'), /^ID/);
  await page.keyboard.press('Enter');
  await area.pressSequentially('!) { pers');
  await page.locator('#query .follow [aria-selected]').waitFor();
  assert.match(await text(page, '#query .follow'), /person\s/);
  await picture(page, 'completion');
  await page.keyboard.press('Tab');
  await area.pressSequentially('i');
  await page.locator('#query .follow li').first().waitFor();
  await page.keyboard.press('Enter');
  await area.pressSequentially('$');
  await page.locator('#query .follow li').first().waitFor();
  await page.keyboard.press('Enter');
  await area.pressSequentially(') { familyN');
  await page.locator('#query .follow li').first().waitFor();
  await page.keyboard.press('Enter');
  await area.pressSequentially(' } }');
  assert.equal(await area.inputValue(), 'query Q($id: ID!) { person(id: $id) { familyName } }');
  await area.fill('{ complaints(order: { status: A }) { nodes { ...F } } } fragment Facts on Complaint { id }');
  const behind = part => area.evaluate((e, p) => e.setSelectionRange(e.value.indexOf(p) + p.length, e.value.indexOf(p) + p.length), part);
  await behind('status: A');
  await page.keyboard.press('Control+Space');
  await page.locator('#query .follow li').first().waitFor();
  assert.match(await text(page, '#query .follow'), /ASC/);
  await page.keyboard.press('Escape');
  await behind('...F');
  await page.keyboard.press('Control+Space');
  assert.match(await text(page, '#query .follow'), /Facts/);
});

await works('a request is run, told with status, time and size, and kept for the next visit', async page => {
  await write(page, 'query Who { me { id } }');
  assert.match(await run(page), /"id": "user:admin"/);
  assert.match(await text(page, '#status'), /HTTP 200\s+[\d.,]+ ms\s+\d+ B/);
  await page.reload();
  await page.locator('#schema-body li').first().waitFor();
  assert.equal(await document(page).inputValue(), 'query Who { me { id } }');
  await page.locator('#history').click();
  assert.match(await text(page, '#past-list'), /Who/);
  await picture(page, 'history');
  await page.locator('#past-list button').first().click();
  assert.equal(await page.locator('#tabs .tab').count(), 2);
  await page.locator('#tabs .tab').last().locator('.icon').click();
  assert.equal(await page.locator('#tabs .tab').count(), 1);
});

await works('errors are told with their places and lead there', async page => {
  await write(page, '{\n  me { id }\n  nope\n}');
  await run(page);
  assert.match(await text(page, '#problems'), /Line 3, column 3: .*nope/s);
  assert.equal((await text(page, '#query .numbers .wrong')).trim(), '3');
  await picture(page, 'error');
  await page.locator('#problems button').click();
  assert.equal(await document(page).evaluate(e => e.selectionStart), 16);
});

await works('a document is laid out and the operation is chosen', async page => {
  await write(page, 'query A{me{id}} query B($n:Int){persons(first:$n){totalCount}}');
  await page.locator('#prettify').click();
  assert.equal(await document(page).inputValue(), 'query A {\n  me {\n    id\n  }\n}\n\nquery B($n: Int) {\n  persons(first: $n) {\n    totalCount\n  }\n}\n');
  await page.locator('#operation').selectOption('B');
  const variables = page.locator('#variables textarea');
  await variables.fill('{ "n": ');
  assert.match(await text(page, '#variables-problem'), /not JSON \(line 1, column 8\)/);
  await variables.fill('{ "m": 1 }');
  assert.match(await text(page, '#variables-problem'), /\$m/);
  await variables.fill('');
  await variables.pressSequentially('{"');
  await page.locator('#variables .follow li').first().waitFor();
  await page.keyboard.press('Enter');
  await variables.pressSequentially('2}');
  assert.equal(await variables.inputValue(), '{"n": 2}');
  assert.match(await run(page), /"totalCount": 4/);
});

await works('a request that takes long is stopped', async page => {
  await write(page, '{ me { id } }');
  await page.route('**/graphql', () => { });
  await page.locator('#run').click();
  await page.locator('#run.stop').click();
  await page.locator('#status', { hasText: 'Stopped.' }).waitFor();
});

await works('the schema is searched and read from type to type', async page => {
  await page.locator('#schema-search').fill('mandat');
  await picture(page, 'search');
  await page.locator('#schema-body button', { hasText: /^Mandate$/ }).first().click();
  assert.match(await text(page, '#schema-body h3'), /Mandate/);
  await page.locator('#schema-body li', { hasText: /^holder/ }).locator('button', { hasText: /^Person$/ }).click();
  assert.match(await text(page, '#schema-body h3'), /Person/);
  await page.locator('#schema-back').click();
  assert.match(await text(page, '#schema-body h3'), /Mandate/);
});

await works('a token is sent and never kept', async page => {
  await page.locator('#who').click();
  await page.locator('#token').fill('xrm_never-kept');
  const sent = page.waitForRequest(request => request.headers().authorization === 'Bearer xrm_never-kept');
  await page.locator('#token-use').click();
  await sent;
  await page.locator('#sign-in').waitFor({ state: 'hidden' });
  await write(page, '{ me { id } }');
  await run(page);
  assert.ok(!/never-kept/.test(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie + location.href)));
  await page.reload();
  await page.locator('#schema-body li').first().waitFor();
  const next = page.waitForRequest(request => request.method() === 'POST');
  await page.keyboard.press('Control+Enter');
  assert.equal((await next).headers().authorization, undefined);
});

await works('it speaks French and is all reached by the keyboard', async page => {
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'fr');
  assert.equal(await text(page, '#run'), 'Exécuter');
  await write(page, '{ nope }');
  await run(page);
  assert.match(await text(page, '#problems'), /^Ligne 1, colonne 3/);
  const nameless = await page.evaluate(() => [...document.querySelectorAll('button, input, select, textarea, [tabindex]')]
    .filter(e => e.checkVisibility() && !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.[0]?.textContent.trim())).map(e => e.outerHTML));
  assert.deepEqual(nameless, []);
  await page.evaluate(() => document.activeElement.blur());
  await page.locator('#schema-search').fill('nothing has this name');
  const wanted = ['who', 'language', 'schema-search', 'schema-body', 'tabs', 'run', 'prettify', 'history', 'query', 'variables', 'result'];
  const reached = new Set();
  for (let i = 0; i < 60 && !wanted.every(id => reached.has(id)); i++) {
    await page.keyboard.press('Tab');
    reached.add(await page.evaluate(() => {
      const e = document.activeElement;
      return e !== document.body && getComputedStyle(e).outlineStyle === 'none' ? `no outline: ${e.outerHTML}` : e.id || e.closest('[id]')?.id;
    }));
  }
  assert.deepEqual(wanted.filter(id => !reached.has(id)), [], 'all is reached');
  assert.deepEqual([...reached].filter(r => r?.startsWith('no outline')), []);
  await page.locator('#language').click();
  assert.equal(await text(page, '#run'), 'Run');
}, { locale: 'fr-FR' });

for (const colorScheme of ['light', 'dark'])
  await works(`it fits a desk and a telephone, ${colorScheme}`, async page => {
    const fits = async () => assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is cut off at the side');
    await write(page, '# Who holds a mandate\nquery Mandates($first: Int = 3) {\n  persons(first: $first, where: { familyName: { startsWith: "a" } }) {\n    totalCount\n    nodes {\n      displayName\n      mandates {\n        nodes { validFrom validTo }\n      }\n    }\n  }\n}\n');
    await run(page);
    await fits();
    await picture(page, `desk-${colorScheme}`);
    await page.setViewportSize({ width: 390, height: 780 });
    for (const name of ['schema', 'query', 'answer']) {
      await page.locator(`#views [data-view=${name}]`).click();
      await fits();
      await picture(page, `telephone-${name}-${colorScheme}`);
    }
  }, { colorScheme });

await browser.close();
