import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from ngrok_scim_cli.form import Form, Wizard
from ngrok_scim_cli.report.handoff import render_handoff
from ngrok_scim_cli.report.okta_screens import (
    APP_NAME,
    PLACEHOLDER_AUDIENCE,
    PLACEHOLDER_URL,
    REHEARSAL,
    okta_screens,
)
from tests.support.cases import each_case

KEY = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_1aBcDeFgHiJkLmNoPqRsT"
HOSTILE = (
    'https://evil.example/"><script>alert(1)</script>',
    "https://evil.example/'onclick='alert(1)",
    "https://evil.example/&copy;&#x3c;script>",
    "https://evil.example/$style/${script}/$$",
    "https://evil.example/</style></script><!--",
    "https://evil.example/{{7*7}}",
    "javascript:alert(1)",
)


class Page(HTMLParser):
    """What a browser would see: elements with their attributes, and the text between them."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def policy(self) -> str:
        metas = self.all("meta")
        return next(
            item["content"] or ""
            for item in metas
            if item.get("http-equiv") == "Content-Security-Policy"
        )

    @property
    def copied(self) -> list[str | None]:
        buttons = self.all("button")
        return [item.get("value") for item in buttons if item.get("class") == "copy"]


def page(form: Form | None = None) -> Page:
    return Page(render_handoff(form or Form()))


def test_the_policy_forbids_everything_but_the_page_s_own_style_and_script() -> None:
    directives = dict(item.strip().split(" ", 1) for item in page().policy.split(";"))
    assert directives.pop("default-src") == "'none'"
    assert directives.pop("base-uri") == "'none'"
    assert directives.pop("form-action") == "'none'"
    assert set(directives) == {"style-src", "script-src"}
    assert all(re.fullmatch(r"'sha256-[\w+/]{43}='", item) for item in directives.values())


@pytest.mark.parametrize("tag", ["style", "script"])
def test_the_policy_knows_the_very_bytes_of_style_and_script(tag: str) -> None:
    source = render_handoff(Form())
    found = re.findall(f"<{tag}>(.*?)</{tag}>", source, re.DOTALL)
    assert len(found) == 1
    digest = base64.b64encode(hashlib.sha256(found[0].encode()).digest()).decode()
    assert f"{tag}-src 'sha256-{digest}'" in page().policy


def test_nothing_in_the_page_leads_anywhere() -> None:
    shown = page()
    assert {tag for tag, _ in shown.elements} & {
        "a",
        "img",
        "link",
        "iframe",
        "form",
        "object",
    } == set()
    loading = {"src", "href", "srcset", "action", "data", "style", "ping", "background"}
    assert not [item for _, attributes in shown.elements for item in attributes if item in loading]
    assert not [
        item for _, attributes in shown.elements for item in attributes if item.startswith("on")
    ]
    assert "url(" not in render_handoff(Form())
    assert "@import" not in render_handoff(Form())


def test_the_key_is_not_in_the_page() -> None:
    source = render_handoff(Form(authorization=KEY))
    assert source == render_handoff(Form())
    assert KEY not in source
    assert "The key is not on this page." in source


def test_the_copy_buttons_give_the_values_exactly() -> None:
    assert page().copied == [
        APP_NAME,
        PLACEHOLDER_URL,
        PLACEHOLDER_AUDIENCE,
        "https://api.ngrok.com/scim/v2/",
        "email",
    ]


def test_the_integration_wizard_has_a_page_of_its_own() -> None:
    shown = Page(render_handoff(Form(), wizard=Wizard.OIW))
    assert shown.copied == [APP_NAME, "https://api.ngrok.com/scim/v2/"]
    assert "Test API Credentials" in shown.texts
    assert "Test Connector Configuration" not in shown.texts


def test_a_rehearsal_is_called_one_at_the_top() -> None:
    texts = Page(render_handoff(Form(), rehearsal=True)).texts
    assert texts.index(REHEARSAL) < texts.index("Before you start")
    assert REHEARSAL not in page().texts


@each_case("base_url", HOSTILE)
def test_a_hostile_base_url_is_text_and_nothing_else(base_url: str) -> None:
    shown = page(Form(base_url=base_url))
    assert shown.copied[3] == base_url
    assert base_url in shown.texts
    assert [tag for tag, _ in shown.elements] == [tag for tag, _ in page().elements]
    assert shown.policy == page().policy


def test_direction_marks_are_named_where_they_are_shown() -> None:
    shown = page(Form(base_url="https://a.example/\u202eb"))
    assert "https://a.example/⟨U+202E⟩b" in shown.texts


def test_a_broken_character_breaks_nothing() -> None:
    assert render_handoff(Form(base_url="https://a.example/\udcff"))


def test_every_label_of_every_screen_is_there() -> None:
    texts = set(page().texts)
    for screen in okta_screens(Form()):
        for row in screen.rows:
            assert row.label in texts


def test_headings_go_down_step_by_step_and_each_section_has_its_own() -> None:
    shown = page()
    headings = [tag for tag, _ in shown.elements if re.fullmatch(r"h\d", tag)]
    assert headings == ["h1"] + ["h2"] * (len(okta_screens(Form())) + 2)
    named = [item["aria-labelledby"] for item in shown.all("section")]
    assert named == [item["id"] for item in shown.all("h2")]


def test_every_id_stands_once() -> None:
    ids = [attributes["id"] for _, attributes in page().elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_pages_for_other_values_keep_their_ticks_apart() -> None:
    own = page().all("body")[0]["data-page"]
    other = page(Form(base_url="https://a.example/scim/v2/")).all("body")[0]["data-page"]
    assert own != other


def test_the_page_is_small() -> None:
    assert len(render_handoff(Form()).encode()) < 30_000


@pytest.mark.parametrize("motion", ["transition", "animation", "scroll-behavior", "<marquee"])
def test_the_page_has_no_animation(motion: str) -> None:
    assert motion not in render_handoff(Form())
