"""What an admin did wrong, one mistake by itself and several at once, as doctor tells it."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE
from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.support.command_line import CommandLine, Ran, every_command
from tests.support.dns_server import DnsServer
from tests.support.examined import APPROVED, Situation, examine, own_dns

pytestmark = pytest.mark.no_cover

PAGE = Path(__file__).parents[2] / "docs" / "mistakes.md"
RANGES = '{"us_cell_1": {"ip_ranges": ["192.0.2.0/24"]}}'

# What only another command meets, and why.
ELSEWHERE = {
    "ENV009": "it is told of ngrok's own host alone; tests/corpus",
    "ENV004": "it takes a proxy; tests/corpus",
    "NGR710": "only a new Service User or key needs an administrator; tests/setup",
    "NGR715": "only a new key may be one too many; tests/setup",
}


# Of a user without a name or an e-mail address, the endpoint is told as well: Okta's own suite asks
# it for both.
NOT_OURS = {"SCM521"}


def domain(name: str, *states: str) -> str:
    lines = [f'name = "{name}"', *(f"{state}_at = 2026-01-01T00:00:00Z" for state in states)]
    return "\n".join(["[[domain]]", *lines, ""])


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong.

    Attributes:
        code: the finding that it leads to.
        fault: how the sandbox is broken.
        credentials: which of ``scim``, ``admin`` and ``okta`` there are.
        key: the SCIM key as pasted.
        environment: what is set.
        profile: what stands in the profile besides an approved domain.
        instead: what stands in the profile in place of that.
        mode: the profile's mode, where it is not 0600.
        arguments: what stands on the command line.
    """

    code: str
    fault: str = ""
    credentials: tuple[str, ...] = ("scim", "admin", "okta")
    key: str = "{key}"
    environment: tuple[tuple[str, str], ...] = ()
    profile: str = ""
    instead: str = APPROVED
    mode: int = 0
    arguments: tuple[str, ...] = ()


def combined(mistakes: Sequence[Mistake]) -> Situation:
    """Return the surroundings in which all of ``mistakes`` were made."""
    return Situation(
        faults=tuple(item.fault for item in mistakes if item.fault),
        credentials=mistakes[0].credentials if mistakes else Situation.credentials,
        key=next((item.key for item in mistakes if item.key != "{key}"), "{key}"),
        environment=tuple(pair for item in mistakes for pair in item.environment),
        profile="".join(
            [
                next((item.instead for item in mistakes if item.instead != APPROVED), APPROVED),
                *(item.profile for item in mistakes),
            ]
        ),
        mode=next((item.mode for item in mistakes if item.mode), Situation.mode),
        arguments=tuple(word for item in mistakes for word in item.arguments),
    )


