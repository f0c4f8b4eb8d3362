"""What the fault tests share: a server of one's own, credentials for it, and raw requests."""

import base64
import collections
import http.client
import json
import os
import re
import signal
import socket
import subprocess


class Server:
    """A `leeway serve` of ours. `settings` are further LEEWAY_ variables by their names without the prefix."""

    def __init__(self, binary, database, log=None, **settings):
        variables = {f"LEEWAY_{name}": str(value) for name, value in settings.items()}
        self.process = subprocess.Popen(
            [binary, "serve", "--database", database, "--port", "0", "--log-level", "error"],
            stdout=subprocess.PIPE, stderr=open(log, "w") if log else subprocess.DEVNULL, text=True,
            env={**os.environ, **variables})
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if not found:
            raise SystemExit(f"the server did not start: {line!r}")
        self.port = int(found.group(1))

    def connect(self, timeout=20):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def is_alive(self):
        return self.process.poll() is None

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """Ends it in order and returns how it ended."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.kill()
            return "not at all"

    def memory(self, line="VmRSS"):
        """Resident memory in MiB; the most there was with `VmHWM`."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(rf"{line}:\s+(\d+)", status.read()).group(1)) >> 10


def credentials(binary, database, name="faults", scope="all"):
    """The Authorization of a new client."""
    shown = subprocess.run(
        [binary, "client", "add", name, "--scope", scope, "--database", database],
        capture_output=True, text=True, check=True).stdout
    key, secret = re.search(r"key:\s+(\S+)", shown).group(1), re.search(r"secret:\s+(\S+)", shown).group(1)
    return "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode()


def xapi_headers(binary, database):
    """The headers of an xAPI request of a new client that may do everything."""
    return {
        "Authorization": credentials(binary, database),
        "X-Experience-API-Version": "1.0.3", "Content-Type": "application/json"}


def statement(identifier, dice):
    return {
        "id": identifier,
        "actor": {"account": {"homePage": "https://people.example.org", "name": f"learner-{dice.randrange(50)}"}},
        "verb": {"id": f"https://verbs.example.org/{dice.randrange(6)}"},
        "object": {"id": f"https://learn.example.org/activity/{dice.randrange(40)}"},
        "result": {"duration": f"PT{dice.randrange(1, 600)}S"},
        "timestamp": "2026-05-04T10:20:30.123Z",
    }


def present(server, header):
    """How often each statement is there, by reading all of them page by page."""
    connection = server.connect(timeout=60)
    counts = collections.Counter()
    path = "/xapi/statements?limit=500&format=ids"
    while path:
        connection.request("GET", path, headers=header)
        answer = connection.getresponse()
        page = json.loads(answer.read())
        if answer.status != 200:
            raise SystemExit(f"a read answered {answer.status}: {page}")
        counts.update(one["id"] for one in page["statements"])
        path = page.get("more") or None
    return counts


def verified(binary, database):
    """What is wrong with the record, or None."""
    ending = subprocess.run([binary, "verify", "--database", database], capture_output=True, text=True)
    return None if ending.returncode == 0 else f"verify: {ending.stdout}{ending.stderr}"


def raw(method, path, headers=(), body=b"", version="1.1", host=True):
    """A request as bytes."""
    lines = [f"{method} {path} HTTP/{version}"] + (["Host: localhost"] if host else [])
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Wire:
    """One connection, read answer by answer."""

    def __init__(self, port, timeout=15, receive_bytes=None):
        self.socket = socket.socket()
        if receive_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.socket.settimeout(timeout)
        self.socket.connect(("127.0.0.1", port))
        self.rest = b""

    def send(self, data):
        """Sends what the server takes: it may have ended the connection already, with an answer to read."""
        try:
            self.socket.sendall(data)
        except OSError:
            pass

    def more(self):
        try:
            piece = self.socket.recv(1 << 16)
        except ConnectionError:
            piece = b""
        self.rest += piece
        return piece

    def answer(self):
        """Status, headers and body of the next answer; status 0 when the connection ended instead."""
        while b"\r\n\r\n" not in self.rest:
            if not self.more():
                return 0, {}, b""
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split()[1])
        headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines[1:])}
        if status < 200 or status in (204, 304):
            return status, headers, b""
        if "content-length" in headers:
            while len(self.rest) < int(headers["content-length"]) and self.more():
                pass
            size = int(headers["content-length"])
            body, self.rest = self.rest[:size], self.rest[size:]
        elif headers.get("transfer-encoding") == "chunked":
            body = self.chunks()
        else:
            while self.more():
                pass
            body, self.rest = self.rest, b""
        return status, headers, body

    def chunks(self):
        body = b""
        while True:
            while b"\r\n" not in self.rest:
                if not self.more():
                    return body
            size, self.rest = self.rest.split(b"\r\n", 1)
            size = int(size, 16)
            while len(self.rest) < size + 2 and self.more():
                pass
            body, self.rest = body + self.rest[:size], self.rest[size + 2:]
            if size == 0:
                return body

    def ended(self):
        """Whether nothing more comes and the server closed its side."""
        return not self.rest and not self.more()

    def close(self):
        self.socket.close()


def code(body):
    """The code of a problem document."""
    try:
        return json.loads(body)["type"].removeprefix("urn:leeway:problem:")
    except (ValueError, KeyError):
        return None
