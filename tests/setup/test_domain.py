from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn, cast

import pytest

from ngrok_scim_cli.diagnosis.finding import (
    CheckStatus,
    Result,
    Severity,
    StepStatus,
    Verdict,
    WaitingFor,
)
from ngrok_scim_cli.errors import CannotTell, UsageError
from ngrok_scim_cli.settings import profile_store
from ngrok_scim_cli.settings.profile import Domain, Profile
from ngrok_scim_cli.settings.profile_store import ProfileStore
from ngrok_scim_cli.settings.secrets import RunSecrets, SecretStore
from ngrok_scim_cli.setup import domain as domains
from ngrok_scim_cli.setup import texts
from ngrok_scim_cli.setup.context import NOBODY, Answers, Person, SetupContext
from ngrok_scim_cli.setup.domain_service import DomainService, open_resolver
from ngrok_scim_cli.wire.dns import Resolver
from tests.support.dns_server import HOST, DnsServer, dns_server
from tests.support.setup_context import SetupHarness

NAME = "corp.example"
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
EARLIER = datetime(2026, 1, 2, tzinfo=UTC)
SENT = "Have you sent the request?"
ANYWAY = f"Submit {NAME} all the same?"
REMOVE = f"Remove {NAME} from this profile? What ngrok allows does not change."
LISTED = f'Is {NAME} listed under "Account Domain Controls" at {texts.NGROK_SETTINGS}?'


class Scripted:
    """Gives prepared answers, and fails at a question that nobody prepared."""

    present = True

    def __init__(self, *answers: tuple[str, str | bool]) -> None:
        self.answers = list(answers)
        self.output: list[str] = []

    def show(self, text: str, values: Sequence[str] = ()) -> None:
        self.output.append(text)

    def begin_step(self, number: int, count: int, title: str, explanation: str) -> None:
        self.output.append(title)

    def ask(self, question: str, *, default: str = "") -> str:
        return str(self._next(question))

    def ask_secret(self, question: str) -> str:
        raise AssertionError(question)

    def confirm(self, question: str, *, default: bool = True) -> bool:
        return bool(self._next(question))

    def choose(self, question: str, options: Sequence[tuple[str, str]], *, default: str) -> str:
        raise AssertionError(question)

    def _next(self, question: str) -> str | bool:
        expected, answer = self.answers.pop(0)
        assert question == expected
        return answer


@pytest.fixture
def profiles(tmp_path: Path) -> ProfileStore:
    return ProfileStore(tmp_path / "profiles")


@pytest.fixture
def server() -> Iterator[DnsServer]:
    with dns_server() as running:
        yield running


@pytest.fixture
def keep(profiles: ProfileStore) -> Callable[..., None]:
    def keep_domains(*kept: Domain) -> None:
        profiles.save(Profile("default", domains=kept))

    return keep_domains


def unused(*_: object) -> NoReturn:
    raise AssertionError("what is done with domains does not need it")


def context_of(profiles: ProfileStore, person: Person | None, **fields: Any) -> SetupContext:  # noqa: ANN401 - of any field
    context = SetupContext(
        person=person or NOBODY,
        answers=Answers(),
        profiles=profiles,
        profile_name="default",
        secrets=RunSecrets(SecretStore(), lambda: profiles.load("default")),
        given_key=None,
        open_api=unused,
        form=unused,
        test=unused,
        now=lambda: NOW,
    )
    return replace(context, **fields)


@pytest.fixture
def service(profiles: ProfileStore) -> Callable[..., DomainService]:
    def open_service(
        person: Person | None = None,
        server: DnsServer | None = None,
    ) -> DomainService:
        def resolver() -> Resolver:
            assert server
            return Resolver(timeout=5, nameservers=(HOST,), port=server.port)

        context = context_of(profiles, person)
        return DomainService(context, resolver=resolver if server else None)

    return open_service


Service = Callable[..., DomainService]
Keep = Callable[..., None]


