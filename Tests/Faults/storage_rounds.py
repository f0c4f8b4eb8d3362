"""Takes the store away from the server under load: PostgreSQL stopped and started again, a disk that fills up.

PostgreSQL stopped: every request is answered, with 503 and Retry-After while it is away, and writes go on once it is
back. Disk full: every write that finds no room is refused with 503 (`storage-full`), reading goes on, and writing goes
on once there is room. In all of it every acknowledged statement is there exactly once, no refused one is there, and
`leeway verify` passes.

Usage: storage_rounds.py --leeway BINARY --work FOLDER [--postgres-bin FOLDER]

Full disks are made of small file systems in memory; where these may not be mounted, that part says so and is skipped.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import threading
import time
import uuid

from support import Server, present, statement, verified, xapi_headers


class Postgres:
    """A PostgreSQL of ours, which refuses to run as root."""

    def __init__(self, programs, folder):
        self.programs, self.folder = programs, folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        folder.mkdir(mode=0o777)
        folder.chmod(0o777)
        self.run(f"{programs}/initdb -D {folder}/data -U leeway --auth=trust -E UTF8 --locale=C.UTF-8")
        self.start()

    def run(self, command, may_fail=False):
        as_other = ["su", "postgres", "-s", "/bin/bash", "-c", command] if os.getuid() == 0 else ["bash", "-c", command]
        done = subprocess.run(as_other, capture_output=True, text=True)
        if done.returncode != 0 and not may_fail:
            raise SystemExit(f"{command}: {done.stdout}{done.stderr}")
        return done

    def start(self):
        self.run(
            f"{self.programs}/pg_ctl -D {self.folder}/data -l {self.folder}/log -w start -o '-p {self.port} "
            f"-c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}' >/dev/null")

    def stop(self, mode):
        self.run(f"{self.programs}/pg_ctl -D {self.folder}/data -m {mode} -w stop >/dev/null", may_fail=True)

    def query(self, sql):
        return self.run(f"{self.programs}/psql -qAt -h 127.0.0.1 -p {self.port} -U leeway postgres -c \"{sql}\"").stdout

    def url(self, name):
        return f"postgresql://leeway@127.0.0.1:{self.port}/{name}?connect_timeout=10"


class Load:
    """Eight writers and a reader that go on until they are told to stop."""

    def __init__(self, server, header, seed, padding=0):
        self.server, self.header, self.padding = server, header, padding
        self.lock, self.is_over = threading.Lock(), threading.Event()
        self.acknowledged, self.refused, self.unsure, self.faults = [], [], [], []
        self.answers, self.reads = collections.Counter(), collections.Counter()
        self.slowest = 0.0
        dice = random.Random(seed)
        self.threads = [
            threading.Thread(target=self.write, args=(random.Random(dice.getrandbits(64)),), daemon=True)
            for _ in range(8)] + [threading.Thread(target=self.read, daemon=True)]
        for thread in self.threads:
            thread.start()

    def exchange(self, connection, method, path, body=None):
        begun = time.monotonic()
        connection.request(method, path, body, self.header)
        answer = connection.getresponse()
        text = answer.read()
        with self.lock:
            self.slowest = max(self.slowest, time.monotonic() - begun)
            if answer.status == 503 and not (answer.getheader("Retry-After") or "").isdigit():
                self.faults.append(f"{method} answered 503 without Retry-After: {text[:200]!r}")
            if answer.status not in (200, 503):
                self.faults.append(f"{method} answered {answer.status}: {text[:300]!r}")
        return answer.status, text

    def write(self, dice):
        connection = self.server.connect()
        while not self.is_over.is_set():
            ids = [str(uuid.UUID(int=dice.getrandbits(128), version=4)) for _ in range(dice.choice([1, 1, 5, 50]))]
            body = [statement(identifier, dice) for identifier in ids]
            for one in body:
                if self.padding:
                    one["result"]["response"] = dice.randbytes(self.padding // 2).hex()
            try:
                status, text = self.exchange(connection, "POST", "/xapi/statements", json.dumps(body))
            except (OSError, ValueError) as fault:
                with self.lock:
                    self.faults.append(f"a write was not answered: {fault!r}")
                return
            code = json.loads(text)["type"].split(":")[-1] if status != 200 else "200"
            with self.lock:
                self.answers[code] += 1
                # A database that goes away during the commit may have kept it: that is not ours to say.
                kept = self.acknowledged if status == 200 else self.refused
                (self.unsure if code == "database-unreachable" else kept).append((time.monotonic(), ids))
            if status != 200:
                time.sleep(0.05)

    def read(self):
        connection = self.server.connect()
        while not self.is_over.is_set():
            status, text = self.exchange(connection, "GET", "/xapi/statements?limit=20")
            code = json.loads(text)["type"].split(":")[-1] if status != 200 else "200"
            with self.lock:
                self.reads[code] += 1
            time.sleep(0.02)

    def count(self, code):
        with self.lock:
            return self.answers[code]

    def since(self, moment):
        with self.lock:
            return sum(when > moment for when, _ in self.acknowledged)

    def finish(self, binary, database):
        """Everything that went wrong, after all threads have ended."""
        self.is_over.set()
        for thread in self.threads:
            thread.join(30)
        faults = list(self.faults)
        if not self.server.is_alive():
            return faults + ["the server ended"]
        counts = present(self.server, self.header)
        for _, ids in self.acknowledged:
            faults += [f"{one} was acknowledged and is there {counts[one]} times" for one in ids if counts[one] != 1]
        for _, ids in self.refused:
            faults += [f"{one} was refused and is there" for one in ids if counts[one]]
        for _, ids in self.unsure:
            if len({counts[one] for one in ids}) != 1 or counts[ids[0]] > 1:
                faults.append(f"a batch of {len(ids)} is half there")
        self.server.stop()
        wrong = verified(binary, database)
        return faults + ([wrong] if wrong else [])


def within(seconds, holds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.05)
    return False


def told(title, load, faults):
    print(f"{title}: {sum(len(ids) for _, ids in load.acknowledged)} statements acknowledged, writes "
          f"{dict(load.answers)}, reads {dict(load.reads)}, slowest {load.slowest:.2f} s, {len(faults)} faults")
    for fault in faults[:10]:
        print(f"  {fault}")
    return not faults


def restart(binary, postgres, mode):
    postgres.query(f"CREATE DATABASE restart_{mode}")
    database = postgres.url(f"restart_{mode}")
    header = xapi_headers(binary, database)
    load = Load(Server(binary, database), header, seed=1)
    time.sleep(2)
    postgres.stop(mode)
    faults = []
    if not within(10, lambda: load.count("database-unreachable") > 20):
        faults.append("writes were not refused while PostgreSQL was away")
    postgres.start()
    back = time.monotonic()
    if not within(20, lambda: load.since(back) > 200):
        faults.append("writes did not go on after PostgreSQL was back")
    time.sleep(1)
    return told(f"PostgreSQL stopped ({mode}) and started", load, faults + load.finish(binary, database))


def full(title, binary, database, folder, room):
    """Fills `folder`'s disk until no write finds room, frees `room`, and sees that writing goes on."""
    header = xapi_headers(binary, database)
    load = Load(Server(binary, database), header, seed=2, padding=4_000)
    faults = []
    if not within(90, lambda: load.count("storage-full") > 40):
        faults.append("writes were not refused when the disk was full")
    before = load.reads["200"]
    if not within(5, lambda: load.reads["200"] > before + 20) or set(load.reads) - {"200"}:
        faults.append(f"reading did not go on: {dict(load.reads)}")
    freed = time.monotonic()
    room.unlink()
    if not within(20, lambda: load.since(freed) > 50):
        faults.append("writing did not go on when there was room again")
    # Room for what is on its way, and no more of it.
    load.is_over.set()
    return told(title, load, faults + load.finish(binary, database))


