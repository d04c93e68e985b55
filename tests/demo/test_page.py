"""The demo's page in Debian's chromium. Screenshots go to SCREENSHOTS, or to a temporary directory."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from bot.demo.samples import SAMPLES
from tests.demo.browser import WIDTHS, Page, open_chromium
from tests.demo.process import Demo, running_demo

pytestmark = pytest.mark.browser

BY_ID = {sample.id: sample for sample in SAMPLES}


@pytest.fixture
def demo() -> Iterator[Demo]:
    with running_demo() as running:
        yield running


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with open_chromium(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize("width", WIDTHS)
def test_paste_gets_card(demo: Demo, chromium: webdriver.Chrome, shots: Path, width: int) -> None:
    """The page opens with cards in it; a link that is typed in gets one more; nothing is wider than the window."""
    page = Page(chromium, demo.url, width)
    chromium.save_screenshot(str(shots / f"opening-{width}.png"))
    assert BY_ID[900001].title in page.cards()[-1].replace("\n", " ")
    sample = BY_ID[900006 if width == 390 else 900002]
    before = len(page.cards())
    page.send(f"new to me: {sample.link}")
    page.wait_for("a card more", lambda: len(page.cards()) == before + 1)
    page.wait_for("the card in sight", lambda: page.below() < 2)
    chromium.save_screenshot(str(shots / f"pasted-{width}.png"))
    assert sample.title in page.cards()[-1].replace("\n", " ")
    assert f"Erowid reference {sample.id}" in page.cards()[-1]
    assert page.status() == "Message sent"
    assert chromium.execute_script("return document.documentElement.scrollWidth") <= width
    edges = chromium.execute_script(
        "return [...document.querySelectorAll('.component-container')].map(card => card.getBoundingClientRect().right)"
    )
    assert max(edges) <= width


def test_reloaded_page_follows(demo: Demo, chromium: webdriver.Chrome) -> None:
    """A page that is opened later starts at the newest message, and scrolls along with new ones."""
    Page(chromium, demo.url, 1280).send("a message without a link")
    for number in (900010, 900002):
        page = Page(chromium, demo.url, 1280)
        page.wait_for("the end in sight", lambda page=page: page.below() < 2)
        before = len(page.cards())
        page.send(BY_ID[number].link)
        page.wait_for("a card more", lambda page=page, before=before: len(page.cards()) == before + 1)
        page.wait_for("the card in sight", lambda page=page: page.below() < 2)


def test_hidden_card_opens(demo: Demo, chromium: webdriver.Chrome, shots: Path) -> None:
    """The card of a hidden link is hidden until it is clicked."""
    page = Page(chromium, demo.url, 1280)
    finding = "persisted for two years"
    assert not any(finding in card for card in page.cards() if card)
    cover = chromium.find_element(By.CSS_SELECTOR, "#channel-message-list .spoiler-content > .spoiler-cover")
    chromium.execute_script("arguments[0].scrollIntoView({block: 'center'})", cover)
    cover.click()
    page.wait_for("the finding", lambda: finding in page.text())
    chromium.save_screenshot(str(shots / "revealed-1280.png"))


def test_failure_is_a_small_mark(demo: Demo, chromium: webdriver.Chrome, shots: Path) -> None:
    """A server that never answers costs seconds: the message gets a mark, and the page reports no failure of its own."""
    page = Page(chromium, demo.url, 390)
    before = len(page.cards())
    page.send(BY_ID[900016].link)
    page.wait_for("the message is sent", lambda: page.status() == "Message sent")
    assert chromium.find_elements(By.CSS_SELECTOR, "#channel-message-list .reaction-chip")
    assert len(page.cards()) == before
    chromium.save_screenshot(str(shots / "silent-390.png"))


def test_moderator_sees_the_same(demo: Demo, chromium: webdriver.Chrome) -> None:
    """The page can be looked at as the moderator, who reads and writes in the same channel."""
    page = Page(chromium, demo.url, 1280)
    page.view_as("Morgan (moderator)")
    before = len(page.cards())
    page.send(f"for the list: <{BY_ID[900001].link}> and {BY_ID[900010].link}")
    page.wait_for("one card more", lambda: len(page.cards()) == before + 1)
    assert "no abstract" in page.cards()[-1]


def test_page_stays_on_this_machine(demo: Demo, chromium: webdriver.Chrome) -> None:
    """Everything the page loads comes from 127.0.0.1, and the browser's console has no error."""
    Page(chromium, demo.url, 1280)
    origin = f"http://127.0.0.1:{demo.port}/"
    loaded = chromium.execute_script("return performance.getEntriesByType('resource').map(entry => entry.name)")
    assert loaded
    assert all(name.startswith((origin, "blob:")) for name in loaded)
    errors = [entry["message"] for entry in chromium.get_log("browser") if entry["level"] == "SEVERE"]
    assert not [error for error in errors if error.startswith(origin) and "favicon" not in error]


