"""Walks every page that each role can reach, and asks of each: does axe find a violation, does it overflow
sideways, does the console complain? In light and dark, at 1440 and at 320 pixels."""
import os
import re
from urllib.parse import urljoin, urlparse

from axe_playwright_python.sync_playwright import Axe

from leeway import sign_in

ROLES = ["learner", "steward", "sponsor", "administrator"]
PAGE_LIMIT = 60
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def shape(url):
    """Pages that differ only in an identifier or a filter are one page."""
    parsed = urlparse(url)
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", parsed.path)
    keys = sorted({part.split("=")[0] for part in parsed.query.split("&") if part})
    return path + ("?" + "&".join(keys[:1]) if keys else "")


def walk(page, demo):
    """The addresses of one page of each shape, breadth first."""
    found, queue = {}, ["/"]
    while queue and len(found) < PAGE_LIMIT:
        address = queue.pop(0)
        key = shape(address)
        if key in found:
            continue
        answer = page.goto(demo.url + address)
        kind = answer.headers.get("content-type", "")
        if not kind.startswith("text/html"):
            found[key] = None
            continue
        assert answer.status == 200, f"{address} answered {answer.status}"
        found[key] = address
        for link in page.eval_on_selector_all("a[href]", "links => links.map(l => l.getAttribute('href'))"):
            target = urlparse(urljoin(demo.url + address, link))
            if target.netloc == urlparse(demo.url).netloc and "/sign-out" not in target.path:
                queue.append(target.path + ("?" + target.query if target.query else ""))
    return [address for address in found.values() if address]


def check(role, width, dark, shots):
    def run(demo, browser):
        context = browser.context(width=width, height=900, dark=dark)
        page = sign_in(context, demo, role)
        complaints = []
        page.on("console", lambda m: complaints.append(f"console: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda e: complaints.append(f"script: {e}"))
        axe, faults = Axe(), []
        addresses = walk(page, demo)
        assert len(addresses) >= 5, f"only {addresses} found"
        for address in addresses:
            complaints.clear()
            try:
                page.goto(demo.url + address)
            except Exception as error:
                if "Download" in str(error):
                    continue
                raise
            result = axe.run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
            for violation in result.response["violations"]:
                nodes = violation["nodes"]
                faults.append(f"{address}: {violation['id']} ×{len(nodes)}: {nodes[0]['html'][:160]}")
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if overflow > 0:
                faults.append(f"{address}: {overflow} px wider than the window")
            faults += [f"{address}: {text}" for text in complaints]
            if shots:
                os.makedirs(shots, exist_ok=True)
                name = re.sub(r"\W+", "-", shape(address)).strip("-") or "home"
                page.screenshot(path=f"{shots}/{role}-{name}-{width}-{'dark' if dark else 'light'}.png", full_page=True)
        context.close()
        assert not faults, f"{len(faults)} faults on {len(addresses)} pages:\n  " + "\n  ".join(faults[:25])
    return run


def strangers(demo, browser):
    """The pages that nobody signed in sees."""
    for width in (1440, 320):
        for dark in (False, True):
            context = browser.context(width=width, dark=dark)
            page = context.new_page()
            page.goto(demo.url + "/")
            assert "/sign-in" in page.url
            result = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
            assert not result.response["violations"], result.response["violations"][0]["id"]
            context.close()


def all(shots=None):
    checks = [("sign-in page under axe", strangers)]
    for role in ROLES:
        for width in (1440, 320):
            for dark in (False, True):
                name = f"every page of the {role} at {width} px, {'dark' if dark else 'light'}"
                checks.append((name, check(role, width, dark, shots)))
    return checks
