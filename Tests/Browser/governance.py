"""One turn of the loop as an organisation lives it: intent, owners, an experiment, a policy, a mandate, a dossier."""
import os
import subprocess
import tempfile

from journeys import day, main_text
from leeway import sign_in


def submit(page, selector):
    """Presses a button, and the button of the question that the script may ask first."""
    page.click(selector)
    page.wait_for_timeout(150)
    if page.locator("dialog[open]").count():
        with page.expect_navigation():
            page.locator("dialog[open] button.danger, dialog[open] button.primary").first.click()
    page.wait_for_load_state()


def a_strategy_is_published(demo, browser):
    """A sponsor writes a strategy with two priorities and publishes it."""
    page = sign_in(browser.context(), demo, "sponsor")
    page.goto(demo.url + "/strategy/new")
    page.fill("#title", "Careful with voices")
    page.fill("#text", "We do not imitate anybody's voice without asking.")
    page.fill("#audience", "everyone")
    for index, (name, weight) in enumerate([("Ask first", "70"), ("Say it was a machine", "30")]):
        page.fill(f"[name=p{index}-name]", name)
        page.fill(f"[name=p{index}-weight]", weight)
        page.fill(f"[name=p{index}-skills]", "checking-output" if index == 0 else "data-protection")
    submit(page, "main form button[value=save], main form button.primary")
    assert "Careful with voices" in main_text(page), main_text(page)[:600]
    if page.locator("main a:has-text('Publish')").count():
        page.click("main a:has-text('Publish')")
        page.wait_for_load_state()
    submit(page, "form[action$='/publish'] button.primary")
    assert "published" in main_text(page).lower(), main_text(page)[:600]
    page.context.close()


def a_use_is_registered_and_owned(demo, browser):
    """A steward registers an AI use, classifies it, and asks an owner, who accepts."""
    steward = sign_in(browser.context(), demo, "steward")
    steward.goto(demo.url + "/register/new")
    steward.fill("#name", "Voice coach")
    steward.fill("#purpose", "Listens to a rehearsed talk and says where it lost the listener.")
    steward.fill("#audience", "everyone")
    submit(steward, "main form button[value=save]")
    address = steward.url.split("?")[0]
    steward.goto(address + "/classify")
    steward.check("input[name=yes][value=outcomes]")
    steward.click("button[value=preview]")
    steward.wait_for_load_state()
    assert "high-risk" in main_text(steward)
    steward.fill("#note", "It judges how somebody speaks, and steers what they practise next.")
    submit(steward, "button[value=save]")
    assert "Annex III, point 3(b)" in main_text(steward)
    name = demo.people["manager"][0].split("@")[0].replace(".", " ")
    steward.fill("form[role=search] [name=find]", name.split()[0])
    steward.click("form[role=search] button:has-text('Find people')")
    steward.wait_for_load_state()
    select = steward.locator("form[action$='/propose'] select[name=person]")
    wanted = [o for o in select.locator("option").all_inner_texts() if name.lower() in o.lower()]
    select.select_option(label=wanted[0])
    submit(steward, "form[action$='/propose'] button")
    steward.context.close()
    manager = sign_in(browser.context(), demo, "manager")
    manager.goto(address)
    submit(manager, "form[action$='/accept'] button")
    assert "You answer for it now" in main_text(manager), main_text(manager)[:400]
    manager.context.close()


