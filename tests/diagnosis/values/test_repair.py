from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.finding import Severity
from ngrok_scim_cli.diagnosis.values.validate import Repaired, repair
from ngrok_scim_cli.form import (
    DEFAULT_ACTIONS,
    IMPORT_GROUPS,
    IMPORT_USERS,
    PROVISIONING_ACTIONS,
    PUSH_GROUPS,
    PUSH_NEW_USERS,
    PUSH_PROFILE_UPDATES,
    Field,
    Form,
)
from ngrok_scim_cli.hosts import Trust
from tests.support.cases import each_case
from tests.support.values import examine, repaired

GUIDE = "https://api.ngrok.com/scim/v2/"
ID = "32ELEgPmoXjxGJ3MXfoPBbZKrfD"
KEY = f"{ID}_6abcdefghijklmnopqrst"
TRUST = Trust(frozenset({"scim.corp.com"}))
IMITATION = "xn--" + "\u0430pi".encode("punycode").decode() + ".ngrok.com"


def must_repair(form: Form) -> Repaired:
    done = repaired(form, TRUST)
    assert done is not None
    return done


@each_case(
    ("base_url", "changes"),
    [
        (GUIDE[:-1], ["add / at the end"]),
        (f" {GUIDE}", ["remove U+0020 SPACE at the start"]),
        (f"{GUIDE} ", ["remove U+0020 SPACE at the end"]),
        (f"{GUIDE}%20", ["remove U+0020 SPACE, written as %20 at the end"]),
        ("https://api.ngrok.com/ scim/v2/", ["remove U+0020 SPACE inside it"]),
        (f"{GUIDE}\0", ["remove U+0000 NULL inside it"]),
        (f"{GUIDE}\u200b", ["remove U+200B ZERO WIDTH SPACE"]),
        (
            "https://\u0430pi.ngrok.com/scim/v2/",
            ["replace U+0430 CYRILLIC SMALL LETTER A with a"],
        ),
        (f"https://{IMITATION}/scim/v2/", ["write the host in ASCII letters"]),
        ("http://api.ngrok.com/scim/v2/", ["replace http:// with https://"]),
        ("api.ngrok.com/scim/v2/", ["add https:// at the start"]),
        ("htps://api.ngrok.com/scim/v2/", ["replace the start with https://"]),
        ("https://dashboard.ngrok.com/scim/v2/", ["change the host to api.ngrok.com"]),
        ("https://api.ngrok.com", ["add /scim/v2/ at the end"]),
        ("https://api.ngrok.com/scim/v1/", ["change the path to /scim/v2/"]),
        (f"{GUIDE}Users?startIndex=1&count=2", ["remove Users from the end"]),
        (f"{GUIDE}?startIndex=1&count=2", ["remove Okta's query"]),
        (f"{GUIDE}?a=b#c", ["remove the query and the fragment"]),
        ("https://u:p@api.ngrok.com/scim/v2/", ["remove the user info"]),
        (
            "https://api.ngrok.com@evil.com/scim/v2/",
            ["remove the user info", "change the host to api.ngrok.com"],
        ),
        ("https://api.ngrok.com//scim/v2/", ["replace the double slash with one slash"]),
        (f'"{GUIDE}"', ["remove quotation marks around it"]),
        (f"[ngrok]({GUIDE})", ["remove brackets and other text around it"]),
        ("https://api.ngrok.com/scim_v2/", ["replace the underscore with a slash"]),
        ("https://api_ngrok.com/scim/v2/", ["replace the underscore with a dot"]),
        ("https://api.ngrok.com:8443/scim/v2/", ["remove the port"]),
        ("https://api.ngrok.com/SCIM/V2/", ["change the path to lower case"]),
        (f"200~{GUIDE}201~", ["remove paste marks around it"]),
        ("https://{your-domain}/scim/v2", [f"enter {GUIDE}"]),
        ("https://example.com/scim/v2/", [f"enter {GUIDE}"]),
        ("<BASE_URL>", [f"enter {GUIDE}"]),
        ("", [f"enter {GUIDE}"]),
        ("me@corp.com", [f"enter {GUIDE}"]),
        (
            '" http://dashboard.ngrok.com:80//SCIM/v1/Users"\u200b',
            [
                "remove quotation marks around it",
                "remove U+200B ZERO WIDTH SPACE",
                "remove U+0020 SPACE at the start",
                "replace http:// with https://",
                "change the host to api.ngrok.com",
                "remove the port",
                "replace the double slash with one slash",
                "remove Users from the end",
                "change the path to lower case",
                "change the path to /scim/v2/",
            ],
        ),
        (
            "https://x.outlook.com/?url=https%3A%2F%2Fapi.ngrok.com%2Fscim%2Fv2%2F&data=05",
            ["change the host to api.ngrok.com"],
        ),
        (
            "https://api.ngrok.com/a_b/Users?x=y",
            ["remove the query", "remove Users from the end", "change the path to /scim/v2/"],
        ),
    ],
)
def test_ngroks_url_comes_out_of_single_changes(base_url: str, changes: list[str]) -> None:
    done = must_repair(Form(base_url, KEY))
    assert done.values.form == Form(GUIDE, KEY)
    assert [change.change for change in done.changes] == changes
    assert {change.field for change in done.changes} == {Field.BASE_URL}


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        ("http://127.0.0.1:8080/any ", "http://127.0.0.1:8080/any"),
        ("localhost:8080/any", "http://localhost:8080/any"),
        ("https:/localhost:8080/any", "https://localhost:8080/any"),
        ("http://scim.corp.com/any", "https://scim.corp.com/any"),
        ("https://other.com/any\n", "https://other.com/any"),
        ("https://other.com/any/Users?startIndex=1&count=2", "https://other.com/any/"),
        ("http://127.0.0.1:8080/Users?startIndex=1&count=2", "http://127.0.0.1:8080/"),
    ],
)
def test_the_url_of_another_host_keeps_what_is_its_own(base_url: str, expected: str) -> None:
    assert must_repair(Form(base_url, KEY)).values.form.base_url == expected


