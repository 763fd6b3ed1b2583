from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import Severity, Verdict
from ngrok_scim_cli.diagnosis.values.validate import validate
from ngrok_scim_cli.form import DEFAULT_BASE_URL, Form
from ngrok_scim_cli.hosts import Trust
from ngrok_scim_cli.probe.connector_test import ConnectorTest, compared
from ngrok_scim_cli.wire.exchange import Failure, FailureKind, Reply
from tests.support.cases import each_case
from tests.support.mock_wire import ScriptedWire

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ngrok_scim_cli.probe.connector_test import ConnectorOutcome

KEY = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_1aBcDeFgHiJkLmNoPqRsT"
LOOPBACK = "http://127.0.0.1:8080"
AT_LOOPBACK = Form(f"{LOOPBACK}/scim/v2/", KEY)
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)

LIST_QUERY = "/Users?startIndex=1&count=2"
LOOKUP_QUERY = "/Users?filter=userName%20eq%20%22ada%40corp.example%22&startIndex=1&count=100"

ADA = {"id": "1", "userName": "ada@corp.example", "displayName": "Ada", "active": True}


def listing(*users: object, total: int | None = None, **headers: str) -> Reply:
    document = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": len(users) if total is None else total,
        "startIndex": 1,
        "itemsPerPage": len(users),
        "Resources": users,
    }
    given = (("content-type", "application/scim+json"), *headers.items())
    return Reply(200, "OK", given, json.dumps(document).encode())


def error(status: int, body: object = "") -> Reply:
    return Reply(status, headers=(), body=json.dumps(body).encode() if body else b"")


ONE_USER = listing(ADA)
NOBODY = listing()
NOT_FOUND = error(404, {"status_code": 404, "msg": "Not Found", "details": {"path": "/Users"}})
REFUSED = error(403, {"error_code": "ERR_NGROK_203", "status_code": 403, "msg": "Invalid."})
WEB_PAGE = Reply(200, headers=(("content-type", "text/html"),), body=b"<html></html>")
REDIRECT = Reply(302, headers=(("location", "/welcome"),))
UNTOLD = Failure(FailureKind.WITHHELD, "Nothing was sent.")
TIMED_OUT = Failure(FailureKind.CONNECT_TIMEOUT, "It did not answer.")
DOWN = Failure(FailureKind.REFUSED, "The connection was refused.")

# Replies that say that there is no SCIM at an address.
WRONG_PLACE = {
    "404": NOT_FOUND,
    "redirect": REDIRECT,
    "405": error(405),
    "empty": Reply(200),
    "web page": WEB_PAGE,
    "text": Reply(200, body=b"hello"),
    "another API": Reply(200, body=b"{}"),
}
# Failures that another address would not repair.
RIGHT_PLACE = {
    "refused key": REFUSED,
    "401": error(401),
    "429": error(429),
    "500": error(500),
    "nobody": NOBODY,
    "down": DOWN,
    "withheld": UNTOLD,
}


def outcome_of(
    wire: ScriptedWire,
    form: Form,
    *,
    hosts: Sequence[str] = (),
    allow_empty: bool = False,
    repairing: bool = True,
    now: datetime | None = None,
) -> ConnectorOutcome:
    with wire.open() as opened:
        test = ConnectorTest(opened, allow_empty=allow_empty, repairing=repairing, now=now)
        return test.run(validate(form, Trust(frozenset(hosts))))


def codes(outcome: ConnectorOutcome) -> list[str]:
    return [item.code for item in outcome.result.findings]


def test_right_values_are_sent_as_they_are_and_one_user_is_looked_up() -> None:
    wire = ScriptedWire(ONE_USER, ONE_USER)
    outcome = outcome_of(wire, Form(authorization=KEY))
    base_url = DEFAULT_BASE_URL.removesuffix("/")
    assert wire.urls == [base_url + LIST_QUERY, base_url + LOOKUP_QUERY]
    assert wire.keys == [f"Bearer {KEY}"] * 2
    assert [item.purpose for item in outcome.result.exchanges] == ["as typed", "look-up"]
    assert (outcome.result.verdict, codes(outcome)) == (Verdict.PASS, ["ENV009"])
    assert outcome.result.repair is None


