"""What people do, from the first click to the last, as they would do it."""
import datetime
import os
import re
import tempfile

from leeway import sign_in


def day(ahead):
    return (datetime.date.today() + datetime.timedelta(days=ahead)).isoformat()


def main_text(page):
    return page.inner_text("main")


def acknowledged(page, demo):
    """How many people the measures page says have acknowledged the strategy."""
    page.goto(demo.url + "/insight")
    return int(re.search(r"Acknowledged: (\d+) of", main_text(page)).group(1))


def mandate_over_budget_then_fitting(demo, browser):
    """A sponsor asks too much, is told whom it would cost what, and publishes what fits."""
    context = browser.context()
    page = sign_in(context, demo, "sponsor")
    page.goto(demo.url + "/mandates/new")
    page.fill("#audience", "everyone")
    page.fill("#title", "Two long days on everything")
    page.fill("#minutes", "900")
    page.fill("#deadline", day(6))
    page.fill("#why", "Because the quarter ends and nobody has had the time.")
    page.select_option("#priority", index=1)
    page.wait_for_selector("#preview >> text=would be over, by")
    assert re.search(r"\d+ (person|people) of \d+ would be over", page.inner_text("#preview"))
    page.click("button[value=publish]")
    page.wait_for_load_state()
    text = main_text(page)
    assert "over budget" in text, text[:600]
    # Refused: it is on no list of published mandates.
    page.goto(demo.url + "/mandates")
    published = page.locator("tr, article", has_text="Two long days on everything")
    assert published.count() == 0 or "draft" in published.first.inner_text().lower()
    # Smaller and later, it fits.
    page.goto(demo.url + "/mandates/new")
    page.fill("#audience", "everyone")
    page.fill("#title", "One page on everything")
    page.fill("#minutes", "10")
    page.fill("#deadline", day(80))
    page.fill("#why", "Because a page is enough to begin with.")
    page.select_option("#priority", index=1)
    page.wait_for_selector("#preview >> text=fits")
    page.click("button[value=publish]")
    page.wait_for_load_state()
    page.goto(demo.url + "/mandates")
    assert page.locator("main >> text=One page on everything").count() >= 1
    context.close()


def override_needs_a_reason(demo, browser):
    """Going over budget is possible, never silently: the reason is kept and shown to those whom it touches."""
    context = browser.context()
    page = sign_in(context, demo, "sponsor")
    page.goto(demo.url + "/mandates/new")
    reason = "The regulator asked for it within the week."
    for text in ["", reason]:
        page.fill("#audience", "everyone")
        page.fill("#title", "The regulator's week")
        page.fill("#minutes", "700")
        page.fill("#deadline", day(5))
        page.fill("#why", "The regulator asked.")
        page.select_option("#priority", index=1)
        if text:
            if not page.locator("[name=override]").is_visible():
                page.locator("details", has=page.locator("[name=override]")).last.locator("summary").click()
            page.fill("[name=override]", text)
        page.click("button[value=publish]")
        page.wait_for_load_state()
    assert reason in main_text(page), main_text(page)[:500]
    context.close()
    context = browser.context()
    page = sign_in(context, demo, "learner")
    page.goto(demo.url + "/mandates")
    page.click("main >> text=The regulator's week")
    page.wait_for_load_state()
    assert reason in main_text(page), "those whom it touches see the reason"
    context.close()
    # Retired again, so that the learner's room is what it was.
    context = browser.context()
    page = sign_in(context, demo, "sponsor")
    page.goto(demo.url + "/mandates")
    page.click("main >> text=The regulator's week")
    page.wait_for_load_state()
    retire = page.locator("form[action$='/retire']")
    if retire.locator("[name=reason]").count() and not retire.locator("[name=reason]").first.is_visible():
        page.locator("details", has=page.locator("form[action$='/retire']")).first.locator("summary").click()
    retire.locator("[name=reason]").fill("The regulator withdrew the question.")
    retire.locator("button").first.click()
    # The script asks first; the answer that goes on is the one that is not the way back.
    page.wait_for_selector("dialog[open]")
    with page.expect_navigation():
        page.locator("dialog[open] button.danger, dialog[open] button.primary").first.click()
    page.wait_for_load_state()
    assert "retired" in main_text(page).lower(), main_text(page)[:600]
    context.close()


