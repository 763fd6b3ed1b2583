"""Every case of the corpus, on real sockets, and what holds for each run of `test-connect`."""

import base64
import io
import json
import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import quote

import jsonschema
import pytest

from ngrok_scim_cli.cli.runtime import ending
from ngrok_scim_cli.cli.runtime.options import Options
from ngrok_scim_cli.diagnosis.finding import Result
from ngrok_scim_cli.report import Format
from ngrok_scim_cli.wire import request_context, tls
from tests.corpus.cases import Case, read_cases
from tests.corpus.servers import CaseServer, Servers
from tests.support.cases import check_each, each_case
from tests.support.command_line import CommandLine, Ran
from tests.support.loopback_network import loopback_network

pytestmark = pytest.mark.no_cover

SCHEMA = Path(__file__).parents[2] / "docs" / "result.schema.json"
CASES = tuple(read_cases())
FAMILIES = sorted({case.family for case in CASES})
# What shows the same codes is written by the same lines: the others are shown in each format in a
# slower test.
FIRST_OF_ITS_CODES = {case.expect: case for case in reversed(CASES)}.values()
SHOWN_ALIKE = [case for case in CASES if case not in FIRST_OF_ITS_CODES]

# Well formed, but of no account of the sandbox.
OTHER_KEY = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_1aBcDeFgHiJkLmNoPqRsT"

_SHAPED = re.compile(r"[0-9A-Za-z]{15,}_([0-9A-Za-z]{15,})")
# No piece of a secret this long may be seen.
_PIECE = 10

_OKTAS_REQUESTS = re.compile(
    r".*/Users\?(startIndex=1&count=2|filter=userName%20eq%20%22.+%22&startIndex=1&count=100)"
)

ALONE = ("USR601", "USR602", "ENV003", "ENV004", "ENV006", "ENV007", "ENV009")


@dataclass(frozen=True)
class Outcome:
    """What a case came to."""

    ran: Ran
    document: dict[str, Any]
    results: tuple[Result, ...]
    case_server: CaseServer
    secrets: frozenset[str]


@pytest.mark.parametrize("family", FAMILIES)
def test_each_case_ends_as_it_says(
    family: str, servers: Servers, bundle: Path, tmp_path: Path
) -> None:
    def check(case: Case) -> None:
        outcome = run(case, servers, bundle, tmp_path)
        assert_holds_always(outcome)
        assert_as_expected(case, outcome)
        if case in FIRST_OF_ITS_CODES:
            assert_no_format_leaks(outcome)

    check_each([(case.id, {"case": case}) for case in CASES if case.family == family], check)


@pytest.mark.slow
@each_case("case", SHOWN_ALIKE, ids=[case.id for case in SHOWN_ALIKE])
def test_no_format_leaks_a_key(case: Case, servers: Servers, bundle: Path, tmp_path: Path) -> None:
    assert_no_format_leaks(run(case, servers, bundle, tmp_path))


def test_there_are_more_than_200_cases_and_each_has_its_own_name() -> None:
    names = [case.id for case in CASES]
    assert len(names) == len(set(names)) >= 200


def test_there_are_enough_cases_of_each_sort() -> None:
    by_family = {family: [c for c in CASES if c.family == family] for family in FAMILIES}
    healthy = [case for case in CASES if case.wanted_verdict == "pass"]
    assert len(by_family["combined"]) >= 25
    assert len(by_family["pastes"]) >= 40
    assert len(healthy) >= 15


@each_case(
    "shown",
    [
        OTHER_KEY,
        OTHER_KEY.upper(),
        OTHER_KEY[:-9],
        OTHER_KEY.encode().hex(),
        base64.b64encode(f"Bearer {OTHER_KEY}".encode()).decode(),
        base64.urlsafe_b64encode(f"apikey:{OTHER_KEY}".encode()).decode(),
    ],
)
def test_a_leak_of_the_key_would_be_seen(shown: str) -> None:
    assert _leaks(OTHER_KEY.partition("_")[2], f"It is {shown}.")


def test_every_code_that_the_connector_test_can_show_occurs() -> None:
    from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE

    # The tables of the rules have those of URL, KEY and FRM, except what a whole run compares.
    families = ("FRM309", "NET", "SCM")
    of_one_person = {"SCM522", "SCM523"}  # reads that the connector test does not make
    wanted = {code for code in CATALOGUE if code.startswith(families)} | set(ALONE)
    shown = {code for case in CASES for code in case.expect}
    assert sorted(wanted - shown - of_one_person) == []


