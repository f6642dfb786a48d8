// The local API from Node, over the UNIX socket or loopback TCP, with nothing but Node itself; and, run by itself, one
// sale through it.
//
//   node tillside.mjs --socket /run/tillside/agent.sock
//   node tillside.mjs --port 7979 --token-file /etc/pos/tillside-token
//
// The same rules as the C interface: every call has a deadline, and whatever goes wrong, the sale goes on. What the C
// library does besides, queueing what was not taken, is the caller's here: see keep() below.
import fs from 'node:fs';
import http from 'node:http';
import { fileURLToPath } from 'node:url';

export class Tillside {
  #agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
  #where;
  #headers;

  constructor({ socket, port = 7979, tokenFile }) {
    this.#where = socket ? { socketPath: socket } : { host: '127.0.0.1', port };
    this.#headers = { 'Content-Type': 'application/json', Host: 'localhost' };
    if (tokenFile) this.#headers.Authorization = `Bearer ${fs.readFileSync(tokenFile, 'utf8').trim()}`;
  }

  // {outcome: 'answered' | 'refused' | 'carry_on', status, document, duplicate, why}. Never throws, never takes longer.
  call(path, document, deadlineMs = 150) {
    return new Promise((resolve) => {
      const body = Buffer.from(JSON.stringify(document));
      let timer = null;
      const carryOn = (why) => {
        clearTimeout(timer);
        resolve({ outcome: 'carry_on', why });
      };
      const request = http.request({ ...this.#where, agent: this.#agent, path, method: 'POST',
        headers: { ...this.#headers, 'Content-Length': body.length } }, (response) => {
        const pieces = [];
        response.on('data', (piece) => pieces.push(piece));
        response.on('error', (error) => carryOn(error.code));
        response.on('end', () => {
          clearTimeout(timer);
          resolve(judge(response, Buffer.concat(pieces).toString('utf8')));
        });
      });
      timer = setTimeout(() => request.destroy(Object.assign(new Error(), { code: 'SLOW' })), deadlineMs);
      request.on('error', (error) => carryOn(error.code));
      request.end(body);
    });
  }

  advise(document, ms) { return this.call('/v1/checkouts/advise', document, ms); }
  complete(document, ms) { return this.call('/v1/checkouts/complete', document, ms); }
  reverse(document, ms) { return this.call('/v1/checkouts/reverse', document, ms); }
  event(document, ms) { return this.call('/v1/checkouts/event', document, ms); }
  close() { this.#agent.destroy(); }
}

// A 401 or a 5xx is no judgement on the document; only a problem document under 4xx is.
function judge(response, text) {
  const type = (response.headers['content-type'] ?? '').split(';')[0].trim();
  let document;
  try {
    document = JSON.parse(text);
  } catch {
    return { outcome: 'carry_on', why: 'GARBLED' };
  }
  const status = response.statusCode;
  const duplicate = response.headers['tillside-duplicate'] === 'true';
  if (status === 200 && type === 'application/json') return { outcome: 'answered', status, document, duplicate };
  const judged = [400, 409, 410, 413, 415, 422].includes(status) && type === 'application/problem+json';
  return { outcome: judged ? 'refused' : 'carry_on', status, document, why: document.code };
}

export function sale(number, state, store = '0123', lane = 'JS1') {
  const now = new Date();
  return {
    checkout_id: `${lane}-${number}`, state, store_id: store, lane_id: lane,
    business_date: now.toISOString().slice(0, 10), sequence: number, occurred_at: now.toISOString(),
    operator_id: 'E1007', currency: 'CNY',
    lines: [{ line_no: 1, sku: '6901234567892', name: '榴莲', kind: 'sale', quantity: '1', unit_price: 12345, amount: 12345 }],
    totals: { gross: 12345, discount: 0, tax: 0, net: 12345 },
    tenders: state === 'completed' ? [{ type: 'wechat', amount: 12345 }] : [],
    source: { adapter: 'http', pos: 'node sample 1', confidence: 'exact' },
  };
}

// A line of JSON to a file that the agent follows ([journal] follow): what was not taken comes in by that door.
function keep(file, document) {
  if (file) fs.appendFileSync(file, `${JSON.stringify(document)}\n`, { mode: 0o600 });
}

async function main(words) {
  const given = Object.fromEntries(words.flatMap((word, i) => (word.startsWith('--') ? [[word.slice(2), words[i + 1]]] : [])));
  const tillside = new Tillside({ socket: given.socket, port: Number(given.port ?? 7979), tokenFile: given['token-file'] });
  const number = Number(given.number ?? 1);

  const advice = await tillside.advise(sale(number, 'total', given.store));
  console.log('advise:', advice.outcome, advice.document?.verdict?.status ?? advice.why);
  for (const prompt of advice.document?.prompts ?? []) console.log('  收银员 cashier:', prompt.zh, '/', prompt.en);

  const closed = sale(number, 'completed', given.store);
  if (advice.document?.showing_id) closed.showing_id = advice.document.showing_id;
  const answer = await tillside.complete(closed);
  console.log('complete:', answer.outcome, answer.document?.identity ?? answer.why);
  if (answer.outcome === 'carry_on') keep(given.journal, closed);
  tillside.close();
  return answer.outcome === 'answered' ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
