// Odoo's orders as Tillside's checkouts: shaped as Odoo 17 exports them and 18 serialises or keeps them, and handed to
// a real agent. Usage: node odoo_mapping.test.mjs <server program> <folder of the Odoo module>
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, startServer } from './workbench.mjs';

const [program, folder] = process.argv.slice(2);
const source = (name) => readFileSync(join(folder, 'static/src', name), 'utf8');
const { checkoutOf, tenderOf, uidOf } = await import(`data:text/javascript,${encodeURIComponent(source('checkout_of.js'))}`);

const products = { 41: { id: 41, barcode: '6901234567892', default_code: 'D1', display_name: '榴莲' },
  42: { id: 42, barcode: false, default_code: 'M7', display_name: '芒果' }, 43: { id: 43, display_name: 'Discount' } };
const methods = { 1: { id: 1, name: '现金', type: 'cash', is_cash_count: true }, 2: { id: 2, name: '微信支付', type: 'bank' },
  3: { id: 3, name: 'Bank', type: 'bank' }, 4: { id: 4, name: 'Customer Account', type: 'pay_later' } };
const partners = { 7: { id: 7, name: '林小姐', phone: '13700137000', mobile: false, barcode: '042100005' } };
const facts = (more) => ({
  laneId: 'L2', currency: { name: 'CNY', decimal_places: 2 },
  product: (id) => products[id], paymentMethod: (id) => methods[id], partner: (id) => partners[id],
  original: () => undefined, ...more,
});
const now = new Date().toISOString().slice(0, 19).replace('T', ' ');

// As Order.export_as_JSON() of 17 writes it.
const line17 = (more) => [0, 0, {
  uuid: '5f0c', skip_change: false, custom_attribute_value_ids: [], qty: 1, price_unit: 39.9, price_subtotal: 36.61,
  price_subtotal_incl: 39.9, discount: 0, product_id: 41, tax_ids: [[6, false, [3]]], id: 12, pack_lot_ids: [],
  attribute_value_ids: [], full_product_name: '榴莲', price_extra: 0, customer_note: '', refunded_orderline_id: undefined,
  price_type: 'original', ...more,
}];
const order17 = (more) => ({
  name: '订单 00012-003-0045', amount_paid: 123.45, amount_total: 123.45, amount_tax: 10.19, amount_return: 0,
  lines: [line17({ qty: 1.235, price_unit: 79.8, price_subtotal_incl: 88.69, price_subtotal: 81.37, discount: 10 }),
    line17({ product_id: 42, full_product_name: '芒果', price_subtotal_incl: 34.76, price_unit: 34.76 })],
  statement_ids: [[0, 0, { name: now, payment_method_id: 2, amount: 123.45, payment_status: '', ticket: '', card_type: '',
    cardholder_name: '', transaction_id: '' }]],
  pos_session_id: 12, pricelist_id: 1, partner_id: 7, user_id: 2, uid: '00012-003-0045', sequence_number: 45,
  date_order: now, fiscal_position_id: false, server_id: false, to_invoice: false, is_tipped: false, tip_amount: 0,
  access_token: '', ...more,
});
const refund17 = (uid, rows) => order17({
  uid, name: `Order ${uid}`, partner_id: false, amount_total: -39.9, amount_tax: -3.29, amount_paid: -39.9,
  lines: rows, statement_ids: [[0, 0, { payment_method_id: 1, amount: -39.9 }]],
});
const backRow = line17({ qty: -1, price_subtotal_incl: -39.9, price_subtotal: -36.61, refunded_orderline_id: 1204 });

// As pos.order records of 18 are, in what is read of them.
function order18() {
  const order = { uuid: 'b7c1', pos_reference: 'Order 00012-003-0050', tracking_number: '150', state: 'paid',
    amount_total: 100, amount_tax: 8.26, amount_paid: 100, amount_return: 20, date_order: now,
    user_id: { id: 2 }, employee_id: { id: 9 }, partner_id: { id: 7 } };
  order.lines = [{ uuid: 'l1', order_id: order, product_id: products[41], qty: 2, price_unit: 60, discount: 0,
    price_subtotal_incl: 120, full_product_name: '榴莲' },
  { uuid: 'l2', order_id: order, product_id: products[43], qty: 1, price_unit: -20, discount: 0, price_subtotal_incl: -20,
    full_product_name: '满减' }];
  order.payment_ids = [{ payment_method_id: methods[1], amount: 120 }];
  return order;
}

