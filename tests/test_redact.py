import base64
import json
import re
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ngrok_scim_cli import redact
from ngrok_scim_cli.redact import HIDDEN, Redactor
from tests.support.cases import each_case

ID = "32ELEgPmoXjxGJ3MXfoPBbZKrfD"
SECRET = "4aBcDeFgHiJkLmNoPqRsT"
KEY = f"{ID}_{SECRET}"


@pytest.fixture
def redactor() -> Redactor:
    knows_the_key = Redactor()
    knows_the_key.learn(KEY)
    return knows_the_key


FORMS = [
    KEY,
    f"Bearer {KEY}",
    KEY.lower(),
    quote(f"'{KEY}'"),
    json.dumps({"token": KEY}),
    base64.b64encode(KEY.encode()).decode(),
    base64.b64encode(f"Bearer {KEY}".encode()).decode(),
    base64.urlsafe_b64encode(f"xy{KEY}z".encode()).decode(),
    base64.b32encode(f"Bearer {KEY}".encode()).decode(),
    KEY.encode().hex(),
    KEY.encode().hex(" "),
    KEY[::-1],
    SECRET[::-1][3:14],
    SECRET[3:14],
    "\u200b".join(SECRET),
    "⟨U+200B⟩".join(SECRET),
    "-".join(SECRET),
    "\u00e9".join(SECRET),
    SECRET[3:14].lower(),
    "".join(f"%{ord(letter):02X}" for letter in SECRET),
    "".join(f"%25{ord(letter):02x}" for letter in SECRET),
    "".join(f"&#{ord(letter)};" for letter in SECRET),
    "".join(f"\\u{ord(letter):04x}" for letter in SECRET),
    "".join(chr(ord(letter) + 0xFEE0) for letter in SECRET),
    # Broken by escapes, which JSON or a log put there.
    "\\n".join(SECRET[at : at + 3] for at in range(0, 21, 3)),
    "\\t\\r".join(SECRET),
    "%5Cn".join(SECRET[at : at + 3] for at in range(0, 21, 3)),
    "&#92;n".join(SECRET[at : at + 5] for at in range(0, 21, 5)),
    "\\/".join(SECRET[at : at + 5] for at in range(0, 21, 5)),
    # As numbers.
    str(list(SECRET.encode())),
    f"[{' '.join(str(byte) for byte in SECRET.encode())}]",  # %v of Go
    ", ".join(hex(byte) for byte in SECRET.encode()),
    " ".join(f"{byte:03o}" for byte in SECRET.encode()),
    # Octal, padded, and with braces.
    "".join(f"\\{ord(letter):03o}" for letter in SECRET),
    "".join(f"\\0{ord(letter):03o}" for letter in SECRET),
    "".join(f"&#{ord(letter):08d};" for letter in SECRET),
    "".join(f"&#x{ord(letter):08x};" for letter in SECRET),
    "".join(f"\\u{{{ord(letter):x}}}" for letter in SECRET),
    "".join(f"\\U{ord(letter):08x}" for letter in SECRET),
    "".join(f"%u{ord(letter):04x}" for letter in SECRET),
    "".join(f"\\{ord(two[0]):03o}{two[1:]}" for two in re.findall("..?", SECRET)),
    # Escaped once more.
    "".join(f"\\\\u{ord(letter):04x}" for letter in SECRET),
    "".join(f"\\u005cu{ord(letter):04x}" for letter in SECRET),
    "".join(f"&amp;#{ord(letter)};" for letter in SECRET),
    "".join(f"&amp;amp;#{ord(letter)};" for letter in SECRET),
    "".join(f"%2525{ord(letter):02x}" for letter in SECRET),
    # Broken by markup, colours and the indexes of an object.
    "<wbr>".join(SECRET[at : at + 5] for at in range(0, 21, 5)),
    "".join(f'<span class="x">{letter}</span>' for letter in SECRET),
    "\x1b[1;31m".join(SECRET[at : at + 3] for at in range(0, 21, 3)),
    "⟨U+001B⟩[0m".join(SECRET[at : at + 3] for at in range(0, 21, 3)),
    "\\u001b[31m".join(SECRET[at : at + 3] for at in range(0, 21, 3)),
    json.dumps({str(number): letter for number, letter in enumerate(SECRET)}),
    json.dumps({str(number): letter for number, letter in enumerate(SECRET.encode())}, indent=4),
    json.dumps({str(at): letter for at, letter in enumerate(SECRET)}, separators=(" , ", " : ")),
    json.dumps(dict(enumerate(SECRET.encode())), separators=(",", ":")),
    str(dict(enumerate(SECRET))),
    str(list(enumerate(SECRET))),
    "\n".join(f"[{at}] => {letter}" for at, letter in enumerate(SECRET)),
    "\n".join(f"{at}: {letter}" for at, letter in enumerate(SECRET)),
    ", ".join(f'{at}=>"{letter}"' for at, letter in enumerate(SECRET)),
    "\r\n\r\n".join(f"\t{at} => {letter}" for at, letter in enumerate(SECRET)),
    f"0: {SECRET[:7]}\n1: {SECRET[7:14]}",
    " ".join(f"U+{ord(letter):04X}" for letter in SECRET),
    "\x1b[?25l".join(SECRET[at : at + 5] for at in range(0, 21, 5)),
    "\x1b[38:5:1m".join(SECRET[at : at + 5] for at in range(0, 21, 5)),
    "\x1b(B".join(SECRET[at : at + 5] for at in range(0, 21, 5)),
    "\x1b]8;;https://x.test\x1b\\".join(SECRET[at : at + 5] for at in range(0, 21, 5)),
    "\\u001b]8;;https://x.test\\u001b\\\\".join(SECRET[at : at + 5] for at in range(0, 21, 5)),
    "<!-- a -->".join(SECRET[at : at + 5] for at in range(0, 21, 5)),
    "<![CDATA[".join(SECRET[at : at + 5] for at in range(0, 21, 5)),
    # Broken by what cannot be seen, in an escape.
    "&#8203;".join(SECRET[at : at + 5] for at in range(0, 21, 5)),
    "&#x200B;".join(SECRET[at : at + 5] for at in range(0, 21, 5)),
    "&zwnj;".join(SECRET[at : at + 5] for at in range(0, 21, 5)),
    "&amp;shy;".join(SECRET[at : at + 5] for at in range(0, 21, 5)),
    "\\u200b".join(SECRET[at : at + 5] for at in range(0, 21, 5)),
    "\\u0000".join(SECRET[at : at + 5] for at in range(0, 21, 5)),
    "\\u{200B}".join(SECRET[at : at + 5] for at in range(0, 21, 5)),
    "\\U0000200B".join(SECRET[at : at + 5] for at in range(0, 21, 5)),
    "\\0".join(SECRET[at : at + 5] for at in range(0, 21, 5)),
    "%u200B".join(SECRET[at : at + 5] for at in range(0, 21, 5)),
    "".join(f"\\u{ord(letter) + 0xFEE0:04x}" for letter in SECRET),
    # Markup, an index, or a mark of what was cut off, that is escaped itself.
    "&lt;wbr&gt;".join(SECRET[at : at + 5] for at in range(0, 21, 5)),
    "\\u003cwbr\\u003e".join(SECRET[at : at + 5] for at in range(0, 21, 5)),
    "%3Cb%3E".join(SECRET[at : at + 5] for at in range(0, 21, 5)),
    "=1B[31m".join(SECRET[at : at + 5] for at in range(0, 21, 5)),
    json.dumps(json.dumps(json.dumps({str(at): letter for at, letter in enumerate(SECRET)}))),
    quote(json.dumps({str(at): letter for at, letter in enumerate(SECRET)})),
    # Numbers that are escaped, or whose base64 was folded.
    quote(str(list(SECRET.encode()))),
    "".join(f"\\u{ord(character):04x}" for character in SECRET.encode().hex(" ")),
    KEY.lower().encode().hex(),
    # Escaped four times.
    quote(quote(quote(quote("-".join(SECRET))))),
    # Few letters, with others between them.
    "-".join(SECRET[5:13]),
    "&#8203;".join(SECRET[5:13]),
    # Where more seems to be escaped than is.
    f"api_key={'&#8203;'.join(re.findall('..', SECRET[1:9]))}",  # =aB is no escape
    "%" + "".join(f"\\u{ord(letter):04x}" for letter in SECRET[1:13]),
    "%61 =" + "-".join(SECRET[at : at + 2] for at in range(1, 13, 2)),
    # In a tag, where markup ends with it.
    f"<{SECRET}>",
    f'<a href="https://x.test/{SECRET}">',
    # Folded before it was encoded.
    base64.b64encode(KEY.lower().encode()).decode(),
    base64.b64encode(f"x{KEY.upper()}".encode()).decode(),
    base64.b32encode(KEY.lower().encode()).decode(),
]


