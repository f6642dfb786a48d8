"""One day at the counter: baskets, tenders, and what else a point of sale writes down."""
import random
from datetime import datetime, timedelta, timezone

from people import GUIDES, HERE, OPERATORS, Visitors

SHANGHAI = timezone(timedelta(hours=8))
LANES = {"L1": 0.55, "L2": 0.45}
HOUR_WEIGHTS = {8: 2, 9: 5, 10: 7, 11: 9, 12: 8, 13: 5, 14: 4, 15: 5, 16: 7, 17: 11, 18: 13, 19: 11, 20: 9, 21: 6}
BASKET_LINES = {1: 17, 2: 25, 3: 24, 4: 17, 5: 10, 6: 5, 7: 2}
TENDERS = {"wechat": 62, "alipay": 23, "cash": 10, "card": 5}
EVENING = "20:30"
KINDS = {"unidentified": 136, "here": 74, "elsewhere": 22, "no_group": 14, "stranger": 33, "unknown": 21}
EXTRAS = {"suspended": 6, "reprint": 2, "voided": 3, "returned": 5, "no_sale": 2}
LARGE = 10000  # minor units; such baskets earn a coupon, so that reversals have one to revoke
MIN_GAP_S = 55  # between two sales of a lane: room for a void or a reprint in between


def half_away(numerator, denominator):
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def weighted(rng, table):
    return rng.choices(list(table), list(table.values()))[0]


