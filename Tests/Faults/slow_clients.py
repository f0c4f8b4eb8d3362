"""Several hundred slow and broken clients at once, while well-behaved ones go on undisturbed.

Slow ones send headers byte by byte, stop within a body, never read their answer, say nothing, or close their half.
The server must end each within its limit (408 where HTTP says so), keep its memory, and answer every other client.
Then requests that are too large, wrongly framed, pipelined or old; too many connections; and an orderly end.

Usage: slow_clients.py --leeway BINARY [--clients N]
"""

import argparse
import http.client
import json
import multiprocessing
import os
import select
import socket
import sys
import tempfile
import threading
import time
import uuid

import odd_requests
from support import Server, Wire, code, credentials, raw, verified

HEADER, BODY, IDLE, ANSWER, CONNECTIONS = 3, 4, 5, 4, 700
# A limit is looked at once a second, and a busy machine is late.
SLACK = 20
# The server's own growth under `--clients` of 400; nothing that clients hold may grow with time.
MEMORY_LIMIT = 1_000
XAPI = [("X-Experience-API-Version", "1.0.3")]
JSON_TYPE = [("Content-Type", "application/json")]


def statement(text="", identifier=None):
    return {
        "id": identifier or str(uuid.uuid4()),
        "actor": {"account": {"homePage": "https://people.example.org", "name": "learner"}},
        "verb": {"id": "https://verbs.example.org/did"},
        "object": {"id": "https://learn.example.org/activity/1"},
        "context": {"extensions": {"https://learn.example.org/text": text}},
    }


def fill(port, header):
    """Statements enough for pages that no socket's buffer swallows."""
    wire = Wire(port)
    for _ in range(10):
        body = json.dumps([statement("x" * 60_000) for _ in range(15)]).encode()
        wire.send(raw("POST", "/xapi/statements", header + [("Content-Length", len(body))], body))
        status, _, text = wire.answer()
        if status != 200:
            raise SystemExit(f"filling answered {status}: {text[:200]}")
    wire.close()


# The slow clients: each opens its connection at once and later says how it ended.

def drips_headers(port, header):
    wire = Wire(port, timeout=20)
    text = raw("GET", "/xapi/statements", header + [("X-Padding", "x" * 200)])
    for place in range(60):
        wire.send(text[place:place + 1])
        if select.select([wire.socket], [], [], 1)[0]:
            break
    return wire.answer()[0]


def stops_in_body(port, header):
    wire = Wire(port, timeout=60)
    body = json.dumps(statement()).encode()
    wire.send(raw("POST", "/xapi/statements", header + [("Content-Length", len(body))], body[:50]))
    return wire.answer()[0]


def never_reads(port, header):
    wire = Wire(port, timeout=60, receive_bytes=4_096)
    wire.send(raw("GET", "/xapi/statements?limit=500", header))
    # A connection that the server ended turns to an error once the client sends again.
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        time.sleep(0.5)
        if wire.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            return "ended"
        try:
            wire.socket.send(b"\r\n")
        except OSError:
            return "ended"
    return "still open"


def says_nothing(port, _):
    return "ended" if Wire(port, timeout=60).ended() else "an answer"


def closes_half(port, header):
    """After a whole request the answer must come; within a body the server must not take the half for the whole."""
    wire = Wire(port, timeout=60)
    wire.send(raw("GET", "/xapi/statements?limit=1", header))
    wire.socket.shutdown(socket.SHUT_WR)
    whole = wire.answer()[0]
    wire = Wire(port, timeout=60)
    body = json.dumps(statement()).encode()
    wire.send(raw("POST", "/xapi/statements", header + [("Content-Length", len(body) + 10)], body))
    wire.socket.shutdown(socket.SHUT_WR)
    return whole, wire.answer()[0], wire.ended()


# Each with its share of the clients, what must become of it, and by when.
SLOW = [
    (drips_headers, 0.25, 408, HEADER), (stops_in_body, 0.25, 408, BODY), (never_reads, 0.15, "ended", ANSWER),
    (says_nothing, 0.25, "ended", IDLE), (closes_half, 0.10, (200, 400, True), 1),
]