@pytest.mark.parametrize("text", FORMS)
def test_a_known_key_is_hidden_in_each_form(redactor: Redactor, text: str) -> None:
    redacted = redactor.redact(text)
    assert HIDDEN in redacted
    assert SECRET[5:13].lower() not in redacted.lower()


@pytest.mark.parametrize("around", ["a.name@corp.example", "0xff", f"{SECRET[:5]}…", "\\"])
def test_each_of_many_texts_is_redacted_as_if_it_were_alone(
    redactor: Redactor, around: str
) -> None:
    many = (*(around,) * (redact._MANY + 1), *FORMS, *(around,) * (2 * redact._MANY))

    assert redactor.clean(many) == tuple(map(redactor.redact, many))


def test_many_numbers_are_no_texts(redactor: Redactor) -> None:
    assert redactor.clean((*range(1000), SECRET)) == (*range(1000), HIDDEN)


def test_invisible_characters_in_a_password_do_not_matter() -> None:
    redactor = Redactor()
    redactor.learn("correct\u200bhorse\u200bbattery")
    assert redactor.redact("It is correcthorsebattery.") == f"It is {HIDDEN}."


def test_an_api_token_of_okta_is_hidden_wherever_it_was_typed() -> None:
    token = "00QCjAl4MlV-WPXM-ABCDEFGHIJKLMN0pqrstuvwxy"
    assert Redactor().redact(f"No such option: --{token}.") == f"No such option: --{HIDDEN}."
    for other in (token[:-1], f"{token}z", f"1{token}", "00u1a2b3c4d5e6f7g8h9", "0" * 64):
        assert Redactor().redact(other) == other