ALONE = (
    Mistake("ENV001", environment=(("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring"),)),
    Mistake("ENV002", profile='[key]\nid = "ak_1"\n'),
    Mistake("ENV003", "clock-ahead"),
    Mistake("ENV005", mode=0o644),
    Mistake("ENV006", credentials=("okta",), environment=(("NGROK_AUTHTOKEN", "2abc"),)),
    Mistake("ENV007", environment=(("OKTA_CLIENT_TOKEN", "{token}\n"),)),
    Mistake("ENV008", instead="[[["),
    Mistake("USR601", "empty-list"),
    Mistake("USR602", "total-without-resources"),
    Mistake("USR603", "user-name-no-email"),
    Mistake("USR604", "user-name-with-space"),
    Mistake("USR605", "twin-users"),
    Mistake("USR606", "foreign-domain-user"),
    Mistake("USR607", "deactivated-users"),
    Mistake("USR608", "no-display-name"),
    Mistake("USR609", "paging-shrinks"),
    Mistake("NGR701", "key-revoked", arguments=("--skip", "KEY214")),
    Mistake("NGR702", "key-of-a-person"),
    Mistake("NGR703", "service-user-inactive"),
    Mistake("NGR704", "owner-read-only"),
    Mistake("NGR705", "ip-restrictions-enforced"),
    Mistake("NGR706", "shared-key"),
    Mistake("NGR707", "plan-without-scim"),
    Mistake("NGR708", "account-suspended"),
    Mistake("NGR709", "rate-limit-ngrok"),
    Mistake("NGR711", "old-key"),
    Mistake("NGR712", "half-made-key"),
    Mistake("NGR713", "twin-keys"),
    Mistake("NGR714", "admin-key-revoked"),
    Mistake(
        "NGR716",
        profile='[key]\nid = "ak_1"\n\n[next_key]\nid = "ak_2"\n',
        arguments=("--skip", "keyring"),
    ),
    Mistake("NGR717", "api-token-without-scope"),
    Mistake("DOM801", instead='[key]\nid = "ak_1"\n', arguments=("--skip", "keyring")),
    Mistake("DOM802", profile=domain("branch.example", "submitted")),
    Mistake("DOM803", profile=domain("gmail.com", "submitted", "approved")),
    Mistake("DOM804", profile=domain("corp example", "submitted", "approved")),
    Mistake("DOM805", profile=domain("ada@corp.example", "submitted", "approved")),
    Mistake("DOM806", profile=domain("nowhere.example", "submitted", "approved")),
    Mistake("DOM807", profile=domain("mute.example", "submitted", "approved")),
    Mistake("DOM808", instead=f'{APPROVED}txt = "ngrok-verification=1"\n'),
    Mistake("OKT901", "okta-web-page"),
    Mistake("OKT902", "okta-token-refused"),
    Mistake("OKT903", "okta-app-inactive"),
    Mistake("OKT904", "okta-oidc-app"),
    Mistake("OKT905", "okta-scim-off"),
    Mistake("OKT906", "okta-username-format"),
    Mistake("OKT907", "okta-nobody-assigned"),
    Mistake("OKT908", "okta-assigned-early"),
    Mistake("OKT909", "okta-gone-in-ngrok"),
    Mistake("OKT910", "okta-unknown"),
    Mistake("OKT911", "okta-leaver-active"),
    Mistake("OKT912", "okta-update-refused"),
    Mistake("OKT913", "okta-sign-in-failed"),
    Mistake("OKT914", "okta-address-differs"),
    Mistake("OKT915", "okta-more-attributes"),
    Mistake("OKT916", "okta-switches-off"),
    Mistake("OKT917", "okta-locked-out"),
    Mistake("OKT918", "okta-suspended"),
    Mistake("OKT919", "okta-second-app"),
)

# Each in the order in which a person would repair them.
SEVERAL = {
    "a form that was filled in by hand": (
        Mistake("FRM301", arguments=("--unique-id", "userName")),
        Mistake("KEY202", key="{key} "),
        Mistake("OKT906", "okta-username-format"),
        Mistake("OKT907", "okta-nobody-assigned"),
    ),
    "the owner of the key has left": (
        Mistake("KEY214", "key-revoked"),
        Mistake("OKT913", "okta-sign-in-failed"),
        Mistake("OKT912", "okta-update-refused"),
    ),
    "the app that people sign in with": (
        Mistake("OKT904", "okta-oidc-app"),
        Mistake("OKT906", "okta-username-format"),
        Mistake("OKT910", "okta-unknown"),
    ),
    "an app without SCIM": (
        Mistake("OKT905", "okta-scim-off"),
        Mistake("OKT906", "okta-username-format"),
        Mistake("OKT915", "okta-more-attributes"),
    ),
    "SCIM was switched on late, and not all of it": (
        Mistake("OKT916", "okta-switches-off"),
        Mistake("OKT912", "okta-no-matching-user"),
        Mistake("OKT908", "okta-assigned-early"),
        Mistake("OKT909", "okta-gone-in-ngrok"),
    ),
    "leavers who stay": (
        Mistake("OKT916", "okta-deactivate-users-off"),
        Mistake("OKT913", "okta-sign-in-failed"),
        Mistake("OKT912", "okta-deactivation-failed"),
        Mistake("OKT911", "okta-leaver-assigned"),
        Mistake("OKT910", "okta-unknown"),
    ),
    "nothing gets through": (
        Mistake("NET409", "drops-connection"),
        Mistake("NGR714", "admin-key-revoked"),
        Mistake("OKT902", "okta-token-refused"),
    ),
    "an account with rules of its own": (
        Mistake("NGR705", "forbidden-address"),
        Mistake("NGR702", "key-of-a-person"),
        Mistake("NGR712", "half-made-key"),
    ),
    "domains": (
        Mistake("DOM803", profile=domain("gmail.com", "submitted", "approved")),
        Mistake("OKT903", "okta-app-inactive"),
        Mistake("DOM802", profile=domain("branch.example", "submitted")),
        Mistake("USR606", "foreign-domain-user"),
    ),
    "names": (
        Mistake("USR603", "user-name-no-email"),
        Mistake("USR604", "user-name-with-space"),
        Mistake("USR605", "twin-users"),
        Mistake("USR608", "no-display-name"),
        Mistake("OKT914", "okta-address-differs"),
    ),
}


