"""Kills the server in the middle of mixed writes, again and again, and looks what is left.

Every statement that was acknowledged must be there exactly once. A batch that was not acknowledged must be there
whole or not at all. At the end `leeway verify` must pass.

Usage: kill_rounds.py --leeway BINARY --database FILE_OR_URL [--rounds N] [--seed N]
"""

import argparse
import collections
import http.client
import json
import random
import sys
import threading
import time
import uuid

from support import Server, credentials, verified


class Record:
    """What was sent and what was acknowledged."""

    def __init__(self):
        self.lock = threading.Lock()
        self.acknowledged = []
        self.unsure = []

    def sent(self, ids, is_acknowledged):
        with self.lock:
            (self.acknowledged if is_acknowledged else self.unsure).append(ids)


def statement(identifier, dice):
    learner = dice.randrange(50)
    return {
        "id": identifier,
        "actor": {"account": {"homePage": "https://people.example.org", "name": f"learner-{learner}"}},
        "verb": {"id": f"https://verbs.example.org/{dice.randrange(6)}"},
        "object": {"id": f"https://learn.example.org/activity/{dice.randrange(40)}"},
        "result": {"duration": f"PT{dice.randrange(1, 600)}S"},
        "timestamp": "2026-05-04T10:20:30.123Z",
    }


def write(server, header, record, dice, until):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    while time.monotonic() < until:
        ids = [str(uuid.UUID(int=dice.getrandbits(128), version=4)) for _ in range(dice.choice([1, 1, 1, 5, 50]))]
        body = [statement(identifier, dice) for identifier in ids]
        try:
            connection.request("POST", "/xapi/statements", json.dumps(body if len(ids) > 1 else body[0]), header)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status == 200:
                record.sent(ids, sorted(json.loads(text)) == sorted(ids))
            else:
                raise SystemExit(f"a write answered {answer.status}: {text[:300]!r}")
        except (OSError, http.client.HTTPException, ValueError):
            record.sent(ids, False)
            return


def present(server, header, pause=0.05):
    """How often each statement is there, by reading all of them page by page."""
    for _ in range(100):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            connection.connect()
            break
        except OSError:
            time.sleep(pause)
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


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--leeway", required=True)
    arguments.add_argument("--database", required=True)
    arguments.add_argument("--rounds", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    settings = arguments.parse_args()
    header = {
        "Authorization": credentials(settings.leeway, settings.database),
        "X-Experience-API-Version": "1.0.3", "Content-Type": "application/json"}
    record, dice, faults = Record(), random.Random(settings.seed), []
    for number in range(settings.rounds):
        server = Server(settings.leeway, settings.database)
        until = time.monotonic() + 30
        writers = [
            threading.Thread(
                target=write, args=(server, header, record, random.Random(dice.getrandbits(64)), until), daemon=True)
            for _ in range(8)]
        for writer in writers:
            writer.start()
        time.sleep(dice.uniform(0.05, 0.6))
        server.kill()
        for writer in writers:
            writer.join()
        # Reading all of them takes longer each time, so it is done now and then and at the end.
        if number % 20 == 19 or number == settings.rounds - 1:
            server = Server(settings.leeway, settings.database)
            counts = present(server, header)
            for ids in record.acknowledged:
                faults += [f"{one} was acknowledged and is there {counts[one]} times" for one in ids if counts[one] != 1]
            for ids in record.unsure:
                if len({counts[one] for one in ids}) != 1 or counts[ids[0]] > 1:
                    faults.append(f"a batch of {len(ids)} is half there")
            known = {one for ids in record.acknowledged + record.unsure for one in ids}
            faults += [f"{one} was never sent" for one in counts if one not in known]
            server.kill()
            if faults:
                break
    wrong = verified(settings.leeway, settings.database)
    if wrong:
        faults.append(wrong)
    stored = sum(len(ids) for ids in record.acknowledged)
    half = sum(len(ids) > 1 for ids in record.unsure)
    print(f"{number + 1} rounds, {stored} statements acknowledged, {len(record.unsure)} writes cut off "
          f"({half} of them batches), {len(faults)} faults")
    for fault in faults[:20]:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