def test_the_number_of_no_character_hides_nothing(redactor: Redactor) -> None:
    text = "&#1114112; &#x110000; \\U00110000 &#1114111;"
    assert redactor.redact(text) == text


@pytest.mark.parametrize("kept", [5, 7, 11])
@pytest.mark.parametrize("between", ["", ".", "\\n"])
def test_a_key_that_was_cut_is_hidden(redactor: Redactor, kept: int, between: str) -> None:
    piece = between.join(SECRET[:kept])
    end = between.join(SECRET[-kept:])

    assert redactor.redact(f"It was {piece}…") == f"It was {HIDDEN}…"
    assert piece not in redactor.redact(f"{piece} … (123 characters left out) … {end}: no")
    assert end not in redactor.redact(f"{piece} … (123 characters left out) … {end}: no")
    assert redactor.redact(f"…{end}") == f"…{HIDDEN}"
    assert redactor.redact(f"… {end} x") == f"… {HIDDEN} x"
    assert redactor.redact("Three words before…") == "Three words before…"
    for cut in ("...", "****", "•••"):
        assert redactor.redact(f"{piece}{cut}{end}") == f"{HIDDEN}{cut}{HIDDEN}"


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        f"4%61{SECRET[2:]}",
        "-".join(SECRET[:12]),
        "<b>".join(re.findall("..", SECRET[:12])),
        "\\".join(SECRET[:12]),  # \\a is a letter here, and no bell
        "".join(f"\\u{ord(letter):04x}" for letter in SECRET),
        " ".join(map(str, SECRET.encode())),
    ],
)
def test_what_is_hidden_begins_and_ends_with_the_key(redactor: Redactor, text: str) -> None:
    assert redactor.redact(text) == HIDDEN
    assert redactor.redact(f"It was {text}, no.") == f"It was {HIDDEN}, no."