def test_loopback_gets_no_note_that_okta_calls_from_elsewhere() -> None:
    outcome = outcome_of(ScriptedWire(ONE_USER, ONE_USER), Form(f"{LOOPBACK}/scim/v2/", KEY))
    assert codes(outcome) == []


@each_case(
    ("form", "code"),
    [
        (Form(f"{DEFAULT_BASE_URL} ", KEY), "URL102"),
        (Form("http://api.ngrok.com/scim/v2/", KEY), "URL106"),
        (Form("api.ngrok.com/scim/v2/", KEY), "URL107"),
        (Form("https://api.ngrok.com", KEY), "URL109"),
        (Form("", KEY), "URL118"),
        (Form(authorization=f"Bearer {KEY}"), "KEY205"),
        (Form(authorization=f"{KEY}\u00a0"), "KEY204"),
        (Form(authorization=KEY, unique_identifier="userName"), "FRM301"),
        (Form(authorization=KEY, auth_mode="Basic Auth"), "FRM303"),
        (Form(authorization=KEY, actions=("Push Profile Updates",)), "FRM304"),
    ],
)
def test_values_with_a_certain_mistake_are_sent_repaired_only(form: Form, code: str) -> None:
    wire = ScriptedWire(ONE_USER)
    outcome = outcome_of(wire, form)
    assert wire.urls == [DEFAULT_BASE_URL.removesuffix("/") + LIST_QUERY]
    assert wire.keys == [f"Bearer {KEY}"]
    assert codes(outcome) == [code, "ENV009"]
    assert outcome.result.verdict is Verdict.FAIL
    assert outcome.result.repair is not None
    assert outcome.result.repair.accepts is True
    assert outcome.result.repair.form.base_url == DEFAULT_BASE_URL
    assert [item.purpose for item in outcome.result.exchanges] == ["repaired"]


@pytest.mark.parametrize(
    "base_url",
    [
        "https://dashboard.ngrok.com/scim/v2/",
        "https://api.ngrok.con/scim/v2/",
        "https://\u0430pi.ngrok.com/scim/v2/",
    ],
)
def test_a_repair_that_leads_to_ngroks_own_host_is_tried(base_url: str) -> None:
    wire = ScriptedWire(ONE_USER)
    outcome = outcome_of(wire, Form(base_url, KEY))
    assert wire.urls == [DEFAULT_BASE_URL.removesuffix("/") + LIST_QUERY]
    assert outcome.result.verdict is Verdict.FAIL
    assert outcome.result.repair is not None
    assert outcome.result.repair.accepts is True
    assert outcome.result.repair.form.base_url == DEFAULT_BASE_URL


@pytest.mark.parametrize("answer", [DOWN, TIMED_OUT, NOT_FOUND], ids=["refused", "silent", "404"])
def test_a_port_that_fails_on_ngroks_host_is_the_root_cause_and_tried_without(
    answer: Reply | Failure,
) -> None:
    wire = ScriptedWire(answer, ONE_USER)
    outcome = outcome_of(wire, Form("https://api.ngrok.com:8443/scim/v2/", KEY))
    assert wire.urls[1] == DEFAULT_BASE_URL.removesuffix("/") + LIST_QUERY
    first = outcome.result.findings[0]
    assert (first.code, first.severity) == ("URL116", Severity.ERROR)
    assert outcome.result.repair is not None
    assert outcome.result.repair.accepts is True
    assert outcome.result.okta is not None
    assert outcome.result.okta.accepts is False


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ((ONE_USER, ONE_USER), ["URL116", "ENV009"]),
        ((Failure(FailureKind.DNS, "No such host."),), ["NET401", "URL116"]),
        ((DOWN, DOWN), ["NET402", "URL116"]),
        ((REFUSED,), ["KEY214", "URL116"]),
    ],
    ids=["passes", "no name", "port 443 refuses, too", "the key is refused"],
)
def test_a_port_that_is_not_at_fault_stays_a_warning(
    answers: tuple[Reply | Failure, ...], found: list[str]
) -> None:
    outcome = outcome_of(ScriptedWire(*answers), Form("https://api.ngrok.com:8443/scim/v2/", KEY))
    assert codes(outcome) == found