def run(case: Case, servers: Servers, bundle: Path, folder: Path) -> Outcome:
    results: list[Result] = []
    elapsed: list[float] = []
    with pytest.MonkeyPatch.context() as patch, loopback_network(patch) as network:
        case_server = servers.prepare(case, network, lambda: elapsed.append(case.seconds))
        slots = _slots(servers, case_server)
        if case.seconds:
            patch.setattr(request_context, "monotonic", lambda: monotonic() + sum(elapsed))
        _certify(patch, servers, is_public=not case.resigned)
        patch.setattr(ending, "show", _recording(results))
        arguments = _arguments(_filled(case, slots), bundle, folder)
        environment = case_server.environment | {
            name: _fill(value, slots) for name, value in case.environment.items()
        }
        key = None if case.no_key or case.key_file is not None else _fill(case.key, slots)
        if key is not None:
            environment["NGROK_SCIM_API_KEY"] = key
        ran = CommandLine(patch)(*arguments, environment=environment)
    assert network.left == []
    typed = key if key is not None else _fill(case.key_file or "", slots)
    secrets = frozenset({slots["{second}"], *_SHAPED.findall(typed)})
    return Outcome(ran, json.loads(ran.out or "null"), tuple(results), case_server, secrets)


def assert_holds_always(outcome: Outcome) -> None:
    """What holds for every run, whatever the values and the server."""
    ran, document = outcome.ran, outcome.document
    assert document is not None, f"no JSON on standard output; on standard error: {ran.err}"
    _schema().validate(document)
    assert not any(_leaks(secret, ran.out + ran.err) for secret in outcome.secrets)
    asked = outcome.case_server.asked()
    assert len(asked) <= 2
    assert sum(each.was_refused for each in asked) <= 2
    assert len(document["exchanges"]) <= 2
    assert all(_OKTAS_REQUESTS.fullmatch(each.target) for each in asked)
    severities = [item["severity"] for item in document["findings"]]
    assert severities == sorted(severities, key=("error", "warning", "notice").index)
    assert len({item["code"] for item in document["findings"]}) == len(severities)
    if document["verdict"] == "fail":
        assert "error" in severities
    if document["verdict"] in ("pass", "warn"):
        assert "error" not in severities
        assert document["okta"]["accepts"] is True or "--allow-empty" in ran.out


def assert_no_format_leaks(outcome: Outcome) -> None:
    for format_ in Format:
        text = _rendered(outcome, format_)
        assert not any(_leaks(secret, text) for secret in outcome.secrets)


def assert_as_expected(case: Case, outcome: Outcome) -> None:
    document, text = outcome.document, outcome.ran.out + outcome.ran.err
    findings = document["findings"]
    assert [item["code"] for item in findings] == list(case.expect)
    assert (findings[0]["severity"] if findings else "") == case.wanted_severity
    assert (document["verdict"], outcome.ran.status) == (case.wanted_verdict, case.wanted_status)
    _assert_okta(case, document)
    _assert_repair(case, outcome)
    asked = outcome.case_server.asked()
    assert case.requests in (None, len(asked))
    assert case.refused in (None, sum(each.was_refused for each in asked))
    assert case.users in (None, document["users"])
    first = findings[0] if findings else {}
    for piece in case.evidence:
        assert piece in first["evidence"]
    for piece in case.fix:
        assert piece in first["fix"]
    for piece in case.says:
        assert piece in json.dumps(document, ensure_ascii=False)
    for piece in case.never:
        assert piece not in text


def _assert_okta(case: Case, document: dict[str, Any]) -> None:
    wanted, seen = case.wanted_okta, document["okta"]
    if seen is None:
        assert wanted.accepts is None
        return
    assert seen["accepts"] is wanted.accepts
    assert wanted.message in seen["message"]
    assert wanted.certainty in ("", seen["certainty"])
    if wanted.fits is not None:
        assert seen["fits"] is wanted.fits


def _assert_repair(case: Case, outcome: Outcome) -> None:
    wanted, seen = case.repair, outcome.document["repair"]
    if wanted is None:
        assert seen is None
        return
    assert seen is not None
    changes = [change["change"] for change in seen["changes"]]
    assert seen["accepts"] is wanted.accepts
    for piece in wanted.changes:
        assert any(piece in change for change in changes)
    if wanted.codes:
        assert [change["code"] for change in seen["changes"]] == list(wanted.codes)
    for name, value in wanted.values.items():
        shown = (
            _fill(value, {"{root}": outcome.case_server.root}) if isinstance(value, str) else value
        )
        assert seen["values"][name] == shown


