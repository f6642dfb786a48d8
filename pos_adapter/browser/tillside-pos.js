// Tillside for a POS in a browser: docs/browser-pos.md. No call throws, or waits beyond its deadline.
const kOurs = 'tillside/';
const kFinal = [400, 404, 409, 410, 413, 415, 422];  // no repetition mends these
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const carryOn = (status, more) => ({ ok: false, carryOn: true, status, ...more });

export function tillsidePos({ token, base = 'http://127.0.0.1:7979', deadline = 150, keep = 1000, onLate } = {}) {
  let failures = 2, looking, turn = Promise.resolve();  // two open the breaker; the first look closes it

  const call = (path, ms, more) => fetch(base + path, { credentials: 'omit', signal: AbortSignal.timeout(ms), ...more });

  async function send(path, body, ms) {
    try {
      const headers = { Authorization: 'Bearer ' + token, 'Content-Type': 'application/json' };
      const reply = await call('/v1/' + path, ms, { method: 'POST', headers, body });
      const answer = await reply.json();
      failures = 0;
      if (reply.ok) return { ok: true, carryOn: false, status: 'taken', answer };
      return carryOn(kFinal.includes(reply.status) ? 'refused' : 'absent', { problem: answer });
    } catch (why) {
      failures++;
      return carryOn('absent', { why });
    }
  }

  async function ask(path, document, ms = deadline) {
    try {
      return failures > 1 ? carryOn('absent') : await send(path, JSON.stringify(document), ms);
    } catch (why) {
      return carryOn('refused', { why });
    }
  }

  function keys() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(kOurs)).sort();
    } catch {
      return [];
    }
  }

  // In order, one tab at a time, until one cannot be delivered or it is the one somebody still waits for.
  function drain(own) {
    const run = async () => {
      for (const key of keys()) {
        const [, path, body] = /^(\S+) (.*)/.exec(localStorage.getItem(key)) ?? [];
        const result = path && await send(path, body, 10000);
        if (result?.status === 'absent') return result;
        localStorage.removeItem(key);
        if (key === own?.()) return result;
        try { onLate?.(result, path, body); } catch {}
      }
      return {};
    };
    return navigator.locks?.request(kOurs, run) ?? (turn = turn.then(run, run));
  }

  // Kept before it is sent: neither a dead agent nor a reload loses it.
  async function hand(path, document, ms = deadline) {
    let key;
    try {
      const all = keys(), last = +all.at(-1)?.split('/')[1] || 0;
      if (all.length >= keep) throw all;
      key = kOurs + Math.max(Date.now(), last + 1) + '/' + Math.random();
      localStorage.setItem(key, path + ' ' + JSON.stringify(document));
    } catch {
      const result = await ask(path, document, ms);
      return result.status === 'absent' ? { ...result, status: 'dropped' } : result;
    }
    const result = failures < 2 && await Promise.race([drain(() => key), sleep(ms)]).catch(() => {});
    if (result === undefined) key = failures++;  // nobody waits any more: onLate tells
    return result?.ok || result?.status === 'refused' ? result : carryOn('queued');
  }

  // While the agent is missed or something waits. The first look has Chrome ask its user for permission.
  async function look() {
    if (looking || (failures < 2 && !keys().length)) return;
    looking = true;
    try {
      await call('/health', 60000);
      failures = 0;
      await drain();
    } catch {}
    looking = false;
  }
  setInterval(look, 2000);
  look();

  const calls = { get waiting() { return keys().length; } };
  const offer = (how, where, ...verbs) =>
    verbs.forEach((verb) => { calls[verb] = (document, ms) => how(where + verb, document, ms); });
  offer(ask, 'checkouts/', 'advise');
  offer(hand, 'checkouts/', 'complete', 'reverse', 'event');
  offer(ask, 'coupons/', 'check', 'hold', 'release');
  return calls;
}
