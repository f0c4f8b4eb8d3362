"""Runs the browser's part of the tests: every page under axe, and the journeys.

Usage: LEEWAY_BINARY=path run.py WORKDIR [--shots FOLDER] [--only NAME]
Prints one line a check and ends with `journeys: N passed, N failed`.
"""
import os
import sys
import traceback

from leeway import Demo, Browser, Checks
import every_page
import governance
import journeys
import loop


def main():
    work = sys.argv[1]
    shots = sys.argv[sys.argv.index("--shots") + 1] if "--shots" in sys.argv else None
    only = sys.argv[sys.argv.index("--only") + 1] if "--only" in sys.argv else None
    checks = Checks()
    with Demo(os.environ["LEEWAY_BINARY"], work) as demo, Browser() as browser:
        for name, check in journeys.all() + governance.all() + loop.all() + every_page.all(shots):
            if only and only not in name:
                continue
            try:
                check(demo, browser)
                checks.passed(name)
            except Exception as error:
                checks.failed(name, error, traceback.format_exc() if "--trace" in sys.argv else None)
    print(f"journeys: {checks.good} passed, {checks.bad} failed")
    return 1 if checks.bad else 0


if __name__ == "__main__":
    sys.exit(main())
