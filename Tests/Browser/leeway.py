"""What every browser test needs: the running demo, a browser, and a tally."""
import os
import re
import subprocess
import threading
import time

from playwright.sync_api import sync_playwright


class Checks:
    def __init__(self):
        self.good = self.bad = 0

    def passed(self, name):
        self.good += 1
        print(f"ok    {name}", flush=True)

    def failed(self, name, error, trace=None):
        self.bad += 1
        print(f"FAIL  {name}: {str(error)[:1500]}", flush=True)
        if trace:
            print(trace, flush=True)


class Demo:
    """A demo organisation of its own, on a free port of 127.0.0.1. Ends the process that it started."""

    def __init__(self, binary, work):
        self.binary, self.file = binary, os.path.join(work, "journeys.sqlite")
        self.url, self.people, self.lines = None, {}, []

    def __enter__(self):
        self.process = subprocess.Popen(
            [self.binary, "demo", "--database", self.file, "--port", "0", "--assets", ".setup/assets"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        threading.Thread(target=self._read, daemon=True).start()
        end = time.time() + 90
        while time.time() < end and not (self.url and "administrator" in self.people):
            if self.process.poll() is not None:
                raise SystemExit("the demo ended early:\n" + "".join(self.lines))
            time.sleep(0.05)
        if not self.url:
            raise SystemExit("the demo did not start:\n" + "".join(self.lines))
        return self

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line)
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                self.url = found.group(0)
            if found := re.search(r"(\w+)\s+(\S+@\S+)\s+(\S+)", line):
                self.people[found.group(1)] = (found.group(2), found.group(3))

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=20)


class Browser:
    def __enter__(self):
        self.playwright = sync_playwright().start()
        path = next(p for p in ["/usr/bin/chromium", "/usr/bin/chromium-browser"] if os.path.exists(p))
        self.chromium = self.playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        return self

    def __exit__(self, *_):
        self.chromium.close()
        self.playwright.stop()

    def context(self, width=1440, height=1000, dark=False, script=True):
        context = self.chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light",
            reduced_motion="reduce", java_script_enabled=script, locale="en-GB")
        context.set_default_timeout(10_000)
        return context


def sign_in(context, demo, role):
    """A page that is signed in as the demo's person of a role."""
    page = context.new_page()
    email, password = demo.people[role]
    page.goto(demo.url + "/sign-in")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", password)
    page.click("main form button.primary")
    page.wait_for_load_state()
    assert "/sign-in" not in page.url, f"{role} could not sign in: {page.inner_text('main')[:300]}"
    return page