@pytest.mark.parametrize(
    "base_url",
    ["https://my_host.other.com/ ", "https://h.example:x/", "https://corp-admin.okta.com/app#tab"],
)
def test_a_url_out_of_which_nothing_usable_comes_is_left(base_url: str) -> None:
    form = Form(base_url, KEY)
    assert repaired(form) is None


def test_a_url_that_cannot_be_repaired_is_shown_without_its_password() -> None:
    done = must_repair(Form("https://me:password@h.example:99999/scim/v2/?token=secret", f"{KEY} "))
    assert done.shown.form == Form("https://…@h.example:99999/scim/v2/?…", KEY)


@pytest.mark.parametrize("base_url", [GUIDE, "http://127.0.0.1:80/scim/v2/"])
def test_a_base_url_that_was_repaired_is_shown_as_it_is(base_url: str) -> None:
    done = must_repair(Form(f" {base_url}\n", KEY))
    assert done.shown.form == done.values.form


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        ("http://127.0.0.1:80/", "http://127.0.0.1:80/scim/v2/"),
        ("http://127.0.0.1:80//scim/V2/Users", "http://127.0.0.1:80/scim/v2/"),
        ("https://scim.corp.com", "https://scim.corp.com/scim/v2/"),
    ],
)
def test_what_is_only_suspected_is_repaired_too(base_url: str, expected: str) -> None:
    form = Form(base_url, KEY)
    done = repaired(form, TRUST, suspected=True)
    assert done is not None
    assert done.values.form.base_url == expected


