from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.values.base_url import (
    Parts,
    read_base_url,
    read_path,
    split,
)
from ngrok_scim_cli.hosts import Trust
from tests.support.cases import each_case

GUIDE = "https://api.ngrok.com/scim/v2/"
NOBODY = Trust()


@each_case(
    ("letters", "parts"),
    [
        (GUIDE, Parts("https://", "", "api.ngrok.com", "", "/scim/v2/", "", "")),
        ("api.ngrok.com", Parts("", "", "api.ngrok.com", "", "", "", "")),
        ("https:\\\\h\\p", Parts("https:\\\\", "", "h", "", "\\p", "", "")),
        ("https://https://h/", Parts("https://https://", "", "h", "", "/", "", "")),
        ("//h/p", Parts("//", "", "h", "", "/p", "", "")),
        ("localhost:80/p", Parts("", "", "localhost", ":80", "/p", "", "")),
        ("http://[::1]:80/", Parts("http://", "", "[::1]", ":80", "/", "", "")),
        ("http://[::1]/", Parts("http://", "", "[::1]", "", "/", "", "")),
        ("http://[::1]x/", Parts("http://", "", "[", "::1]x", "/", "", "")),
        ("https://u:p@h:1/p?q#f", Parts("https://", "u:p@", "h", ":1", "/p", "?q", "#f")),
        ("https://h?", Parts("https://", "", "h", "", "", "?", "")),
        ("https%3A%2F%2Fh%2Fp", Parts("https%3A%2F%2F", "", "h", "", "%2Fp", "", "")),
    ],
)
def test_a_url_is_split(letters: str, parts: Parts) -> None:
    assert split(letters) == parts


@given(st.one_of(st.text(), st.from_regex(r"[htps:/\\@?#%2F.\[\]a1]{0,30}")))
def test_the_parts_of_a_url_join_to_the_same_text(text: str) -> None:
    assert str(split(text)) == text


@each_case(
    ("typed", "letters"),
    [
        ("https://h/", "https://h/"),
        (' \u200b"<https://h/>" ,', "https://h/"),
        ("[https://x](https://h/)", "https://h/"),
        ("<https://h/|h>", "https://h/"),
        ("Base URL: `https://h/`", "https://h/"),
        ("export NGROK_SCIM_BASE_URL='https://h/'", "https://h/"),
        ("**https://h/**", "https://h/"),
        ("_https://h/_", "https://h/"),
        ("• https://h/.", "https://h/"),
        ("https://h.", "https://h."),
        ("https://h/(a)", "https://h/(a)"),
        ("[::1]:80/p", "[::1]:80/p"),
        ("ht tps://h\n/", "https://h/"),
        ("[]()", "]()"),
        ("", ""),
    ],
)
def test_what_stands_around_a_url_is_taken_off(typed: str, letters: str) -> None:
    assert read_base_url(typed, NOBODY).value == letters


KEY = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_6abcdefghijklmnopqrst"


@each_case(
    ("typed", "may_be_shown"),
    [
        ("https://h/p", True),
        ("https://h/Users?startIndex=1&count=2", True),
        ("https://h/?token=x", False),
        ("https://h/?filter=x", False),
        ("https://h/#x", False),
        ("https://u@h/", False),
        (f"https://h/{KEY}", False),
        (KEY[:30] + " " + KEY[30:], False),
    ],
)
def test_a_url_that_may_hold_a_credential_is_not_shown(typed: str, may_be_shown: bool) -> None:
    assert (read_base_url(typed, NOBODY).shown == typed) is may_be_shown


@each_case(
    ("typed", "is_a_url"),
    [
        ("https://h/", True),
        ("scim.other.com", True),
        ("scim.other.com/p:q", True),
        ("localhost", True),
        ("https://ngrok/", True),
        ("ngrok", False),
        ("", False),
        ("https://", False),
        ("see example.com for more", False),
        ("me@corp.com", False),
        ("mailto:me@corp.com", False),
        (KEY, False),
        (f"Bearer {KEY}", False),
        (KEY[:27], False),
        (f"ak_{KEY[:27]}", False),
        ("https://h/" + "a" * 9000, False),
    ],
)
def test_what_is_no_url_is_reported(typed: str, is_a_url: bool) -> None:
    assert (not read_base_url(typed, NOBODY).why_no_url) is is_a_url


@each_case(
    ("path", "read"),
    [
        ("", ("", "")),
        ("/scim/v2/", ("/scim/v2/", "")),
        ("/scim//v2/", ("/scim/v2/", "")),
        ("/scim/v2/Users", ("/scim/v2/", "/Users")),
        ("/scim/v2/users/", ("/scim/v2/", "/users")),
        ("/scim/v2/Users/2819c223", ("/scim/v2/", "/Users")),
        ("/scim/v2//Groups", ("/scim/v2/", "/Groups")),
        ("/ServiceProviderConfig", ("/", "/ServiceProviderConfig")),
        ("/Usership", ("/Usership", "")),
    ],
)
def test_a_path_is_taken_apart(path: str, read: tuple[str, str]) -> None:
    assert read_path(path) == read
