import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from ngrok_scim_cli.diagnosis.finding import Result, Verdict, has_errors
from ngrok_scim_cli.form import (
    DEFAULT_BASE_URL,
    OKTA_LABELS,
    PROVISIONING_ACTIONS,
    Form,
    Wizard,
)
from ngrok_scim_cli.report import PLAIN, Format, Style, render
from ngrok_scim_cli.report.okta_screens import (
    PLACEHOLDER_URL,
    REHEARSAL,
    Kind,
    Row,
    Screen,
    okta_screens,
    one_line,
)
from ngrok_scim_cli.report.okta_values import OktaValues
from tests.report.golden import assert_golden
from tests.report.results import RESULTS
from tests.support.cases import each_case

ROOT = Path(__file__).parents[2]

KEY = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_1aBcDeFgHiJkLmNoPqRsT"
FINE = Result(command="okta-values", verdict=Verdict.PASS)


def render_okta_values(
    result: Result,
    form: Form,
    format_: Format,
    style: Style = PLAIN,
    *,
    wizard: Wizard = Wizard.CLASSIC,
    rehearsal: bool = False,
) -> str:
    values = OktaValues(form, wizard, not has_errors(result.findings), rehearsal)
    return render(replace(result, payload=values.payload()), format_, style=style)


def okta_fields(form: Form) -> list[dict[str, str]]:
    fields: list[dict[str, str]] = json.loads(render_okta_values(FINE, form, Format.JSON))["fields"]
    return fields


SUFFIXES = {Format.TEXT: "txt", Format.MARKDOWN: "md", Format.JSON: "json"}

# Okta's labels, letter for letter and in the order of its screens.
LABELS = {
    "app": [
        "Sign-in method",
        "Next",
        "App name",
        "Do not display application icon to users",
        "Single sign-on URL",
        "Audience URI (SP Entity ID)",
        "Next",
        "Finish",
    ],
    "app-settings": ["Provisioning", "Enable SCIM provisioning", "Save"],
    "connection": [
        "SCIM version",
        "SCIM connector base URL",
        "Unique identifier field for users",
        "Import New Users and Profile Updates",
        "Push New Users",
        "Push Profile Updates",
        "Push Groups",
        "Import Groups",
        "Authentication Mode",
        "Authorization",
        "Test Connector Configuration",
        "Save",
    ],
    "test": [
        "The first line",
        "User Import",
        "Import Profile Updates",
        "Create Users",
        "Update User Attributes",
        "Push Groups",
        "Import Groups",
        "Close",
    ],
    "to-app": [
        "Create Users",
        "Update User Attributes",
        "Deactivate Users",
        "Sync Password",
        "Save",
    ],
    "sign-on": ["Application username format", "Save", "Update Now"],
    "assignments": ["Assign", "Assign", "Save and Go Back", "Done", "Provision User"],
}


# Of the Okta Integration Wizard; "App name", "Authentication" and "Token" are named like that.
OIW_LABELS = {
    "app": ["App name", "Provisioning", "Method"],
    "connection": [
        "Base URL",
        "Users",
        "Groups",
        "Create",
        "Read",
        "Update",
        "Change password",
        "Deactivate",
        "Support PATCH for User",
        "Import User Schema",
        "Authentication",
        "Token",
        "Test API Credentials",
    ],
    "instance": ["ngrok SCIM", "Add Integration"],
    "to-app": LABELS["to-app"],
    "sign-on": LABELS["sign-on"],
    "assignments": LABELS["assignments"],
}
ALL_LABELS = {Wizard.CLASSIC: LABELS, Wizard.OIW: OIW_LABELS}


def screen(name: str, form: Form | None = None, wizard: Wizard = Wizard.CLASSIC) -> Screen:
    return next(item for item in okta_screens(form or Form(), wizard) if item.name == name)


def values(name: str, form: Form | None = None, wizard: Wizard = Wizard.CLASSIC) -> dict[str, str]:
    return {row.label: row.value for row in screen(name, form, wizard).rows}


@pytest.mark.parametrize("wizard", Wizard)
def test_each_label_is_okta_s_own_and_in_okta_s_order(wizard: Wizard) -> None:
    labels = {item.name: [row.label for row in item.rows] for item in okta_screens(Form(), wizard)}
    assert list(labels.items()) == list(ALL_LABELS[wizard].items())


def test_a_saml_app_for_provisioning_alone_gets_placeholders_to_copy() -> None:
    rows = {row.label: row for row in screen("app").rows}
    for label in ("App name", "Single sign-on URL", "Audience URI (SP Entity ID)"):
        assert rows[label].kind is Kind.TEXT
        assert rows[label].value
    assert rows["Single sign-on URL"].value == PLACEHOLDER_URL


