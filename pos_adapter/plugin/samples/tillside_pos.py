"""The C interface from Python, with nothing but ctypes; and, run by itself, one sale through it.

    python3 tillside_pos.py --library build/release/pos_adapter/plugin/libtillside_pos.so.1 \
                            --socket /run/tillside/agent.sock --spool /var/spool/pos/tillside

What cannot be asked is answered as if there were no Tillside: no call here raises because of the agent.
"""
import argparse
import ctypes
import datetime
import json

ABI_VERSION = 1
MISUSE, ANSWERED, TAKEN, QUEUED, REFUSED, CARRY_ON, NOT_KEPT = -1, 0, 1, 2, 3, 4, 5
OUTCOMES = {MISUSE: "MISUSE", ANSWERED: "ANSWERED", TAKEN: "TAKEN", QUEUED: "QUEUED", REFUSED: "REFUSED",
            CARRY_ON: "CARRY_ON", NOT_KEPT: "NOT_KEPT"}


class Options(ctypes.Structure):
    _fields_ = [("abi_version", ctypes.c_uint32), ("struct_size", ctypes.c_uint32),
                ("socket_path", ctypes.c_char_p), ("token_file", ctypes.c_char_p), ("spool_folder", ctypes.c_char_p),
                ("tcp_port", ctypes.c_uint32), ("deadline_ms", ctypes.c_uint32), ("connect_ms", ctypes.c_uint32),
                ("language", ctypes.c_uint32), ("spool_documents", ctypes.c_uint32), ("spool_mib", ctypes.c_uint32)]


class Answer(ctypes.Structure):
    _fields_ = [("abi_version", ctypes.c_uint32), ("struct_size", ctypes.c_uint32),
                ("json", ctypes.c_void_p), ("capacity", ctypes.c_size_t), ("json_size", ctypes.c_size_t),
                ("outcome", ctypes.c_int32), ("why", ctypes.c_int32), ("http_status", ctypes.c_int32),
                ("too_small", ctypes.c_int32), ("duplicate", ctypes.c_int32), ("elapsed_us", ctypes.c_uint32)]


class State(ctypes.Structure):
    _fields_ = [("abi_version", ctypes.c_uint32), ("struct_size", ctypes.c_uint32),
                ("reachable", ctypes.c_uint32), ("queued", ctypes.c_uint32), ("unspooled", ctypes.c_uint32),
                ("spool_failing", ctypes.c_uint32), ("delivered", ctypes.c_uint64), ("set_aside", ctypes.c_uint64),
                ("not_kept", ctypes.c_uint64)]


class TillsidePos:
    """One open line. Safe from several threads at once; each call has a buffer of its own."""

    CALLS = ("advise", "complete", "reverse", "event", "check", "hold", "release")

    def __init__(self, library="libtillside_pos.so.1", socket=None, token_file=None, spool=None, port=0):
        self._library = ctypes.CDLL(library)
        self._library.tillside_pos_why_text.restype = ctypes.c_char_p
        for name in self.CALLS:
            getattr(self._library, "tillside_pos_" + name).argtypes = [
                ctypes.c_uint64, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint32, ctypes.POINTER(Answer)]
        self._library.tillside_pos_get_state.argtypes = [ctypes.c_uint64, ctypes.POINTER(State)]
        self._library.tillside_pos_close.argtypes = [ctypes.c_uint64, ctypes.c_uint32]
        options = Options(ABI_VERSION, ctypes.sizeof(Options), *(text.encode() if text is not None else None
                                                                 for text in (socket, token_file, spool)), port)
        self._handle = ctypes.c_uint64(0)
        why = ctypes.c_int32(0)
        outcome = self._library.tillside_pos_open(ctypes.byref(options), ctypes.byref(self._handle), ctypes.byref(why))
        if outcome == MISUSE:
            raise ValueError(self._library.tillside_pos_why_text(why).decode())

    def call(self, name, document, deadline_ms=0, capacity=65536):
        """(outcome, answer as a dict or None, why in words). An answer that outgrows the buffer is asked for again."""
        text = json.dumps(document, ensure_ascii=False).encode()
        buffer = ctypes.create_string_buffer(capacity)
        answer = Answer(ABI_VERSION, ctypes.sizeof(Answer), ctypes.cast(buffer, ctypes.c_void_p), capacity)
        outcome = getattr(self._library, "tillside_pos_" + name)(self._handle, text, len(text), deadline_ms,
                                                                 ctypes.byref(answer))
        if answer.too_small:
            return self.call(name, document, deadline_ms, answer.json_size + 1)
        found = json.loads(buffer.raw[:answer.json_size]) if answer.json_size else None
        return outcome, found, self._library.tillside_pos_why_text(answer.why).decode()

    def state(self):
        state = State(ABI_VERSION, ctypes.sizeof(State))
        self._library.tillside_pos_get_state(self._handle, ctypes.byref(state))
        return state

    def close(self, deadline_ms=1000):
        return self._library.tillside_pos_close(self._handle, deadline_ms)


def sale(number, state, store):
    now = datetime.datetime.now(datetime.timezone.utc).astimezone()
    return {"checkout_id": "py-%d" % number, "state": state, "store_id": store, "lane_id": "PY1",
            "business_date": now.date().isoformat(), "sequence": number, "occurred_at": now.isoformat(timespec="seconds"),
            "operator_id": "E1007", "currency": "CNY",
            "lines": [{"line_no": 1, "sku": "6901234567892", "name": "榴莲", "kind": "sale", "quantity": "1",
                       "unit_price": 12345, "amount": 12345}],
            "totals": {"gross": 12345, "discount": 0, "tax": 0, "net": 12345},
            "tenders": [{"type": "wechat", "amount": 12345}] if state == "completed" else [],
            "source": {"adapter": "c_abi", "pos": "python sample 1", "confidence": "exact"}}


def main():
    words = argparse.ArgumentParser(description="one sale through libtillside_pos")
    words.add_argument("--library", default="libtillside_pos.so.1")
    words.add_argument("--socket")
    words.add_argument("--token-file")
    words.add_argument("--port", type=int, default=0)
    words.add_argument("--spool")
    words.add_argument("--store", default="0123")
    words.add_argument("--number", type=int, default=1)
    given = words.parse_args()
    line = TillsidePos(given.library, given.socket, given.token_file, given.spool, given.port)

    outcome, advice, why = line.call("advise", sale(given.number, "total", given.store))
    print("advise:", OUTCOMES[outcome], advice["verdict"]["status"] if advice and "verdict" in advice else why)
    for prompt in (advice or {}).get("prompts", []):
        print("  收银员 cashier:", prompt["zh"], "/", prompt["en"])

    closed = sale(given.number, "completed", given.store)
    if advice and advice.get("showing_id"):
        closed["showing_id"] = advice["showing_id"]
    outcome, answer, why = line.call("complete", closed)
    print("complete:", OUTCOMES[outcome], answer["identity"] if outcome == TAKEN else answer or why)
    line.close()
    return 0 if outcome in (TAKEN, QUEUED) else 1


if __name__ == "__main__":
    raise SystemExit(main())