@each_case(
    ("encode", "bits", "shift"),
    [
        *((base64.b64encode, 6, shift) for shift in range(3)),
        *((base64.urlsafe_b64encode, 6, shift) for shift in range(3)),
        *((base64.b32encode, 5, shift) for shift in range(5)),
    ],
)
def test_of_an_encoded_key_only_the_letters_that_others_share_are_left(
    encode: Callable[[bytes], bytes], bits: int, shift: int
) -> None:
    redactor = Redactor()
    secret = f"~?>~?>{SECRET}>?~>?~"  # the two alphabets of base64 differ at both ends
    redactor.learn(secret)
    raw = b"z" * shift + secret.encode()
    text = encode(raw).decode()
    first, last = -(-8 * shift // bits), 8 * len(raw) // bits
    assert redactor.redact(text) == text[:first] + HIDDEN + text[last:]


@each_case("start", range(19))
def test_case_does_not_matter(start: int) -> None:
    secret = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[start : start + 8]
    redactor = Redactor()
    redactor.learn(secret)
    assert redactor.redact(secret.lower()) == HIDDEN


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("4a-Bc-De-Fg-Hi-Jk-Lm", "4aBcDeFgHiJkLm"),
        (r"one\none\two\three", r"o-n-e-\-n-o-n-e-\-t-w-o-\-t-h-r-e-e"),
        ("\u043f\u0430\u0440\u043e\u043b\u044c", r"\u043f\u0430\u0440\u043e\u043b\u044c"),
    ],
)
def test_a_secret_with_other_characters_is_hidden_whole(secret: str, text: str) -> None:
    redactor = Redactor()
    redactor.learn(secret)
    assert redactor.redact(text) == HIDDEN
    assert redactor.redact(f"xx{text}yy") == f"xx{HIDDEN}yy"


def test_a_piece_of_a_key_is_hidden_wherever_it_stands(redactor: Redactor) -> None:
    for before in range(20):
        for first in range(len(SECRET) - 7):
            text = " " * before + SECRET[first : first + 8]
            assert redactor.redact(text) == " " * before + HIDDEN


@pytest.mark.parametrize(
    "text", [f"It was {SECRET[:4]}…", f"… {SECRET[-4:]}: no", SECRET[-7:], SECRET[:7]]
)
def test_too_few_letters_of_a_key_are_left_alone(redactor: Redactor, text: str) -> None:
    assert redactor.redact(text) == text


@pytest.mark.parametrize(
    "secret",
    ["пароль-очень-секретный", "密码密码密码密码密码密码", "ключ ключ ключ", "ключключab12"],
)
def test_a_secret_of_other_letters_is_hidden_as_it_stands(secret: str) -> None:
    redactor = Redactor()
    redactor.learn(f" {secret}\n")

    redacted = redactor.redact(f"It was {secret}.")
    assert HIDDEN in redacted
    assert secret[4:8] not in redacted


def test_a_long_text_takes_little_memory(redactor: Redactor) -> None:
    text = "x" * 40_000
    tracemalloc.start()
    redactor.redact(text)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 50 * len(text)


def test_what_is_too_long_for_a_credential_takes_little_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(redact, "_LONGEST", 800)
    text = " ".join(map(str, range(2000)))
    redactor = Redactor()
    tracemalloc.start()
    redactor.learn(text)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 4_000_000
    assert text[500:600] not in redactor.redact(text)


def test_the_id_of_a_key_may_be_read(redactor: Redactor) -> None:
    redactor.learn(f"{ID[:9]}\u200b{ID[9:]}_{SECRET}")
    assert redactor.redact(f"ak_{ID} made today") == f"ak_{ID} made today"


@pytest.mark.parametrize(
    "typed",
    [
        f" {KEY}\n",
        f"Bearer {KEY}",
        f'-H "Authorization: Bearer {KEY}"',
        f"curl --header={KEY}",
        f'"{KEY}"',
        f"NGROK_API_KEY={KEY}",
        f"{KEY[:35]}\n{KEY[35:]}",
    ],
)
def test_dirt_around_and_inside_a_learned_key_does_not_matter(typed: str) -> None:
    redactor = Redactor()
    redactor.learn(typed)
    assert SECRET[:8] not in redactor.redact(f"seen: {SECRET}")
    assert SECRET[-8:] not in redactor.redact(f"seen: {SECRET}")


def test_the_words_of_a_pasted_header_stay_readable() -> None:
    redactor = Redactor()
    redactor.learn(f'-H "Authorization: Bearer {KEY}"')
    advice = f'Paste the key ak_{ID} into "Authorization".'
    assert redactor.redact(advice) == advice

    redactor.learn(f'curl https://api.ngrok.com/api_keys -H "Authorization: Bearer {KEY}"')
    assert redactor.redact('Paste it into "Authorization".') == 'Paste it into "Authorization".'
    assert SECRET not in redactor.redact(f"seen: {KEY}")