def test_the_integration_wizard_s_form_ticks_what_ngrok_takes_and_no_more() -> None:
    assert values("connection", wizard=Wizard.OIW) == {
        "Base URL": "https://api.ngrok.com/scim/v2/",
        "Users": "on",
        "Groups": "off",
        "Create": "on",
        "Read": "on",
        "Update": "on",
        "Change password": "off",
        "Deactivate": "on",
        "Support PATCH for User": "on",
        "Import User Schema": "off",
        "Authentication": "Bearer",
        "Token": "the SCIM key alone, without Bearer",
        "Test API Credentials": "press",
    }


@pytest.mark.parametrize("label", ["Authentication", "Token"])
def test_a_label_that_is_not_known_may_differ(label: str) -> None:
    rows = {row.label: row for row in screen("connection", wizard=Wizard.OIW).rows}
    assert "label may differ" in rows[label].note


def test_the_address_is_right_without_the_slash_too() -> None:
    (url,) = [row for row in screen("connection", wizard=Wizard.OIW).rows if row.kind is Kind.TEXT]
    assert "leave it out: both forms are right" in url.note


def test_the_connection_form_holds_what_ngrok_s_guide_says() -> None:
    assert values("connection") == {
        "SCIM version": "2.0",
        "SCIM connector base URL": "https://api.ngrok.com/scim/v2/",
        "Unique identifier field for users": "email",
        "Import New Users and Profile Updates": "off",
        "Push New Users": "on",
        "Push Profile Updates": "on",
        "Push Groups": "off",
        "Import Groups": "off",
        "Authentication Mode": "HTTP Header",
        "Authorization": "the SCIM key alone, without Bearer",
        "Test Connector Configuration": "press",
        "Save": "press",
    }


def test_every_switch_to_the_app_but_the_password_is_on() -> None:
    assert values("to-app") == {
        "Create Users": "on",
        "Update User Attributes": "on",
        "Deactivate Users": "on",
        "Sync Password": "off",
        "Save": "press",
    }


@pytest.mark.parametrize("ticked", PROVISIONING_ACTIONS)
def test_a_box_is_on_where_the_form_ticks_it_and_only_there(ticked: str) -> None:
    connection = values("connection", Form(actions=(ticked,)))
    assert [label for label in PROVISIONING_ACTIONS if connection[label] == "on"] == [ticked]


@pytest.mark.parametrize(
    ("ticked", "listed"),
    [
        ("Import New Users and Profile Updates", ["User Import", "Import Profile Updates"]),
        ("Push New Users", ["Create Users"]),
        ("Push Profile Updates", ["Update User Attributes"]),
        ("Push Groups", ["Push Groups"]),
        ("Import Groups", ["Import Groups"]),
    ],
)
def test_the_test_ticks_what_the_form_ticks(ticked: str, listed: list[str]) -> None:
    shown = values("test", Form(actions=(ticked,)))
    assert [label for label, value in shown.items() if value == "tick"] == listed


def test_the_labels_are_the_ones_that_the_diagnosis_speaks_of() -> None:
    connection = screen("connection")
    spoken_of = {row.label for row in connection.rows} | {row.group for row in connection.rows}
    assert set(OKTA_LABELS.values()) <= spoken_of


def test_what_is_typed_is_taken_over_letter_for_letter() -> None:
    form = Form(base_url='https://scim.corp.example/"<b>/scim/v2', unique_identifier="userName")
    typed = [row.value for row in screen("connection", form).rows if row.kind is Kind.TEXT]
    assert typed == [form.base_url, form.unique_identifier]


def test_the_key_is_in_no_row_of_the_form() -> None:
    assert KEY not in repr(okta_screens(Form(authorization=KEY)))
    assert KEY not in repr(okta_fields(Form(authorization=KEY)))


def test_a_field_names_its_path_down_to_its_group() -> None:
    fields = okta_fields(Form())
    assert {
        "place": "Provisioning > Settings > Integration > SCIM Connection > Edit"
        " > Supported provisioning actions",
        "label": "Push New Users",
        "value": "on",
        "kind": "box",
    } in fields
    assert {
        "place": "Provisioning > Settings > Integration > SCIM Connection > Edit",
        "label": "SCIM connector base URL",
        "value": DEFAULT_BASE_URL,
        "kind": "text",
    } in fields
    assert len(fields) == sum(map(len, LABELS.values()))


