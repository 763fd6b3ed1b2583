"""`users list` and `users audit` against the sandbox, as a person or a script would run them."""

import csv
import errno
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from ngrok_scim_cli.cli.commands import users
from ngrok_scim_cli.doctor.user_list import Wanted
from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.support.command_line import CommandLine, Ran
from tests.support.environment import environment_of
from tests.support.pseudo_terminal import at_a_terminal

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "result.schema.json").read_text(encoding="utf-8"))
ADA = "ada.abara@corp.example"
CHIOMA = "chioma.castillo@corp.example"

# Two full pages and a bit.
MANY = 250


@pytest.fixture(scope="module")
def running_crowd() -> Iterator[Sandbox]:
    with open_sandbox(users=MANY) as sandbox:
        yield sandbox


@pytest.fixture
def crowd(running_crowd: Sandbox) -> Iterator[Sandbox]:
    """A sandbox with users on several pages; faults that a test sets are off again after it."""
    yield running_crowd
    running_crowd.set_faults([])


def both(sandbox: Sandbox) -> dict[str, str]:
    """The environment of an admin of both sides."""
    return environment_of(sandbox, "scim", "okta")


class TestList:
    def test_a_table_and_a_count_beside_it(
        self, ngrok_scim: CommandLine, values: dict[str, str]
    ) -> None:
        ran = ngrok_scim("users", "list", environment=values)
        assert (ran.status, ran.err) == (0, "3 users.\n")
        head, *lines = ran.out.splitlines()
        assert head.split("  ")[0] == "User name"
        assert [line.split()[0] for line in lines] == [ADA, "bruno.becker@corp.example", CHIOMA]

    def test_every_page_is_read(self, ngrok_scim: CommandLine, crowd: Sandbox) -> None:
        ran = ngrok_scim("users", "list", "--format=jsonl", environment=both(crowd))
        listed = [json.loads(line) for line in ran.out.splitlines()]
        assert len({user["id"] for user in listed}) == MANY
        assert ran.out.isascii()
        assert ran.err == "250 users.\n"

    def test_csv_has_a_head_and_windows_line_ends(
        self, ngrok_scim: CommandLine, values: dict[str, str]
    ) -> None:
        ran = ngrok_scim("users", "list", "--format", "csv", environment=values)
        head, first, *_ = csv.reader(io.StringIO(ran.out, newline=""))
        assert head == ["id", "userName", "displayName", "active", "emails"]
        assert first[1:] == [ADA, "Ada Abara", "true", ""]
        assert ran.out.count("\r\n") == ran.out.count("\n") == 4

    def test_json_is_one_object_with_the_users_last(
        self, ngrok_scim: CommandLine, crowd: Sandbox
    ) -> None:
        ran = ngrok_scim("users", "list", "--format=json", environment=both(crowd))
        document = json.loads(ran.out)
        Draft202012Validator(SCHEMA).validate(document)
        assert list(document)[-1] == "listed"
        assert len(document["listed"]) == MANY
        assert document["users"] == {"total": MANY, "returned": MANY}
        assert len(document["exchanges"]) == 5

    def test_json_of_nobody_is_one_object_too(
        self, ngrok_scim: CommandLine, values: dict[str, str]
    ) -> None:
        arguments = ("users", "list", "--format=json", "--match=nobody")
        ran = ngrok_scim(*arguments, environment=values)
        assert (ran.status, json.loads(ran.out)["listed"]) == (0, [])

    @pytest.mark.parametrize(
        ("arguments", "count", "said"),
        [
            (("--match", "BRUNO"), 1, "1 of 3 users.\n"),
            (("--active",), 3, "3 users.\n"),
            (("--inactive",), 0, "0 of 3 users.\n"),
            (("--quiet",), 3, ""),
        ],
    )
    def test_users_list_prints_the_users_that_the_options_choose(
        self,
        ngrok_scim: CommandLine,
        values: dict[str, str],
        arguments: tuple[str, ...],
        count: int,
        said: str,
    ) -> None:
        ran = ngrok_scim("users", "list", "--format=jsonl", *arguments, environment=values)
        assert (ran.status, len(ran.out.splitlines()), ran.err) == (0, count, said)

    def test_who_is_deactivated_is_counted(
        self, ngrok_scim: CommandLine, values: dict[str, str], sandbox: Sandbox
    ) -> None:
        sandbox.set_faults(["deactivated-users"])
        ran = ngrok_scim("users", "list", "--inactive", environment=values)
        assert ran.err == "2 of 5 users, 2 of them deactivated.\n"

    def test_csv_without_users_is_its_header_alone(
        self, ngrok_scim: CommandLine, values: dict[str, str]
    ) -> None:
        ran = ngrok_scim("users", "list", "--format=csv", "--match=nobody", environment=values)
        assert ran.out == '"id","userName","displayName","active","emails"\r\n'

    @pytest.mark.parametrize(
        ("fault", "status", "code", "lines"),
        [
            ("server-error@2", 1, "SCM506", 100),
            ("drops-mid-answer@3", 1, "NET409", 200),
            ("web-page@2", 1, "SCM509", 100),
            ("key-refused@2", 1, "KEY214", 100),
            ("empty-list", 1, "USR601", 0),
            ("total-without-resources", 1, "USR602", 0),
            ("server-error", 1, "SCM506", 0),
            ("paging-repeats", 1, "USR609", None),
        ],
    )
    def test_a_list_that_breaks_off_gives_what_came_and_says_why(
        self,
        ngrok_scim: CommandLine,
        crowd: Sandbox,
        fault: str,
        status: int,
        code: str,
        lines: int | None,
    ) -> None:
        crowd.set_faults([fault])
        ran = ngrok_scim("users", "list", "--format=jsonl", environment=both(crowd))
        assert ran.status == status
        assert f"Error {code}" in ran.err
        assert lines is None or len(ran.out.splitlines()) == lines

    def test_json_of_a_list_that_breaks_off_is_whole(
        self, ngrok_scim: CommandLine, crowd: Sandbox
    ) -> None:
        crowd.set_faults(["server-error@2"])
        ran = ngrok_scim("users", "list", "--format=json", environment=both(crowd))
        document = json.loads(ran.out)
        assert (ran.status, document["verdict"], len(document["listed"])) == (1, "fail", 100)
        assert document["findings"][0]["code"] == "SCM506"

    @pytest.mark.parametrize("form", ["text", "csv", "jsonl", "json"])
    def test_what_users_are_called_does_not_steer_the_screen(
        self, ngrok_scim: CommandLine, values: dict[str, str], sandbox: Sandbox, form: str
    ) -> None:
        sandbox.set_faults(["hostile-text"])
        ran = ngrok_scim("users", "list", "--format", form, environment=values)
        assert ran.status == 0
        assert not any(odd in ran.out for odd in ("\x1b", "\u202e", "\u200b", "\x9b"))

    def test_the_table_goes_into_a_file(
        self, ngrok_scim: CommandLine, values: dict[str, str], tmp_path: Path
    ) -> None:
        path = tmp_path / "users.csv"
        arguments = ("users", "list", "--format=csv", "--output", str(path))
        ran = ngrok_scim(*arguments, environment=values)
        assert (ran.status, ran.out, ran.err) == (0, "", "3 users.\n")
        assert path.read_bytes().count(b"\r\n") == 4

    def test_json_goes_into_a_file(
        self, ngrok_scim: CommandLine, values: dict[str, str], tmp_path: Path
    ) -> None:
        path = tmp_path / "users.json"
        arguments = ("users", "list", "--format=json", "--output", str(path))
        assert ngrok_scim(*arguments, environment=values).out == ""
        assert len(json.loads(path.read_text("utf-8"))["listed"]) == 3

    @pytest.mark.parametrize("path", ["nowhere/users.csv", "."])
    def test_a_file_that_cannot_be_written_is_reported_before_anything_is_asked(
        self, ngrok_scim: CommandLine, path: str
    ) -> None:
        ran = ngrok_scim("users", "list", "--output", path, environment={})
        assert (ran.status, ran.out) == (2, "")
        assert "cannot be written" in ran.err

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("--active", "--inactive"), "cannot be combined"),
            (("--match", " "), "needs a text"),
            (("--format", "xml"), "xml"),
            (("--fault", "empty-list"), "--fault needs --sandbox"),
            (("ada",), "unexpected extra argument"),
        ],
    )
    def test_a_wrong_command_line_is_reported(
        self, ngrok_scim: CommandLine, arguments: tuple[str, ...], message: str
    ) -> None:
        ran = ngrok_scim("users", "list", *arguments)
        assert (ran.status, ran.out) == (2, "")
        assert message in ran.err

    def test_without_a_key_it_cannot_be_determined(self, ngrok_scim: CommandLine) -> None:
        ran = ngrok_scim("users", "list", "--no-input")
        assert (ran.status, ran.out) == (3, "")
        assert "No SCIM API key" in ran.err
        ran = ngrok_scim("users", "list", "--no-input", "--format=json")
        assert (ran.status, json.loads(ran.out)["verdict"]) == (3, "incomplete")

    def test_a_mistake_in_the_values_is_reported_and_nothing_is_sent(
        self, ngrok_scim: CommandLine, values: dict[str, str]
    ) -> None:
        values["NGROK_SCIM_API_KEY"] += " "
        ran = ngrok_scim("users", "list", "--format=json", environment=values)
        document = json.loads(ran.out)
        assert (ran.status, document["exchanges"], document["listed"]) == (1, [], [])
        assert document["findings"][0]["code"] == "KEY202"

    def test_the_other_fields_of_the_form_do_not_matter(
        self, ngrok_scim: CommandLine, values: dict[str, str], tmp_path: Path
    ) -> None:
        profile = tmp_path / "home" / "profiles" / "default.toml"
        profile.parent.mkdir(parents=True)
        profile.write_text('version = 1\n[form]\nunique_identifier = "userName"\n')
        assert ngrok_scim("users", "list", environment=values).status == 0

    def test_a_host_that_is_not_allowed_gets_nothing(
        self, ngrok_scim: CommandLine, values: dict[str, str]
    ) -> None:
        values["NGROK_SCIM_BASE_URL"] = "https://scim.corp.example/scim/v2/"
        ran = ngrok_scim("users", "list", environment=values)
        assert ran.status in (1, 3)
        assert ran.out == ""

    @pytest.mark.parametrize(
        ("number", "reason"),
        [
            (errno.ENOSPC, "No space left on device"),
            (errno.ENOENT, "No usable temporary directory found in ['/tmp']"),
        ],
    )
    def test_json_needs_room_for_a_while(
        self,
        ngrok_scim: CommandLine,
        values: dict[str, str],
        monkeypatch: pytest.MonkeyPatch,
        number: int,
        reason: str,
    ) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise OSError(number, reason)

        monkeypatch.setattr(users, "TemporaryFile", refuse)
        ran = ngrok_scim("users", "list", "--format=json", environment=values)
        assert (ran.status, ran.out) == (3, "")
        assert f"out of a resource: {reason}" in ran.err

    @pytest.mark.parametrize("quiet", [True, False])
    def test_a_wait_on_a_screen_is_reported(
        self, quiet: bool, capsys: pytest.CaptureFixture[str]
    ) -> None:
        users.Listing(users.ListOptions(quiet=quiet), Wanted(), None).print_wait("list users", 59.6)
        assert ("waiting 60 s (list users)" in capsys.readouterr().err) is not quiet

    def test_verbose_shows_the_requests(
        self, ngrok_scim: CommandLine, values: dict[str, str]
    ) -> None:
        ran = ngrok_scim("users", "list", "--verbose", environment=values)
        assert "startIndex=1&count=100" in ran.err


