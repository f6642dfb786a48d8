/** @odoo-module */
// An Odoo order as a Tillside checkout. Pure: it reads what it is given and knows nothing of Odoo's classes.
//
// `order` is what export_as_JSON() gives (Odoo 17), what serialize({orm: true}) gives (18), or a record of 18 itself;
// lines and payments may stand as [0, 0, {…}], references as a number, as [id, name] or as a record.
// `facts` tell what ids mean:
//   laneId, currency {name, decimal_places}, product(id), paymentMethod(id), partner(id) → record or undefined,
//   original(line) → {uid, line_no} of the line that `line` takes back, or undefined;
//   coupons, appliedDiscounts, showingId of the open bill.

const idOf = (reference) => (Array.isArray(reference) ? reference[0] : reference?.id ?? reference) || undefined;
const rowsOf = (rows) => (rows ?? []).map((row) => (Array.isArray(row) ? row[2] : row)).filter(Boolean);
const plain = (text) => text.replace(/[^A-Za-z0-9_.-]/g, '_').slice(0, 32);

// "Order 00012-003-0045", "订单 00012-003-0045" or the uid alone: the number names the order in every language.
export function uidOf(order) {
  const named = order.uid || order.pos_reference || order.name || '';
  return /\d+-\d+-\d+/.exec(named)?.[0] ?? order.uuid;
}

// Odoo's times are UTC without saying so.
const timeOf = (text) => (typeof text === 'string' && text ? text.replace(' ', 'T').replace(/(Z|[+-]\d\d:?\d\d)?$/, 'Z') : undefined);

const kTenders = [[/微信|wechat|weixin/i, 'wechat'], [/支付宝|alipay/i, 'alipay'], [/数字人民币|e-?cny/i, 'digital_yuan'],
  [/银联|unionpay/i, 'unionpay'], [/券|voucher|gift/i, 'voucher'], [/储值|会员卡|余额|balance/i, 'member_balance']];

export function tenderOf(method) {
  if (!method) return 'other';
  if (method.type === 'cash' || method.is_cash_count) return 'cash';
  if (method.type === 'pay_later') return 'credit';
  return kTenders.find(([words]) => words.test(method.name))?.[1] ?? 'card';
}

function kindOf(line) {
  if (line.qty < 0) return 'returned';
  return line.price_subtotal_incl < 0 ? 'discount' : 'sale';
}

// Odoo tells what is paid after the line's discount in per cent; Tillside wants both.
function lineOf(line, index, facts, money) {
  const product = facts.product(idOf(line.product_id)) ?? {};
  const kind = kindOf(line);
  const left = 1 - (line.discount || 0) / 100;
  const paid = line.price_subtotal_incl;
  const full = left > 0 ? paid / left : line.price_unit * line.qty;
  const amount = money(full), quantity = Math.abs(line.qty);
  const made = {
    line_no: index + 1, kind, quantity, amount,
    sku: String(product.barcode || product.default_code || product.id || ''),
    name: line.full_product_name || product.display_name || '',
    discount: kind === 'discount' ? money(0) : money(Number(amount) - paid),
  };
  if (quantity > 0 && kind !== 'discount') made.unit_price = money(Math.abs(full) / quantity);
  const original = line.qty < 0 && idOf(line.refunded_orderline_id) !== undefined && facts.original(line);
  if (original) made.original = { checkout_id: original.uid, line_no: original.line_no ?? 0 };
  return made;
}

function tendersOf(order, facts, money) {
  const payments = rowsOf(order.statement_ids ?? order.payment_ids);
  const tenders = payments.map((payment) => ({
    type: tenderOf(facts.paymentMethod(idOf(payment.payment_method_id))), amount: money(payment.amount),
  }));
  const tellsChange = payments.some((payment) => payment.is_change);
  if (order.amount_return > 0 && !tellsChange) tenders.push({ type: 'cash', amount: money(-order.amount_return) });
  return tenders;
}

// A name said at the till proves nothing: `named`.
function customerOf(order, facts) {
  const partner = facts.partner(idOf(order.partner_id));
  const ids = [['phone', partner?.mobile || partner?.phone], ['card', partner?.barcode]]
    .filter(([, value]) => value).map(([type, value]) => ({ type, value: String(value), proof: 'named' }));
  return ids.length ? { ids } : undefined;
}

// closed: the order is paid. The verb is the call it belongs to.
export function checkoutOf(order, facts, { closed = false } = {}) {
  const digits = facts.currency.decimal_places ?? 2;
  const money = (amount) => (Math.abs(amount) < 0.5 / 10 ** digits ? 0 : amount).toFixed(digits);
  const lines = rowsOf(order.lines).map((line, index) => lineOf(line, index, facts, money));
  const back = lines.filter(({ kind }) => kind === 'returned').length;
  const isReturn = back > 0 && back === lines.length;
  const sum = (name) => money(lines.reduce((total, line) => total + Number(line[name]), 0));
  const operator = idOf(order.employee_id) ? `e${idOf(order.employee_id)}` : idOf(order.user_id) && `u${idOf(order.user_id)}`;
  const checkout = {
    checkout_id: uidOf(order),
    state: isReturn ? 'returned' : !closed ? 'total' : back ? 'exchanged' : 'completed',
    lane_id: plain(facts.laneId),
    occurred_at: closed ? timeOf(order.date_order) : undefined,
    operator_id: operator || undefined,
    customer: customerOf(order, facts),
    currency: facts.currency.name,
    prices_include_tax: true,
    lines,
    totals: { gross: sum('amount'), discount: sum('discount'), tax: money(order.amount_tax ?? 0), net: money(order.amount_total) },
    tenders: closed ? tendersOf(order, facts, money) : [],
    coupons: facts.coupons ?? [],
    applied_discounts: facts.appliedDiscounts ?? [],
    showing_id: facts.showingId ?? null,
    source: { adapter: 'http', pos: 'odoo', confidence: 'exact' },
  };
  return { verb: isReturn && closed ? 'reverse' : closed ? 'complete' : 'advise', checkout };
}
