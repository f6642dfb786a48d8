/** @odoo-module */
// Asks Tillside when the payment screen opens and tells it when an order was paid. Nothing here can stop a sale: every
// call answers within its deadline, and what goes wrong on our side is caught.
import { PaymentScreen } from '@point_of_sale/app/screens/payment_screen/payment_screen';
import { patch } from '@web/core/utils/patch';
import { onMounted } from '@odoo/owl';
import { checkoutOf, uidOf } from './checkout_of';
import { tillsidePos } from './tillside-pos';

let till;
const bills = new Map();  // uid of an open order -> {showingId, coupons, appliedDiscounts}

// Odoo 17 keeps dictionaries, 18 keeps models.
function lookup(pos, model, dictionary) {
  return (id) => (id === undefined ? undefined : pos.models?.[model]?.get?.(id) ?? dictionary?.(id));
}

// Which line of which order a line takes back: 18 links records, 17 keeps what was chosen on the ticket screen.
function original(pos, line) {
  const record = line.refunded_orderline_id;
  if (record?.order_id) {
    return { uid: uidOf(record.order_id), line_no: record.order_id.lines.indexOf(record) + 1 };
  }
  const chosen = pos.toRefundLines?.[record]?.orderline;
  return chosen && { uid: chosen.orderUid };
}

function factsOf(pos, bill) {
  return {
    ...bill,
    laneId: pos.config.tillside_lane || `odoo-${pos.config.id}`,
    currency: pos.currency,
    product: lookup(pos, 'product.product', (id) => pos.db?.get_product_by_id(id)),
    paymentMethod: lookup(pos, 'pos.payment.method', (id) => pos.payment_methods_by_id?.[id]),
    partner: lookup(pos, 'res.partner', (id) => pos.db?.get_partner_by_id(id)),
    original: (line) => original(pos, line),
  };
}

function shapeOf(order) {
  if (order.export_as_JSON) return order.export_as_JSON();
  order.recomputeOrderData?.();
  return order;
}

patch(PaymentScreen.prototype, {
  setup() {
    super.setup(...arguments);
    onMounted(() => this.tillsideAdvise());
  },

  async tillsideAsk(closed) {
    const { token, order } = { token: this.pos.config.tillside_token, order: this.currentOrder };
    if (!token || !order) return undefined;
    till ??= tillsidePos({ token });
    const shape = shapeOf(order), uid = uidOf(shape);
    const { verb, checkout } = checkoutOf(shape, factsOf(this.pos, bills.get(uid)), { closed });
    const result = await till[verb](checkout);
    if (!closed && result.ok) bills.set(uid, { ...bills.get(uid), showingId: result.answer.showing_id });
    if (closed) bills.delete(uid);
    return result;
  },

  async tillsideAdvise() {
    try {
      const result = await this.tillsideAsk(false);
      if (result?.ok) this.tillsideShow(result.answer.prompts.map((prompt) => prompt.zh), 'info');
    } catch (error) {
      console.warn('Tillside', error);
    }
  },

  async afterOrderValidation() {
    try {
      const result = await this.tillsideAsk(true);
      const coupons = result?.ok ? result.answer.coupons ?? result.answer.restored ?? [] : [];
      this.tillsideShow(coupons.map((coupon) => `${coupon.title.zh} ${coupon.typed}`), 'success');
      if (result?.status === 'refused') console.warn('Tillside', result.problem);
    } catch (error) {
      console.warn('Tillside', error);
    }
    return super.afterOrderValidation(...arguments);
  },

  tillsideShow(texts, type) {
    const service = this.env.services.notification ?? this.notification;
    for (const text of texts) service.add(text, { type, sticky: false });
  },
});
