"""Reads the sample store back as a stranger would and says what is wrong with it."""
import csv
import json
from collections import Counter, defaultdict
from datetime import datetime

STATES = {"completed", "suspended", "resumed", "voided", "returned", "no_sale", "reprint", "sign_on", "sign_off",
          "day_close"}
TENDERS = {"cash", "wechat", "alipay", "card", "member_balance"}
PROOFS = {"named", "scanned", "paid"}
ID_TYPES = {"phone", "card", "unionid", "openid", "external_userid"}
COUNTS = {"completed": 300, "suspended": 6, "resumed": 6, "voided": 3, "returned": 5, "no_sale": 2, "reprint": 2,
          "sign_on": 4, "sign_off": 4, "day_close": 2}
VERDICTS = ["member, here", "member, elsewhere only", "not_member, known but in no group",
            "not_member, phone not in the list", "unknown", "unidentified"]


class Wrong(Exception):
    """Something in the sample store does not hold."""


def expect(condition, what):
    if not condition:
        raise Wrong(what)


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def read_table(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def identity(doc):
    return doc["lane_id"], doc["business_date"], doc.get("series", 0), doc["sequence"]


def half_away(numerator, denominator):
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def thousandths(text):
    sign = -1 if text.startswith("-") else 1
    whole, _, part = text.lstrip("-").partition(".")
    expect(whole.isdigit() and len(part) <= 3 and (not part or part.isdigit()), f"quantity {text}")
    return sign * (int(whole) * 1000 + int((part + "000")[:3]))


def right_check_digit(ean):
    return sum(int(c) * (3 if i % 2 else 1) for i, c in enumerate(ean)) % 10 == 0


# --- one document ---------------------------------------------------------------------------------------------


def check_line(where, line, sign, products):
    product = products.get(line["sku"])
    expect(product, f"{where}: sku {line['sku']} is not in the catalogue")
    expect(line["kind"] == ("sale" if sign > 0 else "returned"), f"{where}: line kind {line['kind']}")
    for field in ("name", "category", "unit"):
        expect(line[field] == product[field], f"{where}: {field} of {line['sku']}")
    expect(line["unit_price"] == int(product["unit_price"]), f"{where}: price of {line['sku']}")
    quantity = thousandths(line["quantity"])
    expect(quantity * sign > 0 and (line["unit"] == "kg" or quantity % 1000 == 0), f"{where}: quantity")
    expect(line["amount"] == half_away(quantity * line["unit_price"], 1000), f"{where}: amount")
    expect(0 <= line.get("discount", 0) * sign <= line["amount"] * sign, f"{where}: discount")


def check_sums(where, doc):
    totals, lines = doc["totals"], doc["lines"]
    expect([line["line_no"] for line in lines] == list(range(1, len(lines) + 1)), f"{where}: line numbers")
    expect(totals["gross"] == sum(line["amount"] for line in lines), f"{where}: gross")
    expect(totals["discount"] == sum(line.get("discount", 0) for line in lines), f"{where}: discount")
    expect(totals["tax"] == 0 and totals["net"] == totals["gross"] - totals["discount"], f"{where}: net")
    expect(totals["net"] != 0, f"{where}: worth nothing")
    if doc["state"] not in ("suspended", "resumed"):
        expect(sum(t["amount"] for t in doc["tenders"]) == totals["net"], f"{where}: tenders")
    for tender in doc.get("tenders", []):
        expect(tender["type"] in TENDERS and tender["amount"] * totals["net"] > 0, f"{where}: tender {tender}")


def check_document(doc, products):
    where = doc["checkout_id"]
    expect(doc["state"] in STATES, f"{where}: state {doc['state']}")
    expect(doc["store_id"] == "0123" and doc["lane_id"] in ("L1", "L2"), f"{where}: place")
    expect(doc["occurred_at"].startswith(doc["business_date"]) and doc["occurred_at"].endswith("+08:00"),
           f"{where}: time")
    for one in doc.get("customer", {}).get("ids", []):
        expect(one["type"] in ID_TYPES and one["proof"] in PROOFS and one["value"], f"{where}: customer")
    expect(("original" in doc) == (doc["state"] in ("voided", "returned", "reprint")), f"{where}: original")
    expect(("lines" in doc) == (doc["state"] not in ("no_sale", "sign_on", "sign_off", "day_close")), f"{where}: lines")
    if "lines" not in doc:
        return
    sign = -1 if doc["state"] in ("voided", "returned") else 1
    for line in doc["lines"]:
        check_line(where, line, sign, products)
    check_sums(where, doc)


# --- one day --------------------------------------------------------------------------------------------------


def check_order(name, docs):
    times = [datetime.fromisoformat(doc["occurred_at"]) for doc in docs]
    expect(times == sorted(times), f"{name}: not in the order of events")
    lanes = defaultdict(list)
    for doc in docs:
        lanes[doc["lane_id"]].append(doc["sequence"])
    for lane, sequences in lanes.items():
        expect(sequences == list(range(sequences[0], sequences[0] + len(sequences))), f"{name}: gap in {lane}")


def check_originals(name, docs):
    sales, reversed_once = {}, Counter()
    for doc in docs:
        if doc["state"] == "completed":
            sales[identity(doc)] = doc
        if "original" not in doc:
            continue
        sale = sales.get(identity(doc["original"]))
        expect(sale and sale["checkout_id"] == doc["original"]["checkout_id"], f"{name}: original of {doc['checkout_id']}")
        sign = 1 if doc["state"] == "reprint" else -1
        expect(doc["totals"]["net"] == sign * sale["totals"]["net"], f"{name}: value of {doc['checkout_id']}")
        expect(doc["state"] != "voided" or doc["lane_id"] == sale["lane_id"], f"{name}: void on another lane")
        reversed_once[sale["checkout_id"]] += sign < 0
    expect(max(reversed_once.values()) == 1, f"{name}: a sale reversed twice")


def check_day(name, docs, products):
    expect(len({identity(doc) for doc in docs}) == len(docs), f"{name}: an identity twice")
    for doc in docs:
        check_document(doc, products)
    check_order(name, docs)
    check_originals(name, docs)


def check_counts(docs):
    counts = Counter(doc["state"] for doc in docs)
    expect(dict(counts) == COUNTS, f"day.jsonl: counts {dict(counts)}")
    lines = sum(len(doc["lines"]) for doc in docs if doc["state"] == "completed")
    expect(750 <= lines <= 1050, f"day.jsonl: {lines} lines in 300 sales")


# --- people, catalogue, campaigns -----------------------------------------------------------------------------


def check_catalogue(products):
    expect(len(products) >= 60, "catalogue: too small")
    for sku, product in products.items():
        plu = product["unit"] == "kg"
        expect(5 <= len(sku) <= 7 if plu else len(sku) == 13 and right_check_digit(sku), f"catalogue: sku {sku}")


def check_people(members, staff):
    for column in ("member_id", "phone", "card", "unionid", "openid", "external_userid"):
        values = [m[column] for m in members if m[column]]
        expect(len(set(values)) == len(values), f"members: {column} twice")
    expect(all(m["phone"].startswith("1380013") and len(m["phone"]) == 11 for m in members), "members: phone")
    numbers = [s["staff_number"] for s in staff]
    expect(len(set(numbers)) == len(staff) == len({s["staff_id"] for s in staff}), "staff: twice")
    known = {f"{s['store_id']}:{s['staff_id']}" for s in staff}
    expect(all(not m["friend_of"] or m["friend_of"] in known for m in members), "members: friend_of")


def check_staff_used(docs, staff):
    roles = {s["staff_id"]: s["role"] for s in staff if s["active"] == "true"}
    for doc in docs:
        expect(roles.get(doc["operator_id"]) == "cashier", f"{doc['checkout_id']}: operator")
        expect(roles.get(doc.get("guide_id", "E2031")) == "guide", f"{doc['checkout_id']}: guide")


def check_quotas(sales, campaigns):
    demand = sum(doc["totals"]["net"] >= campaigns[0]["conditions"]["min_total"] for doc in sales
                 if "10:30" <= doc["occurred_at"][11:16] < "18:30")
    expect(demand <= campaigns[0]["quota_per_till"], f"campaign 1: {demand} wanted between 10:30 and 18:30")


# --- what to expect of the day --------------------------------------------------------------------------------


def directory(members):
    columns = ("phone", "card", "unionid", "openid", "external_userid")
    return {(column, m[column]): m for m in members for column in columns if m[column]}


def expected_verdict(doc, known):
    ids = [(one["type"], one["value"]) for one in doc.get("customer", {}).get("ids", [])]
    if not ids:
        return "unidentified"
    found = [known[one] for one in ids if one in known]
    stores = {store for member in found for store in member["stores"].split(";") if store}
    if stores:
        return "member, here" if doc["store_id"] in stores else "member, elsewhere only"
    if found:
        return "not_member, known but in no group"
    covered = any(id_type == "phone" for id_type, _ in ids)
    return "not_member, phone not in the list" if covered else "unknown"


def verdict_rows(sales, members):
    known, rows = directory(members), {name: [0, 0] for name in VERDICTS}
    for doc in sales:
        row = rows[expected_verdict(doc, known)]
        row[0], row[1] = row[0] + 1, row[1] + doc["totals"]["net"]
    for name, (count, _) in rows.items():
        expect(count >= 10, f"day.jsonl: only {count} sales of {name}")
    return rows


def yuan(amount):
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100:,}.{abs(amount) % 100:02}"


