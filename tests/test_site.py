"""The site's pages and links, as `make site` checks them; the whole site is built by `.ci/run`."""

import tomllib
from pathlib import Path

import pytest

from scripts.site import ROOT, bent, broken_links, lay_out, pages_left_out
from tests.support.cases import each_case

pytestmark = pytest.mark.no_cover


@each_case(
    ("source", "text", "wanted"),
    [
        ("docs/users.md", "[a](json.md#x)", "[a](json.md#x)"),
        ("docs/users.md", "[a](../SECURITY.md)", "[a](SECURITY.md)"),
        ("docs/how-to/proxy.md", "[a](../users.md)", "[a](../users.md)"),
        ("docs/how-to/upgrade.md", "[a](../../CHANGELOG.md)", "[a](../CHANGELOG.md)"),
        ("CONTRIBUTING.md", "[a](docs/users.md#x)", "[a](users.md#x)"),
        ("CONTRIBUTING.md", "[a](tests/conftest.py)", "a (`tests/conftest.py`)"),
        ("CHANGELOG.md", "## [1.0]\n[1.0]: ../../compare/a...b\n", "## [1.0]\n"),
        ("docs/users.md", "[a](https://ngrok.com) [b](#c)", "[a](https://ngrok.com) [b](#c)"),
    ],
)
def test_a_link_leads_to_the_same_page_on_the_site(source: str, text: str, wanted: str) -> None:
    assert bent(text, ROOT / source, ROOT) == wanted


def test_each_page_in_the_navigation_is_there(tmp_path: Path) -> None:
    lay_out(ROOT, tmp_path / "pages")
    project = tomllib.loads((ROOT / "zensical.toml").read_text("utf-8"))["project"]
    named = [
        page
        for entry in project["nav"]
        for where in entry.values()
        for part in ([where] if isinstance(where, str) else where)
        for page in ([part] if isinstance(part, str) else part.values())
    ]
    assert [page for page in named if not (tmp_path / "pages" / page).is_file()] == []


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("b/", ""),
        ("b/#there", ""),
        ("#here", ""),
        ("https://ngrok.com/nowhere", ""),
        ("c/", "leads nowhere"),
        ("b/#gone", "has no such anchor"),
        ("#gone", "has no such anchor"),
    ],
)
def test_a_broken_link_is_named(tmp_path: Path, link: str, said: str) -> None:
    (tmp_path / "index.html").write_text(f'<h1 id="here"><a href="{link}">x</a></h1>')
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "index.html").write_text('<h1 id="there">b</h1>')
    found = list(broken_links(tmp_path))
    assert found == ([f"index.html: {link} {said}"] if said else [])


def test_a_page_that_is_not_built_is_named(tmp_path: Path) -> None:
    (tmp_path / "pages" / "a").mkdir(parents=True)
    for name in ("index.md", "a/b.md", "c.md"):
        (tmp_path / "pages" / name).touch()
    for name in (".", "c"):
        (tmp_path / "site" / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / name / "index.html").touch()
    assert list(pages_left_out(tmp_path / "pages", tmp_path / "site")) == ["a/b is not in the site"]
