import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from ngrok_scim_cli.cli.runtime import session
from tests.support.command_line import CommandLine, Ran
from tests.support.dns_server import DnsServer, dns_server

NAME = "corp.example"
SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "result.schema.json").read_text(encoding="utf-8")
)

PREPARED = """\
PASS  The request for corp.example is ready to be sent.

Domain        State          Submitted  Approved
corp.example  not submitted  -          -

Next  In ngrok, submit corp.example: https://dashboard.ngrok.com/settings > Account Domain Controls
      > Submit New Domain.

After that, in this order
  1.  Type corp.example under "Domain", and under "Additional Information (optional)": Please allow
      the e-mail domain corp.example for our account, so that Okta can provision our users through
      SCIM 2.0. We can prove that we own it with a DNS TXT record; please send us its value. Then
      press "Contact Support".
  2.  When it is sent, run `ngrok-scim domain submit corp.example --sent`.
"""

MISTYPED = """\
FAIL  1 error.

Error DOM805  This is not only a domain
  Seen  “jane@corp.example” is an e-mail address.
  Why   ngrok asks for the domain alone, without a person, a page address or a wildcard.
  Fix   Type only `corp.example`.
  More  ngrok-scim explain DOM805

Next  Do what "Fix" says under DOM805, then run the same command again.
"""

CHECKED = """\
FAIL  1 error and 1 warning.

Domains
  corp.example exists in the DNS                      [FAIL]
    The DNS replies that there is no corp.example (NXDOMAIN).
  corp.example receives mail                          [SKIP]
    The name does not exist.
  corp.example shows the proof of ownership           [SKIP]
    ngrok's support has not given a value yet; when it has, add --txt VALUE.
  corp.example is not a public mail provider's        [ OK ]
  corp.example is submitted                           [WARN]
    This profile has no record that a request for corp.example was sent.
  corp.example is approved                            [SKIP]
    It is not submitted yet.

Error DOM806  The domain corp.example does not exist in the DNS
  Seen  The DNS replies that there is no corp.example (NXDOMAIN).
  Why   Other people register names under it, or it does not exist in the DNS. So nobody in your
        organization has an e-mail address there. (This is our conclusion.)
  Fix   Compare the spelling with the e-mail addresses of your users.
  More  ngrok-scim explain DOM806

Warning DOM801  No e-mail domain was submitted to ngrok
  This profile has no record that a request for corp.example was sent. Run
  `ngrok-scim domain submit corp.example`.

Next  Compare the spelling with the e-mail addresses of your users. Then run the same command again.
"""


@pytest.fixture
def server() -> Iterator[DnsServer]:
    with dns_server() as running:
        running.records[NAME] = [("MX", "1 mx.corp.example.")]
        yield running


@pytest.fixture
def run(ngrok_scim: CommandLine, server: DnsServer) -> "Domain":
    return Domain(ngrok_scim, server)


class Domain:
    """Runs `ngrok-scim domain` with the DNS server of the test."""

    def __init__(self, ngrok_scim: CommandLine, server: DnsServer) -> None:
        self._ngrok_scim = ngrok_scim
        self._server = server

    def __call__(self, command: str, *arguments: str, stdin: bytes = b"") -> Ran:
        asks_dns = command in ("submit", "check")
        nameserver = ("--nameserver", self._server.address) if asks_dns else ()
        return self._ngrok_scim("domain", command, *arguments, *nameserver, stdin=stdin)


@pytest.mark.parametrize(
    ("arguments", "status", "text"),
    [
        (["Corp.Example"], 0, PREPARED),
        (["jane@corp.example"], 1, MISTYPED),
    ],
)
def test_what_a_submission_prints(
    run: Domain, arguments: list[str], status: int, text: str
) -> None:
    ran = run("submit", *arguments)
    assert (ran.status, ran.out, ran.err) == (status, text, "")


def test_domain_check_prints_its_report(run: Domain, server: DnsServer) -> None:
    del server.records[NAME]
    ran = run("check", NAME)
    assert (ran.status, ran.out, ran.err) == (1, CHECKED, "")


