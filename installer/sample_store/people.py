"""Who shops at the sample store and who works there. Every identifier is made up."""
import random
from dataclasses import dataclass

HERE, ELSEWHERE = "0123", "0456"
GUIDES = ["E2031", "E2032", "E2033", "E2034", "E2035", "E2036"]
OPERATORS = {"L1": ["E1007", "E1008"], "L2": ["E1009", "E1010"]}

STAFF = [  # staff_id, staff number in the store, nickname, role, active
    ("E2031", 1, "小禾", "guide", True),
    ("E2032", 2, "小满", "guide", True),
    ("E2033", 3, "阿青", "guide", True),
    ("E2034", 4, "小橙", "guide", True),
    ("E2035", 5, "阿杏", "guide", True),
    ("E2036", 6, "小荔", "guide", True),
    ("E2030", 7, "小桃", "guide", False),
    ("E1007", 11, "小麦", "cashier", True),
    ("E1008", 12, "小米", "cashier", True),
    ("E1009", 13, "阿棠", "cashier", True),
    ("E1010", 14, "阿梨", "cashier", True),
    ("E3001", 21, "店长", "manager", True),
]

MEMBER_COLUMNS = ("member_id,phone,card,unionid,openid,external_userid,stores,"
                  "friend_of,tier,paid_until,first_joined").split(",")
COUNTS = {"here": 430, "both": 90, "elsewhere": 210, "no_group": 170}
STRANGERS = 400
ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass
class Member:
    member_id: str
    phone: str
    card: str = ""
    unionid: str = ""
    openid: str = ""
    external_userid: str = ""
    stores: tuple = ()
    friend_of: str = ""
    tier: int = 0
    paid_until: str = ""
    first_joined: str = ""

    def row(self):
        values = {**self.__dict__, "stores": ";".join(self.stores)}
        return [str(values[column]) for column in MEMBER_COLUMNS]


@dataclass
class Town:
    """Everybody who may come in: members by kind, and identifiers that stand in no list."""
    members: list
    here: list
    elsewhere: list
    no_group: list
    strange_phones: list
    strange_cards: list
    strange_unionids: list


def token(rng, prefix, length):
    return prefix + "".join(rng.choice(ALPHABET) for _ in range(length - len(prefix)))


def join_time(rng):
    return (f"202{rng.choice('456')}-{rng.randint(1, 10):02}-{rng.randint(1, 28):02}"
            f"T{rng.randint(9, 21):02}:{rng.randint(0, 59):02}:00+08:00")


def make_member(rng, number, kind, phone, card):
    member = Member(f"M{number:06}", phone)
    member.card = card if rng.random() < 0.7 else ""
    if rng.random() < 0.6:
        member.unionid, member.openid = token(rng, "oUnion", 28), token(rng, "oOpen", 28)
    member.stores = {"here": (HERE,), "both": (HERE, ELSEWHERE), "elsewhere": (ELSEWHERE,), "no_group": ()}[kind]
    ever_joined = kind != "no_group" or rng.random() < 0.5
    if ever_joined:
        member.external_userid, member.first_joined = token(rng, "wmSample", 32), join_time(rng)
        member.tier = rng.choices([0, 1, 2, 3], [40, 35, 18, 7])[0]
    befriended = {"here": 0.55, "both": 0.45, "elsewhere": 0.03, "no_group": 0.08}[kind]
    if ever_joined and rng.random() < befriended:
        member.friend_of = f"{HERE}:{rng.choice(GUIDES)}"
    if member.stores and rng.random() < 0.12:
        member.paid_until = f"2027-{rng.randint(1, 10):02}-{rng.randint(1, 28):02}"
    return member


def make_town(seed):
    rng = random.Random(f"{seed}/town")
    kinds = [kind for kind, count in COUNTS.items() for _ in range(count)]
    rng.shuffle(kinds)
    last_fours = rng.sample([n for n in range(10000) if n != 8000], len(kinds) + STRANGERS)
    phones = [f"1380013{n:04}" for n in last_fours]
    cards = [f"C{n}" for n in rng.sample(range(100_000_000, 1_000_000_000), len(kinds) + STRANGERS)]
    members = [make_member(rng, i + 1, kind, phones[i], cards[i]) for i, kind in enumerate(kinds)]
    return Town(
        members,
        [m for m in members if HERE in m.stores],
        [m for m in members if m.stores == (ELSEWHERE,)],
        [m for m in members if not m.stores],
        phones[len(kinds):],
        cards[len(kinds):],
        [token(rng, "oUnion", 28) for _ in range(STRANGERS)],
    )


class Visitors:
    """Draws who comes to the counter. Some of each kind are regulars and come often, in every week."""

    def __init__(self, rng, town):
        self.rng, self.town = rng, town

    def draw(self, kind):
        """The identifiers named at the checkout and the member behind them; ([], None) for nobody named."""
        if kind == "unidentified":
            return [], None
        if kind == "unknown":
            return [self.strange_id()], None
        if kind == "stranger":
            return [named_phone(self.regular(self.town.strange_phones))], None
        member = self.regular(getattr(self.town, kind))
        return self.member_ids(member), member

    def regular(self, pool):
        often = len(pool) // 5
        return self.rng.choice(pool[:often] if self.rng.random() < 0.6 else pool)

    def strange_id(self):
        if self.rng.random() < 0.7:
            return scanned("card", self.regular(self.town.strange_cards))
        return scanned("unionid", self.regular(self.town.strange_unionids))

    def member_ids(self, member):
        chance = self.rng.random()
        if chance < 0.20 and member.card:
            return [scanned("card", member.card)]
        if chance < 0.36 and member.unionid:
            return [scanned("unionid", member.unionid)]
        if chance < 0.40 and member.unionid:
            return [named_phone(member.phone), scanned("unionid", member.unionid)]
        return [named_phone(member.phone)]


def named_phone(phone):
    return {"type": "phone", "value": phone, "proof": "named"}


def scanned(id_type, value):
    return {"type": id_type, "value": value, "proof": "scanned"}