def shown(report: Result) -> tuple[Domain, ...]:
    """Return the domains that the JSON of a result has."""
    listed = cast("list[dict[str, str | None]]", report.payload.fields["domains"])

    def moment(text: str | None) -> datetime | None:
        return datetime.fromisoformat(text) if text else None

    return tuple(
        Domain(
            cast("str", one["name"]),
            moment(one["submitted_at"]),
            moment(one["approved_at"]),
            txt=one["txt"] or "",
        )
        for one in listed
    )


def codes(report: Result) -> list[str]:
    return [item.code for item in report.findings]


def statuses(report: Result) -> dict[str, CheckStatus]:
    return {item.code: item.status for item in report.checks}


def test_without_a_person_the_request_is_prepared_and_nothing_is_said_to_be_sent(
    service: Service,
) -> None:
    report = domains.submit(service(), ["Corp.Example"])
    assert report.verdict is Verdict.PASS
    assert shown(report) == service().domains() == (Domain(NAME),)
    assert [line.partition(" ")[0] for line in report.remaining] == ["In", "Type", "When"]
    assert report.payload.fields["requests"] == [
        {
            "page": "https://dashboard.ngrok.com/settings",
            "fields": {
                "Domain": NAME,
                "Additional Information (optional)": "Please allow the e-mail domain corp.example "
                "for our account, so that Okta can provision our users through SCIM 2.0. We can "
                "prove that we own it with a DNS TXT record; please send us its value.",
            },
        },
    ]


def test_what_was_said_to_be_sent_is_recorded_once(service: Service, keep: Keep) -> None:
    keep(Domain("other.example", submitted_at=EARLIER, note="n"))
    report = domains.submit(service(), [f"other.example {NAME}"], sent=True)
    assert shown(report) == tuple(replace(one, note="") for one in service().domains())
    assert service().domains() == (
        Domain("other.example", submitted_at=EARLIER, note="n"),
        Domain(NAME, submitted_at=NOW),
    )
    assert any("domain approve other.example" in line for line in report.remaining)


def test_wrong_names_are_named_and_the_others_go_on(service: Service) -> None:
    report = domains.submit(service(), ["jane@corp.example", "gmail.com", "b.example"], sent=True)
    assert (codes(report), report.verdict) == (["DOM805", "DOM803"], Verdict.FAIL)
    assert service().domains() == (Domain("b.example", submitted_at=NOW),)


@pytest.mark.parametrize("name", ["co.uk", "kawasaki.jp", "corp"])
def test_a_public_suffix_is_refused(service: Service, name: str) -> None:
    assert codes(domains.submit(service(), [name])) == ["DOM806"]
    assert service().domains() == ()


@pytest.mark.parametrize("name", ["city.kawasaki.jp", "github.io"])
def test_a_domain_of_somebody_is_no_public_suffix(service: Service, name: str) -> None:
    assert codes(domains.submit(service(), [name])) == []


@pytest.mark.parametrize(("meant", "kept"), [(True, (Domain(NAME),)), (False, ())])
def test_a_person_is_asked_what_was_meant(
    service: Service, meant: bool, kept: tuple[Domain, ...]
) -> None:
    answers: list[tuple[str, str | bool]] = [(f"Do you mean {NAME}?", meant)]
    person = Scripted(*answers, *([(SENT, False)] if meant else []))
    report = domains.submit(service(person), ["jane@corp.example"])
    assert person.output[0] == "“jane@corp.example” is an e-mail address."
    assert (shown(report), person.answers) == (kept, [])
    assert codes(report) == ([] if meant else ["DOM805"])


def test_a_person_says_that_the_request_was_sent(service: Service) -> None:
    report = domains.submit(service(Scripted((SENT, True))), [NAME])
    assert shown(report) == (Domain(NAME, submitted_at=NOW),)


def test_without_a_name_what_is_not_submitted_yet_is_taken(service: Service, keep: Keep) -> None:
    keep(Domain("a.example", submitted_at=EARLIER), Domain(NAME))
    assert shown(domains.submit(service(), [], sent=True)) == (Domain(NAME, submitted_at=NOW),)


def test_without_a_name_a_person_is_asked_for_one(service: Service) -> None:
    person = Scripted(("E-mail domain of your users, like example.com", NAME), (SENT, True))
    assert shown(domains.submit(service(person), [])) == (Domain(NAME, submitted_at=NOW),)


