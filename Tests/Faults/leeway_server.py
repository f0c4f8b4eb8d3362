"""What the fault rounds share: a server of ours, its credentials, statements, and a reader of all that is stored."""

import base64
import collections
import http.client
import json
import re
import signal
import subprocess


class Server:
    """A `leeway serve` of ours."""

    def __init__(self, binary, database, *more):
        self.process = subprocess.Popen(
            [binary, "serve", "--database", database, "--port", "0", "--log-level", "error", *more],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if not found:
            raise SystemExit(f"the server did not start: {line!r}")
        self.port = int(found.group(1))

    def connect(self, timeout=20):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def is_alive(self):
        return self.process.poll() is None

    def resident_megabytes(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        return self.process.wait(30)


def credentials(binary, database, name="faults"):
    """The headers of an xAPI request of a new client that may do everything."""
    shown = subprocess.run(
        [binary, "client", "add", name, "--scope", "all", "--database", database],
        capture_output=True, text=True, check=True).stdout
    key, secret = re.search(r"key:\s+(\S+)", shown).group(1), re.search(r"secret:\s+(\S+)", shown).group(1)
    return {
        "Authorization": "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode(),
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


def verify_faults(binary, database):
    """What `leeway verify` finds wrong: an empty list, or one long line."""
    done = subprocess.run([binary, "verify", "--database", database], capture_output=True, text=True)
    return [] if done.returncode == 0 else [f"verify: {done.stdout}{done.stderr}"]
