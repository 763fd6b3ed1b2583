"""A headless Chromium, as a person would hold it: small or wide, light or dark."""

from __future__ import annotations

import base64
import json
import os
import shutil
from typing import TYPE_CHECKING, Any

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

if TYPE_CHECKING:
    from pathlib import Path

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whatever would leave this machine finds a proxy at which nobody listens.
    "--proxy-server=http://127.0.0.1:9",
)


class Browser:
    """Chromium with an empty profile."""

    def __init__(self, folder: Path) -> None:
        """Start Chromium.

        Args:
            folder: an empty folder for its profile.
        """
        options = ChromeOptions()
        options.binary_location = _program("CHROMIUM", "chromium")
        for flag in (*_FLAGS, f"--user-data-dir={folder}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        driver = _program("CHROMEDRIVER", "chromedriver")
        self.driver = Chrome(options=options, service=Service(driver))

    def quit(self) -> None:
        self.driver.quit()

    def open(self, address: str) -> None:
        """Open a page, and forget what was logged before."""
        self.driver.get("about:blank")
        self._log("performance")
        self._log("browser")
        self.driver.get(address)

    def look(self, *, width: int = 1280, dark: bool = False) -> None:
        """Take a screen of this width, in pixels, and a light or a dark desktop."""
        self._command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=844,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._command("Emulation.setEmulatedMedia", features=[scheme])

    def permit(self, *permissions: str) -> None:
        """Let the page do these things and nothing else."""
        self._command("Browser.resetPermissions")
        self._command("Browser.grantPermissions", permissions=list(permissions))

    def clipboard(self) -> str:
        """Return what is on the clipboard."""
        self.permit("clipboardReadWrite", "clipboardSanitizedWrite")
        return str(self.run("return navigator.clipboard.readText()"))

    def run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401 - whatever the page returns
        """Run ``script`` in the page; a promise is waited for."""
        return self.driver.execute_script(script, *arguments)

    def requests(self) -> list[str]:
        """Return the address of every request since the page was opened."""
        messages = (json.loads(entry["message"])["message"] for entry in self._log("performance"))
        return [
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        ]

    def complaints(self) -> list[str]:
        """Return what Chromium wrote to the console: violated policies and script errors."""
        return [entry["message"] for entry in self._log("browser")]

    def pdf(self) -> bytes:
        """Return the page as it is printed."""
        return base64.b64decode(self._command("Page.printToPDF")["data"])

    def for_print(self) -> None:
        """Show the page as it will be printed."""
        self._command("Emulation.setEmulatedMedia", media="print", features=[])

    def screenshot(self, path: Path) -> None:
        """Save a picture of the whole page."""
        height = self.run("return document.documentElement.scrollHeight")
        width = self.run("return document.documentElement.clientWidth")
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        picture = self._command("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        path.write_bytes(base64.b64decode(picture["data"]))

    def _log(self, kind: str) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self.driver.get_log(kind)
        return entries

    def _command(self, name: str, **parameters: object) -> dict[str, Any]:
        answer: dict[str, Any] = self.driver.execute_cdp_cmd(name, parameters)
        return answer


def _program(variable: str, name: str) -> str:
    found = os.environ.get(variable) or shutil.which(name)
    if not found:
        raise RuntimeError(f"{name} is not installed; set {variable} where it has another name")
    return found
