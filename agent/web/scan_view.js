// Draws a coupon that was scanned at the till: whether it is good, why not, and what the cashier can do with it.

import { beside, say, scanActs, scanWords, verdicts, words } from '/web/words.js';
import { money, part, verdictOf, write } from '/web/view.js';

// What the action key does now; undefined: nothing.
export function actOf(scan, lane) {
  if (!scan) return undefined;
  const { state, reason, coupon } = scan.coupon;
  if (state === 'approved') return scan.holdId ? 'release' : undefined;
  if (state === 'spent') return undefined;
  if (state === 'refused' && (reason !== 'held' || !coupon)) return 'again';
  if (!lane) return undefined;
  if (state === 'refused') return 'takeOver';
  if (state === 'asking') return 'ask';
  return coupon?.kind === 'pickup' ? 'handOver' : 'hold';
}

function wordOf(scan) {
  const { state, coupon } = scan.coupon;
  if (state === 'approved' && scan.left) return scanWords.left;
  if (state === 'spent' && coupon?.kind === 'pickup') return scanWords.handedOver;
  return scanWords[state];
}

// Its worth on this bill where that is known, else its terms.
function worthOf({ coupon, discount, missing, state }, currency) {
  if (missing > 0) return say(words.stillMissing, { why: say(coupon.reward), m: money(missing, currency) });
  if (discount > 0 && state !== 'refused') return `${say(coupon.reward)} · −${money(discount, currency)}`;
  return coupon ? say(coupon.reward) : '';
}

function noteOf(scan, lane) {
  const { state, coupon, works_at: where } = scan.coupon;
  const notes = [];
  if (scan.left) notes.push(say(scanWords.leftWhy));
  if (state === 'refused' && where) notes.push(say(where));
  if (coupon) notes.push(say(words.validUntil, { d: coupon.valid_until.slice(0, 10) }));
  if (!lane && coupon) notes.push(say(scanWords.noLane));
  return notes.join(' · ');
}

function drawAct(act) {
  part('scan-act').hidden = !act;
  if (!act) return;
  part('scan-act').classList.toggle('first', act !== 'release' && act !== 'again');
  part('scan-act').querySelector('b').textContent = say(scanActs[act]);
  part('scan-act').querySelector('span').textContent = beside(scanActs[act]);
}

function drawFoot(state) {
  const { checkout } = state;
  const open = checkout && !checkout.identity;
  part('scan-bill').textContent = open
    ? `${say(scanWords.bill)} ${money(checkout.net, state.shop?.currency)} · ${say(verdicts[verdictOf(checkout)])}` : '';
  part('scan-close').querySelector('b').textContent = say(scanActs.close);
  part('scan-close').querySelector('span').textContent = beside(scanActs.close);
}

export function drawScan(state) {
  const { scan } = state;
  part('scan').hidden = !scan;
  part('verdict').hidden = Boolean(scan);
  part('typing').hidden = !state.typing;
  part('typing').textContent = state.typing ? say(scanWords.typing, { code: state.typing }) : '';
  if (!scan) return;
  const { coupon, state: standing } = scan.coupon;
  part('scan').dataset.state = standing;
  part('scan-icon').setAttribute('href', `#icon-scan-${standing === 'refused' ? 'refused' : standing === 'asking' ? 'asking' : 'good'}`);
  const word = wordOf(scan);
  write('scan-word', say(word));
  write('scan-second', standing === 'refused' ? say(scan.coupon) : beside(word));
  part('scan-why').textContent = standing === 'refused' ? beside(scan.coupon) : '';
  part('scan-title').textContent = coupon ? (coupon.title ? say(coupon.title) : coupon.id) : '';
  part('scan-worth').textContent = worthOf(scan.coupon, state.shop?.currency);
  part('scan-note').textContent = noteOf(scan, state.lane);
  drawAct(actOf(scan, state.lane));
  drawFoot(state);
}
