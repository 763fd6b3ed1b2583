import os
import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from ngrok_scim_cli.form import Form
from tests.browser.browser import Browser
from tests.browser.conftest import written

pytestmark = pytest.mark.browser

BASE_URL = "https://api.ngrok.com/scim/v2/"
TIMEOUT_S = 10
WIDTHS = (390, 1280)
HOSTILE = (
    'https://evil.example/"><img src=x onerror=alert(1)><script>alert(1)</script>',
    "https://evil.example/'onfocus='alert(1)'autofocus='",
    "https://evil.example/&copy;&quot;&#60;b>",
    "https://evil.example/</code></style></script><!--",
    "https://evil.example/ünï/日本?a=1&amp;b=2",
)


def button(browser: Browser, label: str) -> WebElement:
    return browser.driver.find_element(By.CSS_SELECTOR, f'.copy[data-label="{label}"]')


def click(browser: Browser, element: WebElement) -> None:
    """Bring ``element`` to the middle of the screen, as a person does, and click it."""
    browser.run("arguments[0].scrollIntoView({ block: 'center' })", element)
    element.click()


def copy(browser: Browser, label: str) -> None:
    click(browser, button(browser, label))
    wait_for_status(browser, f"Copied: {label}")


def wait_for_status(browser: Browser, said: str) -> None:
    status = browser.driver.find_element(By.ID, "status")
    WebDriverWait(browser.driver, TIMEOUT_S).until(
        lambda _: said in str(status.get_property("textContent"))
    )


def ticked(browser: Browser) -> list[str]:
    found: list[str] = browser.run(
        "return [...document.querySelectorAll('.done input:checked')].map((box) => box.id)"
    )
    return found


# --- the clipboard ---


@pytest.mark.parametrize(
    ("label", "value"),
    [("SCIM connector base URL", BASE_URL), ("Unique identifier field for users", "email")],
)
def test_a_button_copies_the_exact_value(
    browser: Browser, page: str, label: str, value: str
) -> None:
    browser.open(page)
    copy(browser, label)
    assert browser.clipboard() == value


@pytest.mark.parametrize("base_url", HOSTILE)
def test_a_hostile_value_is_copied_as_it_is_and_runs_nothing(
    browser: Browser, tmp_path: Path, base_url: str
) -> None:
    browser.open(written(tmp_path, Form(base_url=base_url)))
    copy(browser, "SCIM connector base URL")
    assert browser.clipboard() == base_url
    assert browser.run("return document.querySelectorAll('.value code')[3].textContent") == base_url
    assert browser.complaints() == []


@pytest.mark.parametrize("trouble", ["undefined", "{ writeText: () => Promise.reject() }"])
def test_without_the_clipboard_s_interface_a_selected_field_is_copied(
    browser: Browser, page: str, trouble: str
) -> None:
    browser.open(page)
    browser.run("window.real = navigator.clipboard")
    browser.run(
        f"Object.defineProperty(navigator, 'clipboard', {{ configurable: true, value: {trouble} }})"
    )
    copy(browser, "SCIM connector base URL")
    assert browser.run("return document.querySelector('textarea')") is None
    assert browser.run("return window.real.readText()") == BASE_URL


def test_where_nothing_helps_the_value_is_left_selected(browser: Browser, page: str) -> None:
    browser.open(page)
    browser.run("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    browser.run("document.execCommand = () => false")
    click(browser, button(browser, "SCIM connector base URL"))
    wait_for_status(browser, "press Control C")
    assert browser.run("return getSelection().toString()") == BASE_URL


def test_the_button_says_that_it_has_copied_and_keeps_the_focus(
    browser: Browser, page: str
) -> None:
    browser.open(page)
    copy(browser, "SCIM connector base URL")
    pressed = button(browser, "SCIM connector base URL")
    assert pressed.text.startswith("Copied")
    assert browser.driver.switch_to.active_element == pressed


# --- the ticks ---


def test_ticks_last_until_they_are_taken_off(browser: Browser, page: str) -> None:
    browser.open(page)
    browser.driver.find_element(By.ID, "done-connection").click()
    browser.driver.refresh()
    assert ticked(browser) == ["done-connection"]
    assert browser.driver.find_element(By.ID, "count").text == "1 of 7 done"
    browser.driver.find_element(By.ID, "again").click()
    assert ticked(browser) == []
    browser.driver.refresh()
    assert ticked(browser) == []


def test_without_storage_ticks_work_as_long_as_the_page_is_open(
    browser: Browser, page: str
) -> None:
    forbid = (
        "Object.defineProperty(window, 'localStorage',"
        " { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    script = browser.driver.execute_cdp_cmd(
        "Page.addScriptToEvaluateOnNewDocument", {"source": forbid}
    )
    try:
        browser.open(page)
        browser.driver.find_element(By.ID, "done-app").click()
        assert ticked(browser) == ["done-app"]
        assert browser.driver.find_element(By.ID, "count").text == "1 of 7 done"
        assert browser.complaints() == []
    finally:
        browser.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)


