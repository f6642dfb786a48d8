// A POS page of another origin calls the agent through the client for browsers, in a real Chromium: with its permission
// for the local network, without it, before its prompt is answered and by managed policy; agent dead, stalled, back.
// Usage: node pos.test.mjs <server program> <shipped client> <folder for screenshots>
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { servePos, serveRelay } from './pos_page.mjs';
import { checkout, kChromium, kFlags, run, startServer } from './workbench.mjs';

const [program, client, pictures] = process.argv.slice(2);
const kDeadline = 150, kSlack = 150;  // ms; what a busy machine of two cores adds to a timer
const folder = mkdtempSync(join(tmpdir(), 'tillside-pos-'));
mkdirSync(pictures, { recursive: true });

const pos = await servePos(client);
const kPos = `https://pos.example:${pos.port}`, kForeign = `https://foreign.example:${pos.port}`;
const server = await startServer(program, kPos);
const relay = await serveRelay(new URL(server.at.base).port);
// Both names lead here, and count as public addresses.
const kPublic = ['--host-resolver-rules=MAP *.example 127.0.0.1',
  `--ip-address-space-overrides=127.0.0.1:${pos.port}=public`];

async function browse(more = {}) {
  const profile = mkdtempSync(join(folder, 'profile-'));
  return chromium.launchPersistentContext(profile, { executablePath: kChromium, headless: true,
    ignoreHTTPSErrors: true, ...more, args: [...kFlags, ...kPublic, ...(more.args ?? [])] });
}

// A POS page with its client connected to the agent through the relay.
async function openPos(context, { origin = kPos, token = server.at.token, ...options } = {}) {
  const page = await context.newPage();
  await page.goto(origin);
  await page.waitForFunction(() => window.tillsidePos);
  await connect(page, { token, ...options });
  return page;
}
const connect = (page, options) => page.evaluate((given) => {
  window.late = [];
  window.till = window.tillsidePos({ ...given, onLate: (result, path, body) =>
    window.late.push([result.status, path, JSON.parse(body).checkout_id]) });
}, { base: `http://127.0.0.1:${relay.port}`, token: server.at.token, ...options });

// The client's answer, and how long the POS waited for it.
const call = (page, verb, document, ms) => page.evaluate(async ([name, given, deadline]) => {
  const from = performance.now();
  const { why, ...result } = await window.till[name](given, deadline);
  return { ...result, why: why?.name, took: performance.now() - from };
}, [verb, document, ms]);
const advise = (page, sequence) => call(page, 'advise', checkout('total', sequence));
const complete = (page, sequence) => call(page, 'complete', checkout('completed', sequence));
const waiting = (page) => page.evaluate(() => window.till.waiting);
// Asks until the agent is known to be there: the page finds it by itself.
const found = (page) => page.evaluate(async (given) => {
  while (!(await window.till.advise(given)).ok) await new Promise((done) => requestAnimationFrame(done));
}, checkout('total', 900));
const isCarryOn = (result, status) => {
  assert.equal(result.ok, false);
  assert.equal(result.carryOn, true);
  assert.equal(result.status, status, JSON.stringify(result));
  assert.ok(result.took < kDeadline + kSlack, `${result.took} ms`);
};
const idOf = (sequence) => checkout('completed', sequence).checkout_id;
const delivered = (page) => page.waitForFunction(() => window.till.waiting === 0);
const permission = (page) => page.evaluate(async () =>
  (await navigator.permissions.query({ name: 'loopback-network' })).state);
const allow = (origin = kPos) => context.grantPermissions(['local-network-access'], { origin });

let context, page;

