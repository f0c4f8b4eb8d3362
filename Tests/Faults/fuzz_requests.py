"""Bent requests of every route, from a seed: the server answers or refuses, and never breaks.

No answer has a status of 500 or more, none takes 30 seconds, the server lives, `leeway verify` passes at the end and
sound requests work. What fails is written into a folder, byte for byte, to be sent again with
`nc 127.0.0.1 PORT <FILE`.

Usage: fuzz_requests.py --leeway BINARY --database FILE_OR_URL [--requests N] [--seconds N] [--seed N]
                        [--processes N] [--keep FOLDER]
"""

import argparse
import collections
import multiprocessing
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from urllib.parse import quote

import bending
import seeds
from support import Server, Wire, credentials, verified

PIPELINED = 12
# A process that found so many stops: they are to be mended first.
FAULT_LIMIT = int(os.environ.get("FUZZ_FAULT_LIMIT", "20"))
# Sessions and credentials end on the way, by what is sent: these routes end them, so they are drawn rarely.
RENEWED_AFTER = 3_000
ENDING = re.compile(r"DELETE /api/v1/session|/revoke|/rotate|erasure|erase|password|sign-out|/people/{id}/")


def made(seed, caller, dice):
    """A bent request with sound framing."""
    headers, path, query = seed.headers + caller.headers, seed.path.encode(), seed.query
    body, kind = seeds.body_of(seed)
    names = {name.lower() for name, _ in headers}
    headers = headers + [one for one in kind if one[0].lower() not in names]
    places = ["path", "query", "headers"] + (["body"] * 6 if seed.kind != "none" else ["query"] * 2)
    for place in {dice.choice(places) for _ in range(dice.choice([1, 1, 1, 2]))}:
        if place == "path":
            path = quote(bending.bent_bytes(path, dice), safe="/%").encode() or b"/"
            path = path if path.startswith(b"/") else b"/" + path
        elif place == "query":
            query = bending.bent_pairs(query, dice)
        elif place == "headers":
            headers = bending.bent_headers(headers, dice)
        elif seed.kind == "json":
            body = bending.bent_json(body, dice)
        elif seed.kind == "form":
            body = bending.encoded(bending.bent_pairs(seed.body, dice), dice)
        elif seed.kind == "parts":
            body = bent_parts(seed, dice)
        else:
            body = bending.bent_bytes(body, dice)
    text = bending.encoded(query, dice)
    return seeds.wire(seed, headers, body, path, re.sub(rb"[\0-\x20\x7f-\xff]", b"%20", text))


def bent_parts(seed, dice):
    parts = list(seed.body)
    if dice.random() < 0.7 and parts:
        place = dice.randrange(len(parts))
        headers, content = parts[place]
        if dice.random() < 0.3:
            headers = [(name, bending.bent_bytes(value.encode(), dice).decode("utf-8", "replace"))
                       for name, value in headers]
        elif content[:1] in (b"{", b"["):
            content = b"".join(bending.bent_json(line, dice) + b"\n" for line in content.splitlines())
        else:
            content = bending.bent_bytes(content, dice)
        parts[place] = (headers, content)
    if dice.random() < 0.2:
        parts = parts * dice.choice([0, 2, 30])
    body = bending.multipart(parts, dice.choice([b"b", b"b", b"b", b"c", b""]))
    return bending.bent_bytes(body, dice) if dice.random() < 0.3 else body


def bent_wire(data, dice):
    """A request whose framing is bent, too: lengths, chunks, versions, line ends."""
    head, _, body = data.partition(b"\r\n\r\n")
    kind = dice.randrange(6)
    if kind == 0:
        head = re.sub(rb"Content-Length: \d+", b"Transfer-Encoding: chunked", head)
        cut = dice.randint(0, len(body))
        sizes = [b"%x" % cut, b"%x" % (len(body) - cut)]
        if dice.random() < 0.6:
            sizes[dice.randrange(2)] = dice.choice([b"", b"-1", b"zz", b"fffffffffffffffff", b"0", b"7fffffff", b"1;a=b"])
        body = sizes[0] + b"\r\n" + body[:cut] + b"\r\n" + sizes[1] + b"\r\n" + body[cut:] + b"\r\n0\r\n\r\n"
    elif kind == 1:
        size = dice.choice([b"0", b"1", b"-1", b"+2", b"99999999999999999999", b"2, 2", b"", b"0x10", b"5"])
        head = re.sub(rb"Content-Length: \d+", b"Content-Length: " + size, head)
    elif kind == 2:
        head = head.replace(b"HTTP/1.1", dice.choice([b"HTTP/1.0", b"HTTP/2.0", b"HTTP/0.9", b"http/1.1", b"", b"HTTP/9"]))
    elif kind == 3:
        return bending.bent_bytes(data, dice)
    elif kind == 4:
        head = bending.bent_bytes(head, dice)
    else:
        head += dice.choice([b"\r\nExpect: 100-continue", b"\r\nConnection: close", b"\r\nUpgrade: h2c", b"\r\nHost: b",
                             b"\r\nTransfer-Encoding: identity", b"\r\n folded", b"\r\nConnection: upgrade"])
    return head + b"\r\n\r\n" + body