def test_without_a_name_and_a_person_there_is_nothing_to_submit(service: Service) -> None:
    with pytest.raises(UsageError, match="No domain is given"):
        domains.submit(service(), [])


@pytest.mark.parametrize("sent", [True, False])
def test_a_domain_that_the_dns_denies_is_an_error_and_is_kept_only_where_it_was_sent(
    service: Service, server: DnsServer, sent: bool
) -> None:
    report = domains.submit(service(server=server), [NAME], sent=sent)
    (denied,) = report.findings
    assert (denied.code, denied.severity) == ("DOM806", Severity.ERROR)
    assert denied.title == f"The domain {NAME} does not exist in the DNS"
    assert statuses(report)["DOM806"] is CheckStatus.FAIL
    assert bool(service().domains()) is sent


def test_a_dns_that_cannot_be_asked_is_a_skipped_check(service: Service, server: DnsServer) -> None:
    server.trouble = "SERVFAIL"
    report = domains.submit(service(server=server), [NAME])
    assert report.verdict is Verdict.PASS
    assert set(statuses(report).values()) == {CheckStatus.SKIP}


@pytest.mark.parametrize("anyway", [True, False])
def test_a_person_decides_about_a_domain_without_mail(
    service: Service, server: DnsServer, anyway: bool
) -> None:
    server.records[NAME] = []
    answers: list[tuple[str, str | bool]] = [(ANYWAY, anyway)]
    person = Scripted(*answers, *([(SENT, True)] if anyway else []))
    report = domains.submit(service(person, server), [NAME])
    assert (codes(report), person.answers) == (["DOM807"], [])
    assert bool(service().domains()) is anyway


def test_nothing_is_looked_up_where_no_name_is_right(service: Service, server: DnsServer) -> None:
    domains.submit(service(server=server), ["gmail.com"])
    assert server.asked == []


def test_a_healthy_domain_passes_every_check(
    service: Service, keep: Keep, server: DnsServer
) -> None:
    keep(Domain(NAME, submitted_at=EARLIER, approved_at=EARLIER))
    server.records[NAME] = [("MX", f"{n} mx{n}.corp.example.") for n in (1, 2, 3, 4)]
    server.records[NAME].append(("TXT", "ngrok=1"))
    report = domains.check(service(server=server), proof=' "ngrok=1" ')
    assert (report.verdict, codes(report)) == (Verdict.PASS, [])
    assert set(statuses(report).values()) == {CheckStatus.PASS}
    assert service().find(NAME)[0].txt == "ngrok=1"


@pytest.mark.parametrize(
    ("records", "found", "skipped"),
    [
        (None, ["DOM806", "DOM802"], {"DOM807", "DOM808"}),
        ([], ["DOM807", "DOM808", "DOM802"], set()),
        ([("MX", "0 .")], ["DOM807", "DOM808", "DOM802"], set()),
        ([("MX", "1 mx.corp.example."), ("TXT", "else")], ["DOM808", "DOM802"], set()),
    ],
)
def test_what_is_wrong_in_the_dns_is_found(
    service: Service,
    keep: Keep,
    server: DnsServer,
    records: list[tuple[str, str]] | None,
    found: list[str],
    skipped: set[str],
) -> None:
    keep(Domain(NAME, submitted_at=EARLIER, txt="ngrok=1"))
    if records is not None:
        server.records[NAME] = records
    report = domains.check(service(server=server))
    assert codes(report) == found
    skips = {code for code, status in statuses(report).items() if status is CheckStatus.SKIP}
    assert skips == skipped


def test_without_a_value_the_proof_is_not_looked_for(
    service: Service, keep: Keep, server: DnsServer
) -> None:
    keep(Domain(NAME, submitted_at=EARLIER))
    server.records[NAME] = [("MX", "1 mx.corp.example.")]
    report = domains.check(service(server=server))
    assert statuses(report)["DOM808"] is CheckStatus.SKIP
    assert server.asked == [(NAME, "MX")]