const steps = {
  async 'the client is no larger than it promises'() {
    assert.ok(statSync(client).size <= 3072, `${statSync(client).size} bytes`);
    assert.ok(!/\bimport\b/.test(readFileSync(client, 'utf8')), 'it depends on nothing');
  },
  async 'without the permission every call carries on, and the sale waits for it'() {
    context = await browse();
    page = await openPos(context);
    isCarryOn(await advise(page, 1), 'absent');
    isCarryOn(await complete(page, 1), 'queued');
    assert.equal(await permission(page), 'denied', 'a browser without a screen answers its prompt with no');
    assert.deepEqual(relay.asked, []);
    assert.equal(await waiting(page), 1);
  },
  async 'once it is granted the page finds the agent by itself and delivers'() {
    await allow();
    await delivered(page);
    assert.deepEqual(relay.posts().map(({ id }) => id), [idOf(1)]);
    assert.deepEqual(await page.evaluate(() => window.late), [['taken', 'checkouts/complete', idOf(1)]]);
  },
  async 'advise and complete through the client, with one preflight for each address'() {
    await found(page);
    relay.asked.length = 0;
    const advice = await advise(page, 2);
    assert.equal(advice.ok, true);
    assert.equal(advice.carryOn, false);
    assert.ok(advice.answer.showing_id && advice.answer.prompts.length > 0);
    const closed = await complete(page, 2);
    assert.equal(closed.status, 'taken');
    assert.equal(closed.answer.coupons.length, 1);
    assert.deepEqual((await complete(page, 2)).answer, closed.answer, 'repeated: the first answer');
    assert.equal((await advise(page, 3)).ok, true);
    const preflights = relay.asked.filter(({ method }) => method === 'OPTIONS').map(({ url }) => url);
    assert.ok(new Set(preflights).size === preflights.length, `asked twice: ${preflights}`);
    assert.equal(await waiting(page), 0);
  },
  async 'check, hold and release'() {
    const [{ typed }] = (await complete(page, 4)).answer.coupons;
    const checked = await call(page, 'check', { code: typed });
    assert.equal(checked.answer.state, 'free');
    const hold = { hold_id: 'L2-1', code: typed, lane_id: 'L2' };
    assert.equal((await call(page, 'hold', hold)).answer.state, 'approved');
    assert.equal((await call(page, 'release', { hold_id: 'L2-1' })).answer.state, 'released');
  },
  async 'what the agent refuses is told and not kept'() {
    const wrong = checkout('completed', 5);
    wrong.tenders[0].type = 'seashells';
    const refused = await call(page, 'complete', wrong);
    isCarryOn(refused, 'refused');
    assert.equal(refused.problem.code, 'unknown_value');
    assert.equal(refused.problem.field, 'tenders[0].type');
    const unlike = checkout('completed', 2);
    unlike.lines[0].name = '山竹';
    isCarryOn(await call(page, 'complete', unlike), 'refused');
    assert.equal(await waiting(page), 0);
  },
  async 'nothing a POS hands in makes it throw'() {
    const results = await page.evaluate(async () => {
      const ring = {};
      ring.ring = ring;
      const all = [undefined, null, 'text', 7, ring, { at: 10n }, { toJSON() { throw new Error('no'); } }];
      const told = [];
      for (const given of all) {
        for (const verb of ['advise', 'complete', 'hold']) {
          const { ok, carryOn, status } = await window.till[verb](given);
          told.push(`${ok} ${carryOn} ${status}`);
        }
      }
      return told;
    });
    assert.deepEqual([...new Set(results)], ['false true refused']);
    assert.equal(await waiting(page), 0);
  },
  async 'another origin is not let in, and its sale goes on'() {
    const stranger = await openPos(context, { origin: kForeign });
    await allow(kForeign);
    relay.asked.length = 0;
    isCarryOn(await advise(stranger, 6), 'absent');
    isCarryOn(await complete(stranger, 6), 'queued');
    assert.ok(relay.posts().every(({ id }) => id === undefined), 'its preflight was answered with no');
    await stranger.close();
  },
  async 'a wrong token loses nothing'() {
    await connect(page, { token: 'mistyped' });
    const first = await call(page, 'advise', checkout('total', 7));
    isCarryOn(first, 'absent');
    isCarryOn(await complete(page, 7), 'queued');
    await page.reload();
    await page.waitForFunction(() => window.tillsidePos);
    await connect(page, {});
    await delivered(page);
    assert.deepEqual(await page.evaluate(() => window.late), [['taken', 'checkouts/complete', idOf(7)]]);
  },
  async 'a dead agent costs no sale more than its deadline, and after two nothing at all'() {
    await found(page);
    await relay.die();
    isCarryOn(await advise(page, 10), 'absent');
    isCarryOn(await complete(page, 10), 'queued');
    for (const sequence of [11, 12]) {
      isCarryOn(await advise(page, sequence), 'absent');
      const result = await complete(page, sequence);
      isCarryOn(result, 'queued');
      assert.ok(result.took < kSlack / 3, `the breaker is open: ${result.took} ms`);
    }
    isCarryOn(await call(page, 'event', checkout('suspended', 13)), 'queued');
    assert.equal(await waiting(page), 4);
  },
  async 'what waits survives a reload and is delivered in order, by one of several tabs'() {
    await page.reload();
    await page.waitForFunction(() => window.tillsidePos);
    const tabs = [page, await openPos(context), await openPos(context)];
    await connect(page, {});
    assert.equal(await waiting(page), 4);
    relay.asked.length = 0;
    await relay.rise();
    await delivered(page);
    assert.deepEqual(relay.posts().map(({ id }) => id), [10, 11, 12, 13].map(idOf));
    const late = (await Promise.all(tabs.map((tab) => tab.evaluate(() => window.late)))).flat();
    assert.deepEqual(late.map(([status, path]) => `${status} ${path}`), ['taken checkouts/complete',
      'taken checkouts/complete', 'taken checkouts/complete', 'taken checkouts/event']);
    for (const tab of tabs.slice(1)) await tab.close();
  },
  async 'a stalled agent costs the deadline twice, then nothing; its answers come when it wakes'() {
    await found(page);
    relay.asked.length = 0;
    server.signal('SIGSTOP');
    try {
      isCarryOn(await advise(page, 20), 'absent');
      isCarryOn(await complete(page, 20), 'queued');
      const third = await complete(page, 21);
      isCarryOn(third, 'queued');
      assert.ok(third.took < kSlack / 3, `the breaker is open: ${third.took} ms`);
    } finally {
      server.signal('SIGCONT');
    }
    await delivered(page);
    assert.deepEqual([...new Set(relay.posts().filter(({ url }) => url.endsWith('complete')).map(({ id }) => id))],
      [20, 21].map(idOf));
    const late = [20, 21].map((sequence) => ['taken', 'checkouts/complete', idOf(sequence)]);
    assert.deepEqual(await page.evaluate(() => window.late), late, 'told of each that it was told to be queued');
    const again = await fetch(`${server.at.base}/v1/checkouts/complete`, { method: 'POST',
      headers: { authorization: `Bearer ${server.at.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(checkout('completed', 21)) });
    assert.equal(again.headers.get('tillside-duplicate'), 'true', 'the agent has it');
  },
  async 'the queue is bounded, and without storage there is none'() {
    await relay.die();
    await connect(page, { keep: 2 });
    for (const [sequence, status] of [[30, 'queued'], [31, 'queued'], [32, 'dropped']]) {
      isCarryOn(await complete(page, sequence), status);
    }
    await page.evaluate(() => { localStorage.setItem('theirs', 'x'); localStorage.clear(); });
    await page.evaluate(() => { Storage.prototype.setItem = () => { throw new Error('QuotaExceededError'); }; });
    isCarryOn(await complete(page, 33), 'dropped');
    await relay.rise();
    await found(page);
    const sent = await complete(page, 34);
    assert.equal(sent.status, 'taken', JSON.stringify(sent));
    await context.close();
  },
};

// As root a browser can be given another /etc/chromium than the machine's.
const mayMount = spawnSync('unshare', ['-m', 'true']).status === 0;
function underPolicy(policy) {
  const etc = mkdtempSync(join(folder, 'etc-'));
  mkdirSync(join(etc, 'policies/managed'), { recursive: true });
  writeFileSync(join(etc, 'policies/managed/tillside.json'), JSON.stringify(policy));
  const wrapper = join(etc, 'chromium');
  writeFileSync(wrapper, `#!/bin/sh\nexec unshare -m sh -c 'mount --bind "$0" /etc/chromium && exec "$@"' ` +
    `${etc} ${kChromium} "$@"\n`, { mode: 0o755 });
  return browse({ executablePath: wrapper });
}
const policies = {
  async 'a managed policy grants it without a prompt'() {
    context = await underPolicy({ LocalNetworkAccessAllowedForUrls: ['https://pos.example'] });
    page = await openPos(context);
    await found(page);
    assert.equal(await permission(page), 'granted');
    await context.close();
    context = await underPolicy({ LoopbackNetworkAllowedForUrls: ['https://pos.example'] });
    await found(await openPos(context));
    await context.close();
  },
  async 'a managed policy that blocks it costs nothing'() {
    context = await underPolicy({ LoopbackNetworkBlockedForUrls: ['https://pos.example'] });
    page = await openPos(context);
    isCarryOn(await advise(page, 40), 'absent');
    isCarryOn(await complete(page, 40), 'queued');
    await context.close();
  },
};

// A screen that is in memory only: here Chromium really asks its user.
async function screen() {
  const child = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1000x700x24'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const number = await new Promise((done, fail) => {
    child.stdout.once('data', (text) => done(String(text).trim()));
    child.once('exit', () => fail(new Error('Xvfb did not start')));
  });
  return { display: `:${number}`, close: () => child.kill() };
}
let shown;
const prompts = {
  async 'while the prompt stands unanswered, no call waits for it'() {
    shown = await screen();
    context = await browse({ headless: false, viewport: null, env: { ...process.env, DISPLAY: shown.display },
      args: ['--ozone-platform=x11', '--lang=en-US', '--window-size=1000,700', '--window-position=0,0'] });
    relay.asked.length = 0;
    page = await openPos(context);
    isCarryOn(await advise(page, 50), 'absent');
    isCarryOn(await complete(page, 50), 'queued');
    assert.equal(await permission(page), 'prompt');
    assert.deepEqual(relay.asked, []);
  },
  async 'its user allows it, and what waited is delivered'() {
    const env = { ...process.env, DISPLAY: shown.display };
    // The bubble stands below the address; the button at its right end allows. Elsewhere the click does nothing.
    for (let y = 200; y < 300 && await permission(page) === 'prompt'; y += 20) {
      execFileSync('xdotool', ['mousemove', '385', String(y), 'click', '1'], { env });
      await page.evaluate(() => Promise.race([new Promise((done) => setTimeout(done, 1000)),
        navigator.permissions.query({ name: 'loopback-network' }).then((state) =>
          state.state === 'prompt' && new Promise((done) => { state.onchange = done; }))]));
    }
    assert.equal(await permission(page), 'granted');
    await delivered(page);
    assert.deepEqual(relay.posts().map(({ id }) => id), [idOf(50)]);
    await context.close();
    shown.close();
  },
};

const failed = await run({ ...steps, ...(mayMount ? policies : {}), ...prompts },
  () => page.screenshot({ path: join(pictures, 'pos-failed.png') }));
if (!mayMount) console.log('left out: managed policies want the right to mount (root)');
await context.close().catch(() => {});
shown?.close();
server.signal('SIGCONT');
server.end();
pos.close();
rmSync(folder, { recursive: true, force: true });
process.exit(failed ? 1 : 0);