def test_ctrl_c_while_a_page_is_awaited(demo: Demo, chromium: webdriver.Chrome) -> None:
    """Ctrl-C while the bot waits for a silent server ends the demo with 0, without a traceback."""
    page = Page(chromium, demo.url, 1280)
    page.send(BY_ID[900016].link)
    page.wait_for("the fetch is under way", lambda: page.status() == "Sending message…")
    demo.process.send_signal(signal.SIGINT)
    _, complaints = demo.process.communicate(timeout=20)
    assert demo.process.returncode == 0
    assert "Traceback" not in complaints


def test_menu_ends_it(demo: Demo, chromium: webdriver.Chrome) -> None:
    """ "End preview session" in the page's menu ends the demo too."""
    Page(chromium, demo.url, 1280)
    chromium.find_element(By.CSS_SELECTOR, ".session-menu summary").click()
    chromium.find_element(By.ID, "close").click()
    _, complaints = demo.process.communicate(timeout=20)
    assert (demo.process.returncode, complaints) == (0, "")


def test_buttons_of_a_card(demo: Demo, chromium: webdriver.Chrome, shots: Path) -> None:
    """Abstract and Cite answer in private; Delete takes the card away for its poster, and for no onlooker."""
    page = Page(chromium, demo.url, 390)
    page.wait_for("what PubMed knows", lambda: "PubMed 99000001" in page.text())
    for label, said in (("Abstract", "has been said to shorten"), ("Cite", "erowid-900001.zip")):
        page.press(label)
        page.wait_for(label, lambda said=said: said in page.text())
        chromium.save_screenshot(str(shots / f"{label.casefold()}-390.png"))
    page.view_as("Robin")
    page.press("Delete")
    page.wait_for("an answer", lambda: page.status() == "Callback completed")
    assert len(page.cards()) == 4
    page.view_as("Ann")
    before = len(page.cards())
    page.press("Delete")
    page.wait_for("the card gone", lambda: len(page.cards()) == before - 1)
    chromium.save_screenshot(str(shots / "deleted-390.png"))


@pytest.mark.parametrize("width", WIDTHS)
def test_summarise_studies(demo: Demo, chromium: webdriver.Chrome, shots: Path, width: int) -> None:
    """The bot's entry in the menu of a message is a button beside it; the answer is for who asked alone."""
    page = Page(chromium, demo.url, width)
    page.send(f"not shown: <{BY_ID[900010].link}>")
    page.wait_for("the message is sent", lambda: page.status() == "Message sent")
    before = len(page.cards())
    *_, summarise = chromium.find_elements(By.XPATH, "//button[normalize-space()='Summarise studies']")
    summarise.send_keys(Keys.ENTER)
    page.wait_for("a card more", lambda: len(page.cards()) == before + 1)
    assert "Only you can see this" in page.text()
    assert page.status() == "Done"
    chromium.save_screenshot(str(shots / f"summarised-{width}.png"))
    page.view_as("Robin")
    assert "Only you can see this" not in page.text()


def test_other_channel_opens(demo: Demo, chromium: webdriver.Chrome, shots: Path) -> None:
    """#off-topic opens; the bot asks first there, and a click on its mark brings the card; then back again."""
    page = Page(chromium, demo.url, 390)
    page.open_channel("#off-topic")
    page.wait_for("its message", lambda: "asks first" in page.text())
    assert page.cards() == []
    chromium.save_screenshot(str(shots / "off-topic-390.png"))
    chromium.find_element(By.CSS_SELECTOR, "#channel-message-list .reaction-chip").click()
    page.wait_for("the card", lambda: len(page.cards()) == 1)
    page.send("and a word")
    page.wait_for("the word", lambda: "and a word" in page.text())
    page.open_channel("#studies")
    page.wait_for("4 cards", lambda: len(page.cards()) == 4)
    assert "and a word" not in page.text()


def test_time_goes_on(demo: Demo, chromium: webdriver.Chrome) -> None:
    """How long ago a card was shown changes while the page is looked at."""
    page = Page(chromium, demo.url, 1280)
    page.send(BY_ID[900001].link)

    def told() -> list[str]:
        return [time.text for time in chromium.find_elements(By.CSS_SELECTOR, "time.discord-timestamp")]

    page.wait_for("a line that points to the card", told)
    (first,) = told()
    page.wait_for("another time", lambda: told() not in ([], [first]))


def test_menus_of_a_panel_show_what_is_so(demo: Demo, chromium: webdriver.Chrome, shots: Path) -> None:
    """A menu shows what the bot's latest answer says, not what was the case before: here which channel the panel is for."""
    page = Page(chromium, demo.url, 1280)
    page.view_as("Morgan (moderator)")

    def panel() -> WebElement:
        return chromium.find_elements(By.XPATH, "//*[@class='component-container'][contains(., 'Settings of')]")[-1]

    def places() -> str:
        return panel().find_element(By.CSS_SELECTOR, ".select-trigger").text

    page.wait_for("the panel of #off-topic", lambda: panel().text.startswith("Settings of #off-topic"))
    assert places() == "off-topic"
    page.press("Whole server")
    page.wait_for("the server's panel", lambda: panel().text.startswith("Settings of the server"))
    assert places() == "Another channel or category"
    page.press("This channel")
    page.wait_for("the panel of #studies", lambda: panel().text.startswith("Settings of #studies"))
    assert places() == "studies"
    chromium.save_screenshot(str(shots / "panel-1280.png"))
