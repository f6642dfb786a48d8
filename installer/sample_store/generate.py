#!/usr/bin/env python3
"""Makes the sample store's files, or with --check re-reads them and asserts that they hold.

What runs is the committed output; this program is only for changing it. Python 3.11, standard library only. The same
seed gives the same bytes.
"""
import argparse
import csv
import io
import json
import sys
from pathlib import Path

import check
from people import HERE, MEMBER_COLUMNS, STAFF, make_town
from sale_day import DayMaker, slim

FOLDER = Path(__file__).resolve().parent
SEED = "tillside sample store 1"
MEASURED = ("2026-11-20", 300)
TRAINING = [("2026-11-13", 230), ("2026-11-14", 240), ("2026-11-15", 240), ("2026-11-16", 195), ("2026-11-17", 190),
            ("2026-11-18", 200)]
FIRST_NUMBERS = {"L1": 8801, "L2": 451}
NUMBERS_A_DAY = 200
BEGIN, END = "<!-- facts: begin -->", "<!-- facts: end -->"
LIMITS = {"day.jsonl": 400_000, "training": 250_000, "all": 2_000_000}


def read_products():
    products = check.read_table(FOLDER / "catalogue.csv")
    for product in products:
        for field in ("unit_price", "popularity", "low", "high"):
            product[field] = int(product[field])
    return products


def json_lines(docs):
    return "".join(json.dumps(doc, ensure_ascii=False, separators=(",", ":")) + "\n" for doc in docs)


def csv_text(head, rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()


def first_numbers(date):
    days = int(date[-2:]) - 13
    return {lane: first + days * NUMBERS_A_DAY for lane, first in FIRST_NUMBERS.items()}


def make_files():
    """Every generated file's text by its path within the folder."""
    town, products = make_town(SEED), read_products()

    def day(date, sales):
        return DayMaker(SEED, town, products, date, sales, first_numbers(date)).make()

    files = {f"training/{date}.jsonl": json_lines(map(slim, day(date, sales))) for date, sales in TRAINING}
    files["day.jsonl"] = json_lines(day(*MEASURED))
    files["members.csv"] = csv_text(MEMBER_COLUMNS, [member.row() for member in town.members])
    files["staff.csv"] = csv_text(["store_id", "staff_id", "staff_number", "name", "role", "active"],
                                  [[HERE, *row[:4], str(row[4]).lower()] for row in STAFF])
    return files


def readme_with(facts):
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    return head + BEGIN + "\n\n" + facts + "\n\n" + END + rest.partition(END)[2]


def write():
    for name, text in make_files().items():
        (FOLDER / name).parent.mkdir(exist_ok=True)
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
    facts = check.check_folder(FOLDER)
    (FOLDER / "README.md").write_text(readme_with(facts), encoding="utf-8", newline="\n")
    return facts


def check_sizes():
    sizes = {str(p.relative_to(FOLDER)): p.stat().st_size for p in FOLDER.rglob("*")
             if p.is_file() and p.suffix != ".pyc"}
    check.expect(sum(sizes.values()) <= LIMITS["all"], f"folder: {sum(sizes.values())} bytes")
    for name, size in sizes.items():
        limit = LIMITS["day.jsonl"] if name == "day.jsonl" else LIMITS["training"]
        check.expect(size <= limit, f"{name}: {size} bytes")
    return sum(sizes.values())


def verify():
    facts = check.check_folder(FOLDER)
    for name, text in make_files().items():
        check.expect((FOLDER / name).read_text(encoding="utf-8") == text, f"{name}: not what the seed gives")
    check.expect((FOLDER / "README.md").read_text(encoding="utf-8") == readme_with(facts), "README.md: facts are stale")
    return facts


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="re-read the files and assert that they hold")
    try:
        facts = verify() if parser.parse_args().check else write()
        total = check_sizes()
    except check.Wrong as wrong:
        print(f"sample store: {wrong}", file=sys.stderr)
        return 1
    print(facts, f"\n{total} bytes in all", sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