ACCESS_TOKEN = "ngrok_pat_3Ab4Cd5Ef6Gh7Ij8Kl9Mn0Op1Qr2St3Uv"


@each_case(
    ("key", "code"),
    [(ACCESS_TOKEN, "KEY217"), (KEY[:20], "KEY210"), ("short", "KEY210")],
    ids=["an access token", "a truncated key", "a word"],
)
@each_case("status", [400, 401, 403])
def test_what_explains_a_refused_key_is_an_error_and_comes_first(
    key: str, code: str, status: int
) -> None:
    outcome = outcome_of(ScriptedWire(error(status)), Form(f"{LOOPBACK}/scim/v2/", key))
    first = outcome.result.findings[0]
    assert (first.code, first.severity) == (code, Severity.ERROR)


def test_a_header_that_cannot_be_read_is_not_reported_beside_the_key_that_is_why() -> None:
    refused = Reply(403, body=b'{"error_code": "ERR_NGROK_202", "status_code": 403, "msg": "x"}')
    whole, cut = (
        outcome_of(ScriptedWire(refused), Form(f"{LOOPBACK}/scim/v2/", key))
        for key in (KEY, KEY[:20])
    )
    assert codes(whole)[:1] == ["KEY215"]
    assert codes(cut)[:1] == ["KEY210"]
    assert "KEY215" not in codes(cut)


@each_case("key", [ACCESS_TOKEN, KEY[:20], "glpat-AbCdEfGhIjKlMnOpQrSt"])
@each_case("body", [b"", b'{"error_code": "ERR_NGROK_203", "status_code": 401, "msg": "x"}'])
def test_what_is_no_api_key_is_not_said_to_have_the_right_format(key: str, body: bytes) -> None:
    outcome = outcome_of(ScriptedWire(Reply(401, body=body)), Form(f"{LOOPBACK}/scim/v2/", key))
    refused = outcome.result.findings[1]
    assert refused.code in ("KEY214", "SCM501")
    assert "does not look like an ngrok API key" in refused.cause
    assert "first finding" in refused.fix


def test_a_server_that_names_another_cause_is_believed_whatever_the_key_looks_like() -> None:
    body = b'{"schemas": ["x"], "status": "401", "detail": "SCIM is not enabled here"}'
    outcome = outcome_of(ScriptedWire(Reply(401, body=body)), Form(f"{LOOPBACK}/scim/v2/", "short"))
    assert "SCIM is not enabled" in outcome.result.findings[1].cause


@each_case(("key", "code"), [(ACCESS_TOKEN, "KEY217"), (KEY[:20], "KEY210")])
@each_case("answer", [ONE_USER, error(500), DOWN])
def test_an_unusual_key_that_is_accepted_is_a_warning(
    key: str, code: str, answer: Reply | Failure
) -> None:
    outcome = outcome_of(ScriptedWire(answer, ONE_USER), Form(f"{LOOPBACK}/scim/v2/", key))
    severities = {item.code: item.severity for item in outcome.result.findings}
    assert severities[code] is Severity.WARNING


@pytest.mark.parametrize("base_url", ["https://{your-domain}/scim/v2", "https://example.com/x"])
def test_a_placeholder_is_never_sent_to(base_url: str) -> None:
    wire = ScriptedWire(ONE_USER)
    outcome = outcome_of(wire, Form(base_url, KEY))
    assert wire.urls == [DEFAULT_BASE_URL.removesuffix("/") + LIST_QUERY]
    assert codes(outcome) == ["URL118", "ENV009"]
    assert "--allow-host" not in repr(outcome.result.findings)


