import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE
from ngrok_scim_cli.diagnosis.finding import Finding
from ngrok_scim_cli.diagnosis.people.aggregate import Aggregate
from ngrok_scim_cli.diagnosis.people.email_address import domain_of
from ngrok_scim_cli.diagnosis.people.records import NgrokUser
from ngrok_scim_cli.diagnosis.people.user_rules import SeenUser, UserAudit, user_rules
from tests.support.cases import each_case

NONE: frozenset[str] = frozenset()
CORP = frozenset({"corp.example"})
ADDRESS = "jane@corp.example"


def audited(users: list[NgrokUser], domains: frozenset[str] = NONE) -> tuple[Finding, ...]:
    audit = UserAudit(domains)
    for user in users:
        audit.add(user)
    return audit.findings()


def a_user(
    user_name: str = ADDRESS,
    *,
    identifier: str = "usr_1",
    name: str = "Jane Doe",
    active: bool | None = True,
    emails: tuple[str, ...] = (),
) -> NgrokUser:
    return NgrokUser(identifier, user_name, name, active, emails)


@each_case(
    ("user", "domains", "found"),
    [
        (a_user(), CORP, {}),
        (a_user(active=None), CORP, {}),
        (a_user("Jane.Doe+1@Corp.Example"), CORP, {}),
        (a_user("j\u00fcrgen@corp.example"), CORP, {}),
        (a_user("jane%20doe@corp.example"), CORP, {}),
        (a_user(emails=(ADDRESS, "jane@home.example")), CORP, {}),
        (a_user("jane"), CORP, {"USR603": "“jane”."}),
        (a_user("CORP\\jane"), CORP, {"USR603": "“CORP\\jane”."}),
        (a_user("jane@laptop"), CORP, {"USR603": "“jane@laptop”."}),
        (a_user(""), CORP, {"USR603": "“usr_1” (no user name)."}),
        (
            a_user("jane doe"),
            CORP,
            {"USR603": "“jane·doe”.", "USR604": "“jane·doe” contains U+0020 SPACE (character 5)."},
        ),
        (
            a_user("jane@corp.example\u200b"),
            CORP,
            {
                "USR604": (
                    "“jane@corp.example⟨U+200B⟩” contains U+200B ZERO WIDTH SPACE (character 18)."
                )
            },
        ),
        (
            a_user(emails=(ADDRESS, "\tjane@corp.example")),
            CORP,
            {"USR604": "“⇥jane@corp.example” contains U+0009 CHARACTER TABULATION (character 1)."},
        ),
        (a_user("jane@other.example"), CORP, {"USR606": "“jane@other.example”."}),
        (a_user("jane@mail.corp.example"), CORP, {"USR606": "“jane@mail.corp.example”."}),
        (a_user("jane@other.example"), NONE, {}),
        (a_user("jane@b\u00fccher.example"), frozenset({"xn--bcher-kva.example"}), {}),
        (a_user(active=False), CORP, {"USR607": "“jane@corp.example”."}),
        (a_user(name=""), CORP, {"USR608": "“jane@corp.example”."}),
        (a_user(name=" \u200b\u3164\n"), CORP, {"USR608": "“jane@corp.example”."}),
        (a_user(name="\u738b"), CORP, {}),
        (a_user(name=" Jane"), CORP, {}),
        # Nobody can correct the name of who has left.
        (a_user("ja ne", name="", active=False), CORP, {"USR607": "“ja·ne”."}),
    ],
)
def test_each_user_is_judged_by_every_rule(
    user: NgrokUser, domains: frozenset[str], found: dict[str, str]
) -> None:
    assert {item.code: item.evidence for item in audited([user], domains)} == found


def a_pair(
    first: str, second: str, *, ids: tuple[str, str] = ("usr_1", "usr_2")
) -> list[NgrokUser]:
    return [a_user(name, identifier=one) for name, one in zip((first, second), ids, strict=True)]


@each_case(
    ("first", "second"),
    [
        (ADDRESS, ADDRESS),
        (ADDRESS, "Jane@Corp.example"),
        (ADDRESS, " jane@corp.example"),
        (ADDRESS, "jane\u00ad@corp.example"),
        ("j\u00fcrgen@corp.example", "JU\u0308RGEN@corp.example"),
        ("jane", "JANE"),
    ],
)
def test_names_that_look_the_same_are_found_in_either_order(first: str, second: str) -> None:
    for users in (a_pair(first, second), a_pair(second, first)):
        assert "USR605" in {item.code for item in audited(users)}


def test_both_are_named_as_they_are_written() -> None:
    users = [*a_pair("Jane@corp.example", "jane@corp.example"), a_user("JANE@corp.example")]
    users[2] = a_user("JANE@corp.example", identifier="usr_3")
    [found] = audited(users)
    assert found.evidence == (
        "2 users: “Jane@corp.example” with the id “usr_1” and “jane@corp.example” with the id "
        "“usr_2”; “Jane@corp.example” with the id “usr_1” and “JANE@corp.example” with the id "
        "“usr_3”."
    )
    assert "`ngrok-scim users trace EMAIL` with either name." in found.fix
    [found] = audited(users[:2])
    assert "`ngrok-scim users trace jane@corp.example`." in found.fix


