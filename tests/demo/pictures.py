"""`python -m tests.demo.pictures`: take the pictures of README.md from the demo page, in Debian's chromium."""

import tempfile
from pathlib import Path

from selenium.webdriver.common.by import By

from bot.demo.samples import SAMPLES
from tests.demo.browser import Page, open_chromium
from tests.demo.process import ROOT, running_demo

PHONE, TALL = 390, 1_800
"""Pixels: the width of a phone, and a height that shows a whole card at once."""


def main() -> None:
    """Write docs/card.png and docs/panel.png."""
    with (
        tempfile.TemporaryDirectory(prefix="precis-pictures-") as profile,
        running_demo() as demo,
        open_chromium(Path(profile)) as browser,
    ):
        page = Page(browser, demo.url, PHONE, TALL)
        shoot(page, SAMPLES[0].title, "card.png", holds="PubMed")  # which comes once the card is out
        page.view_as("Morgan (moderator)")
        shoot(page, "Settings of", "panel.png")


def shoot(page: Page, words: str, name: str, *, holds: str = "") -> None:
    """Take a picture of the card or panel that begins with these words, once it holds others."""

    def found() -> list:
        elements = page.browser.find_elements(By.CSS_SELECTOR, "#channel-message-list .component-container")
        return [one for one in elements if one.text.replace("\n", " ").startswith(words) and holds in one.text]

    page.wait_for(words, lambda: bool(found()))
    page.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", found()[-1])
    found()[-1].screenshot(str(ROOT / "docs" / name))


if __name__ == "__main__":
    main()