@pytest.mark.parametrize("key", ["", "ak_32ELEgPmoXjxGJ3MXfoPBbZKrfD", "<API_KEY>", "********"])
def test_nothing_is_sent_where_there_is_no_key_to_send(key: str) -> None:
    wire = ScriptedWire()
    outcome = outcome_of(wire, Form(authorization=key))
    assert wire.urls == []
    assert outcome.result.repair is None
    assert outcome.result.verdict is Verdict.FAIL


def test_nothing_is_sent_where_only_a_part_of_the_mistakes_can_be_repaired() -> None:
    wire = ScriptedWire()
    outcome = outcome_of(wire, Form(f"{DEFAULT_BASE_URL} ", ""))
    assert wire.urls == []
    assert codes(outcome) == ["URL102", "KEY209"]
    assert outcome.result.repair is not None
    assert outcome.result.repair.accepts is None


@pytest.mark.parametrize(("answer", "accepts"), [(ONE_USER, True), (NOT_FOUND, False)])
def test_without_repairing_the_one_request_has_no_certain_mistake(
    answer: Reply, accepts: bool
) -> None:
    wire = ScriptedWire(answer)
    outcome = outcome_of(wire, Form(f"{LOOPBACK} ", KEY), repairing=False)
    assert wire.urls == [LOOPBACK + LIST_QUERY]
    assert codes(outcome)[0] == "URL102"
    assert outcome.result.repair is not None
    assert outcome.result.repair.accepts is accepts


@pytest.mark.parametrize("answer", [ONE_USER, NOT_FOUND])
def test_without_repairing_one_request_is_all(answer: Reply) -> None:
    wire = ScriptedWire(answer)
    outcome = outcome_of(wire, Form(LOOPBACK, KEY), repairing=False)
    assert len(wire.urls) == 1
    assert outcome.result.repair is None


@each_case("reply", WRONG_PLACE.values(), ids=WRONG_PLACE)
def test_where_there_is_no_scim_ngroks_path_is_tried(reply: Reply) -> None:
    wire = ScriptedWire(reply, ONE_USER)
    outcome = outcome_of(wire, Form(f"{LOOPBACK}/", KEY))
    assert wire.urls == [LOOPBACK + LIST_QUERY, f"{LOOPBACK}/scim/v2{LIST_QUERY}"]
    assert codes(outcome) == ["URL109"]
    assert outcome.result.repair is not None
    assert outcome.result.repair.accepts is True
    assert outcome.result.repair.form.base_url == f"{LOOPBACK}/scim/v2/"
    assert outcome.result.users is not None
    assert outcome.result.okta is not None
    assert outcome.result.okta.accepts is False


@each_case("answer", RIGHT_PLACE.values(), ids=RIGHT_PLACE)
def test_a_failure_that_another_path_would_not_repair_is_not_tried_again(
    answer: Reply | Failure,
) -> None:
    wire = ScriptedWire(answer)
    outcome = outcome_of(wire, Form(f"{LOOPBACK}/", KEY))
    assert len(wire.urls) == 1
    assert outcome.result.repair is None


@each_case("reply", WRONG_PLACE.values(), ids=WRONG_PLACE)
def test_where_ngroks_path_does_no_better_the_first_reply_counts(reply: Reply) -> None:
    wire = ScriptedWire(NOT_FOUND, reply)
    outcome = outcome_of(wire, Form(f"{LOOPBACK}/", KEY))
    assert len(wire.urls) == 2
    assert codes(outcome) == ["SCM503"]
    assert outcome.result.repair is None


def test_where_ngroks_path_cannot_be_determined_the_first_reply_counts() -> None:
    outcome = outcome_of(ScriptedWire(NOT_FOUND, UNTOLD), Form(f"{LOOPBACK}/", KEY))
    assert codes(outcome) == ["SCM503"]


