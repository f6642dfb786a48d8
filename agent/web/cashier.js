// The cashier's page: folds what happens at the till into one state and draws it.

import { Events } from '/web/events.js';
import { answers, say, switchLanguage, words } from '/web/words.js';
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
  },
  coupon({ coupon }) {
    if (coupon.state === 'refused') toast(say(coupon));
  },
  reversed(message) {
    remember({ ...message, reversed: true, revoked: message.revoked?.length ?? 0 });
  },
  lane(message) {
    if (message.state !== 'resumed') state.checkout = null;
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
  },
};

function take(message) {
  if (ownLane && message.lane && message.lane !== ownLane) return;
  if (message.lane) state.lane = message.lane;
  happenings[message.type]?.(message);
  redraw();
}

async function answer(given) {
  const showing = state.checkout?.showing_id;
  if (!showing) return;
  try {
    const response = await fetch(`/v1/prompts/${showing}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ answer: given }),
    });
    if (!response.ok) toast((await response.json()).title ?? say(words.notRecorded));
  } catch {
    toast(say(words.notRecorded));
  }
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
document.getElementById('language').addEventListener('click', () => { switchLanguage(); redraw(); });
redraw();
new Events(take, onLink);