def slow_clients(port, header, count, out):
    """In a process of its own: Python would make the well-behaved clients slow otherwise."""
    found, lock, threads = [], threading.Lock(), []

    def run(client):
        start = time.monotonic()
        try:
            ending = client(port, header)
        except OSError as error:
            ending = f"{type(error).__name__}"
        with lock:
            found.append((client.__name__, ending, time.monotonic() - start))

    for client, share, _, _ in SLOW:
        threads += [threading.Thread(target=run, args=(client,)) for _ in range(int(count * share))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    out.put(found)


def well_behaved(port, header, seconds, out):
    """32 connections that read and write; tells the latencies and whatever was not 200."""
    spans, faults, lock = [], [], threading.Lock()
    until = time.monotonic() + seconds

    def run(number):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        mine = []
        while time.monotonic() < until:
            start = time.monotonic()
            try:
                if number % 2:
                    identifier = str(uuid.uuid4())
                    path = f"/xapi/statements?statementId={identifier}"
                    connection.request("PUT", path, json.dumps(statement("", identifier)), dict(header))
                else:
                    connection.request("GET", "/xapi/statements?limit=1&format=ids", headers=dict(header))
                answer = connection.getresponse()
                text = answer.read()
                if answer.status not in (200, 204):
                    faults.append(f"a well-behaved client got {answer.status}: {text[:200]}")
            except (OSError, http.client.HTTPException) as error:
                faults.append(f"a well-behaved client failed: {error!r}")
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            mine.append(time.monotonic() - start)
        with lock:
            spans.extend(mine)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    out.put((sorted(spans), faults))


def apart(work, *arguments):
    """Runs it in another process and returns how to get what it found."""
    out = multiprocessing.Queue()
    process = multiprocessing.Process(target=work, args=(*arguments, out))
    process.start()

    def result():
        found = out.get(timeout=90)
        process.join()
        return found
    return result


def told(spans):
    at = lambda share: spans[min(len(spans) - 1, int(len(spans) * share))] * 1_000
    return f"{len(spans)} requests, p50 {at(0.5):.1f} ms, p99 {at(0.99):.1f} ms"


def too_many(server, header):
    """Connections up to the limit are served; those beyond are refused with a reason; room comes back."""
    faults, wires, refused = [], [], 0
    for _ in range(CONNECTIONS + 40):
        wires.append(Wire(server.port))
    time.sleep(0.5)
    for wire in wires:
        if select.select([wire.socket], [], [], 0)[0]:
            status, headers, body = wire.answer()
            if (status, code(body)) == (503, "connections") and "retry-after" in headers:
                refused += 1
            else:
                faults.append(f"a connection too many got {status} {body[:100]}")
    if not 30 <= refused <= 50:
        faults.append(f"{refused} of 40 connections too many were refused")
    wires[0].send(raw("GET", "/xapi/about", header))
    if wires[0].answer()[0] != 200:
        faults.append("a connection within the limit is not served while there are too many")
    for wire in wires:
        wire.close()
    time.sleep(0.5)
    wire = Wire(server.port)
    wire.send(raw("GET", "/xapi/about", header))
    if wire.answer()[0] != 200:
        faults.append("no room came back")
    return faults


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--leeway", required=True)
    arguments.add_argument("--clients", type=int, default=400)
    given = arguments.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "slow.sqlite")
        header = [("Authorization", credentials(given.leeway, database))] + XAPI + JSON_TYPE
        server = Server(
            given.leeway, database, HTTP_HEADER_SECONDS=HEADER, HTTP_BODY_SECONDS=BODY, HTTP_IDLE_SECONDS=IDLE,
            HTTP_ANSWER_SECONDS=ANSWER, HTTP_CONNECTION_COUNT=CONNECTIONS)
        try:
            faults = trial(server, header, given.clients)
            ending = server.stop()
            if ending != 0:
                faults.append(f"the server ended with {ending}")
        finally:
            if server.process.poll() is None:
                server.kill()
        wrong = verified(given.leeway, database)
        faults += [wrong] if wrong else []
    print(f"slow clients: {time.monotonic() - start:.0f} s, {len(faults)} faults")
    for fault in faults[:20]:
        print(fault)
    return 1 if faults else 0


def trial(server, header, count):
    fill(server.port, header)
    spans, faults = apart(well_behaved, server.port, header, 5)()
    before = server.memory()
    print(f"well-behaved alone: {told(spans)}; {before} MiB")
    slow = apart(slow_clients, server.port, header, count)
    spans, more = apart(well_behaved, server.port, header, 10)()
    faults += more
    found, most = slow(), server.memory("VmHWM")
    print(f"beside {len(found)} slow clients: {told(spans)}; at most {most} MiB, then {server.memory()} MiB")
    if most - before > MEMORY_LIMIT:
        faults.append(f"memory grew from {before} to {most} MiB")
    for client, _, wanted, limit in SLOW:
        mine = [(ending, span) for name, ending, span in found if name == client.__name__]
        spans = [span for _, span in mine]
        wrong = [ending for ending, _ in mine if ending != wanted]
        print(f"  {client.__name__}: {len(mine)}, ended after {min(spans):.1f} to {max(spans):.1f} s")
        if wrong:
            faults.append(f"{client.__name__}: {len(wrong)} ended with {sorted(set(map(str, wrong)))}, not {wanted}")
        if max(spans) > limit + SLACK:
            faults.append(f"{client.__name__}: one lasted {max(spans):.1f} s")
    faults += odd_requests.all_faults(server.port, header, HEADER)
    return faults + too_many(server, header)


if __name__ == "__main__":
    sys.exit(main())