@each_case(
    ("typed", "changes"),
    [
        (f" {KEY}", ["remove U+0020 SPACE at the start"]),
        (f"{KEY}\n", ["remove U+000A LINE FEED at the end"]),
        (f"{KEY[:20]}\n{KEY[20:]}", ["remove U+000A LINE FEED inside it"]),
        (f"1  {KEY[:28]}\n2  {KEY[28:]}", ["remove the line numbers and join the lines"]),
        (f"{KEY[:46]}\n{KEY[46:]}", ["remove U+000A LINE FEED inside it"]),
        (
            f"{KEY[:30]}=\r\n{KEY[30:]}",
            ["remove U+000D CARRIAGE RETURN, U+000A LINE FEED inside it"],
        ),
        (f"{KEY[:30]}-\n{KEY[30:]}", ["remove U+000A LINE FEED inside it"]),
        (f"{KEY[:30]}\\\n{KEY[30:]}", ["remove U+000A LINE FEED inside it"]),
        (f"{ID}\u2017{KEY[28:]}", ["replace U+2017 DOUBLE LOW LINE with _"]),
        (
            f"token%3D{KEY}",
            ["remove Token from the front", "remove other text around it"],
        ),
        (
            f"{ID}–{KEY[28:]}",
            ["replace U+2013 EN DASH with -", "add _ between its two halves"],
        ),
        (f"ngrok SCIM\n{KEY}", ["remove other text around it"]),
        (
            f"agent:\n  authtoken: {ID[:26]}X_{KEY[28:]}\n  api_key: {KEY}\n",
            ["remove other text around it", "remove U+000A LINE FEED at the end"],
        ),
        (f"{KEY} # scim", ["remove other text around it"]),
        (f"{KEY}{KEY}", ["remove other text around it"]),
        (f"https://%20{KEY}", ["remove other text around it"]),
        (f"scim%20{KEY}%20x", ["remove other text around it"]),
        (
            f"Bearer {KEY}' https://api.ngrok.com/",
            ["remove Bearer from the front", "remove other text around it"],
        ),
        (f"{ID}\\_{KEY[28:]}", ["add _ between its two halves"]),
        (f"{ID}\\u005f{KEY[28:]}", ["add _ between its two halves"]),
        (f"{ID}{KEY[28:]}", ["add _ between its two halves"]),
        (
            f"{ID} {KEY[28:]}",
            ["remove U+0020 SPACE inside it", "add _ between its two halves"],
        ),
        (f"> {KEY}", ["remove a mark of citation around it", "remove U+0020 SPACE at the start"]),
        (f"00~{KEY}01~", ["remove paste marks around it"]),
        (f"\x1b[200~{KEY}\x1b[201~", ["remove paste marks around it"]),
        (b64encode(KEY.encode()).decode(), ["decode it from base64"]),
        (
            b64encode(f"scim:{KEY}\n".encode()).decode() + "\n",
            ["remove U+000A LINE FEED at the end", "decode it from base64"],
        ),
        (f"{KEY}\u00a0", ["remove U+00A0 NO-BREAK SPACE"]),
        (f"Bearer {KEY}", ["remove Bearer from the front"]),
        (f"authorization: bearer {KEY}", ["remove Authorization: Bearer from the front"]),
        (f'"{KEY}"', ["remove quotation marks around it"]),
        (f"<'{KEY}'>", ["remove brackets and quotation marks around it"]),
        (
            f"NGROK_API_KEY={KEY}\n",
            [
                "remove the name of the variable from the front",
                "remove U+000A LINE FEED at the end",
            ],
        ),
        (KEY.replace("E", "\u0415"), ["replace U+0415 CYRILLIC CAPITAL LETTER IE with E"]),
        (
            KEY.replace("E", "\uff25").replace("_", "\uff3f"),
            [
                (
                    "replace U+FF25 FULLWIDTH LATIN CAPITAL LETTER E with E, "
                    "U+FF3F FULLWIDTH LOW LINE with _"
                )
            ],
        ),
        ("\0".join(KEY), ["remove U+0000 NULL"]),
        (f"\u00ef\u00bb\u00bf{KEY}", ["remove other text around it"]),
        (f"\udce9{KEY}", ["remove byte 0xE9, LATIN SMALL LETTER E WITH ACUTE in Latin-1"]),
    ],
)
def test_the_key_comes_out_of_single_changes(typed: str, changes: list[str]) -> None:
    done = must_repair(Form(authorization=typed))
    assert done.values.form == Form(authorization=KEY)
    assert [change.change for change in done.changes] == changes
    assert KEY[28:] not in repr(done)


@each_case(
    "typed",
    [
        "",
        " ",
        "Bearer ",
        f"ak_{ID}",
        f"NGROK_AUTHTOKEN={KEY}",
        f'"ak_{ID}"\n',
        f" cr_{ID}",
        f"{ID}_*****",
        f" {ID}",
        "<API_KEY>",
        "Bearer $NGROK_API_KEY",
        "NGROK_API_KEY=",
        "NGROK_API_KEY=<your key>",
        "abc def",
        "ngrok_pat_3Ab4Cd5Ef6Gh7Ij8Kl9Mn0Op1Qr2St3Uv",
        "00aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789-_ab",
        KEY[:20],
        f"{KEY} {KEY[:-1]}x",
        f"{KEY[:30]}\u2013{KEY[30:]}",
        f"{KEY}中",
        f"{KEY}{' ' * 9000}",
    ],
)
def test_no_key_is_made_up(typed: str) -> None:
    form = Form(authorization=typed)
    assert examine(form)
    assert repaired(form) is None