@pytest.fixture(autouse=True)
def dns(monkeypatch: pytest.MonkeyPatch) -> Iterator[DnsServer]:
    with own_dns(monkeypatch) as server:
        server.records["branch.example"] = [("MX", "10 mx.branch.example.")]
        server.records["mute.example"] = []
        yield server


def found(ran: Ran) -> list[str]:
    codes = [item["code"] for item in json.loads(ran.out)["findings"]]
    return [code for code in codes if code not in NOT_OURS]


def test_every_code_has_a_scenario() -> None:
    families = ("ENV", "USR", "NGR", "DOM", "OKT")
    covered = {mistake.code for mistake in ALONE} | ELSEWHERE.keys()
    assert covered == {code for code in CATALOGUE if code.startswith(families)}


def test_the_page_of_mistakes_names_codes_and_commands_that_there_are() -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in page.splitlines() if re.match(r"\| \d", line)]
    assert [row[0] for row in rows] == [f"| {number}" for number in range(1, 31)]
    codes = re.findall(r"\b[A-Z]{3}\d{3}\b", page)
    assert codes
    assert set(codes) <= CATALOGUE.keys()
    commands = {tuple(words.split()) for row in rows for words in re.findall("`(.+?)`", row[-1])}
    assert commands <= every_command()
    # What is not found is said to be no error, or why it is not seen.
    for row in rows:
        assert re.search(r"[A-Z]{3}\d{3}", row[2]) or re.match("not seen|no error", row[2]), row


def test_the_page_names_each_code_and_a_test_that_there_is() -> None:
    rows = re.findall(
        r"^\| .+ \| (.+) \| `(tests/.+)::(test_\w+)` \|$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    assert {code for code, _, _ in rows} >= CATALOGUE.keys()
    for code, path, test in rows:
        source = (PAGE.parents[1] / path).read_text("utf-8")
        assert f"def {test}(" in source, test
        is_of_a_fault = "faults" in path
        is_named = code in source or path.endswith("rehearsal/test_rules.py")
        assert code not in CATALOGUE or is_of_a_fault or is_named, (code, path)


@pytest.mark.parametrize("mistake", ALONE, ids=lambda mistake: mistake.code)
def test_one_mistake_is_reported_first(
    ngrok_scim: CommandLine, sandbox: Sandbox, tmp_path: Path, mistake: Mistake
) -> None:
    """What else is found follows from it."""
    ranges = tmp_path / "ip_ranges.json"
    ranges.write_text(RANGES)
    more = ("--okta-ip-ranges", str(ranges), "--format=json")
    with _asked(sandbox, mistake) as asked:
        codes = found(examine(ngrok_scim, asked, tmp_path, combined([mistake]), *more))
    assert codes[0] == mistake.code, codes


@contextmanager
def _asked(sandbox: Sandbox, mistake: Mistake) -> Iterator[Sandbox]:
    """Return a sandbox in which the mistake can be made."""
    if mistake.code == "USR609":  # a list of several pages
        with open_sandbox(users=250) as crowd:
            yield crowd
    elif mistake.code == "NGR711":  # its key is made when it begins
        with open_sandbox(faults=[mistake.fault]) as aged:
            yield aged
    else:
        yield sandbox


@pytest.mark.parametrize(
    "mistakes",
    [
        mistakes if number % 4 == 0 else pytest.param(mistakes, marks=pytest.mark.slow)
        for number, mistakes in enumerate(SEVERAL.values())
    ],
    ids=SEVERAL,
)
def test_several_mistakes_are_reported_in_the_order_of_their_repair(
    ngrok_scim: CommandLine, sandbox: Sandbox, tmp_path: Path, mistakes: tuple[Mistake, ...]
) -> None:
    """Whoever mends what is told first, and looks again, is led to the end."""
    for repaired in range(len(mistakes) + 1):
        left = mistakes[repaired:]
        codes = found(examine(ngrok_scim, sandbox, tmp_path, combined(left), "--format=json"))
        assert codes[:1] == [mistake.code for mistake in left[:1]]
        places = [codes.index(mistake.code) for mistake in left if mistake.code in codes]
        assert places == sorted(places)