@each_case("wizard", Wizard)
@each_case("output_format", SUFFIXES)
def test_the_values_are_printed_as_they_always_were(output_format: Format, wizard: Wizard) -> None:
    text = render_okta_values(FINE, Form(authorization=KEY), output_format, wizard=wizard)
    oiw = "-oiw" if wizard is Wizard.OIW else ""
    assert_golden(f"okta-values{oiw}.{SUFFIXES[output_format]}", text)


def test_a_page_of_a_rehearsal_says_so_and_no_other_one_does() -> None:
    page = render_okta_values(FINE, Form(), Format.MARKDOWN, rehearsal=True)
    assert REHEARSAL in page
    assert REHEARSAL not in render_okta_values(FINE, Form(), Format.MARKDOWN)


@each_case("wizard", Wizard)
@each_case("width", [40, 60, 80, 100])
def test_no_line_is_wider_than_the_screen(width: int, wizard: Wizard) -> None:
    text = render_okta_values(FINE, Form(), Format.TEXT, Style(width=width), wizard=wizard)
    assert max(map(len, text.splitlines())) <= width
    assert DEFAULT_BASE_URL in text


def test_a_narrow_screen_without_unicode_gets_ascii_alone() -> None:
    assert render_okta_values(FINE, Form(), Format.TEXT, Style(unicode=False)).isascii()


@pytest.mark.parametrize("output_format", [Format.TEXT, Format.MARKDOWN])
def test_where_a_value_is_wrong_there_is_nothing_to_type(output_format: Format) -> None:
    wrong = RESULTS["fail"]
    text = render_okta_values(wrong, Form(), output_format)
    assert wrong.findings[0].code in text
    assert "Update Now" not in text


def test_where_a_value_is_wrong_programs_get_no_fields() -> None:
    document = json.loads(render_okta_values(RESULTS["fail"], Form(), Format.JSON))
    assert document["fields"] == []
    assert document["findings"]
    assert document["values"]["base_url"] == DEFAULT_BASE_URL


def test_a_warning_stands_before_the_values() -> None:
    text = render_okta_values(RESULTS["warn"], Form(), Format.TEXT)
    assert text.index(RESULTS["warn"].findings[0].code) < text.index("SCIM connector base URL")


@each_case(
    ("typed", "code"),
    [
        ("a|b", "`a|b`"),
        ("a`b", "``a`b``"),
        ("a``", "``` a`` ```"),
        ("<b>*x*</b>", "`<b>*x*</b>`"),
        ("a\u202eb", "`a⟨U+202E⟩b`"),
    ],
)
def test_a_hostile_value_stays_in_its_code(typed: str, code: str) -> None:
    page = render_okta_values(FINE, Form(base_url=typed), Format.MARKDOWN)
    assert f"\n- SCIM connector base URL: {code}\n" in page


@each_case(
    ("row", "line"),
    [
        (Row("Push Groups", "off", Kind.BOX), "[ ] Push Groups"),
        (Row("Push New Users", "on", Kind.BOX), "[x] Push New Users"),
        (Row("Save", "press", Kind.BUTTON, note="Then wait."), "Press Save. Then wait."),
        (Row("SCIM version", "2.0", Kind.FIXED), "SCIM version: 2.0 (cannot be changed)"),
        (Row("Format", "Email", Kind.CHOICE), "Format: Email"),
        (Row("Read", "on", Kind.FIXED, group="Operations"), "[x] Read (cannot be changed)"),
    ],
)
def test_a_row_of_the_form_is_written_on_one_line(row: Row, line: str) -> None:
    assert one_line(row) == line


def test_the_documentation_knows_every_screen_and_every_kind() -> None:
    page = (ROOT / "docs" / "okta.md").read_text(encoding="utf-8")
    for item in (*okta_screens(Form()), *okta_screens(Form(), Wizard.OIW)):
        assert item.place.removeprefix("the dialog of ") in page
    for kind in Kind:
        assert f"| `{kind}` |" in page
    both = (*screen("connection").rows, *screen("connection", wizard=Wizard.OIW).rows)
    for row in both:
        if row.group:
            continue
        if row.kind not in (Kind.BOX, Kind.BUTTON):
            assert f"| **{row.label}** |" in page


def test_the_object_is_what_the_schema_promises() -> None:
    schema = json.loads((ROOT / "docs" / "result.schema.json").read_text(encoding="utf-8"))
    document = json.loads(render_okta_values(FINE, Form(), Format.JSON))
    jsonschema.validate(document, schema)
