"""Kills the server in the middle of mixed writes, again and again, and looks what is left.

Every statement that was acknowledged must be there exactly once. A batch that was not acknowledged must be there
whole or not at all. At the end `leeway verify` must pass.

Usage: kill_rounds.py --leeway BINARY --database FILE_OR_URL [--rounds N] [--seed N]
"""

import argparse
import http.client
import json
import random
import sys
import threading
import time
import uuid

from support import Server, present, statement, verified, xapi_headers


class Record:
    """What was sent and what was acknowledged."""

    def __init__(self):
        self.lock = threading.Lock()
        self.acknowledged = []
        self.unsure = []

    def sent(self, ids, is_acknowledged):
        with self.lock:
            (self.acknowledged if is_acknowledged else self.unsure).append(ids)


def write(server, header, record, dice, until):
    connection = server.connect(timeout=10)
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


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--leeway", required=True)
    arguments.add_argument("--database", required=True)
    arguments.add_argument("--rounds", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    settings = arguments.parse_args()
    header = xapi_headers(settings.leeway, settings.database)
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
    faults += [wrong] if wrong else []
    stored = sum(len(ids) for ids in record.acknowledged)
    half = sum(len(ids) > 1 for ids in record.unsure)
    print(f"{number + 1} rounds, {stored} statements acknowledged, {len(record.unsure)} writes cut off "
          f"({half} of them batches), {len(faults)} faults")
    for fault in faults[:20]:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
