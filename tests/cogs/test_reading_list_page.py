"""The reading list in Debian's chromium, from the disk. Screenshots go to SCREENSHOTS, or to a temporary directory."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from bot.core.phrase import english
from cogs.study.reading_list import listed_card, page
from tests.demo.browser import WIDTHS, open_chromium
from tests.references import SOURCES
from tests.studies import invented_studies

pytestmark = pytest.mark.browser

CONTRASTS = """
const seen = (text) => text.match(/[\\d.]+/g).map(Number);
const light = (colour) => {
  const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const [r, g, b] = seen(colour).map((part) => linear(part / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = (element) => {
  for (let one = element; one; one = one.parentElement) {
    const colour = getComputedStyle(one).backgroundColor;
    if (seen(colour)[3] !== 0) return colour;
  }
  return "rgb(255, 255, 255)";
};
const written = [...document.querySelectorAll("body *:not(script)")].filter(
  (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) && one.offsetParent);
return written.map((one) => {
  const [a, b] = [light(getComputedStyle(one).color), light(ground(one))];
  return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), one.outerHTML.slice(0, 80)];
});
"""


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with open_chromium(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Reading lists of few and of many studies, by their number."""
    folder = tmp_path_factory.mktemp("lists")
    made = {}
    for count in (3, 30, 300):
        listed = [listed_card(study, "apa", SOURCES, {}) for study in invented_studies(count)]
        made[count] = folder / f"{count}.html"
        made[count].write_text(page(listed, f"{count} studies", english), "utf-8")
    return made


def opened(browser: webdriver.Chrome, file: Path, width: int = 1280, scheme: str = "light") -> webdriver.Chrome:
    """Open a file in a window of a width."""
    metrics = {"width": width, "height": WIDTHS[width], "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    browser.get("about:blank")
    browser.get(file.as_uri())
    return browser


def titles(browser: webdriver.Chrome) -> list[str]:
    """The titles of the studies that are shown."""
    return [found.text for found in browser.find_elements(By.CSS_SELECTOR, "article h2") if found.is_displayed()]


def result(browser: webdriver.Chrome) -> str:
    return browser.find_element(By.TAG_NAME, "output").text


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("count", [3, 30, 300])
def test_it_opens(chromium: webdriver.Chrome, files: dict[int, Path], tmp_path: Path, count: int, width: int) -> None:
    """From the disk, without an error in the console, no wider than the window, in dark and light with contrast enough."""
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        browser = opened(chromium, files[count], width, scheme)
        browser.save_screenshot(str(folder / f"reading-list-{count}-{width}-{scheme}.png"))
        assert result(browser) == f"{count} of {count} studies"
        assert len(titles(browser)) == count
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
        assert [what for ratio, what in browser.execute_script(CONTRASTS) if ratio < 4.5] == []
        assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0
        assert browser.get_log("browser") == []


def test_search_and_filters(chromium: webdriver.Chrome, files: dict[int, Path]) -> None:
    """All words must be there, whatever their case and accents; filters narrow what is left; one button clears all."""
    browser = opened(chromium, files[30])
    browser.find_element(By.ID, "words").send_keys("NEWTÓL rat")
    assert titles(browser)
    assert all(title.startswith("Newtol in the sleepless rat") for title in titles(browser))
    browser.find_element(By.CSS_SELECTOR, "button[type=reset]").click()
    assert result(browser) == "30 of 30 studies"
    Select(browser.find_element(By.ID, "kind")).select_by_visible_text("Reviews")
    assert {title.partition(":")[2] for title in titles(browser)} == {" a review"}
    Select(browser.find_element(By.ID, "kind")).select_by_visible_text("any")
    Select(browser.find_element(By.ID, "substance")).select_by_visible_text("Δ9-fictol")
    assert {title.split()[0] for title in titles(browser)} == {"Δ9-fictol"}
    browser.find_element(By.CSS_SELECTOR, "button[type=reset]").click()
    Select(browser.find_element(By.ID, "from")).select_by_visible_text("1968")
    Select(browser.find_element(By.ID, "to")).select_by_visible_text("1975")
    years = [
        int(re.search(r"\b(19\d\d)\b", article.text)[1])
        for article in browser.find_elements(By.TAG_NAME, "article")
        if article.is_displayed()
    ]
    assert years
    assert all(1968 <= year <= 1975 for year in years)
    browser.find_element(By.ID, "words").send_keys("nothing has these words")
    assert result(browser) == "0 of 30 studies"
    assert browser.find_element(By.ID, "nothing").is_displayed()


def test_a_citation_is_copied_by_keyboard(chromium: webdriver.Chrome, files: dict[int, Path]) -> None:
    """The first stop of the keyboard leads past the filters; a button copies the citation, and says so."""
    browser = opened(chromium, files[3])
    browser.execute_cdp_cmd("Browser.grantPermissions", {"permissions": ["clipboardReadWrite"]})
    browser.switch_to.active_element.send_keys(Keys.TAB)
    assert browser.switch_to.active_element.text == "Skip to the studies"
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    for _ in range(3):
        browser.switch_to.active_element.send_keys(Keys.TAB)
    button = browser.switch_to.active_element
    assert button.text == "Copy citation"
    button.send_keys(Keys.ENTER)
    browser.find_element(By.ID, "words").click()
    browser.find_element(By.ID, "words").send_keys(Keys.CONTROL, "v")
    pasted = browser.find_element(By.ID, "words").get_property("value")
    assert pasted.startswith("Doe, J. A., & Roe, R. B. (1968). Pretendoline for imaginary hiccups")


def test_without_its_script(chromium: webdriver.Chrome, files: dict[int, Path]) -> None:
    """It is a plain list: there are no fields that do nothing."""
    chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser = opened(chromium, files[3])
        assert len(browser.find_elements(By.TAG_NAME, "article")) == 3
        assert not browser.find_element(By.ID, "words").is_displayed()
    finally:
        chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
