"""Bends sound requests: bytes, JSON, forms, headers, addresses and framing. All chance comes from the dice given."""

import json
import re
from urllib.parse import quote

# What readers stumble over: marks, numbers at their ends, words, escapes, and what no UTF-8 has.
PIECES = [piece.encode() for piece in (
    "{", "}", "[", "]", ",", ":", '"', "\\", "\\u0000", "\\ud800", "null", "true", "-0", "1e999", "1E-400",
    "99999999999999999999", "-9223372036854775808", "18446744073709551616", "NaN", '"id":', '"objectType":"Group"',
    '"SubStatement"', '"StatementRef"', '"member":[]', "mailto:", "http://adlnet.gov/expapi/verbs/voided",
    "2026-02-30T25:61:61Z", "9999-12-31", "-0001-01-01", "P", "PT", "P99999999999Y", '"und":', "%", "%00", "%ff", "=",
    "&", ";", "\n", "\r\n", "--b", "--b--", "e30", ".", "..", "../", "\ufeff", "🜁", "\u202e", "\u0000", "'", "' OR 1",
    "<script>", "*", "\t", "𝒳" * 50, "a" * 3_000)] + [
        b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x28\xa1", b"\0", b"\x7f"]

VALUES = [
    None, True, False, 0, -1, 1, 2**31, 2**53, 2**63, 2**64, -2**63, 1e308, 0.1, "", " ", "0", "-1", "null", "\0", "\ud800",
    "\U0001f701", "é", "é", "x" * 300, "x" * 5_000, "2026-02-30", "2026-11-24", "9999-12-31", "0000-01-01",
    "2026-11-24T10:00:00Z", "292277026596-12-04T15:30:07Z", "en", "und", "de-AT-1996", "01a20b87-80ee-7a53-943e-73aff790fff1",
    "00000000-0000-0000-0000-000000000000", "mailto:a@example.org", "http://127.0.0.1:1/", "urn:x:1", "javascript:1",
    "everyone", "unit:1", "role:learner", "a and (b or", "PT1H", "P1Y2M3DT4H5M6.789S", "../../etc/passwd", "%", "_",
    "' OR 1=1 --", "<b>", [], {}, [[]], [None], {"": ""}, {"a": {"a": {"a": {}}}}, ["x"] * 200]


def bent_bytes(data, dice):
    """Changes bytes at one to four places."""
    data = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        place = dice.randint(0, len(data))
        end = min(len(data), place + dice.randint(0, 12))
        kind = dice.randrange(6)
        if kind == 0 and place < len(data):
            data[place] ^= 1 << dice.randrange(8)
        elif kind == 1:
            del data[place:end]
        elif kind == 2:
            data[place:place] = data[place:end] * dice.choice([1, 1, 1, 50])
        elif kind == 3 and dice.random() < 0.5:
            del data[place:]
        else:
            data[place:place] = dice.choice(PIECES)
    return bytes(data)


def bent_value(value, dice):
    """Another tree: a member gone, doubled, renamed or of another kind, somewhere."""
    if isinstance(value, (dict, list)) and value and dice.random() < 0.8:
        copy = value.copy()
        if isinstance(copy, dict):
            name = dice.choice(list(copy))
            kind = dice.randrange(6)
            if kind == 0:
                del copy[name]
            elif kind == 1:
                copy[dice.choice([name + "x", name.upper(), "", "\0", "__proto__", "x" * 300])] = copy[name]
            else:
                copy[name] = bent_value(copy[name], dice)
        else:
            place = dice.randrange(len(copy))
            kind = dice.randrange(5)
            if kind == 0:
                del copy[place]
            elif kind == 1:
                copy += [copy[place]] * dice.choice([1, 2, 100])
            else:
                copy[place] = bent_value(copy[place], dice)
        return copy
    if isinstance(value, str) and dice.random() < 0.5:
        return bent_bytes(value.encode("utf-8", "surrogatepass"), dice).decode("utf-8", "surrogateescape")
    if dice.random() < 0.02:
        return json.loads("[" * 200 + "]" * 200)
    return dice.choice(VALUES)


def bent_json(data, dice):
    """Bends the tree, then now and then its text: doubled names, huge numbers, deep nests, other encodings."""
    try:
        tree = bent_value(json.loads(data), dice)
    except ValueError:
        return bent_bytes(data, dice)
    text = json.dumps(tree, ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")
    kind = dice.randrange(16)
    if kind == 0:
        return bent_bytes(text, dice)
    if kind == 1:
        return text.replace(b"{", b'{"id":1,"id":2,', 1)
    if kind == 2:
        return re.sub(rb"\d+", dice.choice([b"1e400", b"-0", b"9" * 400, b"0." + b"1" * 400, b"1E+2"]), text, count=1)
    if kind == 3:
        return b"[" * dice.choice([63, 64, 65, 5_000]) + text
    if kind == 4:
        return text.decode("utf-8", "replace").encode("utf-16")
    if kind == 5:
        return b"\xef\xbb\xbf" + text
    return text


def bent_pairs(pairs, dice):
    """Form fields or query parameters: one gone, doubled, swapped, renamed or with another value."""
    pairs = list(pairs)
    for _ in range(dice.randint(1, 3)):
        kind, place = dice.randrange(6), dice.randrange(len(pairs)) if pairs else 0
        if not pairs or kind == 0:
            pairs.append((dice.choice(["page", "q", "limit", "order", "since", "x", "", "id"]), text(dice)))
        elif kind == 1:
            del pairs[place]
        elif kind == 2:
            pairs.append(pairs[place])
        elif kind == 3:
            pairs[place] = (pairs[place][0] + dice.choice(["[]", "x", "\0", "."]), pairs[place][1])
        else:
            name, value = pairs[place]
            value = value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
            pairs[place] = (name, bent_bytes(value, dice) if dice.random() < 0.5 else text(dice))
    return pairs


def text(dice):
    """A value as a form sends it."""
    value = dice.choice(VALUES)
    if isinstance(value, str):
        return value.encode("utf-8", "replace")
    return json.dumps(value).encode()


def encoded(pairs, dice=None):
    """As in a query or a form; now and then with escapes that are none."""
    whole = "&".join(
        quote(name, safe="") + "=" + quote(value if isinstance(value, bytes) else str(value), safe="")
        for name, value in pairs).encode()
    return bent_bytes(whole, dice) if dice and dice.random() < 0.1 else whole


def multipart(parts, boundary=b"b"):
    """Bytes of parts: each a list of headers and its content."""
    out = b""
    for headers, content in parts:
        lines = b"".join(f"{name}: {value}\r\n".encode("utf-8", "replace") for name, value in headers)
        out += b"--" + boundary + b"\r\n" + lines + b"\r\n" + content + b"\r\n"
    return out + b"--" + boundary + b"--\r\n"


HEADERS = [
    ("X-Experience-API-Version", ["1.0.0", "1.0.9", "1.0.3", "2.0.0", "3", "", "a,b"]),
    ("Accept", ["text/html", "application/json", "*/*", "", "text/html;q=x", "a" * 2_000]),
    ("Accept-Language", ["en", "de-AT;q=0.5, *", ";;;", "x" * 500, "en-" * 100]),
    ("Content-Type", [
        "application/json", "text/html", "", "multipart/mixed; boundary=b", 'multipart/form-data; boundary="b"',
        "multipart/form-data; boundary=", "multipart/mixed; boundary=" + "x" * 200, "application/json; charset=utf-16",
        "application/x-www-form-urlencoded", ";", "text/csv"]),
    ("Authorization", ["Basic", "Basic !!!", "Basic Og==", "Bearer x", "Basic " + "QQ" * 500, "", "basic dTpw"]),
    ("Cookie", ["leeway_session=", "leeway_session=x", "=;=;", "leeway_session=" + "x" * 3_000, "a=b; " * 50]),
    ("X-CSRF-Token", ["", "x", "x" * 500]), ("If-Match", ["*", '"x"', "W/", ""]), ("If-None-Match", ["*", '"x"', ","]),
    ("Origin", ["null", "http://localhost", "https://evil.example", "x", ""]), ("Sec-Fetch-Site", ["cross-site", "none", ""]),
    ("Range", ["bytes=0-1", "bytes=-"]), ("X-Forwarded-For", ["1.2.3.4", "x", "::1,"]), ("Referer", ["", "x"]),
    ("Content-Encoding", ["gzip", "br", ""]), ("If-Modified-Since", ["x", "Tue, 24 Nov 2026 03:09:19 GMT"])]


def bent_headers(headers, dice):
    """Headers with one replaced, gone, doubled, or another one more. Never those that frame the request."""
    headers = list(headers)
    name, values = dice.choice(HEADERS)
    kind = dice.randrange(4)
    if kind == 0 and headers:
        del headers[dice.randrange(len(headers))]
    elif kind == 1 and headers:
        place = dice.randrange(len(headers))
        value = bent_bytes(headers[place][1].encode("utf-8", "replace"), dice)
        headers[place] = (headers[place][0], re.sub(rb"[\0-\x1f\x7f]", b"", value).decode("latin-1"))
    else:
        if kind == 2:
            headers = [one for one in headers if one[0] != name]
        headers.append((name, dice.choice(values)))
    return headers