def test_at_the_right_path_nothing_else_is_tried() -> None:
    wire = ScriptedWire(NOT_FOUND)
    outcome = outcome_of(wire, Form(f"{LOOPBACK}/scim/v2/", KEY))
    assert (len(wire.urls), codes(outcome)) == (1, ["SCM503"])


def test_a_wrong_path_and_a_refused_key_are_both_reported() -> None:
    wire = ScriptedWire(NOT_FOUND, REFUSED)
    outcome = outcome_of(wire, Form(f"{LOOPBACK}/", KEY))
    assert codes(outcome) == ["URL109", "KEY214"]
    assert outcome.result.repair is not None
    assert outcome.result.repair.accepts is False


def test_a_dirty_key_and_a_wrong_path_are_both_repaired_in_two_requests() -> None:
    wire = ScriptedWire(NOT_FOUND, ONE_USER)
    outcome = outcome_of(wire, Form(f"{LOOPBACK}/", f"{KEY} "))
    assert wire.keys == [f"Bearer {KEY}"] * 2
    assert codes(outcome) == ["KEY202", "URL109"]
    assert outcome.result.repair is not None
    assert [change.code for change in outcome.result.repair.changes] == ["KEY202", "URL109"]
    assert outcome.result.repair.accepts is True


def test_an_allowed_host_is_tried_with_ngroks_path_too() -> None:
    wire = ScriptedWire(NOT_FOUND, ONE_USER)
    form = Form("https://scim.corp.example/", KEY)
    outcome = outcome_of(wire, form, hosts=["scim.corp.example"])
    assert codes(outcome) == ["URL109", "URL119"]
    assert {url.split("/")[2] for url in wire.urls} == {"scim.corp.example"}


def test_a_repair_that_the_server_refuses_is_reported_as_refused() -> None:
    outcome = outcome_of(ScriptedWire(REFUSED), Form(authorization=f"{KEY} "))
    assert codes(outcome) == ["KEY202", "KEY214"]
    assert outcome.result.repair is not None
    assert outcome.result.repair.accepts is False


@pytest.mark.parametrize(
    ("answer", "found", "accepts", "said"),
    [
        (ONE_USER, ["FRM301", "FRM305"], True, "Connector configured successfully"),
        (REFUSED, ["KEY214", "FRM301", "FRM305"], False, "Forbidden"),
        (NOBODY, ["USR601", "FRM301", "FRM305"], False, "No results for users returned"),
    ],
)
def test_a_field_that_oktas_test_does_not_look_at_changes_nothing_of_what_it_shows(
    answer: Reply, found: list[str], accepts: bool, said: str
) -> None:
    form = Form(
        f"{LOOPBACK}/scim/v2/", KEY, unique_identifier="userName", actions=("Push New Users",)
    )
    outcome = outcome_of(ScriptedWire(answer), form)
    assert codes(outcome) == found
    assert outcome.result.okta is not None
    assert outcome.result.okta.accepts is accepts
    assert said in outcome.result.okta.message


def test_a_host_that_is_not_allowed_leaves_the_verdict_unknown() -> None:
    outcome = outcome_of(ScriptedWire(UNTOLD), Form("https://scim.corp.example/scim/v2/", KEY))
    assert (outcome.result.verdict, codes(outcome)) == (Verdict.INCOMPLETE, ["NET412"])


def test_a_mistake_in_the_values_is_a_failure_even_where_the_rest_is_open() -> None:
    form = Form("https://scim.corp.example/scim/v2/", f"{KEY} ")
    outcome = outcome_of(ScriptedWire(UNTOLD), form)
    assert (outcome.result.verdict, codes(outcome)) == (Verdict.FAIL, ["KEY202", "NET412"])


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        (NOBODY, "found nobody"),
        (error(400), "400"),
        (DOWN, "no reply"),
        (listing({**ADA, "userName": "bo@corp.example"}), "bo@corp.example"),
    ],
)
def test_a_look_up_that_fails_after_a_good_list_is_an_error_that_okta_does_not_see_yet(
    answer: Reply | Failure, seen: str
) -> None:
    outcome = outcome_of(ScriptedWire(ONE_USER, answer), Form(f"{LOOPBACK}/scim/v2/", KEY))
    assert codes(outcome) == ["SCM519"]
    assert seen in outcome.result.findings[0].evidence
    assert outcome.result.verdict is Verdict.FAIL
    assert outcome.result.okta is not None
    assert outcome.result.okta.accepts is True