def test_without_scripts_everything_can_still_be_read(browser: Browser, page: str) -> None:
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.driver.get(page)
        shown = browser.driver.find_element(By.TAG_NAME, "body").text
        assert BASE_URL in shown
        assert "Start over" not in shown
        assert "Copy\n" not in shown
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


# --- no request ---


@pytest.fixture
def served(page: str, tmp_path: Path) -> Iterator[tuple[str, list[str]]]:
    """The page on a web server of this machine, and what was asked of that server."""
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def log_request(self, code: object = "-", size: object = "-") -> None:
            asked.append(self.path)

        def log_error(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/page.html", asked
    server.shutdown()
    thread.join()
    server.server_close()


def use_everything(browser: Browser) -> None:
    for each in browser.driver.find_elements(By.CSS_SELECTOR, ".copy"):
        click(browser, each)
    for box in browser.driver.find_elements(By.CSS_SELECTOR, ".done input"):
        click(browser, box)
    browser.driver.find_element(By.ID, "again").click()
    wait_for_status(browser, "Nothing is ticked off")


def test_a_file_requests_nothing_but_itself(browser: Browser, page: str) -> None:
    browser.open(page)
    use_everything(browser)
    assert browser.requests() == [page]
    assert browser.complaints() == []


def test_from_a_server_nothing_but_the_page_is_asked_for(
    browser: Browser, served: tuple[str, list[str]]
) -> None:
    address, asked = served
    browser.open(address)
    use_everything(browser)
    assert set(asked) <= {"/page.html", "/favicon.ico"}
    assert browser.requests() == [address]


@pytest.mark.parametrize(
    "attempt",
    [
        "fetch('https://evil.example/')",
        "load('img')",
        "load('script')",
    ],
)
def test_the_policy_stops_whatever_tries_to_leave(
    browser: Browser, page: str, attempt: str
) -> None:
    browser.open(page)
    load = (
        "const load = (tag) => new Promise((ok, no) => {"
        " const element = document.createElement(tag);"
        " element.onload = ok; element.onerror = no; element.src = 'https://evil.example/';"
        " document.body.append(element); });"
    )
    stopped = browser.run(f"{load} return {attempt}.then(() => false, () => true)")
    assert stopped is True
    assert any("Content Security Policy" in item for item in browser.complaints())


def test_a_script_that_gets_in_does_not_run(browser: Browser, page: str) -> None:
    browser.open(page)
    browser.run(
        "const script = document.createElement('script');"
        "script.textContent = 'window.owned = true';"
        "document.body.append(script);"
    )
    assert browser.run("return window.owned === undefined") is True


# --- everybody can use it ---


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("state", ["fresh", "done"])
def test_axe_finds_nothing(
    browser: Browser, page: str, axe: str, width: int, dark: bool, state: str
) -> None:
    browser.look(width=width, dark=dark)
    browser.open(page)
    if state == "done":
        for box in browser.driver.find_elements(By.CSS_SELECTOR, ".done input"):
            click(browser, box)
        copy(browser, "SCIM connector base URL")
    browser.run("scrollTo(0, 0)")  # nothing behind the progress, which axe could not judge
    browser.run(axe)
    found = browser.run(
        "return axe.run(document, { resultTypes: ['violations', 'incomplete'] }).then((result) =>"
        " [...result.violations, ...result.incomplete].map((item) =>"
        " item.id + ': ' + item.nodes.map((node) => node.html).join(' ')))"
    )
    assert found == []
    browser.run("localStorage.clear()")


def test_what_is_ticked_off_stays_with_its_own_page(
    browser: Browser, page: str, tmp_path: Path
) -> None:
    another = tmp_path / "another"
    another.mkdir()
    browser.open(page)
    click(browser, browser.driver.find_element(By.ID, "done-app"))
    # Chromium writes localStorage in its own time.
    WebDriverWait(browser.driver, TIMEOUT_S).until(lambda _: ticked_boxes(browser, page) == 1)
    assert ticked_boxes(browser, written(another, Form())) == 0


def ticked_boxes(browser: Browser, address: str) -> int:
    browser.open(address)
    return len(browser.driver.find_elements(By.CSS_SELECTOR, ".done input:checked"))


@pytest.mark.parametrize("width", [320, *WIDTHS])
def test_nothing_is_wider_than_the_screen(browser: Browser, tmp_path: Path, width: int) -> None:
    browser.look(width=width)
    browser.open(written(tmp_path, Form(base_url="https://scim.corp.example/" + "very-long/" * 30)))
    assert browser.run("return document.documentElement.scrollWidth") <= width


def test_the_keyboard_alone_reaches_everything_in_order(browser: Browser, page: str) -> None:
    browser.open(page)
    reached = []
    for _ in range(13):
        ActionChains(browser.driver).send_keys(Keys.TAB).perform()
        focused = browser.driver.switch_to.active_element
        assert browser.run("return getComputedStyle(arguments[0]).outlineStyle", focused) == "solid"
        reached.append(focused.get_attribute("data-label") or focused.get_attribute("id"))
    assert reached == [
        "again",
        "App name",
        "Single sign-on URL",
        "Audience URI (SP Entity ID)",
        "done-app",
        "done-app-settings",
        "SCIM connector base URL",
        "Unique identifier field for users",
        "done-connection",
        "done-test",
        "done-to-app",
        "done-sign-on",
        "done-assignments",
    ]


def test_the_keyboard_copies_and_ticks(browser: Browser, page: str) -> None:
    browser.open(page)
    keys = ActionChains(browser.driver)
    to_the_first_box = [Keys.TAB] * 5
    keys.send_keys(*to_the_first_box, Keys.SPACE, Keys.TAB, Keys.TAB, Keys.ENTER).perform()
    wait_for_status(browser, "Copied: SCIM connector base URL")
    assert ticked(browser) == ["done-app"]
    assert browser.clipboard() == BASE_URL


def test_what_has_the_focus_is_not_hidden_behind_the_progress(browser: Browser, page: str) -> None:
    browser.look(width=390)
    browser.open(page)
    for _ in range(10):
        ActionChains(browser.driver).send_keys(Keys.TAB).perform()
    for _ in range(8):
        ActionChains(browser.driver).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(
            Keys.SHIFT
        ).perform()
        top, below = browser.run(
            "return [document.activeElement.getBoundingClientRect().top,"
            " document.querySelector('.progress').getBoundingClientRect().bottom]"
        )
        assert top >= below


def test_in_print_there_is_nothing_to_press_and_every_value(browser: Browser, page: str) -> None:
    browser.open(page)
    browser.for_print()
    shown = browser.run("return document.body.innerText")
    assert BASE_URL in shown
    assert "Start over" not in shown
    assert "Copy" not in shown.replace("Copy the values", "")
    assert browser.pdf().startswith(b"%PDF-")


def test_it_prints_on_a_few_sheets(browser: Browser, page: str) -> None:
    browser.open(page)
    sheets = re.findall(rb"/Type /Page\b", browser.pdf())
    assert 1 <= len(sheets) <= 5


@pytest.mark.skipif("SCREENSHOTS" not in os.environ, reason="set SCREENSHOTS to a folder")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_pictures_are_taken_for_people_to_look_at(
    browser: Browser, page: str, width: int, dark: bool
) -> None:
    browser.look(width=width, dark=dark)
    browser.open(page)
    path = Path(os.environ["SCREENSHOTS"]) / f"handoff-{width}-{'dark' if dark else 'light'}.png"
    browser.screenshot(path)
    assert path.stat().st_size
