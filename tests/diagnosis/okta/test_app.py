import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.finding import Severity
from ngrok_scim_cli.diagnosis.okta.app import (
    choose_app,
    judge_app,
    judge_apps,
    judge_assigned,
    judge_mappings,
    judge_provisioning,
    judge_switches,
    named,
)
from ngrok_scim_cli.diagnosis.okta.records import LogEvent, OktaApp, read_app
from ngrok_scim_cli.diagnosis.unknown import Judged, Unknown
from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind, Reply
from tests.support.cases import each_case
from tests.support.json_values import json_values

SCIM = frozenset({"SCIM_PROVISIONING"})
APP = OktaApp("0oa1", "ngrok", "ACTIVE", "SAML_2_0", SCIM, "${source.email}")
BARE = replace(APP, features=frozenset())
OIDC = replace(APP, id="0oa9", sign_on_mode="OPENID_CONNECT", features=frozenset())
NOT_ENABLED = {
    "errorCode": "E0000001",
    "errorSummary": "Api validation failed: feature",
    "errorCauses": [{"errorSummary": "Provisioning is not enabled for the app instance."}],
}


def app(app_id: str, label: str, **changes: object) -> OktaApp:
    return replace(APP, id=app_id, label=label, **changes)  # type: ignore[arg-type]


def answered(document: object, status: int = 200) -> Exchange:
    url = "https://corp.okta.com/api/v1/apps/0oa1/features/USER_PROVISIONING"
    return Exchange("x", "GET", url, Reply(status, body=json.dumps(document).encode()))


def feature(create: str, update: str, deactivate: str, status: str = "ENABLED") -> Exchange:
    return answered(
        {
            "name": "USER_PROVISIONING",
            "status": status,
            "capabilities": {
                "create": {"lifecycleCreate": {"status": create}},
                "update": {
                    "profile": {"status": update},
                    "lifecycleDeactivate": {"status": deactivate},
                    "password": {"status": "DISABLED", "seed": "RANDOM", "change": "KEEP_EXISTING"},
                },
            },
        }
    )


GARBLED = Exchange("x", "GET", "https://x", Reply(200, body=b"<html>"))
NO_ANSWER = Exchange("x", "GET", "https://x", failure=Failure(FailureKind.DROPPED, "Gone."))

# Choosing.

PAYROLL = app("0oa2", "Payroll", features=frozenset())
WIKI = app("0oa3", "Wiki", sign_on_mode="OPENID_CONNECT", features=frozenset())
SLACK = app("0oa4", "Slack", features=SCIM)


@each_case(
    ("labels", "wanted", "chosen"),
    [
        # By id, whatever else is called so.
        (["ngrok", "0oa1"], "0oa1", "ngrok"),
        # By label: letter by letter, then without case, then by its beginning.
        (["ngrok", "ngrok SCIM", "NGROK"], "ngrok", "ngrok"),
        (["ngrok SCIM", "NGROK"], "ngrok", "NGROK"),
        (["Payroll", "ngrok SCIM"], "NGROK", "ngrok SCIM"),
        (["ngrok SCIM "], " ngrok SCIM", "ngrok SCIM "),
        (["Straße"], "STRASSE", "Straße"),
    ],
)
def test_an_app_is_named_by_id_or_label(labels: list[str], wanted: str, chosen: str) -> None:
    apps = [app(f"0oa{number}", label) for number, label in enumerate(labels, start=1)]
    picked = choose_app(apps, wanted)
    assert isinstance(picked, OktaApp)
    assert picked.label == chosen


@each_case(
    "other",
    [
        replace(APP, id="0oa9", status="INACTIVE"),
        OIDC,
        replace(APP, id="0oa9", features=frozenset()),
    ],
    ids=["inactive", "oidc", "without SCIM"],
)
@each_case("wanted", ["ngrok", "NGR", ""])
def test_of_several_the_one_that_can_provision_is_meant(other: OktaApp, wanted: str) -> None:
    assert choose_app([other, APP], wanted) == APP
    assert choose_app([APP, other], wanted) == APP
    # Alone it is meant all the same: what is wrong with it is for other rules to say.
    assert choose_app([other], wanted) == other