class Worker:
    """One process's share of the requests."""

    def __init__(self, port, some, secrets, new_client, number, seed, keep):
        self.port, self.seeds, self.secrets, self.number, self.keep = port, some, secrets, number, keep
        self.new_client = new_client
        self.dice = random.Random(seed * 1_000 + number)
        self.counts, self.faults, self.sent = collections.Counter(), [], 0
        self.callers, self.connection = {}, None

    def run(self, share, until):
        renewed = -RENEWED_AFTER
        while self.sent < share and time.monotonic() < until and len(self.faults) < FAULT_LIMIT:
            if self.sent - renewed >= RENEWED_AFTER:
                renewed = self.sent
                self.renew()
            if self.dice.random() < 0.06:
                self.alone(bent_wire(self.one()[1], self.dice))
            else:
                self.together([self.one() for _ in range(PIPELINED)])
        return self.counts, self.faults

    def renew(self):
        for who, secret in {**self.secrets, "client": credentials(*self.new_client)}.items():
            try:
                self.callers[who] = seeds.Caller(self.port, who, secret)
            except OSError:
                self.callers.setdefault(who, seeds.Caller(self.port, "nobody", None))

    def one(self):
        seed = self.dice.choice(self.seeds)
        return seed, made(seed, self.callers[seed.who], self.dice)

    def alone(self, data):
        """Broken framing gets a connection of its own: what follows it could belong to it."""
        self.sent += 1
        try:
            wire = Wire(self.port, timeout=30)
            wire.send(data)
            wire.socket.shutdown(1)
            status, _, text = wire.answer()
            self.counts[status or "ended"] += 1
            if status >= 500 and (status, b"HTTP/") != (505, data[:5]):
                self.note(data, f"{status} {text[:300]}")
            wire.close()
        except TimeoutError:
            self.note(data, "no answer within 30 seconds")
        except ConnectionRefusedError:
            self.note(data, "the server is gone")
        except (OSError, ValueError):
            self.counts["ended"] += 1

    def together(self, requests):
        """Several on one connection, each answered in its turn."""
        if self.connection is None:
            try:
                self.connection = Wire(self.port, timeout=30)
            except OSError as error:
                self.note(requests[0][1], f"the server is gone: {error}")
                return
        self.connection.send(b"".join(data for _, data in requests))
        for seed, data in requests:
            self.sent += 1
            start = time.monotonic()
            try:
                status, headers, text = self.connection.answer()
            except TimeoutError:
                self.note(data, "no answer within 30 seconds")
                status, headers, text = 0, {}, b""
            if status >= 500:
                self.note(data, f"{status} {text[:300]}")
            if status == 0:
                # The rest of the pipeline was not read, or its answer is lost with the connection.
                self.counts["ended"] += 1
                self.connection.close()
                self.connection = None
                return
            self.counts[status] += 1
            if time.monotonic() - start > 10:
                self.counts["over 10 s"] += 1
                print(f"slow: {time.monotonic() - start:.1f} s {seed.route}", flush=True)
            if headers.get("connection") == "close":
                self.connection.close()
                self.connection = None
                return

    def note(self, data, fault):
        name = f"request-{self.number}-{self.sent}.bin"
        os.makedirs(self.keep, exist_ok=True)
        with open(os.path.join(self.keep, name), "wb") as file:
            file.write(data)
        self.faults.append(f"{name}: {data[:160]!r}: {fault}")