def test_where_the_dns_cannot_be_asked_it_is_not_reported(
    service: Service, keep: Keep, server: DnsServer
) -> None:
    keep(Domain(NAME, submitted_at=EARLIER, approved_at=EARLIER))
    server.trouble = "REFUSED"
    report = domains.check(service(server=server))
    assert (report.verdict, codes(report)) == (Verdict.INCOMPLETE, [])


def test_a_domain_is_checked_without_being_kept(service: Service, server: DnsServer) -> None:
    server.records[NAME] = [("MX", "1 mx.corp.example.")]
    report = domains.check(service(server=server), "CORP.example")
    assert codes(report) == ["DOM801"]
    assert report.findings[0].fix == "Run `ngrok-scim domain submit corp.example`."
    assert statuses(report)["DOM802"] is CheckStatus.SKIP
    assert service().domains() == ()


def test_a_name_of_the_profile_that_is_wrong_is_not_looked_up(
    service: Service, keep: Keep, server: DnsServer
) -> None:
    keep(Domain("gmail.com", submitted_at=EARLIER))
    report = domains.check(service(server=server))
    assert codes(report) == ["DOM803", "DOM802"]
    assert (report.verdict, server.asked) == (Verdict.FAIL, [])


def test_a_wrong_name_is_found_before_anything_is_asked(
    service: Service, server: DnsServer
) -> None:
    assert codes(domains.check(service(server=server), "jane@corp.example")) == ["DOM805"]
    assert server.asked == []


def test_a_profile_without_a_domain_is_reported(service: Service) -> None:
    report = domains.check(service())
    assert (codes(report), report.verdict) == (["DOM801"], Verdict.WARN)
    assert report.findings[0].fix == "Run `ngrok-scim domain submit DOMAIN`."


@pytest.mark.parametrize(
    ("proof", "message"), [("p", "the name of its domain"), (' "" ', "--txt is empty")]
)
def test_a_proof_belongs_to_one_domain(
    service: Service, keep: Keep, proof: str, message: str
) -> None:
    keep(Domain(NAME), Domain("b.example"))
    with pytest.raises(UsageError, match=message):
        domains.check(service(), proof=proof)


def test_a_proof_needs_a_domain(service: Service) -> None:
    with pytest.raises(UsageError, match="the name of its domain"):
        domains.check(service(), proof="p")


def test_an_approval_is_recorded_once(service: Service, keep: Keep) -> None:
    keep(Domain(NAME, submitted_at=EARLIER))
    assert domains.approve(service(), NAME, confirmed=True).verdict is Verdict.PASS
    assert service().domains() == (Domain(NAME, submitted_at=EARLIER, approved_at=NOW),)
    assert shown(domains.approve(service(Scripted()), NAME))[0].approved_at == NOW


@pytest.mark.parametrize(("listed", "found"), [(True, []), (False, ["DOM801"])])
def test_a_person_says_whether_it_is_listed(
    service: Service, listed: bool, found: list[str]
) -> None:
    question = (
        f'Is {NAME} listed under "Account Domain Controls" at https://dashboard.ngrok.com/settings?'
    )
    assert codes(domains.approve(service(Scripted((question, listed))), NAME)) == found


def test_nobody_approves_without_saying_so(service: Service) -> None:
    with pytest.raises(UsageError) as refused:
        domains.approve(service(), NAME)
    assert "--yes" in refused.value.advice


def test_a_name_that_is_wrong_is_not_approved(service: Service) -> None:
    assert codes(domains.approve(service(), "gmail.com", confirmed=True)) == ["DOM803"]
    assert service().domains() == ()


def test_domains_are_listed_once_in_their_order(service: Service, keep: Keep) -> None:
    keep(Domain("b.example", submitted_at=EARLIER), Domain("a.example", approved_at=EARLIER))
    report = domains.list_domains(service())
    assert [item["name"] for item in _listed(report)] == ["b.example", "a.example"]
    assert [item["state"] for item in _listed(report)] == ["submitted", "approved"]


def _listed(report: Result) -> list[dict[str, object]]:
    listed = report.payload.fields["domains"]
    assert isinstance(listed, list)
    return listed


