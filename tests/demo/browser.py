"""The demo's page in Debian's chromium, as a person sees it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # the browser never leaves this machine
)
WIDTHS = {390: 844, 1280: 900}


@contextmanager
def open_chromium(profile: Path) -> Iterator[webdriver.Chrome]:
    """Start a headless browser with an empty profile."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    try:
        yield browser
    finally:
        browser.quit()


class Page:
    """The page as a person sees it."""

    def __init__(self, browser: webdriver.Chrome, url: str, width: int, height: int = 0) -> None:
        self.browser = browser
        height = height or WIDTHS[width]
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        browser.get("about:blank")
        browser.get(url)
        self.wait_for("4 cards", lambda: len(self.cards()) >= 4)
        self.wait_for("nothing pending", lambda: self.status() in {"Preview ready", "Viewport updated"})

    def wait_for(self, what: str, condition: object, seconds: float = 60) -> None:
        assert callable(condition)
        drawn_anew = [StaleElementReferenceException]  # while it was read
        WebDriverWait(self.browser, seconds, ignored_exceptions=drawn_anew).until(lambda _: condition(), what)

    def status(self) -> str:
        return self.browser.find_element(By.ID, "action-status").text

    def text(self) -> str:
        return self.browser.find_element(By.ID, "channel-message-list").text

    def cards(self) -> list[str]:
        """The text of each card that is shown."""
        found = self.browser.find_elements(By.CSS_SELECTOR, "#channel-message-list .component-container")
        return [element.text for element in found]

    def send(self, text: str) -> None:
        box = self.browser.find_element(By.ID, "channel-composer-input")
        box.send_keys(text, Keys.ENTER)

    def press(self, label: str) -> None:
        """Press the button of the newest card that has it."""
        *_, button = self.browser.find_elements(
            By.XPATH, f"//*[@class='component-container']//button[normalize-space()='{label}']"
        )
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
        self.wait_for("the button", button.is_enabled)
        button.click()

    def below(self) -> float:
        """Pixels of the conversation below what is seen."""
        return float(
            self.browser.execute_script(
                "const seen = document.querySelector('#channel-timeline');"
                "return seen.scrollHeight - seen.scrollTop - seen.clientHeight"
            )
        )

    def view_as(self, name: str) -> None:
        Select(self.browser.find_element(By.ID, "viewer-picker")).select_by_visible_text(name)
        self.wait_for("the viewer", lambda: self.status() in {"Preview ready", "Viewer switched"})
        self.wait_for("4 cards", lambda: len(self.cards()) >= 4)

    def open_channel(self, name: str) -> None:
        Select(self.browser.find_element(By.ID, "channel-picker")).select_by_visible_text(name)
