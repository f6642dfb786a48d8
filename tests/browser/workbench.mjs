// What the browser's tests share: the server program, the browser and its flags, steps in their order.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';

export const kChromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
assert.ok(kChromium, 'chromium is missing: run installer/dependencies.sh --tests');
export const kFlags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];

// The server program, and its answers line by line.
export async function startServer(program, ...origins) {
  const child = spawn(program, origins, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async () => JSON.parse((await lines.next()).value);
  const server = {
    at: await nextLine(),  // url, base, token
    tell: async (command) => { child.stdin.write(command + '\n'); return nextLine(); },
    signal: (name) => child.kill(name),
    end: () => child.stdin.end(),
  };
  server.post = async (path, document) => {
    const response = await fetch(server.at.base + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.at.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(document),
    });
    assert.equal(response.status, 200, await response.clone().text());
    return response.json();
  };
  return server;
}

// A sale of 123.45 yuan at lane L2.
export function checkout(state, sequence, phone) {
  const sum = 12345;
  return {
    checkout_id: `0123-L2-${sequence}`, state, store_id: '0123', lane_id: 'L2', sequence,
    occurred_at: new Date().toISOString(), operator_id: 'E1007', guide_id: 'E2033', currency: 'CNY',
    customer: phone ? { ids: [{ type: 'phone', value: phone, proof: 'named' }] } : undefined,
    lines: [{ line_no: 1, sku: '6901234567892', name: '榴莲', kind: 'sale', quantity: '1', unit_price: sum, amount: sum }],
    totals: { gross: sum, discount: 0, tax: 0, net: sum },
    tenders: state === 'completed' ? [{ type: 'wechat', amount: sum }] : [],
  };
}

// One after the other until one fails; tells each. The name of the one that failed, if one did.
export async function run(steps, onFailure = async () => {}) {
  for (const [name, step] of Object.entries(steps)) {
    try {
      await step();
      console.log(`ok   ${name}`);
    } catch (error) {
      console.error(`FAIL ${name}\n${error.stack ?? error}`);
      await onFailure().catch(() => {});
      return name;
    }
  }
  return undefined;
}
