#!/usr/bin/env python3
"""Random reviews and what py-fsrs 6 makes of them, for MemoryTests to compare with.

Usage: memory.py SEQUENCES [SEED] >FILE

A line is one of
  P w0 ... w20            parameters for the sequences that follow
  S RETENTION MAXIMUM     a sequence begins, scheduled with this desired retention and longest interval in days
  R RATING SECONDS RETRIEVABILITY STABILITY DIFFICULTY INTERVAL
                          a review: seconds since the last one, retrievability before it, the state and the interval in
                          days after it (without learning steps and without fuzz)
  F INTERVAL MAXIMUM LOW HIGH
                          the fuzz range about an interval
The first half of the sequences has the default parameters; then each forty have others, drawn from their ranges.
The published tables were made with fsrs 6.3.2, `memory.py 300 1`.
"""
import random
import sys
from datetime import datetime, timedelta, timezone

import fsrs.scheduler as module
from fsrs import Card, Rating, Scheduler, State

START = datetime(2026, 1, 1, tzinfo=timezone.utc)
RATINGS = [Rating.Again, Rating.Hard, Rating.Good, Rating.Easy]
# Beyond, Leeway bounds stability; py-fsrs does not.
STABILITY_LIMIT = 1e9


def scheduler(parameters, retention=0.9, maximum=36500, fuzz=False):
    return Scheduler(
        parameters=parameters, desired_retention=retention, learning_steps=(), relearning_steps=(),
        maximum_interval=maximum, enable_fuzzing=fuzz)


def text(*values):
    return " ".join(repr(value) for value in values)


def sequence(chance, parameters):
    retention = chance.choice([0.7, 0.8, 0.9, 0.95, 0.97, round(chance.uniform(0.7, 0.97), 4)])
    maximum = chance.choice([36500, 36500, 365, 30, 1])
    own = scheduler(parameters, retention, maximum)
    print("S", text(retention, maximum))
    card, now = Card(), START
    for number in range(chance.randint(2, 12)):
        kind = chance.random()
        if number == 0:
            seconds = 0
        elif kind < 0.25:
            seconds = chance.randint(0, 86_399)
        elif kind < 0.75:
            seconds = max(0, int(86_400 * (card.due - now).days * chance.uniform(0.5, 2)))
        else:
            seconds = chance.choice([86_399, 86_400, 86_401, chance.randint(86_400, 86_400 * 400)])
        seconds = min(seconds, 86_400 * 4_000)
        now += timedelta(seconds=seconds)
        rating = chance.choices(RATINGS, [1, 1, 3, 1])[0]
        before = own.get_card_retrievability(card, now)
        card, _ = own.review_card(card, rating, now)
        assert card.state == State.Review
        if card.stability > STABILITY_LIMIT:
            return
        interval = (card.due - now).days
        print("R", int(rating), seconds, text(before, card.stability, card.difficulty, interval))


def fuzz_ranges():
    for maximum in (36500, 100, 8):
        own = scheduler(module.DEFAULT_PARAMETERS, maximum=maximum, fuzz=True)
        for interval in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 19, 20, 21, 30, 45, 60, 90, 95, 100, 365, 1000, 36500]:
            if interval > maximum:
                continue
            ends = []
            for value in (0.0, 1 - 1e-12):
                module.random = lambda value=value: value
                ends.append(own._get_fuzzed_interval(interval=timedelta(days=interval)).days)
            low, high = ends
            # Its rounding lets the draw pass the range by one, unless the longest interval is there.
            if interval > 2 and high < maximum:
                high -= 1
            print("F", interval, maximum, low, high)


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    chance = random.Random(seed)
    fuzz_ranges()
    parameters = module.DEFAULT_PARAMETERS
    print("P", text(*parameters))
    for number in range(count):
        if number >= count // 2 and (number - count // 2) % 40 == 0:
            bounds = zip(module.LOWER_BOUNDS_PARAMETERS, module.UPPER_BOUNDS_PARAMETERS)
            parameters = tuple(chance.uniform(low, high) for low, high in bounds)
            print("P", text(*parameters))
        sequence(chance, parameters)


main()
