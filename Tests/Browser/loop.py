"""The whole loop in one story, in order: intent, owners, an experiment, mandates, learning, a dossier."""
import json
import os

from governance import (
    a_dossier_is_downloaded_and_verified, a_strategy_is_published, a_use_is_registered_and_owned,
    an_experiment_is_promoted, submit)
from journeys import day, main_text
from leeway import sign_in

STARTER = os.path.join(os.path.dirname(__file__), "..", "..", "Sources", "Demo", "Starter", "items.jsonl")


def right_answers():
    """The words of the right choices, by question."""
    with open(STARTER, encoding="utf-8") as lines:
        items = [json.loads(line) for line in lines]
    return {item["stem"]: [item["choices"][place] for place in item["correct"]] for item in items}


def unread(page, demo, count):
    """Addresses and titles of texts with questions that the learner has not done."""
    found = []
    for number in range(1, 6):
        page.goto(demo.url + f"/learn?kind=article&page={number}")
        links = page.locator("main a[href^='/learn/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        for link in dict.fromkeys(links):
            page.goto(demo.url + link)
            if page.locator("main button:has-text('Start reading')").count() and "show I know this" in main_text(page):
                found.append((link.split("/")[-1], page.inner_text("h1")))
            if len(found) == count:
                return found
    raise AssertionError(f"the learner has done all but {len(found)}")


def a_mandate_is_trimmed(demo, browser, content, title):
    """Refused as over budget; the same mandate, made shorter, is published."""
    page = sign_in(browser.context(), demo, "sponsor")
    page.goto(demo.url + f"/mandates/new?content={content}")
    page.fill("#audience", "everyone")
    page.fill("#minutes", "1500")
    page.fill("#deadline", day(80))
    page.fill("#why", "Customers ask us about it every week.")
    page.select_option("#priority", index=1)
    page.click("button[value=save]")
    page.wait_for_load_state()
    address = page.url.split("?")[0]
    submit(page, "form[action$='/publish'] button.primary")
    assert "would be over budget" in main_text(page), main_text(page)[:600]
    page.goto(address + "/edit")
    page.fill("#minutes", "5")
    page.click("button[value=publish]")
    page.wait_for_load_state()
    assert page.url.split("?")[0] == address, page.url
    text = main_text(page)
    assert title in page.inner_text("h1") and "asked" in text and "over budget:" not in text, text[:600]
    page.context.close()
    return address


def another_is_published(demo, browser, content):
    page = sign_in(browser.context(), demo, "sponsor")
    page.goto(demo.url + f"/mandates/new?content={content}")
    page.fill("#audience", "everyone")
    page.fill("#minutes", "5")
    page.fill("#deadline", day(80))
    page.fill("#why", "It saves us an hour a week.")
    page.select_option("#priority", index=1)
    page.click("button[value=publish]")
    page.wait_for_load_state()
    address = page.url.split("?")[0]
    assert "/mandates/" in address and "new" not in address, main_text(page)[:600]
    page.context.close()
    return address


def the_strategy_is_acknowledged(page, demo):
    page.goto(demo.url + "/strategy")
    page.click("main a:has-text('Careful with voices')")
    page.wait_for_load_state()
    submit(page, "form[action$='/acknowledge'] button")
    assert "acknowledged" in main_text(page), main_text(page)[:400]


def choose(page, question, words):
    """Picks the choices of a question that are right."""
    for label in question.locator("label").all():
        if label.inner_text().strip() in words:
            label.click()


def the_learner_tests_out(page, demo, address, answers):
    page.goto(address)
    submit(page, "form[action$='/test'] button")
    questions = page.locator(".question fieldset").all()
    assert len(questions) == 6, len(questions)
    for question in questions:
        legend = question.locator("legend").inner_text()
        stem = next(stem for stem in answers if stem in legend)
        choose(page, question, answers[stem])
    submit(page, "form[action$='/test/answers'] button.primary")
    text = main_text(page)
    assert "6 of 6 questions right" in text and "tested out" in text, text[:600]
    page.goto(demo.url + "/asked")
    done = page.locator("section:has(#done)").inner_text()
    page.goto(address)
    assert page.inner_text("h1") in done


def the_learner_completes(page, demo, address, answers):
    page.goto(address)
    page.click("main a:has-text('Open it')")
    page.wait_for_load_state()
    submit(page, "form[action$='/start'] button.primary")
    submit(page, "form[action$='/read'] button.primary")
    while page.locator("form[action*='/answers/']").count():
        question = page.locator("form[action*='/answers/'] fieldset")
        stem = next(stem for stem in answers if stem in question.locator("legend").inner_text())
        choose(page, question, answers[stem])
        submit(page, "form[action*='/answers/'] button.primary")
        page.click("main a:has-text('Next question'), main a:has-text('See result')")
        page.wait_for_load_state()
    text = main_text(page)
    assert "passed" in text and "which was asked of you, is completed" in text, text[:600]


def from_strategy_to_dossier(demo, browser):
    """A sponsor publishes a strategy; an AI use gets an owner; an experiment is promoted; a mandate is refused,
    trimmed and published; a learner acknowledges, tests out of one and completes another; an auditor verifies."""
    answers = right_answers()
    a_strategy_is_published(demo, browser)
    a_use_is_registered_and_owned(demo, browser)
    an_experiment_is_promoted(demo, browser)
    learner = sign_in(browser.context(), demo, "learner")
    (known, title), (other, _) = unread(learner, demo, 2)
    trimmed = a_mandate_is_trimmed(demo, browser, known, title)
    second = another_is_published(demo, browser, other)
    the_strategy_is_acknowledged(learner, demo)
    the_learner_tests_out(learner, demo, trimmed, answers)
    the_learner_completes(learner, demo, second, answers)
    learner.context.close()
    a_dossier_is_downloaded_and_verified(demo, browser)


def all():
    return [("the whole loop, from strategy to dossier", from_strategy_to_dossier)]
