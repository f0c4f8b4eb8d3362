#!/usr/bin/env python3
"""Compares our decisions and our grammar with those of Cedar's own program, which cedarpy wraps.

Usage: cedar.py FILE

The file has a JSON object a line, of two kinds:
  {"policies": TEXT, "entities": [...], "requests": [...], "answers": [{"allowed", "determining", "failed"}, ...]}
    Decisions: entities and requests in Cedar's JSON, our answers with ids by position (policy0, policy1, ...).
  {"text": TEXT, "taken": BOOL}
    Whether our parser took a text.

Prints one JSON object with counts and, of each kind, up to 20 cases in which the two differ. Ends with 1 if any do.
"""
import json
import re
import sys

import cedarpy

FAILED = re.compile(r"policy `([^`]*)`")
SHOWN = 20


def answer(result):
    diagnostics = result.diagnostics
    return {
        "allowed": result.allowed,
        "determining": sorted(diagnostics.reasons),
        "failed": sorted(FAILED.search(error).group(1) for error in diagnostics.errors),
    }


def compare_decisions(case, counts, different):
    try:
        policies = cedarpy.PolicySet.from_str(case["policies"])
        entities = cedarpy.Entities.from_json_str(json.dumps(case["entities"]))
    except ValueError as error:
        counts["refused"] += 1
        different.append({"case": case, "error": str(error)})
        return
    results = cedarpy.is_authorized_batch(case["requests"], policies, entities)
    for request, ours, result in zip(case["requests"], case["answers"], results):
        theirs = answer(result)
        counts["decisions"] += 1
        counts["allowed"] += theirs["allowed"]
        counts["forbidden"] += not theirs["allowed"] and bool(theirs["determining"])
        counts["failed"] += bool(theirs["failed"])
        if result.decision.name == "NoDecision" or theirs != {**ours, "determining": sorted(ours["determining"]),
                                                              "failed": sorted(ours["failed"])}:
            counts["different"] += 1
            different.append({"policies": case["policies"], "entities": case["entities"], "request": request,
                              "ours": ours, "theirs": theirs, "errors": result.diagnostics.errors})


def compare_text(case, counts, different):
    try:
        cedarpy.PolicySet.from_str(case["text"])
        taken, error = True, ""
    except ValueError as problem:
        taken, error = False, str(problem)
    counts["texts"] += 1
    counts["texts_taken"] += taken
    if taken != case["taken"]:
        counts["texts_different"] += 1
        different.append({**case, "theirs": taken, "error": error})


def main():
    counts = dict.fromkeys(
        ["decisions", "allowed", "forbidden", "failed", "different", "refused", "texts", "texts_taken",
         "texts_different"], 0)
    different = []
    with open(sys.argv[1], encoding="utf-8") as lines:
        for line in lines:
            case = json.loads(line)
            (compare_text if "text" in case else compare_decisions)(case, counts, different)
    print(json.dumps({**counts, "first": different[:SHOWN]}))
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