def test_a_hopeless_key_does_not_keep_the_url_from_being_repaired() -> None:
    done = must_repair(Form(f" {GUIDE}", " <API_KEY>"))
    assert done.values.form == Form(GUIDE, " <API_KEY>")
    assert [change.code for change in done.changes] == ["URL101"]


def test_swapped_fields_are_swapped_back() -> None:
    done = must_repair(Form(f" {KEY}\n", GUIDE))
    assert done.values.form == Form(GUIDE, KEY)
    assert [(change.field, change.code) for change in done.changes] == [
        (Field.AUTHORIZATION, "KEY210"),
        (Field.BASE_URL, "URL118"),
    ]
    assert KEY[28:] not in repr(done)


def test_an_id_in_the_field_of_the_url_is_no_key_to_be_moved() -> None:
    assert must_repair(Form(f"ak_{ID}", "short")).values.form == Form(GUIDE, "short")


@each_case(
    ("form", "change"),
    [
        (Form(GUIDE, KEY, "userName"), "enter email"),
        (Form(GUIDE, KEY, " Email"), "enter email"),
        (Form(GUIDE, KEY, auth_mode="Basic Auth"), "choose HTTP Header"),
        (Form(GUIDE, KEY, actions=(PUSH_PROFILE_UPDATES,)), "turn on Push New Users"),
        (Form(GUIDE, KEY, actions=(PUSH_NEW_USERS,)), "turn on Push Profile Updates"),
        (
            Form(GUIDE, KEY, actions=(*DEFAULT_ACTIONS, IMPORT_GROUPS)),
            "turn off Import Groups",
        ),
        (
            Form(GUIDE, KEY, actions=(*DEFAULT_ACTIONS, PUSH_GROUPS, IMPORT_GROUPS)),
            "turn off Push Groups and Import Groups",
        ),
        (
            Form(GUIDE, KEY, actions=(*DEFAULT_ACTIONS, IMPORT_USERS)),
            "turn off Import New Users and Profile Updates",
        ),
        (
            Form(GUIDE, KEY, actions=("push new users", PUSH_PROFILE_UPDATES)),
            "use Push New Users",
        ),
        (
            Form(GUIDE, KEY, actions=(*DEFAULT_ACTIONS, "Deactivate Everybody")),
            "leave out what Okta's form does not have",
        ),
    ],
)
def test_the_other_fields_are_repaired(form: Form, change: str) -> None:
    done = must_repair(form)
    assert done.values.form == Form(GUIDE, KEY)
    assert [each.change for each in done.changes] == [change]


def test_nothing_is_repaired_where_nothing_is_wrong() -> None:
    assert repaired(Form(authorization=KEY)) is None


WORDS = (
    'https:// http:// api.ngrok.com /scim/v2/ /Users " < > [ ]( ) %20 %2F // _ ?startIndex=1 # @ . '
    ":8443 :x \\ \\n … * $ { } , ak_ NGROK_API_KEY= 127.0.0.1 scim.corp.com SCIM"
)
PIECES = st.sampled_from(
    [*WORDS.split(), " ", "\n", "\u200b", "\ufeff", "\u0430", "\udca0", "\0", KEY, ID, IMITATION]
)
MESSY = st.lists(st.one_of(PIECES, st.text(st.characters(codec=None), max_size=3)), max_size=9).map(
    "".join
)
FORMS = st.builds(
    Form,
    MESSY,
    MESSY,
    st.sampled_from(["email", " Email", "userName"]),
    st.sampled_from(["HTTP Header", "OAuth2"]),
    st.lists(st.one_of(st.sampled_from(PROVISIONING_ACTIONS), MESSY), max_size=3).map(tuple),
)


@given(FORMS)
def test_a_repair_leaves_nothing_that_another_could_repair(form: Form) -> None:
    done = repaired(form, TRUST)
    if done is None:
        return
    errors = tuple(item for item in done.values.findings if item.severity is Severity.ERROR)
    assert repair(done.values, errors) is None
    # It begins with what was reported; a comma behind the host shows once the query is gone.
    reported = {item.code for item in examine(form, TRUST)}
    assert {change.code for change in done.changes} & reported
    assert len({(change.field, change.code) for change in done.changes}) == len(done.changes)
