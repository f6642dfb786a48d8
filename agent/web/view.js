// Draws the cashier's state. Text goes in as text, never as markup.

import { answers, beside, language, say, verdicts, words } from '/web/words.js';

export const part = (id) => document.getElementById(id);

// A live region is spoken when it is written to, so only when it says something else.
export function write(id, text) {
  if (part(id).textContent !== text) part(id).textContent = text;
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

export function money(minor, currency) {
  const digits = currency?.exponent ?? 2;
  const sum = (minor / 10 ** digits).toFixed(digits);
  return !currency || currency.code === 'CNY' ? `¥${sum}` : `${currency.code} ${sum}`;
}

const clockOf = (time) => time.slice(11, 16);
const dayAndClockOf = (time) => `${time.slice(5, 10)} ${clockOf(time)}`;

// Which of the page's verdicts this is: a member of another store's group is asked to join here too.
export function verdictOf(checkout) {
  if (!checkout) return 'idle';
  const { status, here } = checkout.verdict;
  return status === 'member' && here === false ? 'elsewhere' : status;
}

function drawBar(state) {
  part('store-name').textContent = state.shop?.store_name || 'Tillside';
  part('lane').hidden = !state.lane;
  part('lane').textContent = `${say(words.lane)} ${state.lane ?? ''}`;
  part('language').textContent = say(words.language);
  part('language').lang = language() === 'zh' ? 'en' : 'zh-CN';
  const badge = part('link');
  badge.dataset.state = state.link === 'open' ? (state.online === false ? 'offline' : 'online') : state.link;
  const backlog = state.backlog > 0 ? ' · ' + say(words.waiting, { n: state.backlog }) : '';
  write('link', say(words[badge.dataset.state]) + (state.link === 'open' ? backlog : ''));
}

function freshness(checkout) {
  if (!checkout || checkout.verdict.status === 'unidentified') return '';
  const { as_of: asOf, scope, friend_of: friend } = checkout.verdict;
  const when = asOf ? say(words.asOf, { t: dayAndClockOf(asOf) }) : say(words.noData);
  const where = asOf ? ` · ${say(words[scope])}` : '';
  return when + where + (friend?.name ? ` · ${say(words.friend, { name: friend.name })}` : '');
}

function drawVerdict(state) {
  const verdict = verdictOf(state.checkout);
  part('verdict').dataset.status = verdict;
  part('verdict-icon').setAttribute('href', `#icon-${verdict}`);
  write('verdict-word', say(verdicts[verdict]));
  write('verdict-second', beside(verdicts[verdict]));
  part('freshness').textContent = freshness(state.checkout);
}

function firstPrompt(prompt) {
  const box = element('div', 'say-first');
  box.append(element('b', '', say(prompt)), element('span', '', beside(prompt)));
  return box;
}

function furtherPrompt(prompt) {
  const line = element('p', 'say-more', say(prompt) + ' ');
  line.append(element('span', '', beside(prompt)));
  return line;
}

// Before the close what to say; after it what to do, and the invitation as long as it stands.
function promptsOf(checkout) {
  if (!checkout?.identity) return checkout?.prompts ?? [];
  const invitation = checkout.join ? checkout.prompts.slice(0, 1) : [];
  return [checkout.coupons.length ? words.closedWithCoupon : words.closed, ...(checkout.unapproved ?? []), ...invitation];
}

function drawPrompts(state) {
  const prompts = promptsOf(state.checkout);
  const made = prompts.map((prompt, i) => (i === 0 ? firstPrompt(prompt) : furtherPrompt(prompt)));
  if (part('say').dataset.drawn === JSON.stringify([prompts, language()])) return;
  part('say').dataset.drawn = JSON.stringify([prompts, language()]);
  part('say').replaceChildren(...made);
}

function drawBasket(state) {
  const basket = part('basket');
  basket.replaceChildren();
  if (!state.checkout) return;
  basket.append(element('strong', '', money(state.checkout.net, state.shop?.currency)));
  if (state.checkout.lines) basket.append(` · ${say(words.items, { n: state.checkout.lines })}`);
}

function drawKeys(state) {
  const showing = state.checkout?.showing_id;
  part('keys').setAttribute('aria-label', say(words.keys));
  for (const button of part('keys').children) {
    const answer = answers[button.dataset.index];
    button.disabled = !showing;
    button.setAttribute('aria-pressed', String(Boolean(showing) && state.answered[showing] === answer.answer));
    button.querySelector('b').textContent = say(answer);
    button.querySelector('span').textContent = beside(answer);
  }
}

export function makeKeys(onAnswer) {
  answers.forEach((answer, index) => {
    const button = element('button', 'key');
    button.type = 'button';
    button.dataset.index = index;
    button.append(element('kbd', '', answer.key), element('b'), element('span'));
    button.addEventListener('click', () => onAnswer(answer.answer));
    part('keys').append(button);
  });
}

function showQr(source, alt) {
  const picture = part('qr');
  picture.hidden = !source;
  if (source && picture.getAttribute('src') !== source) picture.src = source;
  picture.alt = alt;
}

// Whether it can be used on this bill, or why not and where it can.
function standingOf(answer, currency) {
  if (answer.state === 'free') {
    return answer.discount > 0 ? say(words.usableNow, { m: money(answer.discount, currency) }) : say(words.usableGift);
  }
  const why = say(answer);
  if (answer.missing > 0) return say(words.stillMissing, { why, m: money(answer.missing, currency) });
  return answer.works_at ? `${why} · ${say(answer.works_at)}` : why;
}

function herLine(answer, currency) {
  const line = element('li', answer.state === 'free' ? 'free' : 'not-now');
  const { coupon } = answer;
  if (coupon) {
    line.append(element('b', '', coupon.title ? say(coupon.title) : coupon.id), element('span', 'worth', say(coupon.reward)));
  }
  if (coupon) line.append(element('small', '', say(words.validUntil, { d: coupon.valid_until.slice(0, 10) })));
  line.append(element('span', 'standing', standingOf(answer, currency)));
  return line;
}

function drawHers(hers, state) {
  part('code-title').textContent = `${say(words.hers)} · ${hers.length}`;
  part('code-reward').textContent = '';
  part('typed').textContent = '';
  part('code-note').textContent = '';
  showQr('', '');
  const first = hers.filter((answer) => answer.state === 'free'), later = hers.filter((answer) => answer.state !== 'free');
  part('hers').replaceChildren(...[...first, ...later].map((answer) => herLine(answer, state.shop?.currency)));
}

function drawCoupon(coupon, state) {
  part('code-title').textContent = say(words.couponIssued, { title: say(coupon.title) });
  part('code-reward').textContent = say(coupon.reward);
  part('typed').textContent = coupon.typed;
  const until = say(words.validUntil, { d: coupon.valid_until.slice(0, 10) });
  part('code-note').textContent = until;
  showQr(`/v1/checkouts/${encodeURIComponent(state.checkout.identity)}/receipt?format=png&only=${coupon.id}`, coupon.typed);
}

function drawJoin(join) {
  part('code-title').textContent = say(words.joinTitle);
  part('code-reward').textContent = '';
  part('typed').textContent = '';
  part('code-note').textContent = beside(words.joinTitle);
  showQr(`${join.qr}&format=svg`, say(words.join));
}

function drawNoCode() {
  part('code-title').textContent = '';
  part('code-reward').textContent = '';
  part('typed').textContent = '';
  part('code-note').textContent = say(words.codeIdle);
  showQr('', '');
}

// What can be shown at the right: what she may use, each coupon she was given, then the join code.
export function codesOf(checkout) {
  const hers = checkout?.usable_coupons?.length ? [{ hers: checkout.usable_coupons }] : [];
  const coupons = (checkout?.coupons ?? []).map((coupon) => ({ coupon }));
  return [...hers, ...coupons, ...(checkout?.join ? [{ join: checkout.join }] : [])];
}

const tabOf = (code) => (code.hers ? words.hers : code.join ? words.join : words.coupon);

function drawTabs(codes, chosen, onChoose) {
  const tabs = part('tabs');
  tabs.hidden = codes.length < 2;
  tabs.replaceChildren(...codes.map((code, index) => {
    const tab = element('button', '', say(tabOf(code)));
    tab.type = 'button';
    tab.setAttribute('aria-pressed', String(index === chosen));
    tab.addEventListener('click', () => onChoose(index));
    return tab;
  }));
}

function drawCode(state, onChoose) {
  const codes = codesOf(state.checkout);
  const chosen = Math.min(state.chosenCode, Math.max(codes.length - 1, 0));
  drawTabs(codes, chosen, onChoose);
  const code = codes[chosen];
  part('hers').hidden = !code?.hers;
  if (!code) drawNoCode();
  else if (code.hers) drawHers(code.hers, state);
  else if (code.coupon) drawCoupon(code.coupon, state);
  else drawJoin(code.join);
}

function outcomeOf(sale) {
  if (sale.reversed) return `${say(words.returned)}${sale.revoked ? ' · ' + say(words.revoked, { n: sale.revoked }) : ''}`;
  if (!sale.sale) return say(words.notASale);
  const verdict = say(verdicts[verdictOf(sale)]);
  const used = sale.redeemed?.length ? ` · ${say(words.redeemed, { n: sale.redeemed.length })}` : '';
  const refused = sale.unapproved?.length ? ` · ${say(words.unapproved, { n: sale.unapproved.length })}` : '';
  return `${verdict}${used}${refused} · ${sale.coupons.length ? say(words.issued, { n: sale.coupons.length }) : say(words.earnedNothing)}`;
}

function recentLine(sale, state) {
  const line = element('li', sale.reversed ? 'back' : '');
  line.append(element('time', '', sale.seen), element('span', 'what', outcomeOf(sale)),
    element('span', 'sum', money(sale.net, state.shop?.currency)));
  return line;
}

function drawRecent(state) {
  part('recent-title').textContent = say(words.recent);
  const lines = state.recent.map((sale) => recentLine(sale, state));
  part('recent').replaceChildren(...(lines.length ? lines : [element('li', 'empty', say(words.nothingYet))]));
}

export function draw(state, onChooseCode) {
  document.documentElement.lang = language() === 'zh' ? 'zh-CN' : 'en';
  drawBar(state);
  drawVerdict(state);
  drawPrompts(state);
  drawBasket(state);
  drawKeys(state);
  drawCode(state, onChooseCode);
  drawRecent(state);
}

let toastTimer = 0;
// '' takes away what is shown.
export function toast(text) {
  part('toast').textContent = text;
  part('toast').hidden = !text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { part('toast').hidden = true; }, 6000);
}
