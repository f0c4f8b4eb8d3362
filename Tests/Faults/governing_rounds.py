"""Kills the server while people govern at once: mandates, strategies and policies published, parts accepted.

After each kill: what was acknowledged is there, nothing is half published (a published mandate asks its whole
audience), a strategy has at most one version in force, an AI use at most one accountable person. At the end `leeway
verify` must pass.

Usage: governing_rounds.py --leeway BINARY --database FILE_OR_URL [--rounds N] [--seed N]
"""

import argparse
import datetime
import http.client
import json
import random
import re
import subprocess
import sys
import threading
import time

from support import Server, verified

AUDIENCE = "everyone"


class Refused(Exception):
    pass


class Caller:
    """Somebody who is signed in; the session outlives the server."""

    def __init__(self, server, name, password):
        self.headers = {"Content-Type": "application/json"}
        status, head, body = self.exchange(server, "POST", "/api/v1/session", {"name": name, "password": password})
        if status != 201:
            raise SystemExit(f"{name} could not sign in: {status} {body}")
        self.headers["Cookie"] = head["set-cookie"].split(";")[0]
        self.headers["X-CSRF-Token"] = body["csrf"]
        self.person = body["person"]

    def exchange(self, server, method, path, body=None):
        connection = server.connect(timeout=30)
        connection.request(method, path, None if body is None else json.dumps(body), self.headers)
        answer = connection.getresponse()
        text = answer.read()
        head = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, head, json.loads(text) if text else None

    def ask(self, server, method, path, body=None):
        status, _, answer = self.exchange(server, method, path, body)
        if status >= 500 and status != 503:
            raise SystemExit(f"{method} {path} answered {status}: {answer}")
        if status >= 400:
            raise Refused(f"{method} {path} answered {status}: {answer.get('detail')}")
        return answer


def organisation(leeway, database):
    """Makes the demonstration and returns a name and password by role."""
    shown = subprocess.run(
        [leeway, "demo", "--make-only", "--database", database], capture_output=True, text=True, check=True).stdout
    return {role: (name, password) for role, name, password in re.findall(r"(\w+)\s+(\S+@\S+)\s+(\S+)", shown)}


class Round:
    """What was acknowledged, by kind."""

    def __init__(self, server, people, known):
        self.server, self.people, self.known = server, people, known
        self.lock, self.refusals = threading.Lock(), []

    def note(self, kind, thing):
        with self.lock:
            self.known.setdefault(kind, []).append(thing)

    def keep_at(self, act, dice):
        while True:
            try:
                act(self, dice)
            except Refused as refusal:
                with self.lock:
                    self.refusals.append(str(refusal))
            except (OSError, http.client.HTTPException, ValueError):
                return


def mandates(this, dice):
    caller = this.people["sponsor"]
    day = datetime.date.today() + datetime.timedelta(days=dice.randrange(30, 300))
    made = caller.ask(this.server, "POST", "/api/v1/mandates", {
        "title": f"Mandate {dice.randrange(10**6)}", "why": "A test asks.", "minutes": dice.randrange(5, 60),
        "audience": AUDIENCE, "deadline": day.isoformat(), "rule": "A rule"})
    caller.ask(this.server, "POST", f"/api/v1/mandates/{made['id']}/publish", {"override": "A test wants it."})
    this.note("published", made["id"])
    if dice.random() < 0.5:
        caller.ask(this.server, "POST", f"/api/v1/mandates/{made['id']}/retire", {"reason": "A test is done with it."})
        this.note("retired", made["id"])


def strategies(this, dice):
    caller, skill = this.people["sponsor"], this.known["skill"][0]
    fields = {"title": "Judgement", "owner": caller.person, "audience": AUDIENCE, "priorities": [
        {"name": f"Aim {number}", "skills": [skill], "weight": dice.randrange(1, 100)} for number in range(3)]}
    if this.known.get("strategy") and dice.random() < 0.7:
        chosen = dice.choice(this.known["strategy"])
        made = caller.ask(this.server, "PUT", f"/api/v1/strategies/{chosen}", fields)
    else:
        made = caller.ask(this.server, "POST", "/api/v1/strategies", fields)
    done = caller.ask(this.server, "POST", f"/api/v1/strategies/{made['id']}/publish")
    this.note("strategy", made["id"])
    this.note("in force", (made["id"], done["version"]))


def parts(this, dice):
    steward, use = this.people["steward"], dice.choice(this.known["use"])
    taker = this.people[dice.choice(["sponsor", "manager", "learner", "designer"])]
    asked = steward.ask(this.server, "POST", f"/api/v1/ai-uses/{use}/responsibilities", {"person": taker.person})
    taker.ask(this.server, "POST", f"/api/v1/responsibilities/{asked['id']}/accept")
    this.note("accepted", (use, asked["id"]))