def test_a_list_that_okta_refuses_is_not_looked_up_in() -> None:
    wire = ScriptedWire(listing({"userName": "ada@corp.example"}))
    outcome_of(wire, Form(f"{LOOPBACK}/scim/v2/", KEY))
    assert len(wire.urls) == 1


def test_nobody_is_looked_up_where_there_is_nobody() -> None:
    wire = ScriptedWire(NOBODY)
    outcome = outcome_of(wire, Form(f"{LOOPBACK}/scim/v2/", KEY), allow_empty=True)
    assert (codes(outcome), outcome.result.verdict) == (["USR601"], Verdict.WARN)
    assert outcome.result.findings[0].severity is Severity.WARNING
    assert len(wire.urls) == 1


def test_nobody_is_looked_up_whose_name_no_address_could_carry() -> None:
    wire = ScriptedWire(listing({**ADA, "userName": "a" * 900_000 + "@corp.example"}))
    outcome = outcome_of(wire, Form(f"{LOOPBACK}/scim/v2/", KEY))
    assert (codes(outcome), len(wire.urls)) == ([], 1)


def test_the_clock_is_compared_with_the_reply_that_counts() -> None:
    late = listing(ADA, date=format_datetime(NOW + timedelta(minutes=5), usegmt=True))
    form = Form(f"{LOOPBACK}/scim/v2/", KEY)
    assert codes(outcome_of(ScriptedWire(late, late), form, now=NOW)) == ["ENV003"]
    assert codes(outcome_of(ScriptedWire(late, late), form)) == []
    assert codes(outcome_of(ScriptedWire(DOWN), form, now=NOW)) == ["NET402"]


def test_errors_come_before_warnings_and_notices() -> None:
    late = listing(total=0, date=format_datetime(NOW + timedelta(minutes=5), usegmt=True))
    form = Form("https://api.ngrok.com/scim/v2", KEY, actions=("Push New Users", "Push Groups"))
    outcome = outcome_of(ScriptedWire(late), form, now=NOW)
    assert codes(outcome) == ["USR601", "FRM305", "FRM306", "ENV003", "URL113"]


def test_what_was_noticed_before_the_test_is_reported_with_it() -> None:
    noticed = finding("ENV005", "Other users can read the file.")
    with ScriptedWire(ONE_USER, ONE_USER).open() as wire:
        outcome = ConnectorTest(wire, noticed=(noticed,)).run(validate(AT_LOOPBACK))
    assert codes(outcome) == ["ENV005"]


def test_each_code_is_named_once() -> None:
    seen = finding("KEY214", "The key was refused before.")
    with ScriptedWire(REFUSED).open() as wire:
        outcome = ConnectorTest(wire, noticed=(seen,)).run(validate(AT_LOOPBACK))
    assert codes(outcome) == ["KEY214"]


@pytest.mark.parametrize(
    ("sentence", "fits"),
    [("Connector configured successfully", True), ("Error authenticating: Forbidden", False)],
)
def test_the_sentence_that_okta_showed_is_compared(sentence: str, fits: bool) -> None:
    outcome = outcome_of(ScriptedWire(ONE_USER, ONE_USER), Form(authorization=KEY))
    okta = compared(outcome.result, sentence).okta
    assert okta is not None
    assert okta.fits is fits
    assert okta.comparison


def test_nothing_is_compared_where_okta_was_not_asked() -> None:
    result = replace(
        outcome_of(ScriptedWire(NOT_FOUND), Form(f"{LOOPBACK}/scim/v2/", KEY)).result, okta=None
    )
    assert compared(result, "Error authenticating: null") is result
