// What a page of a browser POS does with the documents it is given, one a line on standard input: the page's own script,
// pos_adapter/browser/tillside-pos.js as it is, asks for advice at "total" and hands each document over at its close.
//
//   node browser_page.mjs SCRIPT --base URL --token FILE --origin ORIGIN --storage FILE < documents.jsonl
//
// Around the script stands what a browser has and node has not: localStorage (kept in a file, so that it outlives the page)
// and the same-origin policy: an origin on every request, a preflight before it, an answer only for an origin that is let in.
// Standard output: what became of the documents. Exit: 0 the agent has them all.
import fs from 'node:fs';
import readline from 'node:readline';
import { pathToFileURL } from 'node:url';

const [script, ...words] = process.argv.slice(2);
const option = Object.fromEntries(words.flatMap((word, at) => (at % 2 ? [] : [[word.slice(2), words[at + 1]]])));

function storage(file) {
  const items = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
  const keep = () => fs.writeFileSync(file, JSON.stringify(items), { mode: 0o600 });
  const calls = {
    getItem: (key) => items[key] ?? null,
    setItem: (key, value) => { items[key] = String(value); keep(); },
    removeItem: (key) => { delete items[key]; keep(); },
  };
  for (const [name, call] of Object.entries(calls)) Object.defineProperty(items, name, { value: call });
  return items;
}

function fetchFrom(origin) {
  const plain = globalThis.fetch, asked = new Set();
  const letIn = (reply) => {
    const allowed = reply.headers.get('access-control-allow-origin');
    if (allowed !== origin) throw new TypeError(`no answer for ${origin}: ${reply.status}`);
    return reply;
  };
  return async (url, settings = {}) => {
    const names = Object.keys(settings.headers ?? {}).map((name) => name.toLowerCase());
    if (names.length > 0 && !asked.has(url)) {
      const headers = {
        Origin: origin,
        'Access-Control-Request-Method': settings.method ?? 'GET',
        'Access-Control-Request-Headers': names.sort().join(','),
      };
      const reply = letIn(await plain(url, { method: 'OPTIONS', headers, signal: settings.signal }));
      const allowed = (reply.headers.get('access-control-allow-headers') ?? '').toLowerCase().split(/\s*,\s*/);
      if (!reply.ok || !names.every((name) => allowed.includes(name))) throw new TypeError('the preflight says no');
      asked.add(url);
    }
    return letIn(await plain(url, { ...settings, headers: { ...settings.headers, Origin: origin } }));
  };
}

const verbs = { completed: 'complete', exchanged: 'complete', voided: 'reverse', returned: 'reverse' };
const tally = { documents: 0, advised: 0, taken: 0, queued: 0, refused: 0, dropped: 0, late: 0 };

async function sell(till, document) {
  ++tally.documents;
  if (document.state === 'completed' || document.state === 'exchanged') {
    const advice = await till.advise({ ...document, state: 'total' });
    if (advice.ok) {
      ++tally.advised;
      document.showing_id = advice.answer.showing_id;
    }
  }
  const result = await till[verbs[document.state] ?? 'event'](document);
  ++tally[result.status];
  if (result.status === 'refused') console.error(JSON.stringify(result.problem ?? String(result.why)));
}

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

Object.defineProperty(globalThis, 'localStorage', { value: storage(option.storage) });
globalThis.navigator ??= {};
globalThis.fetch = fetchFrom(option.origin);
const { tillsidePos } = await import(pathToFileURL(script));
const token = fs.readFileSync(option.token, 'utf8').trim();
const onLate = (result) => {
  ++tally.late;
  --tally.queued;
  ++tally[result.status];
};
const till = tillsidePos({ token, base: option.base, onLate });

// A page is open long before its first sale.
let stands = false;
for (const end = Date.now() + 20000; !stands && Date.now() < end; await sleep(20))
  stands = (await till.check({ code: 'HELLO' })).status !== 'absent';
for await (const line of readline.createInterface({ input: process.stdin }))
  if (line.trim()) await sell(till, JSON.parse(line));
for (const end = Date.now() + 60000; till.waiting > 0 && Date.now() < end;) await sleep(10);
console.log(JSON.stringify({ ...tally, waiting: till.waiting }));
process.exit(till.waiting === 0 && tally.taken === tally.documents ? 0 : 3);