def test_domains_are_added_and_removed_on_a_word(run: Domain) -> None:
    for name in (NAME, "b.example"):
        assert run("add", name).status == 0
    assert run("remove", NAME).status == 2
    assert run("remove", NAME, "--yes").status == 0
    listed = json.loads(run("list", "--format", "json").out)["domains"]
    assert [item["name"] for item in listed] == ["b.example"]


def test_a_domain_goes_all_the_way(run: Domain, server: DnsServer) -> None:
    server.records[NAME].append(("TXT", "ngrok=1"))
    assert run("list").out == (
        "No domain yet. Submit the domain of your users: ngrok-scim domain submit example.com\n"
    )
    assert run("submit", NAME, "--sent").status == 0
    assert run("check", "--txt", "ngrok=1").status == 0
    assert run("check", "--strict").status == 1
    ran = run("approve", NAME, "--yes")
    assert (ran.status, "approved" in ran.out) == (0, True)
    checked = json.loads(run("check", "--strict", "--format", "json").out)
    assert (checked["verdict"], checked["domains"][0]["txt"]) == ("pass", "ngrok=1")
    listed = run("list").out.splitlines()
    assert [line.split()[:2] for line in listed] == [["Domain", "State"], [NAME, "approved"]]


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["submit", NAME], "domain submit"),
        (["submit", "jane@corp.example"], "domain submit"),
        (["check", NAME], "domain check"),
        (["approve", NAME, "--yes"], "domain approve"),
        (["list"], "domain list"),
    ],
)
def test_every_command_prints_json_after_the_schema(
    run: Domain, arguments: list[str], command: str
) -> None:
    document = json.loads(run(*arguments, "--format", "json").out)
    jsonschema.validate(document, SCHEMA)
    assert document["command"] == command
    assert "domains" in document


def test_a_dns_that_cannot_be_asked_stops_no_submission(run: Domain, server: DnsServer) -> None:
    server.trouble = "SERVFAIL"
    assert run("submit", NAME).out == PREPARED
    ran = run("check")
    assert ran.status == 3
    assert "The DNS server could not answer (SERVFAIL)." in ran.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["submit"], "No domain is given."),
        (["approve", NAME], "No terminal to confirm that ngrok lists"),
        (["check", "--txt", "x"], "the name of its domain"),
        (["list", "--profile", "../x"], "profile"),
    ],
)
def test_a_wrong_command_line_is_reported(run: Domain, arguments: list[str], message: str) -> None:
    ran = run(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err


def test_a_wrong_dns_server_is_reported(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("domain", "check", NAME, "--nameserver", "dns.example")
    assert (ran.status, ran.out) == (2, "")
    assert "“dns.example” is not the address of a DNS server." in ran.err


def test_without_a_command_the_commands_are_listed(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("domain")
    assert ran.status == 2
    assert all(command in ran.err for command in ("submit", "check", "approve", "list"))


def test_the_whole_text_goes_into_a_file(run: Domain, tmp_path: Path) -> None:
    file = tmp_path / "result.txt"
    ran = run("submit", NAME, "--output", str(file))
    assert (ran.status, ran.out) == (0, "")
    assert file.read_text(encoding="utf-8") == PREPARED
    run("list", "--output", str(file))
    assert file.read_text(encoding="utf-8").startswith("Domain")


def test_a_file_that_holds_no_text_for_people_is_left_as_it_is(run: Domain, tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    run("submit", NAME, "--format", "json", "--output", str(file))
    assert json.loads(file.read_text(encoding="utf-8"))["verdict"] == "pass"


def test_a_broken_profile_is_named(run: Domain, tmp_path: Path) -> None:
    profile = tmp_path / "home" / "profiles" / "default.toml"
    profile.parent.mkdir(parents=True)
    profile.write_text("= broken", encoding="utf-8")
    ran = run("submit", NAME)
    assert (ran.status, ran.out) == (1, "")
    assert str(profile) in ran.err


def test_enter_takes_the_domain_of_a_url(run: Domain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "_has_person", lambda: True)
    ran = run("submit", "https://corp.example/", stdin=b"\ny\n")
    assert "Do you mean corp.example? [Y/n]" in ran.err
    assert "submitted" in ran.out