def an_experiment_is_promoted(demo, browser):
    """A learner begins an experiment in two fields more than a sentence; a steward promotes it, and it stays theirs."""
    learner = sign_in(browser.context(), demo, "learner")
    learner.goto(demo.url + "/experiments/new")
    learner.fill("#title", "Quiz me on my own notes")
    learner.fill("#tool", "Writing assistant")
    learner.fill("#idea", "It asks me five questions about the notes that I wrote myself.")
    submit(learner, "main form button.primary")
    address = learner.url.split("?")[0]
    steward = sign_in(browser.context(), demo, "steward")
    steward.goto(address)
    submit(steward, "form[action$='/follow'] button")
    steward.fill("#body", "Did it ask about what matters?")
    submit(steward, "form[action$='/remarks'] button")
    steward.fill("#reason", "Six people asked for it.")
    steward.fill("#reviewOn", day(90))
    submit(steward, "button[value=promoted]")
    assert "Promoted by" in main_text(steward), main_text(steward)[:800]
    steward.click("main a:has-text('Quiz me on my own notes')")
    steward.wait_for_load_state()
    assert "Began as the experiment" in main_text(steward)
    learner.goto(address)
    assert "promoted" in main_text(learner)
    learner.context.close()
    steward.context.close()


def a_policy_is_accepted_again(demo, browser):
    """A policy is accepted; it changes in substance, and the learner sees what changed and accepts again."""
    steward = sign_in(browser.context(), demo, "steward")
    steward.goto(demo.url + "/documents/new")
    steward.fill("#title", "Notes and machines")
    steward.fill("#summary", "What may go into a machine, and what may not.")
    steward.fill("#body", "Your own notes may go in.\n\nNames of customers may not.")
    submit(steward, "main form button[value=save]")
    address = steward.url.split("?")[0]
    submit(steward, "form[action$='/publish'] button.primary")
    learner = sign_in(browser.context(), demo, "learner")
    learner.goto(demo.url + "/decisions")
    learner.click("main a:has-text('Notes and machines')")
    learner.wait_for_load_state()
    submit(learner, "form[action$='/accept'] button.primary")
    assert "You accepted version 1" in main_text(learner)
    steward.goto(address + "/edit")
    steward.fill("#body", "Your own notes may go in.\n\nNames of customers and colleagues may not.")
    submit(steward, "main form button[value=save]")
    submit(steward, "form[action$='/publish'] button.primary")
    learner.goto(address)
    text = main_text(learner)
    assert "please accept again" in text and "Names of customers and colleagues may not." in text, text[:600]
    submit(learner, "form[action$='/accept'] button.primary")
    assert "You accepted version 2" in main_text(learner)
    learner.context.close()
    steward.context.close()


def a_dossier_is_downloaded_and_verified(demo, browser):
    """An auditor makes a dossier out, downloads it, and the command line says that it is whole; altered, that it is
    not."""
    page = sign_in(browser.context(), demo, "auditor")
    page.goto(demo.url + "/dossiers")
    submit(page, "form:has(input[value=literacy]) button.primary")
    assert "SHA-256 of the JSON file" in main_text(page), main_text(page)[:400]
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "literacy.json")
        with page.expect_download() as download:
            page.click("main a[href$='/file.json']")
        download.value.save_as(file)
        with page.expect_download() as download:
            page.click("main a[href$='/file.pdf']")
        with open(download.value.path(), "rb") as pdf:
            assert pdf.read(5) == b"%PDF-"

        def verify():
            return subprocess.run(
                [demo.binary, "verify", "--database", demo.file, "--dossier", file], capture_output=True, text=True)

        # The ledger takes it up within a second.
        for _ in range(40):
            result = verify()
            if result.returncode == 0:
                break
            page.wait_for_timeout(250)
        assert result.returncode == 0 and "was made out on" in result.stdout, result.stdout + result.stderr
        with open(file, encoding="utf-8") as whole:
            text = whole.read()
        with open(file, "w", encoding="utf-8") as forged:
            forged.write(text.replace("Writing assistant", "Writing assistent"))
        result = verify()
        assert result.returncode == 2 and "was changed" in result.stderr, result.stdout + result.stderr
    page.context.close()


def all():
    # The strategy, the AI use, the experiment and the dossier are parts of the whole loop: loop.py.
    return [("a policy is accepted, and again when it changes", a_policy_is_accepted_again)]