@pytest.mark.parametrize("wanted", ["ngrok", "n", ""])
def test_between_equals_the_person_decides(wanted: str) -> None:
    twin = replace(APP, id="0oa9")
    picked = choose_app([APP, twin, PAYROLL], wanted)
    assert isinstance(picked, Unknown)
    assert picked.findings == ()
    assert "“ngrok” (0oa1), “ngrok” (0oa9)" in picked.reason
    assert "--okta-app" in picked.reason


def test_not_every_one_of_many_is_named() -> None:
    picked = choose_app([app(f"0oa{n}", f"ngrok {n}") for n in range(8)])
    assert isinstance(picked, Unknown)
    assert "“ngrok 4” (0oa4) and 3 more." in picked.reason


@pytest.mark.parametrize(
    ("apps", "chosen"),
    [
        ([PAYROLL, WIKI, SLACK, APP], APP),
        ([PAYROLL, SLACK, app("0oa5", "Our nGrOk (prod)")], app("0oa5", "Our nGrOk (prod)")),
        # An app by another name is taken only where no other has SCIM.
        ([PAYROLL, WIKI, SLACK], SLACK),
        # The app for ngrok is meant, even where another one has SCIM.
        ([SLACK, BARE], BARE),
        ([SLACK, OIDC], OIDC),
    ],
)
def test_without_a_name_it_is_found(apps: list[OktaApp], chosen: OktaApp) -> None:
    assert choose_app(apps) == chosen


def test_an_app_that_is_not_there_for_certain_is_a_finding() -> None:
    picked = choose_app([APP], "nxrok")
    assert isinstance(picked, Unknown)
    assert [item.code for item in picked.findings] == ["OKT903"]
    assert "“nxrok”" in picked.findings[0].evidence
    assert [item.code for item in choose_app([]).findings] == ["OKT903"]  # type: ignore[union-attr]


def test_an_app_that_is_called_otherwise_may_be_there_all_the_same() -> None:
    picked = choose_app([PAYROLL, WIKI])
    assert isinstance(picked, Unknown)
    assert picked.findings == ()
    assert "--okta-app" in picked.reason


# Judging.


@each_case(
    ("changes", "codes"),
    [
        ({}, []),
        ({"sign_on_mode": "AUTO_LOGIN"}, []),
        ({"status": "active"}, []),
        ({"status": ""}, []),
        ({"status": "INACTIVE"}, ["OKT903"]),
        ({"status": "DELETED"}, ["OKT903"]),
        # An app of the Okta Integration Wizard may sign people in by OIDC and have SCIM.
        ({"sign_on_mode": "OPENID_CONNECT"}, []),
        ({"sign_on_mode": "OPENID_CONNECT", "features": frozenset()}, ["OKT904"]),
        (
            {"sign_on_mode": "openid_connect", "status": "INACTIVE", "features": frozenset()},
            ["OKT904", "OKT903"],
        ),
    ],
)
def test_the_app_as_such_is_judged(changes: dict[str, object], codes: list[str]) -> None:
    assert [item.code for item in judge_app(app("0oa1", "ngrok", **changes))] == codes


def test_an_inactive_app_is_switched_on_by_name() -> None:
    (found,) = judge_app(replace(APP, status="INACTIVE"))
    assert "“ngrok” (0oa1) has the status INACTIVE" in found.evidence
    assert '“ngrok”, open the menu "Inactive" and choose "Activate"' in found.fix