def owner_takes_a_use_on(demo, browser):
    """A steward asks somebody to own a use that nobody owns; the measure of clarity moves when it is accepted."""
    context = browser.context()
    steward = sign_in(context, demo, "steward")
    steward.goto(demo.url + "/insight/measures/ownership")
    before = main_text(steward)
    steward.goto(demo.url + "/register")
    steward.click("main >> text=Image maker for campaigns")
    steward.wait_for_load_state()
    name = demo.people["manager"][0].split("@")[0].replace(".", " ")
    steward.fill("form[role=search] [name=find]", name.split()[0])
    steward.click("form[role=search] button:has-text('Find people')")
    steward.wait_for_load_state()
    select = steward.locator("form[action$='/propose'] select[name=person]")
    wanted = [o for o in select.locator("option").all_inner_texts() if name.lower() in o.lower()]
    assert wanted, f"{name} is not offered as an owner"
    select.select_option(label=wanted[0])
    steward.click("form[action$='/propose'] button")
    steward.wait_for_load_state()
    manager = sign_in(browser.context(), demo, "manager")
    manager.goto(demo.url + "/decisions")
    assert "Image maker" in main_text(manager), main_text(manager)[:400]
    if not manager.locator("form[action$='/accept'] button").count():
        manager.click("main a:has-text('Image maker')")
        manager.wait_for_load_state()
    manager.locator("form[action$='/accept'] button").first.click()
    manager.wait_for_load_state()
    manager.context.close()
    steward.goto(demo.url + "/insight/measures/ownership")
    assert main_text(steward) != before, "the measure did not move"
    context.close()


def take_a_suggested_step(demo, browser):
    """A learner reads what leadership wants and takes the first suggestion: reads, answers, and it is on record.
    The sponsor sees the measure move."""
    sponsor = sign_in(browser.context(), demo, "sponsor")
    before = acknowledged(sponsor, demo)
    context = browser.context()
    page = sign_in(context, demo, "learner")
    cards = page.locator("article.suggestion")
    assert cards.count() == 3, f"{cards.count()} suggestions"
    for card in cards.all():
        assert "because" in card.inner_text()
    title = page.locator("article.suggestion h3").first.inner_text()
    page.click("article.suggestion h3 a")
    page.wait_for_load_state()
    page.click("form[action$='/start'] button")
    page.wait_for_load_state()
    finish(page)
    page.goto(demo.url + "/evidence")
    record = main_text(page)
    assert title in record, record[:800]
    page.goto(demo.url + "/strategy")
    link = page.locator("main a[href^='/strategy/']").first
    if link.count():
        link.click()
        page.wait_for_load_state()
    page.click("form[action$='/acknowledge'] button")
    page.wait_for_load_state()
    context.close()
    assert acknowledged(sponsor, demo) == before + 1, "the measure did not move by one"
    sponsor.context.close()


def finish(page):
    """Reads what there is to read and answers whatever is asked, until there is a result."""
    for _ in range(30):
        if page.locator("form[action$='/read'] button").count():
            page.wait_for_timeout(1_200)
            page.click("form[action$='/read'] button")
        elif page.locator("form.question input[name=answer]").count():
            page.locator("form.question input[name=answer]").first.check()
            page.click("form.question button.primary")
            page.wait_for_load_state()
            assert page.locator(".explanation").count(), "no explanation after an answer"
            page.click("main .actions a.primary")
        else:
            break
        page.wait_for_load_state()
    assert "/sittings/" in page.url or "/learn/" in page.url