@each_case(
    ("text", "redacted"),
    [
        (
            "Your credential: 'notarealtoken'. Look",
            f"Your credential: {HIDDEN}. Look",
        ),
        ("Your key: `ab cd`.", f"Your key: {HIDDEN}."),
        ("Authorization Header: `Bearer x`.", f"Authorization Header: {HIDDEN}."),
        (f"an authtoken {KEY[::-1][:21] + 'Zz_' + SECRET} of nobody's", "_" + HIDDEN),
        ("Authorization: Bearer s3cretT0ken", f"Bearer {HIDDEN}"),
        ("SSWS 00QCjAl4MlV-WPXM", f"SSWS {HIDDEN}"),
    ],
)
def test_what_looks_like_a_credential_is_hidden_without_being_known(
    text: str, redacted: str
) -> None:
    assert redacted in Redactor().redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "requires that you use Basic or Bearer authentication via the header",
        "Your credential: [redacted].” Operation ID: op_2RfSBcv0nsy71XCHWOegjx1OoKh",
        "https://api.ngrok.com/scim/v2/",
        "Paste the key alone, without Bearer",
        "an error of ERR_NGROK_203 and U+00A0 NO-BREAK SPACE",
    ],
)
def test_prose_stays_as_it_is(text: str) -> None:
    assert Redactor().redact(text) == text


@each_case(
    "placeholder",
    ["", "  ", "<API_KEY>", "$NGROK_API_KEY", "https://api.ngrok.com/scim/v2/", "Bearer", "email"],
)
def test_what_is_no_secret_hides_nothing(placeholder: str) -> None:
    redactor = Redactor()
    redactor.learn(placeholder)
    text = "Set NGROK_API_KEY and https://api.ngrok.com/scim/v2/ with email and Bearer."
    assert redactor.redact(text) == text


def test_a_forgotten_secret_is_no_secret(redactor: Redactor) -> None:
    assert redactor.redact(SECRET) == HIDDEN
    redactor.forget()
    assert redactor.redact(SECRET) == SECRET
    redactor.learn("another secret, learned later")
    for text in ("-".join(SECRET), f"{SECRET[:7]}…"):
        assert redactor.redact(text) == text
    redactor.learn(KEY)
    assert redactor.redact(SECRET) == HIDDEN


class Named(NamedTuple):
    text: str


def test_a_text_is_redacted_anew_once_a_secret_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    redactor, text = Redactor(), f"refused: {SECRET}"
    written_forms, cut = redact._written_forms, redact._cut

    def forms_while_another_thread_prints(core: str) -> list[str]:
        redactor.redact(text)
        return list(written_forms(core))

    def cut_while_another_thread_learns(text: str, spans: list[tuple[int, int]]) -> str:
        redactor.learn("another-secret-0123456789")
        return cut(text, spans)

    monkeypatch.setattr(redact, "_written_forms", forms_while_another_thread_prints)
    redactor.learn(SECRET)
    assert SECRET not in redactor.redact(text)

    monkeypatch.setattr(redact, "_cut", cut_while_another_thread_learns)
    other = "refused: another-secret-0123456789"
    redactor.redact(other)
    assert HIDDEN in redactor.redact(other)


def test_records_are_cleaned_at_any_depth(redactor: Redactor) -> None:
    @dataclass(frozen=True)
    class Record:
        texts: tuple[str, ...]
        by_name: dict[str, list[object]]
        named: Named
        number: int = 3

    cleaned = redactor.clean(Record((SECRET,), {SECRET: [f"a {SECRET} b", 3]}, Named(SECRET)))
    assert cleaned == Record((HIDDEN,), {HIDDEN: [f"a {HIDDEN} b", 3]}, Named(HIDDEN))
    assert redactor.clean((1, "a", SECRET, Record)) == (1, "a", HIDDEN, Record)
    assert cleaned.named.text == HIDDEN


@given(
    st.text(alphabet=st.characters(codec="ascii", categories=["L", "N"]), min_size=12, max_size=60)
)
def test_no_learned_text_survives(secret: str) -> None:
    assume(secret.lower() not in redact._PUBLIC)
    redactor = Redactor()
    redactor.learn(secret)
    assert secret not in redactor.redact(f"before {secret} after")


@given(st.text(), st.text())
def test_any_text_can_be_redacted(secret: str, text: str) -> None:
    redactor = Redactor()
    redactor.learn(secret)
    redacted = redactor.redact(text)
    assert isinstance(redacted, str)