def test_what_the_profile_holds_besides_survives(service: Service, profiles: ProfileStore) -> None:
    service().record(NAME)
    file = profiles.path("default")
    file.write_text("# mine\nmine = 1\n" + file.read_text() + "also_mine = 2\n")
    domains.approve(service(), NAME, confirmed=True)
    text = file.read_text()
    assert text.startswith("# mine\nmine = 1\n")
    assert "also_mine = 2" in text


def test_the_profile_is_held_while_it_changes_only(
    profiles: ProfileStore, service: Service
) -> None:
    held: list[str] = []

    class Watching(Scripted):
        def confirm(self, question: str, *, default: bool = True) -> bool:
            with ProfileStore(profiles.path("default").parent).lock("default"):
                held.append(question)
            return True

    domains.submit(service(Watching()), [NAME])
    assert held == [SENT]


def test_a_profile_that_somebody_else_changes_is_left_alone(
    profiles: ProfileStore, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profile_store, "_TIMEOUT_S", 0)
    other = ProfileStore(profiles.path("default").parent)
    with other.lock("default"), pytest.raises(CannotTell, match="Another ngrok-scim"):
        domains.submit(service(), [NAME])
    assert service().domains() == ()


@pytest.mark.parametrize("nameserver", ["", "dns.example", "192.0.2.1#x", "192.0.2.1#70000"])
def test_only_an_address_is_a_dns_server(nameserver: str) -> None:
    with pytest.raises(UsageError, match="is not the address of a DNS server"):
        open_resolver(5, nameserver)


def test_a_resolver_is_opened_for_this_machine_or_for_an_address(server: DnsServer) -> None:
    server.records[NAME] = []
    assert open_resolver(5, server.address).mail_servers(NAME).reason == ""
    for nameserver in (None, "2001:db8::53"):
        open_resolver(5, nameserver)


@pytest.fixture
def step(profiles: ProfileStore) -> Callable[..., StepStatus]:
    def submit_domains(
        *typed: str, person: Person | None = None, goes_back: bool = False
    ) -> tuple[StepStatus, list[str], tuple[str, ...]]:
        context = context_of(profiles, person, answers=Answers(domains=typed), goes_back=goes_back)
        outcome = domains.submit_domains(context)
        return outcome.status, [item.code for item in outcome.findings], outcome.remaining

    return submit_domains  # type: ignore[return-value]


Step = Callable[..., tuple[StepStatus, list[str], tuple[str, ...]]]
QUESTION = "E-mail domain of your users, like example.com"
ANOTHER = "Another e-mail domain (Enter: none)"
KNOWN = (Domain("corp.exmaple"), Domain(NAME, submitted_at=EARLIER))


def test_the_step_waits_for_ngrok(step: Step, service: Service) -> None:
    status, found, remaining = step(NAME)
    assert (status, found) == (StepStatus.WAITING, ["DOM801"])
    assert [line.partition(". ")[0] for line in remaining] == [
        "Run `ngrok-scim domain submit corp.example`"
    ]
    assert service().domains() == (Domain(NAME),)


def test_the_step_says_what_comes_after_the_request(step: Step, keep: Keep) -> None:
    keep(Domain(NAME, submitted_at=EARLIER), Domain("other.example", approved_at=EARLIER))
    assert step()[2] == (
        texts.PROVE_DOMAIN.format(name=NAME),
        texts.RECORD_APPROVAL.format(name=NAME),
    )


def test_the_step_is_done_once_ngrok_allows_the_domain(step: Step, keep: Keep) -> None:
    keep(Domain(NAME, approved_at=EARLIER))
    assert step() == (StepStatus.DONE, [], ())


def test_the_step_is_open_without_a_domain(step: Step) -> None:
    status, found, _ = step()
    assert (status, found) == (StepStatus.TODO, ["DOM801"])
    assert step(person=Scripted((QUESTION, "")))[0] is StepStatus.TODO