def _arguments(case: Case, bundle: Path, folder: Path) -> list[str]:
    """Return the command line of a case whose slots are filled."""
    arguments = ["test-connect", "--format=json", "--no-input", f"--timeout={case.timeout}"]
    arguments.append(f"--base-url={case.base_url}")
    if case.tls or case.names:
        arguments.append(f"--ca-bundle={bundle}")
    given = {"--unique-id": case.unique_id, "--auth-mode": case.auth_mode}
    given["--okta-message"] = case.okta_message
    arguments += [f"{name}={value}" for name, value in given.items() if value is not None]
    arguments += [f"--action={action}" for action in case.actions]
    arguments += [f"--allow-host={host}" for host in case.allow]
    flags = {"--no-repair": case.no_repair, "--allow-empty": case.allow_empty}
    arguments += [name for name, is_on in {**flags, "--strict": case.strict}.items() if is_on]
    if case.key_file is not None:
        file = folder / "key.txt"
        file.write_bytes(case.key_file.encode(case.key_file_encoding, "surrogateescape"))
        file.chmod(0o600)
        arguments.append(f"--api-key-file={file}")
    return arguments


def _filled(case: Case, slots: Mapping[str, str]) -> Case:
    from dataclasses import replace

    return replace(
        case,
        base_url=_fill(case.base_url, slots),
        key_file=None if case.key_file is None else _fill(case.key_file, slots),
        okta_message=None if case.okta_message is None else _fill(case.okta_message, slots),
    )


def _slots(servers: Servers, case_server: CaseServer) -> dict[str, str]:
    values = servers.sandbox.values
    first, _, second = values.scim_key.partition("_")
    basic = base64.b64encode(f"apikey:{values.scim_key}".encode()).decode()
    host = case_server.root.partition("://")[2]
    return {
        "{root}": case_server.root,
        "{host}": host,
        "{port}": str(case_server.port),
        "{key}": values.scim_key,
        "{first}": first,
        "{second}": second,
        "{second_start}": second[:11],
        "{second_end}": second[11:],
        "{basic}": basic,
        "{other_key}": OTHER_KEY,
        "{admin_key}": values.admin_key,
        "{authtoken}": servers.sandbox.account.authtoken,
    }


def _fill(text: str, slots: Mapping[str, str]) -> str:
    for slot, value in slots.items():
        text = text.replace(slot, value)
    return text


def _recording(results: list[Result]) -> Callable[[Result, Options], None]:
    real = ending.show

    def show(result: Result, options: Options) -> None:
        results.append(result)
        real(result, options)

    return show


def _rendered(outcome: Outcome, format_: Format) -> str:
    screen = io.StringIO()
    with redirect_stdout(screen):
        for result in outcome.results:
            ending.show(result, Options(format_=[format_], verbose=True))
    return screen.getvalue()


def _certify(monkeypatch: pytest.MonkeyPatch, servers: Servers, *, is_public: bool) -> None:
    """Make the tests' authority one of the public ones, or one that only this machine trusts."""
    if not hasattr(ssl.SSLSocket, "get_verified_chain"):  # it is public from Python 3.13 on
        chain = property(lambda connection: connection._sslobj.get_verified_chain)
        monkeypatch.setattr(ssl.SSLSocket, "get_verified_chain", chain, raising=False)
    pem = servers.authorities.trusted.cert_pem.bytes().decode().replace("\n", "")
    public = pem if is_public else ""
    monkeypatch.setattr(tls, "_public_roots", lambda: public)


@cache
def _schema() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def _leaks(secret: str, text: str) -> bool:
    lowered = text.lower()
    return any(
        form[start : start + _PIECE].lower() in lowered
        for form in _written_forms(secret)
        for start in range(len(form) - _PIECE + 1)
    )


def _written_forms(secret: str) -> Iterator[str]:
    yield secret
    yield quote(secret, safe="")
    yield secret.encode().hex()
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + secret.encode()).decode()
        # The first and the last letters also depend on what stands beside the secret.
        yield encoded[4:-4]
        yield encoded[4:-4].replace("+", "-").replace("/", "_")