const server = await startServer(program);
const paths = { advise: '/v1/checkouts/advise', complete: '/v1/checkouts/complete', reverse: '/v1/checkouts/reverse' };
async function hand({ verb, checkout }) {
  const answer = await server.post(paths[verb], checkout);
  assert.deepEqual((answer.flags ?? []).filter((flag) => flag !== 'business_date_assumed'), [], JSON.stringify(checkout));
  return answer;
}

const steps = {
  async 'an order of 17 at the payment screen asks for advice'() {
    const { verb, checkout } = checkoutOf(order17({ statement_ids: [] }), facts());
    assert.equal(verb, 'advise');
    assert.equal(checkout.checkout_id, '00012-003-0045');
    assert.deepEqual(checkout.customer.ids.map(({ type, proof }) => `${type} ${proof}`), ['phone named', 'card named']);
    assert.equal(checkout.operator_id, 'u2');
    assert.deepEqual(checkout.tenders, []);
    const answer = await hand({ verb, checkout });
    assert.equal(answer.verdict.status, 'not_member');
  },
  async 'paid, it is a sale to the cent, with discounts as money'() {
    const { verb, checkout } = checkoutOf(order17(), facts(), { closed: true });
    assert.equal(verb, 'complete');
    const [first, second] = checkout.lines;
    assert.deepEqual([first.sku, first.amount, first.discount, first.quantity], ['6901234567892', '98.54', '9.85', 1.235]);
    assert.deepEqual([second.sku, second.amount, second.discount], ['M7', '34.76', '0.00']);
    assert.deepEqual(checkout.totals, { gross: '133.30', discount: '9.85', tax: '10.19', net: '123.45' });
    assert.deepEqual(checkout.tenders, [{ type: 'wechat', amount: '123.45' }]);
    assert.equal(checkout.occurred_at, now.replace(' ', 'T') + 'Z');
    const answer = await hand({ verb, checkout });
    assert.equal(answer.sale, true);
    assert.equal(answer.coupons.length, 1);
  },
  async 'a refund of 17 takes back its line, linked by what the ticket screen chose'() {
    const { verb, checkout } = checkoutOf(order17({ uid: '00012-003-0046', lines: [line17({ qty: 3, price_subtotal_incl: 119.7 })],
      amount_total: 119.7, amount_tax: 9.88, statement_ids: [[0, 0, { payment_method_id: 3, amount: 119.7 }]] }), facts(), { closed: true });
    await hand({ verb, checkout });
    assert.equal(checkout.tenders[0].type, 'card');
    const returned = checkoutOf(refund17('00012-003-0047', [backRow]),
      facts({ original: ({ refunded_orderline_id: id }) => (id === 1204 ? { uid: '00012-003-0046', line_no: 1 } : undefined) }), { closed: true });
    assert.equal(returned.verb, 'reverse');
    assert.equal(returned.checkout.state, 'returned');
    assert.deepEqual(returned.checkout.lines[0].original, { checkout_id: '00012-003-0046', line_no: 1 });
    assert.deepEqual([returned.checkout.lines[0].amount, returned.checkout.lines[0].quantity], ['-39.90', 1]);
    assert.deepEqual(returned.checkout.tenders, [{ type: 'cash', amount: '-39.90' }]);
    const answer = await hand(returned);
    assert.ok(answer.original.includes('00012-003-0046'), answer.original);
    assert.equal(answer.refund.amount, 3990);
    const preview = checkoutOf(refund17('00012-003-0049', [backRow]), facts());
    assert.equal(preview.verb, 'advise');
    assert.equal(preview.checkout.state, 'returned');
  },
  async 'goods back and goods taken in one order are an exchange'() {
    const rows = [line17({ qty: -1, price_subtotal_incl: -39.9, refunded_orderline_id: 1204 }), line17({ qty: 2, price_subtotal_incl: 79.8 })];
    const made = checkoutOf(order17({ uid: '00012-003-0048', lines: rows, amount_total: 39.9, amount_tax: 3.29,
      statement_ids: [[0, 0, { payment_method_id: 1, amount: 39.9 }]] }),
    facts({ original: () => ({ uid: '00012-003-0046' }) }), { closed: true });
    assert.equal(made.verb, 'complete');
    assert.equal(made.checkout.state, 'exchanged');
    assert.deepEqual(made.checkout.lines[0].original, { checkout_id: '00012-003-0046', line_no: 0 });
    const answer = await hand(made);
    assert.equal(answer.taken_back.refund.amount, 3990);
  },
  async 'records of 18: discount lines, change, the employee; its serialised form says the same'() {
    const order = order18();
    const made = checkoutOf(order, facts(), { closed: true });
    assert.equal(made.checkout.checkout_id, '00012-003-0050');
    assert.equal(made.checkout.operator_id, 'e9');
    assert.deepEqual(made.checkout.lines.map(({ kind, amount }) => `${kind} ${amount}`), ['sale 120.00', 'discount -20.00']);
    assert.deepEqual(made.checkout.tenders, [{ type: 'cash', amount: '120.00' }, { type: 'cash', amount: '-20.00' }]);
    await hand(made);
    const bare = (row, names) => [0, 0, { ...row, ...Object.fromEntries(names.map((name) => [name, row[name]?.id])), order_id: undefined }];
    const serialised = { ...order, user_id: 2, employee_id: 9, partner_id: 7, lines: order.lines.map((line) => bare(line, ['product_id'])),
      payment_ids: order.payment_ids.map((payment) => bare(payment, ['payment_method_id'])) };
    assert.deepEqual(checkoutOf(serialised, facts(), { closed: true }), made);
  },
  async 'odd orders'() {
    assert.equal(uidOf({ uuid: 'only-this' }), 'only-this');
    const yen = checkoutOf(order17({ lines: [line17({ price_subtotal_incl: 400 })], amount_total: 400, amount_tax: 0, statement_ids: [] }),
      facts({ currency: { name: 'JPY', decimal_places: 0 } }));
    assert.equal(yen.checkout.totals.net, '400');
    const free = checkoutOf(order17({ lines: [line17({ discount: 100, price_subtotal_incl: 0 })], amount_total: 0, amount_tax: 0 }), facts());
    assert.deepEqual([free.checkout.lines[0].amount, free.checkout.lines[0].discount], ['39.90', '39.90']);
    assert.equal(checkoutOf(order17(), facts({ laneId: '一号 till/2' })).checkout.lane_id, '___till_2');
    assert.equal(checkoutOf(order17({ lines: [], amount_total: -0.0000001, statement_ids: [] }), facts()).checkout.totals.net, '0.00');
    assert.deepEqual(['支付宝', 'Alipay QR', '数字人民币', '云闪付 银联', '储值卡', '礼券'].map((name) => tenderOf({ name, type: 'bank' })),
      ['alipay', 'alipay', 'digital_yuan', 'unionpay', 'member_balance', 'voucher']);
    assert.equal(tenderOf(methods[4]), 'credit');
    assert.equal(tenderOf(undefined), 'other');
  },
  async 'the module is whole, with the client as it is shipped'() {
    for (const name of ['payment_screen.js', 'checkout_of.js', 'tillside-pos.js']) {
      assert.ok(source(name).startsWith('/** @odoo-module */'), name);
    }
    assert.match(source('tillside-pos.js'), /export function tillsidePos/);
    for (const name of ['__manifest__.py', '__init__.py', 'models/pos_config.py', 'views/pos_config.xml']) readFileSync(join(folder, name));
  },
};

const failed = await run(steps);
server.end();
process.exit(failed ? 1 : 0);