def table(head, rows):
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in [head, ["---"] * len(head), *rows])


def facts(docs, members):
    """The tables of README.md, computed from the files themselves."""
    sales = [doc for doc in docs if doc["state"] == "completed"]
    verdicts = verdict_rows(sales, members)
    rows = [[name, count, yuan(net)] for name, (count, net) in verdicts.items()]
    rows.append(["**all**", len(sales), yuan(sum(doc["totals"]["net"] for doc in sales))])
    states = [[state, sum(doc["state"] == state for doc in docs),
               yuan(sum(doc["totals"]["net"] for doc in docs if doc["state"] == state and "totals" in doc))]
              for state in COUNTS]
    ids = Counter("+".join(one["type"] for one in doc["customer"]["ids"]) for doc in sales if "customer" in doc)
    tenders = Counter()
    for doc in sales:
        for tender in doc["tenders"]:
            tenders[tender["type"]] += tender["amount"]
    lanes = [[lane, min(numbers), max(numbers), len(numbers)] for lane, numbers in
             ((lane, [doc["sequence"] for doc in docs if doc["lane_id"] == lane]) for lane in ("L1", "L2"))]
    return "\n\n".join([
        table(["verdict expected", "sales", "net, ¥"], rows),
        table(["document", "number", "totals.net, ¥"], states),
        table(["identifier", "sales"], sorted(ids.items())),
        table(["tender of the sales", "¥"], [[name, yuan(amount)] for name, amount in sorted(tenders.items())]),
        table(["lane", "first number", "last number", "documents"], lanes),
        table(["also", "number"], [
            ["lines of the sales", sum(len(doc["lines"]) for doc in sales)],
            ["sales with a split tender", sum(len(doc["tenders"]) > 1 for doc in sales)],
            ["sales with a guide", sum("guide_id" in doc for doc in sales)],
            ["sales with a discount", sum(doc["totals"]["discount"] > 0 for doc in sales)],
            ["people in members.csv", len(members)],
        ]),
    ])


def check_folder(folder):
    products = {p["sku"]: p for p in read_table(folder / "catalogue.csv")}
    members, staff = read_table(folder / "members.csv"), read_table(folder / "staff.csv")
    campaigns = json.loads((folder / "campaigns.json").read_text(encoding="utf-8"))
    days = {"day.jsonl": read_lines(folder / "day.jsonl")}
    days.update((path.name, read_lines(path)) for path in sorted((folder / "training").glob("*.jsonl")))
    check_catalogue(products)
    check_people(members, staff)
    for name, docs in days.items():
        check_day(name, docs, products)
        check_staff_used(docs, staff)
    identities = [identity(doc) for docs in days.values() for doc in docs]
    expect(len(set(identities)) == len(identities), "an identity on two days")
    check_counts(days["day.jsonl"])
    check_quotas([doc for doc in days["day.jsonl"] if doc["state"] == "completed"], campaigns)
    return facts(days["day.jsonl"], members)