@each_case(
    ("judged", "answer", "provisioned", "is_judged", "codes"),
    [
        # Okta says that it is on.
        (APP, None, None, True, []),
        (APP, answered(NOT_ENABLED, 400), False, True, []),
        (replace(APP, features=frozenset({"PUSH_NEW_USERS"})), None, None, True, []),
        (BARE, feature("DISABLED", "DISABLED", "DISABLED"), False, True, []),
        # Somebody came through: on, whatever Okta does not tell.
        (BARE, answered(NOT_ENABLED, 400), True, True, []),
        (BARE, None, True, True, []),
        # Okta tells what the app can do, and this is not among it.
        (replace(APP, features=frozenset({"GROUP_PUSH"})), None, None, True, ["OKT905"]),
        # Two signs: Okta says so, and nobody ever came through.
        (BARE, answered(NOT_ENABLED, 400), False, True, ["OKT905"]),
        (BARE, feature("", "", "", status="DISABLED"), False, True, ["OKT905"]),
        # One sign alone.
        (BARE, answered(NOT_ENABLED, 400), None, False, []),
        (BARE, answered({"errorCode": "E0000007", "errorSummary": "No."}, 404), False, False, []),
        (BARE, answered(NOT_ENABLED | {"errorCauses": []}, 400), False, False, []),
        (BARE, answered({}), False, False, []),
        (BARE, answered([]), False, False, []),
        (BARE, None, False, False, []),
        (BARE, GARBLED, False, False, []),
        (BARE, NO_ANSWER, False, False, []),
        # An OIDC app cannot have SCIM at all, which is another finding.
        (OIDC, answered(NOT_ENABLED, 400), False, False, []),
    ],
)
def test_scim_is_off_only_where_that_is_certain(
    judged: OktaApp,
    answer: Exchange | None,
    provisioned: bool | None,
    is_judged: bool,
    codes: list[str],
) -> None:
    seen = judge_provisioning(judged, answer, provisioned=provisioned)
    assert [item.code for item in seen.findings] == codes
    assert isinstance(seen, Judged) is is_judged
    assert bool(seen.reason) is not bool(codes)


def test_what_okta_said_of_provisioning_is_the_evidence() -> None:
    (found,) = judge_provisioning(BARE, answered(NOT_ENABLED, 400), provisioned=False).findings
    assert "Provisioning is not enabled for the app instance" in found.evidence
    (found,) = judge_provisioning(replace(APP, features=frozenset({"B", "A"}))).findings
    assert "A, B" in found.evidence


@pytest.mark.parametrize(("count", "codes"), [(0, ["OKT907"]), (1, []), (100_000, [])])
def test_somebody_must_be_assigned(count: int, codes: list[str]) -> None:
    assert [item.code for item in judge_assigned(count)] == codes


ON, OFF = "ENABLED", "DISABLED"


@each_case(
    ("answer", "is_judged", "named_switches"),
    [
        (feature(ON, ON, ON), True, []),
        (feature(OFF, ON, ON), True, ["Create Users"]),
        (feature(ON, OFF, ON), True, ["Update User Attributes"]),
        (feature(ON, ON, "disabled"), True, ["Deactivate Users"]),
        (feature(OFF, OFF, OFF), True, ["Create Users", "Update User Attributes", "Deactivate Us"]),
        (feature(OFF, "", ""), True, ["Create Users"]),
        (feature(ON, ON, ""), False, []),
        (answered(NOT_ENABLED, 400), False, []),
        (answered({"capabilities": []}), False, []),
        (answered("no object"), False, []),
        (NO_ANSWER, False, []),
        (None, False, []),
    ],
)
def test_a_switch_that_is_off_is_reported_only_where_okta_reports_it(
    answer: Exchange | None, is_judged: bool, named_switches: list[str]
) -> None:
    seen = judge_switches(APP, answer)
    assert isinstance(seen, Judged) is is_judged
    assert [item.code for item in seen.findings] == (["OKT916"] if named_switches else [])
    for item in seen.findings:
        for switch in named_switches:
            assert switch in item.evidence
            assert switch in item.fix
            assert switch in item.title or len(named_switches) == 3
        assert item.fix.count('"') == 2 * len(named_switches)


def changed(message: str, published: str = "2026-11-20T10:11:12.000Z") -> LogEvent:
    return LogEvent(
        published,
        "application.lifecycle.update",
        "SUCCESS",
        actor="Odette Admin (okta-admin@corp.example)",
        custom_message=message,
    )


