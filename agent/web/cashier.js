// The cashier's page: folds what happens at the till into one state and draws it.

import { Events } from '/web/events.js';
import { Scanner } from '/web/scanner.js';
import { actOf, drawScan } from '/web/scan_view.js';
import { answers, say, scanWords, switchLanguage, words } from '/web/words.js';
import { draw, makeKeys, toast } from '/web/view.js';

const kRecent = 20;

const state = {
  shop: null,
  lane: new URLSearchParams(location.search).get('lane'),
  link: 'connecting',  // open, lost
  online: true,
  backlog: 0,
  checkout: null,      // the one at hand, or the one just closed
  chosenCode: 0,
  answered: {},        // showing id -> answer
  scan: null,          // what was scanned last: {id, code, coupon, holdId, left}
  typing: '',          // half a code, typed by hand
  recent: [],
};
const ownLane = state.lane;

let waiting = false;
function redraw() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    draw(state, (index) => { state.chosenCode = index; redraw(); });
    drawScan(state);
  });
}

const clock = () => new Date().toTimeString().slice(0, 5);

function remember(sale) {
  state.recent = [{ ...sale, seen: clock() }, ...state.recent].slice(0, kRecent);
}

const happenings = {
  advised(message) {
    state.checkout = { ...message, coupons: [] };
    state.chosenCode = 0;
  },
  completed(message) {
    const same = state.checkout && state.checkout.lane === message.lane && state.checkout.checkout_id === message.checkout_id;
    state.checkout = { ...(same ? state.checkout : { prompts: [], join: null, showing_id: null }), ...message, usable_coupons: [] };
    state.chosenCode = 0;
    remember(message);
    closeBill(message);
  },
  scanned({ id, code, coupon }) {
    if (wasClosed(id, code)) return;
    toast(coupon.reason === 'not_a_code' ? say(scanWords.notOurs) : '');
    if (coupon.reason === 'not_a_code') return;
    const busy = state.scan?.code === code && ['approved', 'asking'].includes(state.scan.coupon.state);
    if (!busy) state.scan = { id, code, coupon, holdId: null, left: false };
  },
  coupon({ coupon }) {
    const shown = state.scan?.coupon.coupon;
    if (shown && shown.id === coupon.coupon?.id) state.scan = { ...state.scan, coupon, holdId: coupon.hold_id, left: false };
    else if (coupon.state === 'refused') toast(say(coupon));
  },
  reversed(message) {
    remember({ ...message, reversed: true, revoked: message.revoked?.length ?? 0 });
  },
  lane(message) {
    if (message.state !== 'resumed') state.checkout = null;
    if (message.state === 'day_close') state.scan = null;
  },
  prompted(message) {
    state.answered = { [message.showing_id]: message.answer };
  },
  status(message) {
    state.online = message.online;
    state.backlog = message.backlog ?? 0;
  },
  resync() {
    state.checkout = null;
    state.recent = [];
    state.scan = null;
  },
};

// What was scanned goes with the bill, unless it is still held: then the POS did not redeem it, and the cashier is told.
function closeBill(sale) {
  if (!state.scan) return;
  const id = state.scan.coupon.coupon?.id;
  const redeemed = (sale.redeemed ?? []).some((one) => one.id === id);
  if (state.scan.coupon.state === 'approved' && !redeemed) state.scan.left = true;
  else state.scan = null;
}

function take(message) {
  if (ownLane && message.lane && message.lane !== ownLane) return;
  if (message.lane) state.lane = message.lane;
  happenings[message.type]?.(message);
  redraw();
}

// The answer; undefined, and a word to the cashier, when there is none.
async function post(path, body, trouble) {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    if (response.ok) return answer;
    toast(answer.title ?? say(trouble));
  } catch {
    toast(say(trouble));
  }
  return undefined;
}

function answer(given) {
  const showing = state.checkout?.showing_id;
  if (showing) post(`/v1/prompts/${showing}`, { answer: given }, words.notRecorded);
}

// The answer comes as a happening, to every screen of the lane.
function check(code, usCode) {
  return post('/v1/scans', { code, us_code: usCode, lane_id: state.lane ?? undefined }, scanWords.notChecked);
}

const newHoldId = () => `page-${state.lane}-${crypto.randomUUID()}`;

const scanCalls = {
  again: ({ code }) => check(code),
  release: ({ holdId }) => post('/v1/coupons/release', { hold_id: holdId }, scanWords.notDone),
  ask: ({ code, holdId }) => hold('hold', { code, hold_id: holdId ?? newHoldId() }),
  hold: ({ code }) => hold('hold', { code }),
  takeOver: ({ code }) => hold('hold', { code, take_over: true }),
  handOver: ({ code }) => hold('hand-over', { code }),
};

function hold(verb, body) {
  return post(`/v1/coupons/${verb}`, { hold_id: newHoldId(), lane_id: state.lane, ...body }, scanWords.notDone);
}

let acting = false;
async function act() {
  const verb = actOf(state.scan, state.lane);
  if (!verb || acting) return;
  acting = true;
  await scanCalls[verb](state.scan);
  acting = false;
}

function closeScan() {
  try {
    sessionStorage.setItem('closedScan', `${state.scan?.id} ${state.scan?.code}`);
  } catch {
    // A browser without storage shows it once more when the page is loaded again.
  }
  state.scan = null;
  redraw();
}

// What happened is told again to a page that was loaded again; the cashier closed this.
function wasClosed(id, code) {
  try {
    return sessionStorage.getItem('closedScan') === `${id} ${code}`;
  } catch {
    return false;
  }
}

function onScanKey(event) {
  const does = { F8: act, Escape: closeScan }[event.key];
  if (!does || !state.scan) return;
  event.preventDefault();
  if (!event.repeat) does();
}

function onKey(event) {
  const pressed = answers.find(({ key }) => key === event.key);
  if (!pressed || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  if (!event.repeat) answer(pressed.answer);
}

async function readShop() {
  const response = await fetch('/v1/shop');
  if (response.status === 401) return toast(say(words.letIn));
  if (response.ok) state.shop = await response.json();
  redraw();
}

async function readStatus() {
  const response = await fetch('/v1/status');
  if (response.ok) happenings.status(await response.json());
  redraw();
}

function onLink(link) {
  state.link = link;
  redraw();
  if (link === 'open') Promise.all([readShop(), readStatus()]).catch(() => {});
  else readShop().catch(() => {});
}

makeKeys(answer);
document.addEventListener('keydown', onKey);
document.addEventListener('keydown', onScanKey);
document.getElementById('scan-act').addEventListener('click', act);
document.getElementById('scan-close').addEventListener('click', closeScan);
new Scanner(check, (typing) => { state.typing = typing; redraw(); });
document.getElementById('language').addEventListener('click', () => { switchLanguage(); redraw(); });
redraw();
new Events(take, onLink);