def controls_undo(demo, browser):
    """Not for me, and back again; personalisation off, and everything still there."""
    context = browser.context(script=False)
    page = sign_in(context, demo, "learner")
    first = page.locator("article.suggestion h3").first.inner_text()
    page.locator("article.suggestion button[value=dismiss]").first.click()
    page.wait_for_load_state()
    assert first not in page.locator("article.suggestion h3").all_inner_texts()
    page.locator("main button", has_text=re.compile("Undo", re.I)).first.click()
    page.wait_for_load_state()
    page.goto(demo.url + "/settings")
    form = page.locator("form[action='/me/personalisation']").first
    form.locator("button").first.click()
    page.wait_for_load_state()
    page.goto(demo.url + "/")
    assert page.locator("main").inner_text().lower().count("personalis") >= 1
    page.goto(demo.url + "/settings")
    page.locator("form[action='/me/personalisation']").first.locator("button").first.click()
    page.wait_for_load_state()
    context.close()


def read_without_script(demo, browser):
    """The catalogue, a reading and its questions work in a browser without script."""
    context = browser.context(script=False)
    page = sign_in(context, demo, "learner")
    page.goto(demo.url + "/learn?q=bias")
    link = page.locator("main a[href^='/learn/']").first
    link.click()
    page.wait_for_load_state()
    if page.locator("form[action$='/start'] button").count():
        page.locator("form[action$='/start'] button").first.click()
        page.wait_for_load_state()
        finish(page)
    context.close()


def by_keyboard_alone(demo, browser):
    """Signing in, skipping to the content, and opening a suggestion with keys only."""
    context = browser.context()
    page = context.new_page()
    email, password = demo.people["learner"]
    page.goto(demo.url + "/sign-in")
    page.focus("input[name=email]")
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className").find("skip") >= 0, "the first stop is the skip link"
    page.keyboard.press("Enter")
    for _ in range(60):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        if page.evaluate("!!document.activeElement.closest('article.suggestion h3')"):
            assert outline != "none", "focus must be seen"
            break
    else:
        raise AssertionError("no suggestion was reached with Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/learn/" in url)
    context.close()


def import_with_a_mistake(demo, browser):
    """A wrong file names line and column and changes nothing; the mended one goes in."""
    context = browser.context()
    page = sign_in(context, demo, "administrator")
    head = "id,name,email,unit,roles\n"
    wrong = head + "Z-1,Zoe Test,zoe@alder-finch.example,Alder & Finch,learner\nZ-2,Zed Test,not-an-address,,pilot\n"
    mended = head + "Z-1,Zoe Test,zoe@alder-finch.example,Alder & Finch,learner\nZ-2,Zed Test,zed@alder-finch.example,,\n"
    with tempfile.TemporaryDirectory() as folder:
        for name, text in [("wrong.csv", wrong), ("mended.csv", mended)]:
            path = os.path.join(folder, name)
            with open(path, "w") as file:
                file.write(text)
            page.goto(demo.url + "/imports")
            kind = page.locator("[name=kind]")
            if kind.first.evaluate("e => e.tagName") == "SELECT":
                kind.select_option("people")
            else:
                page.check("[name=kind][value=people]")
            page.set_input_files("input[type=file]", path)
            page.locator("form[enctype='multipart/form-data'] button").first.click()
            page.wait_for_load_state()
            wait_for_job(page)
            text = main_text(page)
            if name == "wrong.csv":
                assert "email" in text and "3" in text, text[:600]
                assert "roles" in text, text[:600]
            else:
                page.locator("form[action$='/run'] button").first.click()
                page.wait_for_load_state()
                wait_for_job(page)
    page.goto(demo.url + "/people?q=Zed")
    assert "Zed Test" in main_text(page)
    context.close()


def wait_for_job(page):
    for _ in range(60):
        text = main_text(page).lower()
        if page.locator("[data-poll]").count() == 0 and "queued" not in text and "running" not in text:
            return
        page.wait_for_timeout(250)
    raise AssertionError("the job did not end: " + main_text(page)[:300])


def all():
    return [
        ("a mandate is refused over budget, then fits", mandate_over_budget_then_fitting),
        ("an override needs a reason and shows it", override_needs_a_reason),
        ("an owner takes an AI use on", owner_takes_a_use_on),
        ("a learner takes a suggested step", take_a_suggested_step),
        ("not for me can be undone, personalisation switched off", controls_undo),
        ("reading and questions without script", read_without_script),
        ("signing in and opening a suggestion by keyboard", by_keyboard_alone),
        ("an import names its mistakes, then goes in", import_with_a_mistake),
    ]
