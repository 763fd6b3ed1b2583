from base64 import b64encode

from hypothesis import given
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.finding import Severity
from ngrok_scim_cli.form import Form
from tests.support.cases import each_case
from tests.support.values import examine

ID = "32ELEgPmoXjxGJ3MXfoPBbZKrfD"
KEY = f"{ID}_6abcdefghijklmnopqrst"
ACCESS_TOKEN = "ngrok_pat_3Ab4Cd5Ef6Gh7Ij8Kl9Mn0Op1Qr2St3Uv"
OKTA_TOKEN = "00aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789-_ab"
OTHER = f"{ID[:26]}X_{KEY[28:]}"
NGROK_YML = f'version: "3"\nagent:\n    authtoken: {OTHER}\n    api_key: {KEY}\ntunnels: {{}}\n'
OLD = "1abcdefghijklmnopqr_2abcdefghijklmnopqrst"


def encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


def evidence(typed: str, code: str) -> str:
    return next(item.evidence for item in examine(Form(authorization=typed)) if item.code == code)


@each_case(
    ("typed", "expected"),
    [
        (KEY, ""),
        (OLD, ""),
        (f" {KEY}", "KEY201"),
        (f"\r\n{KEY}", "KEY201"),
        (f"{KEY} ", "KEY202"),
        (f"{KEY}\n", "KEY202"),
        (f"{KEY}\\n", "KEY202"),
        (f"{KEY}%0A", "KEY202"),
        (f"\t{KEY}\t", "KEY201 KEY202"),
        (f"{KEY[:20]}\n{KEY[20:]}", "KEY203"),
        (f"{KEY[:20]} \r\n  {KEY[20:]}", "KEY203"),
        (f"{KEY[:20]}\\\n{KEY[20:]}", "KEY203"),
        (f"{KEY[:25]}\n\n\f{KEY[25:]}", "KEY203"),
        (f"{ID} {KEY[28:]}", "KEY203"),
        (f"\u00a0{KEY}", "KEY204"),
        (f"{KEY}\u200b", "KEY204"),
        (f"{KEY[:9]}\u00ad{KEY[9:]}", "KEY204"),
        (f"\ufeff{KEY}", "KEY204"),
        (f"{KEY}\udca0", "KEY204"),
        (f"{KEY}\u200b \u00a0", "KEY204 KEY202"),
        (f"Bearer {KEY}", "KEY205"),
        (f"bearer:{KEY}", "KEY205"),
        (f"Bearer+{KEY}", "KEY205"),
        (f"Authorization:Bearer {KEY}\r\nAccept: application/json", "KEY205 KEY206"),
        (f"token%3D{KEY}", "KEY205 KEY206"),
        (f"BEARER \t {KEY}", "KEY205"),
        (f"Bearer{KEY}", "KEY205"),
        (f"Authorization: Bearer {KEY}", "KEY205"),
        (f"Basic {KEY}", "KEY205"),
        (f"Token {KEY}", "KEY205"),
        (f"Bearer\u00a0{KEY}", "KEY205 KEY204"),
        (f" Bearer {KEY}\n", "KEY205 KEY201 KEY202"),
        ("Bearer short1", "KEY205 KEY210"),
        ("Bearer", "KEY209 KEY205"),
        (f'"{KEY}"', "KEY206"),
        (f"'{KEY}'", "KEY206"),
        (f"`{KEY}`", "KEY206"),
        (f"<{KEY}>", "KEY206"),
        (f"[{KEY}]", "KEY206"),
        (f"\u201c{KEY}\u201d", "KEY206"),
        (f"{KEY},", "KEY206"),
        (f'"Bearer {KEY}"', "KEY205 KEY206"),
        (f'" {KEY} "', "KEY206 KEY201 KEY202"),
        (f"'Authorization: Bearer {KEY}'", "KEY205 KEY206"),
        (f"> {KEY}", "KEY206 KEY201"),
        (f"{KEY} # scim", "KEY206"),
        (f"{KEY} {KEY}", "KEY206"),
        (f"{KEY}{KEY}", "KEY206"),
        (f"ak_{KEY}", "KEY206"),
        (f"ak_{ID},{KEY}", "KEY206"),
        (f"{KEY}%", "KEY206"),
        (f"**{KEY}**", "KEY206"),
        (f"||{KEY}||", "KEY206"),
        (f"{KEY}==", "KEY206"),
        (f"&quot;{KEY}&quot;", "KEY206"),
        (f"[{KEY}](https://dashboard.ngrok.com/api-keys)", "KEY206"),
        (f"https://okta:{KEY}@api.ngrok.com/", "KEY206"),
        (f"Username: okta\nPassword: {KEY}", "KEY206"),
        (f"NGROK_API_KEY={KEY} # scim", "KEY212 KEY206"),
        (f"• {KEY}", "KEY206"),
        (f"密钥：{KEY}", "KEY206"),
        (f"curl -H 'Authorization: Bearer {KEY}' https://api.ngrok.com/", "KEY206"),
        (f'{{"id": "ak_{ID}", "token": "{KEY}"}}', "KEY206"),
        (f"Bearer {KEY} Bearer {KEY}", "KEY205 KEY206"),
        (f"{KEY} {KEY[:-1]}x", "KEY210"),
        ("ask Jane for it", "KEY210"),
        (f"1  {KEY[:20]}\n2  {KEY[20:]}", "KEY203"),
        (f"{KEY[:10]} {KEY[10:20]} {KEY[20:30]} {KEY[30:]}", "KEY203"),
        (f"\x1b[32m{KEY}\x1b[0m", "KEY213"),
        (f"ak_{ID}", "KEY207"),
        (f'"ak_{ID}"\n', "KEY207"),
        (f"cr_{ID}", "KEY208"),
        (f"usr_{ID}", "KEY208"),
        (f"bot_{ID}", "KEY208"),
        (f"service_{ID}", "KEY208"),
        ("ng_abc", "KEY208"),
        (f"ep_{ID}", "KEY208"),
        (f"id: ak_{ID}", "KEY207"),
        (f"ak_{ID}\tOkta SCIM\tSep 4", "KEY207"),
        (f"https://dashboard.ngrok.com/api-keys/ak_{ID}", "KEY207"),
        (f"NGROK_API_KEY=ak_{ID}", "KEY207"),
        (f"NGROK_AUTHTOKEN={KEY}", "KEY208"),
        (f'authtoken: "{KEY}"', "KEY208"),
        (f"ngrok config add-authtoken {KEY}", "KEY208"),
        (f"authtoken: x\napi_key: {KEY}", "KEY212 KEY206"),
        (f"NGROK_AUTHTOKEN={ACCESS_TOKEN}", "KEY212 KEY217"),
        ("/run/secrets/scim", "KEY210"),
        ("C:\\keys\\scim.txt", "KEY210"),
        ("@ngrok.pem", "KEY210"),
        (f"00~{KEY}01~", "KEY206"),
        (f"200~{KEY}201~", "KEY206"),
        (f"[200~{KEY}[201~", "KEY206"),
        (f"\x1b[200~{KEY}\x1b[201~", "KEY206"),
        (f"0~{KEY}1~", "KEY206"),
        (f"00~{KEY}", "KEY206"),
        (f"{KEY}201~", "KEY206"),
        (f"200~{KEY}\n201~", "KEY206 KEY202"),
        (ACCESS_TOKEN, "KEY217"),
        (f"{ACCESS_TOKEN} ", "KEY202 KEY217"),
        (f"Bearer {ACCESS_TOKEN}", "KEY205 KEY217"),
        (f'"{ACCESS_TOKEN}"', "KEY206 KEY217"),
        ("ngrok_pat_abc", "KEY217"),
        ("ngrok_pat_****************", "KEY211"),
        ("ngrok_pat_…", "KEY211"),
        (f"{'x' * 27}_{'x' * 21}", "KEY211"),
        (f"authtoken: {OTHER}\napi_key: {KEY}\n", "KEY206 KEY202"),
        (f"api_key: {KEY}\nauthtoken: {OTHER}", "KEY206"),
        (NGROK_YML, "KEY206 KEY202"),
        (f"NGROK_AUTHTOKEN={OTHER} NGROK_API_KEY='{KEY}'", "KEY206"),
        (f"api_key: {OTHER}\napi_key: {KEY}", "KEY210"),
        (f"old: {OTHER}\napi_key: {KEY}", "KEY210"),
        (f"authtoken: {OTHER}\nscim: {KEY}", "KEY210"),
        (OKTA_TOKEN, "KEY208"),
        (f"{OKTA_TOKEN}\n", "KEY208"),
        (f"SSWS {OKTA_TOKEN}", "KEY208"),
        (f"Bearer ak_{ID}", "KEY207"),
        ("Bearer ••••••••", "KEY211"),
        (f"00{'a' * 18}_{'b' * 21}", "KEY208"),
        (f"00{'a' * 18}-{'b' * 21}", "KEY208"),
        (OKTA_TOKEN[:-1], "KEY210"),
        (KEY[:20], "KEY210"),
        (KEY[:26], "KEY210"),
        (KEY[:34], "KEY210"),
        (KEY[5:], ""),
        (KEY[30:], "KEY210"),
        (encoded(KEY), "KEY210"),
        ("/" * 64, "KEY210"),
        (encoded(KEY).rstrip("="), "KEY210"),
        (encoded(f"{KEY}\n"), "KEY210"),
        (encoded(f":{KEY}"), "KEY210"),
        (encoded(f"scim:{KEY}"), "KEY210"),
        (f"Basic {encoded(KEY)}", "KEY205 KEY210"),
        (f" \n{KEY}\u00a0", "KEY204 KEY201"),
        (f"BEARER\u00a0{KEY}", "KEY205 KEY204"),
        (f"\u0412earer {KEY}", "KEY205"),
        (f"Bearer Bearer {KEY}", "KEY205"),
        (f'Authorization="{KEY}"', "KEY205 KEY206"),
        (f'"Bearer <{KEY}>",', "KEY205 KEY206"),
        (f"x-api-key: {KEY}", "KEY205"),
        (f"export NGROK_API_KEY='{KEY}'", "KEY212 KEY206"),
        (f'$env:NGROK_API_KEY = "{KEY}"', "KEY212 KEY206"),
        (f"api_key: {KEY}", "KEY212"),
        (f'{{"token": "{KEY}"}}', "KEY212 KEY206"),
        ("", "KEY209"),
        ("  ", "KEY209"),
        ("\u200b", "KEY209"),
        ('""', "KEY209"),
        ("ghp_0123456789abcdefghijABCDEFGHIJ012345", "KEY210"),
        ("short", "KEY210"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghij", "KEY210"),
        ("2f1c9a3e-8d3b-4c1f-9f7e-0a1b2c3d4e5f", "KEY210"),
        ("xoxb-123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx", "KEY210"),
        ("[object Object]", "KEY212"),
        ("Click to reveal", "KEY210"),
        ("a_b_c", "KEY210"),
        ("https://api.ngrok.com/scim/v2/", "KEY210"),
        ("me@corp.com", "KEY210"),
        (f"{ID}_6abc", "KEY210"),
        (f"{ID}{KEY[28:]}", "KEY210"),
        (f"{ID}\\_{KEY[28:]}", "KEY210"),
        (f"{ID}-{KEY[28:]}", "KEY210"),
        ("a" * 1_000_000, "KEY210"),
        ("••••••••", "KEY211"),
        ("****abcd", "KEY211"),
        (f"{KEY[:10]}…", "KEY211"),
        (f"{KEY[:10]}...", "KEY211"),
        (f"{ID}_*********************", "KEY211"),
        ("[redacted]", "KEY211"),
        (f"{ID}_[redacted]", "KEY211"),
        (f"{ID}_<hidden>", "KEY211"),
        (ID, "KEY211"),
        (f"{ID}_", "KEY211"),
        ("_6abcdefghijklmnopqrst", "KEY211"),
        ("<API_KEY>", "KEY212"),
        ("{API Key}", "KEY212"),
        ("<SCIM bearer>", "KEY212"),
        ("$NGROK_API_KEY", "KEY212"),
        ("${NGROK_API_KEY}", "KEY212"),
        ("%NGROK_API_KEY%", "KEY212"),
        ("YOUR_API_KEY", "KEY212"),
        ('ENV["NGROK_API_KEY"]', "KEY212"),
        ('$_ENV["NGROK_API_KEY"]', "KEY212"),
        ('System.getenv("NGROK_API_KEY")', "KEY212"),
        ("!vault | $ANSIBLE_VAULT", "KEY212"),
        ("N/A", "KEY212"),
        (" your api key\n", "KEY212"),
        ("{{ secrets.NGROK_API_KEY }}", "KEY212"),
        ('{% response "body" %}', "KEY212"),
        ("Bearer <API_KEY>", "KEY212 KEY205"),
        (f"NGROK_API_KEY={KEY}", "KEY212"),
        (f"NGROK_API_KEY='{KEY}'", "KEY212 KEY206"),
        (f"NGROK_API_KEY=Bearer {KEY}\n", "KEY212 KEY205 KEY202"),
        ("NGROK_API_KEY=", "KEY212"),
        ("NGROK_API_KEY=••••", "KEY211"),
        ("NGROK_API_KEY=abc1", "KEY212 KEY210"),
        (KEY.replace("E", "\u0415"), "KEY213"),
        (f"{KEY[:30]}\u2013{KEY[30:]}", "KEY213"),
        (f"{KEY}\u00e9", "KEY213"),
        (f"{ID}\u2017{KEY[28:]}", "KEY213"),
        (f"{KEY}\x1b", "KEY213"),
        (f"\udce9{KEY}", "KEY213"),
        ("\0".join(KEY) + "\0", "KEY213"),
        (f"\u00ef\u00bb\u00bf{KEY}", "KEY206"),
    ],
)
def test_a_key_has_these_mistakes(typed: str, expected: str) -> None:
    assert [item.code for item in examine(Form(authorization=typed))] == expected.split()


@each_case(
    ("typed", "code", "words"),
    [
        (f"{KEY}\n", "KEY202", "U+000A LINE FEED (character 50)"),
        (f"\ufeff{KEY}", "KEY204", "The file was saved with a byte-order mark"),
        (f"{KEY}\udca0", "KEY204", "byte 0xA0, NO-BREAK SPACE in Latin-1"),
        (f"Authorization: Bearer {KEY}", "KEY205", "It begins with Authorization: Bearer."),
        (f'"{KEY}"', "KEY206", "U+0022 QUOTATION MARK (character 1)"),
        (f"{'<' * 9}{KEY}", "KEY206", "and 4 more"),
        (f"# scim\n{KEY}!", "KEY206", "Only characters 8 to 56 are the key"),
        (f"cr_{ID}", "KEY208", "the id of an authtoken"),
        (f"00~{KEY}01~", "KEY206", "comes with paste marks"),
        (ACCESS_TOKEN, "KEY217", "begins with “ngrok_pat_”"),
        (OKTA_TOKEN, "KEY208", "begins with “00” and has 42 characters"),
        (KEY[:20], "KEY210", "It has 20 characters and no underscore. A key has 49"),
        (encoded(KEY), "KEY210", "68 characters are a key encoded as base64"),
        ("", "KEY209", "The field is empty."),
        (" ", "KEY209", "contains only U+0020 SPACE"),
        ("Bearer ", "KEY209", "No key follows Bearer."),
        ("''", "KEY209", "between the quotation marks"),
        ("abc", "KEY210", "3 characters and no underscore"),
        ("a_b", "KEY210", "1 underscore"),
        ("a_b_c", "KEY210", "2 underscores"),
        ("https://api.ngrok.com/", "KEY210", "a URL"),
        ("me@corp.com", "KEY210", "an e-mail address"),
        ("~/scim/key.txt", "KEY210", "the path of a file"),
        ("/scim/v2/", "KEY210", "a URL"),
        ("/SCIM/v2/Users", "KEY210", "a URL"),
        (f"id: ak_{ID}", "KEY207", "the id of an API key, and no key"),
        (f"authtoken: {KEY}", "KEY208", "The text in front of it says"),
        ("a" * 1_000_000, "KEY210", "1,000,000 characters are too many"),
        (f"{ID}%5f{KEY[28:]}", "KEY210", "underscore after its first 27 characters"),
        (ID, "KEY211", "second half of the key is missing"),
        (f"{ID}_", "KEY211", "ends with the underscore"),
        ("_6abcdefghijklmnopqrst", "KEY211", "begins with the underscore"),
        ("KEY=", "KEY212", "nothing after it"),
        (f"KEY={KEY}", "KEY212", "Its first 4 characters are the name of a variable"),
        (f"{KEY}\u0430", "KEY213", "U+0430 CYRILLIC SMALL LETTER A, which looks like “a”"),
        ("\0".join(KEY), "KEY213", "saved as UTF-16"),
        ("\U0001f511" * 9, "KEY213", "and 4 more"),
    ],
)
def test_the_evidence_names_the_mistake_in_the_key(typed: str, code: str, words: str) -> None:
    assert words in evidence(typed, code)


@each_case(
    ("typed", "severity"),
    [
        ("a" * 40, Severity.WARNING),
        ("z" * 48, Severity.WARNING),
        ("a" * 10_000, Severity.ERROR),
        (f"{ID}.{KEY[28:]}", Severity.ERROR),
        ("https://api.ngrok.com/", Severity.ERROR),
        ("me@corp.com", Severity.ERROR),
    ],
)
def test_the_shape_alone_only_warns_but_what_is_no_key_for_certain_is_an_error(
    typed: str, severity: Severity
) -> None:
    assert [item.severity for item in examine(Form(authorization=typed))] == [severity]


STRAY = st.lists(
    st.sampled_from(
        [
            " ",
            "\n",
            "\u200b",
            "\ufeff",
            '"',
            "<",
            ">",
            "Bearer ",
            "•",
            "…",
            "=",
            "\0",
            "\u0430",
            "_",
        ]
    ),
    max_size=4,
).map("".join)
SECRETS = st.from_regex(r"[0-9A-Za-z]{8,30}", fullmatch=True)


@given(STRAY, SECRETS, STRAY, SECRETS, STRAY)
def test_no_finding_holds_a_piece_of_the_key(
    before: str, first: str, between: str, second: str, after: str
) -> None:
    typed = f"{before}{first}{between}{second}{after}"
    shown = repr(examine(Form(base_url=f" https://h/{typed}", authorization=typed)))
    pieces = {half[start : start + 8] for half in (first, second) for start in range(len(half) - 7)}
    assert not [piece for piece in pieces if piece in shown]