def in_a_process(command: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["/bin/sh", "-c", command.replace("ngrok-scim", f"{sys.executable} -m ngrok_scim_cli")],
        env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def untraced() -> dict[str, str]:
    """Return the environment without coverage, whose tracer an interrupt may leave locked."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COV")}


class TestListInAProcess:
    @pytest.mark.parametrize(("form", "first"), [("text", "User name"), ("json", "{\n")])
    def test_a_reader_that_goes_away_is_no_error(
        self, crowd: Sandbox, form: str, first: str
    ) -> None:
        ended = in_a_process(
            f"ngrok-scim users list -q --format {form} | head -1",
            both(crowd),
        )
        assert (ended.returncode, ended.stdout.startswith(first), ended.stderr) == (0, True, "")

    @pytest.mark.usefixtures("measured_children")
    def test_a_full_disk_is_reported(self, crowd: Sandbox) -> None:
        for output in (">/dev/full", "--output /dev/full"):
            ended = in_a_process(f"ngrok-scim users list -q {output}", both(crowd))
            assert ended.returncode == 3
            assert "cannot be written" in ended.stderr
            assert "Traceback" not in ended.stderr

    @pytest.mark.usefixtures("signals_are_heard")
    def test_an_interrupt_keeps_what_is_written(self, crowd: Sandbox, tmp_path: Path) -> None:
        """The third page never comes; the two before it stay."""
        crowd.set_faults(["never-answers@3"])
        path = tmp_path / "users.jsonl"
        command = ("users", "list", "--format=jsonl", "--output", str(path))
        with subprocess.Popen(
            [sys.executable, "-m", "ngrok_scim_cli", *command],
            env={**untraced(), **both(crowd), "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            while not (path.exists() and path.read_text("utf-8").count("\n") == 200):
                assert process.poll() is None
            process.send_signal(signal.SIGINT)
            _, said = process.communicate()
        assert process.returncode == 130
        assert "Interrupted." in said
        assert len(path.read_text("utf-8").splitlines()) == 200


class TestListAtATerminal:
    def test_the_table_fits_the_screen_and_a_count_follows(self, crowd: Sandbox) -> None:
        with at_a_terminal("users", "list", environment=both(crowd), columns=80) as terminal:
            assert terminal.end() == 0
        lines = terminal.lines()
        assert lines[0].split("  ")[0] == "User name"
        assert "usr_" not in terminal.everything
        assert max(map(len, lines)) <= 80
        assert "250 users." in lines

    def test_a_table_has_no_colour(self, crowd: Sandbox) -> None:
        """A table has no colour, with or without NO_COLOR."""
        with at_a_terminal("users", "list", environment=both(crowd)) as terminal:
            assert terminal.end() == 0
        assert "\x1b" not in terminal.everything


def audit(ngrok_scim: CommandLine, environment: dict[str, str], *arguments: str) -> Ran:
    return ngrok_scim("users", "audit", *arguments, environment=environment)


def codes(ran: Ran) -> list[str]:
    return [item["code"] for item in json.loads(ran.out)["findings"]]


def checks(ran: Ran) -> dict[str, str]:
    return {check["code"]: check["status"] for check in json.loads(ran.out)["checks"]}


class TestAudit:
    def test_all_is_well_with_everybody_in_step(
        self, ngrok_scim: CommandLine, crowd: Sandbox
    ) -> None:
        ran = audit(ngrok_scim, both(crowd), "--format=json")
        document = json.loads(ran.out)
        Draft202012Validator(SCHEMA).validate(document)
        assert (ran.status, document["command"], codes(ran)) == (0, "users audit", [])
        assert document["users"] == {"total": MANY, "returned": MANY}
        assert set(checks(ran).values()) <= {"pass", "skip", "unsupported"}

    @pytest.mark.no_cover
    @pytest.mark.parametrize(
        ("fault", "status", "code"),
        [
            ("user-name-no-email", 1, "USR603"),
            ("user-name-with-space", 1, "USR604"),
            ("twin-users", 1, "USR605"),
            ("deactivated-users", 0, "USR607"),
            ("no-display-name", 0, "USR608"),
            ("empty-list", 1, "USR601"),
            ("total-without-resources", 1, "USR602"),
            ("resource-without-id", 1, "SCM518"),
            ("active-as-text", 0, "SCM521"),
            ("lookup-finds-nothing", 1, "SCM519"),
            ("okta-nobody-assigned", 1, "OKT907"),
            ("okta-assigned-early", 1, "OKT908"),
            ("okta-gone-in-ngrok", 1, "OKT909"),
            ("okta-unknown", 0, "OKT910"),
            ("okta-leaver-active", 1, "OKT911"),
            ("okta-create-conflict", 1, "OKT912"),
            ("okta-sign-in-failed", 1, "OKT913"),
            ("okta-address-differs", 0, "OKT914"),
            ("okta-scim-off", 1, "OKT905"),
            ("okta-token-refused", 1, "OKT902"),
            ("key-refused", 1, "KEY214"),
        ],
    )
    def test_the_audit_finds_each_fault(
        self, ngrok_scim: CommandLine, sandbox: Sandbox, fault: str, status: int, code: str
    ) -> None:
        sandbox.set_faults([fault])
        ran = audit(ngrok_scim, both(sandbox), "--format=json")
        assert (ran.status, code in codes(ran)) == (status, True), codes(ran)

    def test_pages_that_do_not_fit_are_found(self, ngrok_scim: CommandLine, crowd: Sandbox) -> None:
        crowd.set_faults(["paging-repeats"])
        ran = audit(ngrok_scim, both(crowd), "--format=json")
        assert (ran.status, "USR609" in codes(ran)) == (1, True)

    def test_without_okta_the_users_of_ngrok_are_audited(
        self, ngrok_scim: CommandLine, sandbox: Sandbox
    ) -> None:
        sandbox.set_faults(["no-display-name", "okta-assigned-early"])
        ran = audit(ngrok_scim, environment_of(sandbox, "scim"), "--format=json")
        assert (ran.status, codes(ran)) == (0, ["SCM521", "USR608"])
        assert (checks(ran)["provisioned"], checks(ran)["user-display-names"]) == ("skip", "warn")

    def test_strict_lets_warnings_fail(self, ngrok_scim: CommandLine, sandbox: Sandbox) -> None:
        sandbox.set_faults(["no-display-name"])
        assert audit(ngrok_scim, both(sandbox)).status == 0
        assert audit(ngrok_scim, both(sandbox), "--strict").status == 1

    def test_without_a_key_it_cannot_be_determined(
        self, ngrok_scim: CommandLine, sandbox: Sandbox
    ) -> None:
        for environment in ({}, environment_of(sandbox, "okta")):
            ran = audit(ngrok_scim, environment, "--no-input", "--format=json")
            assert (ran.status, json.loads(ran.out)["verdict"]) == (3, "incomplete")

    def test_no_check_passes_that_had_nothing_to_look_at(
        self, ngrok_scim: CommandLine, sandbox: Sandbox
    ) -> None:
        left_out = {
            "active-as-text": "locked-out still-active suspended user-deactivated",
            "empty-list": "user-addresses user-twins user-deactivated gone",
            "okta-nobody-assigned": "provisioned gone locked-out suspended okta-user-names",
            "okta-app-missing": "okta-failures okta-sign-in okta-assigned provisioned",
            "key-refused": "user-pages read-by-id gone",
        }
        for fault, skipped in left_out.items():
            sandbox.set_faults([fault])
            made = checks(audit(ngrok_scim, both(sandbox), "--format=json"))
            assert {made[code] for code in skipped.split()} == {"skip"}, fault
            # What failed is the root cause, and not what could not be looked at.
            assert "fail" not in {made["look-up-difficult"], made["read-by-id"]}, fault

    def test_values_that_need_a_repair_are_reported_and_repaired(
        self, ngrok_scim: CommandLine, sandbox: Sandbox
    ) -> None:
        environment = both(sandbox)
        environment["NGROK_SCIM_API_KEY"] += " "
        ran = audit(ngrok_scim, environment, "--format=json")
        assert (ran.status, codes(ran)) == (1, ["KEY202"])
        assert json.loads(ran.out)["users"]["total"] == 3

    def test_a_trimmed_token_is_reported(self, ngrok_scim: CommandLine, sandbox: Sandbox) -> None:
        environment = both(sandbox)
        environment["OKTA_CLIENT_TOKEN"] += "\n"
        ran = audit(ngrok_scim, environment, "--format=json")
        assert (ran.status, codes(ran)) == (0, ["ENV007"])
        assert json.loads(ran.out)["verdict"] == "warn"

    def test_text_is_a_list_of_checks(self, ngrok_scim: CommandLine, crowd: Sandbox) -> None:
        ran = audit(ngrok_scim, both(crowd))
        assert ran.out.startswith("PASS  ")
        assert "Users  250 in all" in ran.out
        assert "No user exists twice" in ran.out

    @pytest.mark.no_cover
    @pytest.mark.parametrize("form", ["text", "json", "markdown", "junit", "sarif"])
    def test_what_people_are_called_does_not_steer_the_screen(
        self, ngrok_scim: CommandLine, sandbox: Sandbox, form: str
    ) -> None:
        sandbox.set_faults(["hostile-text", "okta-hostile-text"])
        ran = audit(ngrok_scim, both(sandbox), "--format", form)
        assert ran.status in (0, 1)
        assert not any(odd in ran.out for odd in ("\x1b", "\u202e", "\x9b"))

    def test_the_report_masks_people(
        self, ngrok_scim: CommandLine, sandbox: Sandbox, tmp_path: Path
    ) -> None:
        sandbox.set_faults(["okta-assigned-early"])
        path = tmp_path / "report.json"
        ran = audit(ngrok_scim, both(sandbox), "--report", str(path))
        assert ran.status == 1
        report = path.read_text("utf-8")
        assert "a***@corp.example" in report
        assert "ekstrom" not in report.lower()

    def test_the_list_is_read_once(self, ngrok_scim: CommandLine, crowd: Sandbox) -> None:
        ran = audit(ngrok_scim, both(crowd), "--format=json")
        asked = [exchange["url"] for exchange in json.loads(ran.out)["exchanges"]]
        # The test connection is made once more, to see whether its total is that of the list.
        assert len(asked) == len(set(asked)) + 1
        assert sum("/scim/v2/Users?startIndex" in url for url in asked) == 6


def test_without_a_command_the_group_says_what_belongs_to_it(ngrok_scim: CommandLine) -> None:
    ran = ngrok_scim("users", "--help")
    assert ran.status == 0
    assert all(name in ran.out for name in ("list", "audit", "trace"))


@pytest.mark.parametrize("command", [("list",), ("audit",), ("trace", ADA)])
def test_the_sandbox_needs_nothing(ngrok_scim: CommandLine, command: tuple[str, ...]) -> None:
    ran = ngrok_scim("users", *command, "--sandbox")
    assert ran.status == 0
    assert ADA in ran.out or command == ("audit",)