STOPPED = changed("Stop deprovisioning unassigned users")


@each_case(
    ("changes", "is_off"),
    [
        ([STOPPED], True),
        ([changed("Stop Deprovisioning Unassigned Users.")], True),
        # Put on again before, and taken off again.
        ([changed("Deprovisioning unassigned users", "2026-11-19T10:11:12.000Z"), STOPPED], True),
        # Put on again since, in whatever order the log gives it.
        ([changed("Deprovisioning unassigned users", "2026-11-21T10:11:12.000Z"), STOPPED], False),
        ([STOPPED, changed("Deprovisioning unassigned users", "2026-11-21T10:11:12.000Z")], False),
        ([changed("Deprovisioning unassigned users")], False),
        ([changed("Stop importing users")], False),
        ([changed("")], False),
    ],
)
def test_the_system_log_shows_that_deactivate_users_was_switched_off(
    changes: list[LogEvent], is_off: bool
) -> None:
    seen = judge_switches(APP, None, changes)
    assert isinstance(seen, Judged) is is_off
    assert [(item.code, item.severity) for item in seen.findings] == (
        [("OKT916", Severity.ERROR)] if is_off else []
    )
    for item in seen.findings:
        assert item.evidence.startswith(
            'Odette Admin (okta-admin@corp.example) took "Deactivate Users" off on 2026-11-20 10:11'
        )


def test_the_log_tells_who_took_a_switch_off_that_okta_reports_as_off() -> None:
    seen = judge_switches(APP, feature("ENABLED", "ENABLED", "DISABLED"), [STOPPED])
    assert isinstance(seen, Judged)
    assert 'off on 2026-11-20 10:11 UTC. Okta says that "Deactivate' in seen.findings[0].evidence


def test_the_current_state_of_a_switch_overrides_the_log() -> None:
    features = frozenset({"PUSH_NEW_USERS", "PUSH_PROFILE_UPDATES", "PUSH_USER_DEACTIVATION"})
    seen = judge_switches(replace(APP, features=features), None, [STOPPED])
    assert (isinstance(seen, Judged), seen.findings) == (True, ())


def test_the_features_of_an_app_tell_that_its_switches_are_on() -> None:
    features = frozenset({"PUSH_NEW_USERS", "PUSH_PROFILE_UPDATES", "PUSH_USER_DEACTIVATION"})
    assert isinstance(judge_switches(replace(APP, features=features)), Judged)
    # That one is missing there says nothing.
    assert isinstance(judge_switches(replace(APP, features=frozenset({"PUSH_NEW_USERS"}))), Unknown)


def mapped(target: str = "appuser", **expressions: object) -> dict[str, object]:
    return {
        "id": "prm1",
        "source": {"type": "user"},
        "target": {"type": target},
        "properties": {
            name: {"expression": expression, "pushStatus": "DONT_PUSH"}
            for name, expression in expressions.items()
        },
    }


RIGHT = {
    "givenName": "user.firstName",
    "familyName": "user.lastName",
    "email": "user.email",
    "emailType": "'work'",
    "displayName": "user.displayName",
    "userName": "source.email",
}


@each_case(
    ("documents", "names"),
    [
        ([], []),
        ([{}], []),
        ([mapped(**RIGHT)], []),
        ([mapped(**RIGHT, title="user.title")], ["title"]),
        ([mapped(title="user.title"), mapped(manager="user.manager")], ["title", "manager"]),
        ([mapped(title="", manager="  ", costCenter=None)], []),
        ([mapped("user", title="appuser.title")], []),
        ([{"properties": {"title": {"expression": "user.title"}}}], ["title"]),
        ([{"properties": {"title": "user.title", "x": []}}], []),
        ([{"properties": []}], []),
        ([mapped(**{f"a{n}": "x" for n in range(12)})], ["a9 and 2 more"]),
    ],
)
def test_attributes_that_ngrok_does_not_take_are_named(
    documents: list[dict[str, object]], names: list[str]
) -> None:
    found = judge_mappings(documents)
    assert [item.code for item in found] == (["OKT915"] if names else [])
    for item in found:
        assert all(name in item.evidence for name in names)