class DayMaker:
    """Makes the documents of one business date in the order they happen."""

    def __init__(self, seed, town, products, date, sales, first_sequence):
        self.rng = random.Random(f"{seed}/{date}")
        self.visitors = Visitors(self.rng, town)
        self.products, self.date, self.sales = products, date, sales
        self.next_sequence = dict(first_sequence)
        self.opening = datetime.fromisoformat(f"{date}T08:30:00").replace(tzinfo=SHANGHAI)
        fruit = [p["sku"] for p in products if p["category"].startswith("fruit/") and "durian" not in p["category"]]
        self.evening_shelf = set(self.rng.sample(fruit, len(fruit) * 2 // 5))
        self.events = []

    def make(self):
        sales = self.all_sales()
        self.add_extras(sales)
        for lane in LANES:
            self.add_shifts(lane)
        self.events.sort(key=lambda event: event["at"])
        self.number()
        return [self.document(event) for event in self.events]

    # --- sales -----------------------------------------------------------------------------------------------

    def all_sales(self):
        kinds = scaled(KINDS, self.sales)
        self.rng.shuffle(kinds)
        per_lane = {"L1": round(self.sales * LANES["L1"])}
        per_lane["L2"] = self.sales - per_lane["L1"]
        times = [(at, lane) for lane, count in per_lane.items() for at in self.sale_times(count)]
        return [self.sale(lane, at, kind) for (at, lane), kind in zip(sorted(times), kinds)]

    def sale_times(self, count):
        midnight = self.opening.replace(hour=0, minute=0)
        drawn = sorted(self.second_of_day() for _ in range(count))
        times, earliest = [], 0
        for second in drawn:
            second = max(second, earliest)
            earliest = second + MIN_GAP_S + self.rng.uniform(0, 25)
            times.append(midnight + timedelta(milliseconds=round(second * 1000)))
        return times

    def second_of_day(self):
        hour = weighted(self.rng, HOUR_WEIGHTS)
        return hour * 3600 + self.rng.uniform(1860 if hour == 8 else 0, 3599)

    def sale(self, lane, at, kind):
        ids, member = self.visitors.draw(kind)
        lines = self.basket(at)
        totals = totals_of(lines)
        event = self.add("completed", lane, at)
        event.update(guide=self.guide(at, member), ids=ids, lines=lines, totals=totals,
                     tenders=self.tenders(totals["net"], ids, member))
        return event

    def basket(self, at):
        count = weighted(self.rng, BASKET_LINES)
        chosen = []
        while len(chosen) < count:
            product = self.rng.choices(self.products, [p["popularity"] for p in self.products])[0]
            if product not in chosen:
                chosen.append(product)
        chosen.sort(key=lambda p: p["category"] == "supplies")
        return [self.line(number, product, at) for number, product in enumerate(chosen, 1)]

    def line(self, number, product, at):
        thousandths = self.quantity(product)
        amount = half_away(thousandths * product["unit_price"], 1000)
        off = half_away(amount * self.percent_off(product, at), 100)
        return {"line_no": number, "sku": product["sku"], "name": product["name"], "category": product["category"],
                "kind": "sale", "quantity": quantity_text(thousandths, product["unit"]), "unit": product["unit"],
                "unit_price": product["unit_price"], "amount": amount, "discount": off}

    def quantity(self, product):
        low, high = product["low"], product["high"]
        if product["unit"] == "kg":
            return round(self.rng.triangular(low, high, low + (high - low) * 0.35) / 5) * 5
        return min(high, low + 1000 * int(self.rng.expovariate(1.6)))

    def percent_off(self, product, at):
        if f"{at:%H:%M}" < EVENING:
            return 0
        if product["category"] == "cut":
            return 50
        return 20 if product["sku"] in self.evening_shelf else 0

    def guide(self, at, member):
        if self.rng.random() < 0.2:
            return None
        on_shift = GUIDES[:4] if at.hour < 15 else GUIDES[2:]
        friend = member.friend_of.partition(":")[2] if member else ""
        return friend if friend in on_shift and self.rng.random() < 0.6 else self.rng.choice(on_shift)

    def tenders(self, net, ids, member):
        proven = member is not None and any(i["proof"] == "scanned" for i in ids)
        first = "member_balance" if proven and self.rng.random() < 0.35 else weighted(self.rng, TENDERS)
        if self.rng.random() > 0.06 or net < 1500:
            return [{"type": first, "amount": net}]
        part = net * self.rng.randint(2, 7) // 1000 * 100
        second = self.rng.choice([t for t in ("wechat", "cash", "alipay") if t != first])
        return [{"type": first, "amount": part}, {"type": second, "amount": net - part}]

    # --- everything else a point of sale writes ---------------------------------------------------------------

    def add_extras(self, sales):
        spare = [s for s in sales if 9 <= s["at"].hour < 21]
        for sale in self.take("returned", [s for s in spare if s["at"].hour < 17], spare, large=2):
            self.reverse("returned", sale, self.rng.choice(list(LANES)), self.rng.uniform(3600, 4.5 * 3600))
        for sale in self.take("voided", spare, spare, large=1):
            self.reverse("voided", sale, sale["lane"], self.rng.uniform(22, 40))
        for sale in self.take("reprint", spare, spare):
            self.copy("reprint", sale, self.rng.uniform(8, 20))["original"] = sale
        for sale in self.take("suspended", spare, spare):
            self.copy("suspended", sale, -self.rng.uniform(150, 420))["tenders"] = []
            self.copy("resumed", sale, -self.rng.uniform(12, 25))["tenders"] = []
        for _ in range(EXTRAS["no_sale"]):
            self.add("no_sale", self.rng.choice(list(LANES)), self.opening + timedelta(hours=self.rng.uniform(1, 12)))

    def take(self, extra, candidates, spare, large=0):
        """Picks sales for an extra, `large` of them over 100 yuan, and takes them out of `spare`."""
        rich = [s for s in candidates if s["totals"]["net"] >= LARGE]
        taken = self.rng.sample(rich, large)
        taken += self.rng.sample([s for s in candidates if s not in taken], EXTRAS[extra] - large)
        spare[:] = [s for s in spare if s not in taken]
        return taken

    def reverse(self, state, sale, lane, seconds):
        event = self.add(state, lane, sale["at"] + timedelta(seconds=seconds))
        event.update(guide=sale["guide"], ids=sale["ids"], original=sale, lines=[negated(l) for l in sale["lines"]],
                     totals={k: -v for k, v in sale["totals"].items()},
                     tenders=[{"type": t["type"], "amount": -t["amount"]} for t in sale["tenders"]])

    def copy(self, state, sale, seconds):
        event = self.add(state, sale["lane"], sale["at"] + timedelta(seconds=seconds))
        event.update({k: sale[k] for k in ("guide", "ids", "lines", "totals", "tenders")})
        return event

    def add_shifts(self, lane):
        change, late = self.opening + timedelta(hours=6.5), self.opening + timedelta(hours=13.55)
        self.add("sign_on", lane, self.opening - timedelta(minutes=8) + self.wobble())
        self.add("sign_off", lane, change - timedelta(seconds=60) + self.wobble())
        self.add("sign_on", lane, change + self.wobble())
        self.add("sign_off", lane, late + self.wobble())
        self.add("day_close", lane, late + timedelta(seconds=90) + self.wobble())

    def wobble(self):
        return timedelta(seconds=self.rng.uniform(0, 40))

    def add(self, state, lane, at):
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        operator = OPERATORS[lane][0 if f"{at:%H:%M}" < "15:00" else 1]
        event = {"state": state, "lane": lane, "at": at, "operator": operator}
        self.events.append(event)
        return event

    # --- documents ---------------------------------------------------------------------------------------------

    def number(self):
        for event in self.events:
            event["sequence"] = self.next_sequence[event["lane"]]
            self.next_sequence[event["lane"]] += 1

    def checkout_id(self, event):
        return f"{HERE}-{event['lane']}-{self.date.replace('-', '')}-{event['sequence']:06}"

    def document(self, event):
        doc = {"checkout_id": self.checkout_id(event), "state": event["state"], "store_id": HERE,
               "lane_id": event["lane"], "business_date": self.date, "series": 0, "sequence": event["sequence"],
               "occurred_at": event["at"].isoformat(timespec="milliseconds"), "operator_id": event["operator"]}
        if event.get("guide"):
            doc["guide_id"] = event["guide"]
        doc["training"] = False
        if event.get("ids"):
            doc["customer"] = {"ids": event["ids"]}
        doc.update(currency="CNY", prices_include_tax=True)
        if "lines" in event:
            doc.update(lines=event["lines"], totals=event["totals"], tenders=event["tenders"],
                       coupons=[], applied_discounts=[])
        if "original" in event:
            doc["original"] = self.original(event["original"])
        return doc

    def original(self, sale):
        return {"checkout_id": self.checkout_id(sale), "business_date": self.date, "lane_id": sale["lane"],
                "series": 0, "sequence": sale["sequence"]}


def scaled(table, total):
    """A list of `total` kinds in the table's proportions; the first kind takes what rounding leaves."""
    whole = sum(table.values())
    kinds = [kind for kind, count in table.items() for _ in range(count * total // whole)]
    return kinds + [next(iter(table))] * (total - len(kinds))


def totals_of(lines):
    gross, discount = sum(l["amount"] for l in lines), sum(l["discount"] for l in lines)
    return {"gross": gross, "discount": discount, "tax": 0, "net": gross - discount}


def quantity_text(thousandths, unit):
    return f"{thousandths // 1000}.{thousandths % 1000:03}" if unit == "kg" else str(thousandths // 1000)


def negated(line):
    return {**line, "kind": "returned", "quantity": "-" + line["quantity"], "amount": -line["amount"],
            "discount": -line["discount"]}


def slim(doc):
    """The same document without what a reader assumes anyway."""
    doc = {k: v for k, v in doc.items() if v != [] and k not in ("training", "series", "prices_include_tax")}
    if "lines" in doc:
        doc["lines"] = [{k: v for k, v in line.items() if (k, v) != ("discount", 0)} for line in doc["lines"]]
    return doc