def small_disk(folder, megabytes):
    """Mounts a small file system with a file on it that can be removed to make room; None where that is not allowed."""
    folder.mkdir(mode=0o777)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=777", "tmpfs", str(folder)], capture_output=True)
    if done.returncode != 0:
        return None
    room = folder / "room"
    room.write_bytes(bytes(24 << 20))
    return room


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--leeway", required=True)
    arguments.add_argument("--work", required=True, type=pathlib.Path)
    arguments.add_argument("--postgres-bin")
    settings = arguments.parse_args()
    work = settings.work / "storage-rounds"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o777)
    work.chmod(0o777)
    disk, results = work / "disk", []
    room = small_disk(disk, 48)
    postgres = None
    try:
        if room:
            results.append(full("SQLite's disk full", settings.leeway, str(disk / "l.sqlite"), disk, room))
        else:
            print("SQLite's disk full: skipped, a small file system may not be mounted here")
        if settings.postgres_bin:
            postgres = Postgres(settings.postgres_bin, work / "postgres")
            results += [restart(settings.leeway, postgres, mode) for mode in ("fast", "immediate")]
            if room:
                for left in disk.glob("l.sqlite*"):
                    left.unlink()
                room.write_bytes(bytes(24 << 20))
                (disk / "space").mkdir()
                (disk / "space").chmod(0o777)
                postgres.run(f"chmod 700 {disk}/space", may_fail=True)
                if os.getuid() == 0:
                    shutil.chown(disk / "space", "postgres")
                postgres.query(f"CREATE TABLESPACE small LOCATION '{disk}/space'")
                postgres.query("CREATE DATABASE full_disk TABLESPACE small")
                results.append(
                    full("PostgreSQL's disk full", settings.leeway, postgres.url("full_disk"), disk, room))
    finally:
        if postgres:
            postgres.stop("immediate")
        if room:
            subprocess.run(["umount", "-l", str(disk)], capture_output=True)
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