@pytest.mark.parametrize(
    ("label", "app_id", "said"),
    [("ngrok", "0oa1", "“ngrok” (0oa1)"), ("", "0oa1", "The app 0oa1"), ("", "", "The app")],
)
def test_an_app_is_named_by_its_label_and_id(label: str, app_id: str, said: str) -> None:
    assert named(app(app_id, label)) == said


def test_a_hostile_label_is_shown_harmlessly() -> None:
    (found,) = judge_app(app("0oa\x1b1", "a\x1b[2J\n\u202e" * 50, status="\x1bX"))
    assert found.evidence.isprintable()
    assert found.fix.isprintable()
    assert len(found.evidence) < 300


_NAMES = [
    "id",
    "label",
    "status",
    "signOnMode",
    "features",
    "credentials",
    "userNameTemplate",
    "template",
    "capabilities",
    "create",
    "update",
    "lifecycleCreate",
    "profile",
    "target",
    "properties",
    "type",
    "expression",
    "errorCode",
    "errorCauses",
    "x",
]
JSON_VALUES = json_values(st.sampled_from(_NAMES))
OBJECTS = st.dictionaries(st.text(max_size=12), JSON_VALUES, max_size=5) | JSON_VALUES.filter(
    lambda value: isinstance(value, dict)
)


@given(OBJECTS, JSON_VALUES, st.sampled_from([200, 400, 404, 500]), st.none() | st.booleans())
def test_any_document_is_judged(
    document: dict[str, object], answer: object, status: int, provisioned: bool | None
) -> None:
    judged = read_app(document)
    exchange = answered(answer, status)
    codes = [
        *(item.code for item in judge_app(judged)),
        *(item.code for item in judge_switches(judged, exchange).findings),
        *(
            item.code
            for item in judge_provisioning(judged, exchange, provisioned=provisioned).findings
        ),
        *(item.code for item in judge_mappings([document])),
    ]
    assert set(codes) <= {"OKT903", "OKT904", "OKT905", "OKT915", "OKT916"}
    chosen = choose_app([judged], judged.label)
    assert isinstance(chosen, Unknown) or chosen is judged


SECOND = replace(APP, id="0oa2", label="ngrok (new)")
OIW = replace(APP, sign_on_mode="OPENID_CONNECT")
SWA = replace(APP, sign_on_mode="AUTO_LOGIN")


@each_case(
    ("app", "apps", "wizard", "seen"),
    [
        (APP, [APP], "", ""),
        (APP, [], "oiw", ""),
        (APP, [APP, SECOND], "", "“ngrok” (0oa1), “ngrok (new)” (0oa2)"),
        (APP, [replace(SECOND, label="NGROK staging")], "", "NGROK staging"),
        # One for signing in, or one that is switched off, provisions nobody.
        (APP, [OIDC], "", ""),
        (APP, [replace(SECOND, features=frozenset())], "", ""),
        (APP, [replace(SECOND, status="INACTIVE")], "", ""),
        (APP, [replace(SECOND, label="Slack")], "", ""),
        (OIW, [OIW], "classic", "made in the Okta Integration Wizard"),
        (SWA, [SWA], "oiw", "made in the Classic experience"),
        (OIW, [OIW], "oiw", ""),
        (SWA, [SWA], "classic", ""),
        # SAML comes from both.
        (APP, [APP], "classic", ""),
        (APP, [APP], "oiw", ""),
        (OIW, [OIW], "", ""),
        (OIW, [OIW], "another", ""),
    ],
)
def test_a_second_app_and_another_wizard_are_reported(
    app: OktaApp, apps: list[OktaApp], wizard: str, seen: str
) -> None:
    found = judge_apps(app, apps, wizard)
    assert [item.code for item in found] == (["OKT919"] if seen else [])
    assert all(seen in item.evidence for item in found)
