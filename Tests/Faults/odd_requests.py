"""Requests that are too large, wrongly framed, pipelined or old, each with the answer that HTTP wants.

Sources: RFC 9110 (10.1.1, 15.5), RFC 9112 (2 to 9), RFC 6585 (5).
"""

import json

from support import Wire, code, raw

GOOD = "/xapi/about"


def refusals(header):
    """Name, bytes, and which statuses are right."""
    def chunked(text):
        fields = header + [("Transfer-Encoding", "chunked")]
        return raw("POST", "/xapi/statements", fields, text)

    def sized(*sizes):
        return raw("POST", "/xapi/statements", header + [("Content-Length", size) for size in sizes], b"{}")

    return [
        ("a large header", raw("GET", GOOD, [("X-Large", "x" * 100_000)]), 431),
        ("many headers", raw("GET", GOOD, [(f"X-{number}", "x") for number in range(400)]), 431),
        ("a long address", raw("GET", GOOD + "?x=" + "x" * 40_000), 414),
        ("a longer address", raw("GET", GOOD + "?x=" + "x" * 200_000), (414, 431)),
        ("a chunk without size", chunked(b"ZZ\r\n{}\r\n0\r\n\r\n"), 400),
        ("a negative chunk", chunked(b"-2\r\n{}\r\n0\r\n\r\n"), 400),
        ("a chunk beyond 64 bits", chunked(b"FFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n"), 400),
        ("a chunk longer than said", chunked(b"2\r\n{}{}\r\n0\r\n\r\n"), 400),
        ("a length and chunks", raw(
            "POST", "/xapi/statements", header + [("Content-Length", 2), ("Transfer-Encoding", "chunked")],
            b"0\r\n\r\n"), 400),
        ("two lengths", sized(2, 3), 400),
        ("a negative length", sized(-1), 400),
        ("a length that is none", sized("two"), 400),
        ("a length beyond 64 bits", sized(1 << 70), 400),
        ("another coding", raw("POST", "/xapi/statements", header + [("Transfer-Encoding", "gzip")], b"{}"), 400),
        ("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n", 400),
        ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (400, 505)),
        ("a zero byte", b"GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 400),
        ("a space before the colon", b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        ("no host", raw("GET", GOOD, host=False), 400),
        ("two hosts", raw("GET", GOOD, [("Host", "other")]), 400),
        ("an unknown method", b"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", (400, 405, 501)),
    ]


def all_faults(port, header, header_seconds):
    faults = []
    for name, data, wanted in refusals(header):
        wire = Wire(port)
        wire.send(data)
        status, _, body = wire.answer()
        if status not in (wanted if isinstance(wanted, tuple) else (wanted,)):
            faults.append(f"{name}: {status} {body[:120]}, not {wanted}")
        elif code(body) is None:
            faults.append(f"{name}: no problem document: {body[:120]}")
        wire.close()
    for check in (pipelined, invited, old, last, late):
        faults += [f"{check.__name__}: {fault}" for fault in check(port, header, header_seconds)]
    return faults


def pipelined(port, header, _):
    """Answers come in the order of the requests, though they are sent at once; a broken one comes last."""
    wire = Wire(port)
    wanted = [200 if number % 2 else 404 for number in range(60)]
    paths = {200: GOOD, 404: "/xapi/nothing-here"}
    wire.send(b"".join(raw("GET", paths[status], header) for status in wanted) + b"nonsense\r\n\r\n")
    found = [wire.answer()[0] for _ in wanted]
    if found != wanted:
        yield f"answers are out of order: {found}"
    if (wire.answer()[0], wire.ended()) != (400, True):
        yield "the broken one at the end is not refused"


def invited(port, header, _):
    """A client that asks whether to send its body is told so, and then answered."""
    body = json.dumps({"actor": {"mbox": "mailto:a@example.org"}, "verb": {"id": "https://example.org/v"},
                       "object": {"id": "https://example.org/a"}}).encode()
    wire = Wire(port)
    wire.send(raw("POST", "/xapi/statements", header + [("Expect", "100-continue"), ("Content-Length", len(body))]))
    if wire.answer()[0] != 100:
        yield "no 100"
    wire.send(body)
    if wire.answer()[0] != 200:
        yield "no 200 after the body"


def old(port, header, _):
    """HTTP/1.0: no chunks, and an end after the answer unless the client wants to keep the connection."""
    for path in (GOOD, "/xapi/statements?limit=1"):
        wire = Wire(port)
        wire.send(raw("GET", path, header, version="1.0", host=False))
        status, headers, body = wire.answer()
        if status != 200 or "transfer-encoding" in headers or not wire.ended():
            yield f"{path}: {status} {headers}"
        json.loads(body)
    wire = Wire(port)
    for _ in range(2):
        wire.send(raw("GET", GOOD, header + [("Connection", "keep-alive")], version="1.0"))
        status, headers, _ = wire.answer()
        if (status, headers.get("connection")) != (200, "keep-alive"):
            yield f"a kept connection ends: {status} {headers}"


def last(port, header, _):
    """`Connection: close`, however it is written, ends the connection after the answer."""
    for value in ("close", "Close", "x, close"):
        wire = Wire(port)
        wire.send(raw("GET", GOOD, header + [("Connection", value)]))
        status, headers, _ = wire.answer()
        if (status, headers.get("connection"), wire.ended()) != (200, "close", True):
            yield f"{value}: {status} {headers}"


def late(port, header, header_seconds):
    """A whole request and half of the next: the first is answered, the second is refused when its time is over."""
    wire = Wire(port, timeout=header_seconds + 10)
    wire.send(raw("GET", GOOD, header))
    first = wire.answer()[0]
    wire.send(b"GET /xapi/about HTTP/1.1\r\nHo")
    found = (first, wire.answer()[0], wire.ended())
    if found != (200, 408, True):
        yield f"{found}"
