import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ngrok_scim_cli.form import Form
from ngrok_scim_cli.report.handoff import render_handoff
from tests.browser.browser import Browser

# The rules of accessibility that the page is held to. Fetched once, into a folder beside the tree.
AXE = "axe-core@4.14.1"


@pytest.fixture(scope="session")
def running_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = Browser(tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.quit()


@pytest.fixture
def browser(running_browser: Browser) -> Browser:
    running_browser.look()
    running_browser.permit("clipboardReadWrite", "clipboardSanitizedWrite")
    return running_browser


@pytest.fixture
def page(tmp_path: Path) -> str:
    """The address of a hand-off page that nobody has opened yet."""
    return written(tmp_path, Form())


def written(folder: Path, form: Form) -> str:
    path = folder / "page.html"
    path.write_text(render_handoff(form), encoding="utf-8", newline="\n")
    return path.as_uri()


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, from the npm registry or from where an earlier run put it."""
    folder = Path(tempfile.gettempdir()) / f"ngrok-scim-{AXE}"
    script = folder / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        npm = shutil.which("npm")
        assert npm, "npm is needed once, to fetch axe-core"
        subprocess.run(
            [npm, "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", AXE],
            check=True,
            capture_output=True,
        )
    return script.read_text(encoding="utf-8")