def work(out, until, share, *arguments):
    worker = Worker(*arguments)
    try:
        out.put(worker.run(share, until))
    except Exception as error:
        out.put((worker.counts, worker.faults + [f"the fuzzer broke: {error!r}"]))


def measured(port, some, callers, faults):
    """The seeds as they are: none may fail, and slow ones are drawn less often."""
    drawn = []
    for seed in some:
        if ENDING.search(seed.route):
            drawn.append(seed)
            continue
        body, kind = seeds.body_of(seed)
        caller = callers[seed.who]
        query = bending.encoded(seed.query)
        wire = Wire(port, timeout=30)
        start = time.monotonic()
        wire.send(seeds.wire(seed, seed.headers + caller.headers + kind, body, quote(seed.path, safe="/%").encode(), query))
        status, _, text = wire.answer()
        wire.close()
        span = time.monotonic() - start
        if status >= 500 or status == 0:
            faults.append(f"sound {seed.route} as {seed.who}: {status} {text[:300]}")
        drawn += [seed] * (1 if status in (401, 403, 404) else max(1, min(16, int(0.04 / max(span, 0.0025)))))
    return drawn


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--leeway", required=True)
    arguments.add_argument("--database", required=True)
    arguments.add_argument("--requests", type=int, default=20_000)
    arguments.add_argument("--seconds", type=int, default=3_600)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--processes", type=int, default=4)
    arguments.add_argument("--keep", default=os.path.join(tempfile.gettempdir(), "leeway-fuzz"))
    given = arguments.parse_args()
    shown = subprocess.run(
        [given.leeway, "demo", "--make-only", "--database", given.database], capture_output=True, text=True, check=True)
    secrets = {who: (name, word) for who, name, word in re.findall(r"^  (\w+) +(\S+@\S+) +(\S+)$", shown.stdout, re.M)}
    new_client = (given.leeway, given.database)
    secrets["client"] = credentials(*new_client)
    secrets["nobody"] = None
    os.makedirs(given.keep, exist_ok=True)
    # No request may lead outwards.
    server = Server(
        given.leeway, given.database, log=os.path.join(given.keep, "server.log"), EXCHANGE_ADDRESSES="public")
    faults, counts, start = [], collections.Counter(), time.monotonic()
    try:
        callers = {who: seeds.Caller(server.port, who, secret) for who, secret in secrets.items()}
        dice = random.Random(given.seed)
        some = seeds.resources() + seeds.crawled(server.port, callers) + seeds.described(server.port, callers, dice)
        drawn = measured(server.port, some, callers, faults)
        routes = len({seed.route for seed in some})
        print(f"seed {given.seed}: {len(some)} sound requests of {routes} routes", flush=True)
        out, until = multiprocessing.Queue(), time.monotonic() + given.seconds
        start = time.monotonic()
        for number in range(given.processes):
            multiprocessing.Process(target=work, args=(
                out, until, given.requests // given.processes, server.port, drawn, secrets, new_client, number, given.seed,
                given.keep)).start()
        for _ in range(given.processes):
            more, wrong = out.get()
            counts += more
            faults += wrong
        span = time.monotonic() - start
        if server.process.poll() is not None:
            faults.append(f"the server ended with {server.process.returncode}")
        else:
            faults += list(ending(server, credentials(*new_client)))
    finally:
        if server.process.poll() is None:
            server.kill()
    wrong = verified(given.leeway, given.database)
    faults += [wrong] if wrong else []
    total = sum(count for status, count in counts.items() if status != "over 10 s")
    shown = ", ".join(f"{status}: {count}" for status, count in sorted(counts.items(), key=str))
    print(f"{total} bent requests in {span:.0f} s ({shown}), {len(faults)} faults")
    for fault in faults[:20]:
        print(fault)
    return 1 if faults else 0


def ending(server, secret):
    """After all of it, what is sound still works."""
    wire = Wire(server.port, timeout=30)
    caller = seeds.Caller(server.port, "client", secret)
    for seed in seeds.resources()[:1]:
        wire.send(seeds.wire(seed, seed.headers + caller.headers, seed.body, seed.path.encode(), b""))
        status, _, text = wire.answer()
        if status != 200:
            yield f"a sound statement got {status} {text[:200]}"
    status = server.stop()
    if status != 0:
        yield f"the server ended with {status}"


if __name__ == "__main__":
    sys.exit(main())
