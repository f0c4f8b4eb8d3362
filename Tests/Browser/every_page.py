"""Walks every page that each role can reach, and asks of each: does axe find a violation, does it overflow
sideways, does the console complain? In light and dark, at 1440 and at 320 pixels."""
import os
import re
from urllib.parse import urljoin, urlparse

from axe_playwright_python.sync_playwright import Axe

from leeway import sign_in

ROLES = ["learner", "steward", "sponsor", "administrator", "manager", "designer", "auditor"]
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
        try:
            answer = page.goto(demo.url + address)
        except Exception as error:
            if "Download" not in str(error):
                raise
            found[key] = None
            continue
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


# Pages of several roles often have the same bones; each skeleton is examined once.
seen = set()

SKELETON = """() => {
    const bones = e => e.tagName + '.' + (e.getAttribute('class') || '') + '[' + [...e.children].map(bones)
        .filter((b, i, all) => all.indexOf(b) === i).join(',') + ']';
    return bones(document.querySelector('main') || document.body);
}"""


def check(role, shots):
    def run(demo, browser):
        context = browser.context(width=1440, height=900)
        page = sign_in(context, demo, role)
        complaints = []
        page.on("console", lambda m: complaints.append(f"console: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda e: complaints.append(f"script: {e}"))
        faults, looked = [], 0
        addresses = walk(page, demo)
        assert len(addresses) >= 5, f"only {addresses} found"
        for address in addresses:
            complaints.clear()
            page.goto(demo.url + address)
            bones = hash(page.evaluate(SKELETON))
            if bones in seen and not shots:
                continue
            seen.add(bones)
            looked += 1
            for width in (1440, 320):
                for dark in (False, True):
                    page.set_viewport_size({"width": width, "height": 900})
                    page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
                    faults += [f"{address} at {width} px, {'dark' if dark else 'light'}: {fault}"
                               for fault in examine(page, dark)]
                    if shots:
                        shoot(page, shots, f"{role}-{shape(address)}-{width}-{'dark' if dark else 'light'}")
            faults += [f"{address}: {text}" for text in complaints]
        context.close()
        print(f"      {role}: {looked} of {len(addresses)} pages have bones of their own", flush=True)
        assert not faults, f"{len(faults)} faults:\n  " + "\n  ".join(faults[:25])
    return run


def examine(page, dark):
    """Everything in light; in dark only what colour can change."""
    only = {"type": "rule", "values": ["color-contrast"]} if dark else {"type": "tag", "values": TAGS}
    for violation in Axe().run(page, options={"runOnly": only}).response["violations"]:
        nodes = violation["nodes"]
        yield f"{violation['id']} ×{len(nodes)}: {nodes[0]['html'][:160]}"
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if overflow > 0:
        yield f"{overflow} px wider than the window"


def shoot(page, folder, name):
    os.makedirs(folder, exist_ok=True)
    page.screenshot(path=f"{folder}/{re.sub(chr(92) + 'W+', '-', name).strip('-')}.png", full_page=True)


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
    return [("sign-in page under axe", strangers)] + [
        (f"every page of the {role}, light and dark, at 1440 and 320 px", check(role, shots)) for role in ROLES]