def documents(this, dice):
    steward, reader = this.people["steward"], this.people[dice.choice(["learner", "manager", "designer"])]
    fields = {"title": f"Policy {dice.randrange(10**6)}", "body": "One.\n\nTwo.", "audience": AUDIENCE,
              "owner": steward.person, "material": True}
    made = steward.ask(this.server, "POST", "/api/v1/documents", fields)
    steward.ask(this.server, "POST", f"/api/v1/documents/{made['id']}/publish")
    this.note("document", made["id"])
    reader.ask(this.server, "POST", f"/api/v1/documents/{made['id']}/accept", {"version": made["version"]})
    this.note("agreed", made["id"])


def looked_at(server, people, known):
    """What is wrong after a kill."""
    faults, steward = [], people["steward"]
    everyone = None
    all_mandates = {one["id"]: one for one in steward.ask(server, "GET", "/api/v1/mandates")["items"]}
    for one in known.get("published", []):
        if all_mandates.get(one, {}).get("state") not in ("published", "retired"):
            faults.append(f"mandate {one} was published and is {all_mandates.get(one, {}).get('state')}")
    for one in known.get("retired", []):
        if all_mandates.get(one, {}).get("state") != "retired":
            faults.append(f"mandate {one} was retired and is not")
    for one in all_mandates.values():
        if one["state"] == "published" and one["audience"] == AUDIENCE and one["title"].startswith("Mandate "):
            asked = one["progress"]["asked"]
            everyone = everyone or asked
            if asked != everyone or asked == 0:
                faults.append(f"mandate {one['id']} asks {asked} of {everyone} people")
    versions = {}
    for one in steward.ask(server, "GET", "/api/v1/strategies")["items"]:
        if one["state"] == "published":
            versions.setdefault(one["id"], []).append(one["version"])
    for identifier, highest in {one: max(v for i, v in known["in force"] if i == one)
                                for one, _ in known.get("in force", [])}.items():
        found = versions.get(identifier, [])
        if len(found) != 1 or found[0] < highest:
            faults.append(f"strategy {identifier}: version {highest} was published, in force are {found}")
    for use in known["use"]:
        terms = steward.ask(server, "GET", f"/api/v1/ai-uses/{use}/responsibilities")["items"]
        accountable = [one for one in terms if one["part"] == "accountable" and one["state"] == "accepted"]
        if len(accountable) > 1:
            faults.append(f"AI use {use} has {len(accountable)} accountable people")
        there = {one["id"]: one["state"] for one in terms}
        for accepted in [term for of, term in known.get("accepted", []) if of == use]:
            if there.get(accepted) not in ("accepted", "ended"):
                faults.append(f"a part that was accepted is {there.get(accepted)}")
    for one in set(known.get("agreed", [])):
        coverage = steward.ask(server, "GET", f"/api/v1/documents/{one}/coverage")
        if coverage["accepted"] < 1:
            faults.append(f"policy {one} was accepted by somebody and by nobody now")
    return faults


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--leeway", required=True)
    arguments.add_argument("--database", required=True)
    arguments.add_argument("--rounds", type=int, default=20)
    arguments.add_argument("--seed", type=int, default=1)
    settings = arguments.parse_args()
    passwords = organisation(settings.leeway, settings.database)
    dice, known, faults, refusals = random.Random(settings.seed), {}, [], set()
    server = Server(settings.leeway, settings.database)
    people = {role: Caller(server, *found) for role, found in passwords.items()}
    known["skill"] = [people["steward"].ask(server, "GET", "/api/v1/skills")["items"][0]["id"]]
    known["use"] = [one["id"] for one in people["steward"].ask(server, "GET", "/api/v1/ai-uses")["items"]][:3]
    for number in range(settings.rounds):
        this = Round(server, people, known)
        workers = [
            threading.Thread(target=this.keep_at, args=(act, random.Random(dice.getrandbits(64))), daemon=True)
            for act in (mandates, mandates, strategies, strategies, parts, parts, documents, documents)]
        for worker in workers:
            worker.start()
        time.sleep(dice.uniform(0.3, 1.5))
        server.kill()
        for worker in workers:
            worker.join()
        refusals.update(re.sub(r"[0-9a-f-]{36}", "…", one) for one in this.refusals)
        server = Server(settings.leeway, settings.database)
        faults = looked_at(server, people, known)
        if faults:
            break
    server.kill()
    wrong = verified(settings.leeway, settings.database)
    faults += [wrong] if wrong else []
    counts = {kind: len(things) for kind, things in known.items() if kind not in ("skill", "use")}
    print(f"{number + 1} rounds of governing, acknowledged: {counts}, {len(refusals)} kinds of refusal, "
          f"{len(faults)} faults")
    for line in faults[:20]:
        print(line)
    if not all(counts.get(kind) for kind in ("published", "in force", "accepted", "agreed")):
        print(f"nothing of a kind was acknowledged; refusals: {sorted(refusals)[:10]}")
        return 1
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