def test_the_step_asks_until_a_domain_is_usable(step: Step, service: Service) -> None:
    person = Scripted((QUESTION, "gmail.com"), (QUESTION, NAME), (SENT, True))
    assert step(person=person)[:2] == (StepStatus.WAITING, ["DOM802"])
    assert person.output[0] == texts.WHY_DOMAIN
    assert person.output[1].startswith("Anyone can have an address at gmail.com. gmail.com is")
    assert service().domains() == (Domain(NAME, submitted_at=NOW),)


@pytest.mark.parametrize("typed", ["", "other.example"])
def test_who_comes_back_to_the_step_adds_domains_and_drops_none(
    step: Step, keep: Keep, service: Service, typed: str
) -> None:
    keep(*KNOWN)
    unsent = [item.name for item in KNOWN if not item.submitted_at] + ([typed] if typed else [])
    person = Scripted((ANOTHER, typed), *((SENT, False) for _ in unsent), (LISTED, False))
    step(person=person, goes_back=True)
    added = (Domain(typed),) if typed else ()
    assert service().domains() == (*KNOWN, *added)


@pytest.mark.parametrize("listed", [True, False])
def test_a_domain_that_was_submitted_earlier_is_asked_for_until_it_is_listed(
    step: Step, keep: Keep, service: Service, listed: bool
) -> None:
    keep(Domain(NAME, submitted_at=EARLIER))
    status, _, _ = step(person=Scripted((LISTED, listed)))
    assert status is (StepStatus.DONE if listed else StepStatus.WAITING)
    assert bool(service().find(NAME)[0].approved_at) is listed


@pytest.mark.parametrize(
    ("domain", "whom"),
    [(Domain(NAME), WaitingFor.YOU), (Domain(NAME, submitted_at=EARLIER), WaitingFor.NGROK)],
)
def test_the_step_names_whom_it_waits_for(
    harness: SetupHarness, domain: Domain, whom: WaitingFor
) -> None:
    harness.change(Profile("default", domains=(domain,)))
    assert domains.state_of_domains(harness.context()).waiting_for is whom


def test_adding_domains_keeps_those_that_are_there(service: Service, keep: Keep) -> None:
    keep(Domain(NAME, submitted_at=EARLIER))
    report = domains.add(service(), ["other.example", NAME, "gmail.com"])
    assert codes(report) == ["DOM803"]
    assert service().domains() == (Domain(NAME, submitted_at=EARLIER), Domain("other.example"))


@pytest.mark.parametrize("typed", [NAME, "CORP.example", f"jane@{NAME}"])
@pytest.mark.parametrize("yes", [True, False])
def test_a_domain_is_removed_on_a_word(service: Service, keep: Keep, typed: str, yes: bool) -> None:
    keep(Domain(NAME), Domain("b.example"))
    domains.remove(service(Scripted((REMOVE, yes))), typed)
    assert [item.name for item in service().domains()] == [NAME, "b.example"][yes:]


def test_nobody_removes_without_saying_so(service: Service, keep: Keep) -> None:
    keep(Domain(NAME))
    with pytest.raises(UsageError) as refused:
        domains.remove(service(), NAME)
    assert "--yes" in refused.value.advice
    domains.remove(service(), NAME, confirmed=True)
    assert service().domains() == ()


def test_a_domain_that_is_not_there_is_named_with_those_that_are(
    service: Service, keep: Keep
) -> None:
    keep(Domain(NAME))
    with pytest.raises(UsageError) as refused:
        domains.remove(service(), "other.example", confirmed=True)
    assert NAME in refused.value.advice


def test_the_step_names_what_was_wrong_on_the_command_line(step: Step) -> None:
    assert step("gmail.com")[1] == ["DOM803", "DOM801"]


def test_the_profile_is_read_as_often_for_many_domains_as_for_one(
    service: Callable[..., DomainService],
    keep: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read, load = [], ProfileStore.load

    def counted(store: ProfileStore, name: str) -> Profile:
        read.append(name)
        return load(store, name)

    def often(count: int) -> int:
        names = [f"d{number}.example" for number in range(count)]
        keep(*map(Domain, names))
        read.clear()
        domains.check(service())
        domains.add(service(), names)
        domains.submit(service(), names, sent=True)
        return len(read)

    monkeypatch.setattr(ProfileStore, "load", counted)
    assert often(1) == often(40)