@each_case(
    "users",
    [
        a_pair(ADDRESS, "janet@corp.example"),
        # The same user again, as on pages that overlap.
        a_pair(ADDRESS, ADDRESS, ids=("usr_1", "usr_1")),
        a_pair(ADDRESS, "Jane@corp.example", ids=("usr_1", "usr_1")),
        a_pair(ADDRESS, ADDRESS, ids=("", "")),
        # Nothing that could look the same.
        a_pair("", ""),
        a_pair("\u200b", " "),
        # Who has left does not count: to unassign the other one is what the fix asks for.
        [a_user(), a_user(identifier="usr_2", active=False)],
        # No address is as long as this, and nobody keeps it.
        a_pair("a" * 1001, "a" * 1001),
    ],
)
def test_similar_user_names_are_not_duplicates(users: list[NgrokUser]) -> None:
    for order in (users, users[::-1]):
        assert "USR605" not in {item.code for item in audited(order)}


def test_users_without_an_id_are_distinguished_by_their_names() -> None:
    users = a_pair(ADDRESS, "Jane@corp.example", ids=("", ""))
    assert [item.code for item in audited(users)] == ["USR605"]


def test_many_are_counted_and_the_first_five_are_named() -> None:
    users = [a_user(f"user{number}", identifier=f"usr_{number}") for number in range(1200)]
    [found] = audited(users)
    assert found.evidence == (
        "1,200 users: “user0”; “user1”; “user2”; “user3”; “user4”; and 1,195 more."
    )


def test_the_findings_stand_in_the_order_of_their_codes() -> None:
    users = [
        a_user(active=False),
        a_user(name=""),
        a_user("Jane@other.example"),
        a_user("jane@other.example", identifier="usr_2"),
        a_user("jane doe"),
    ]
    codes = [item.code for item in audited(users, CORP)]
    assert codes == ["USR603", "USR604", "USR605", "USR606", "USR608", "USR607"]


def test_all_users_and_active_users_are_counted() -> None:
    audit = UserAudit()
    for active in (True, False, None, True):
        audit.add(a_user(active=active))
    assert (audit.total, audit.active) == (4, 3)


@pytest.mark.parametrize(
    ("locked_out", "evidence"),
    [
        ((), ["2 users: “jane”; “joe”."]),
        (("usr_1",), ["“joe”."]),
        (("usr_1", "usr_2"), []),
    ],
)
def test_who_should_not_be_deactivated_is_not_among_those_who_left(
    locked_out: tuple[str, ...], evidence: list[str]
) -> None:
    audit = UserAudit()
    for user in a_pair("jane", "joe"):
        audit.add(user._replace(active=False))
    assert [item.evidence for item in audit.findings(locked_out=locked_out)] == evidence


TEXTS = st.text(st.characters(codec=None), max_size=40) | st.text(
    "aB@. \u200b\u0130\u00fc", max_size=12
)
NAMES = TEXTS | st.sampled_from([ADDRESS, "Jane@corp.example", "joe@other.example", "a" * 9000])
USERS = st.builds(
    NgrokUser,
    st.text(max_size=3),
    NAMES,
    TEXTS | st.just("Jane"),
    st.sampled_from([True, True, False, None]),
    st.lists(NAMES, max_size=2).map(tuple),
)


def test_a_missing_user_name_is_the_fault_of_the_server() -> None:
    """No format of names in Okta mends it."""
    [found] = audited([a_user("")], CORP)
    assert (found.code, found.title) == ("USR603", "A user has no user name")
    assert "SCIM server" in found.fix


@given(st.lists(USERS, max_size=5), st.sampled_from([NONE, CORP]))
def test_any_users_can_be_audited(users: list[NgrokUser], domains: frozenset[str]) -> None:
    found = audited(users, domains)
    codes = {item.code for item in found}
    assert len({(item.code, item.title) for item in found}) == len(found)
    assert codes <= CATALOGUE.keys()
    assert all(len(item.evidence) < 7000 for item in found)
    assert "USR606" not in codes or domains


@given(st.lists(USERS, max_size=4, unique_by=lambda user: user.id))
def test_the_order_of_the_users_changes_no_code(users: list[NgrokUser]) -> None:
    codes = {
        tuple(item.code for item in audited(list(order), CORP))
        for order in itertools.permutations(users)
    }
    assert len(codes) == 1


USUAL_OR_NEARLY = st.builds(
    NgrokUser,
    st.just("usr_1"),
    st.from_regex(r"[A-Za-z0-9._+'-]{1,9}@(corp\.example|[a-z.-]{1,9})", fullmatch=True) | NAMES,
    st.text(min_size=1, max_size=3) | TEXTS,
    st.sampled_from([True, None]),
    st.lists(NAMES, max_size=1).map(tuple),
)


@given(USUAL_OR_NEARLY, st.sampled_from([NONE, CORP, frozenset({"corp", "-"})]))
def test_the_rules_find_nothing_in_those_about_whom_they_are_not_asked(
    user: NgrokUser, domains: frozenset[str]
) -> None:
    asked = Aggregate(user_rules)
    asked.add(SeenUser(user, domain_of(user.user_name), domains))
    assert audited([user], domains) == asked.findings()


def test_usual_user_names_skip_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ngrok_scim_cli.diagnosis.people.user_rules.domain_of", None)
    for name in (ADDRESS, "Joe.Doe-Smith@corp.example", "o'neil+1@corp.example"):
        assert audited([a_user(name)], CORP) == ()
    assert audited([a_user("jane@mail.big-corp.co.uk")]) == ()
    with pytest.raises(TypeError):
        audited([a_user("jane@other.example")], CORP)
