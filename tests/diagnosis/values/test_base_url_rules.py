import pytest

from ngrok_scim_cli.diagnosis.finding import Severity
from ngrok_scim_cli.form import Form
from ngrok_scim_cli.hosts import Trust
from tests.support.cases import each_case
from tests.support.values import examine, suspect

GUIDE = "https://api.ngrok.com/scim/v2/"
KEY = "32ELEgPmoXjxGJ3MXfoPBbZKrfD_6abcdefghijklmnopqrst"
ALLOWED = Trust(frozenset({"scim.corp.com"}))
IMITATION = "xn--" + "\u0430pi".encode("punycode").decode() + ".ngrok.com"


def codes(base_url: str, trust: Trust = ALLOWED) -> list[str]:
    return [item.code for item in examine(Form(base_url=base_url, authorization=KEY), trust)]


def evidence(base_url: str, code: str) -> str:
    found = examine(Form(base_url=base_url, authorization=KEY), ALLOWED)
    return next(item.evidence for item in found if item.code == code)


@each_case(
    ("base_url", "expected"),
    [
        (GUIDE, ""),
        (GUIDE[:-1], "URL113"),
        ("HTTPS://API.NGROK.COM/scim/v2/", ""),
        ("https://api.ngrok.com:443/scim/v2/", ""),
        (f" {GUIDE}", "URL101"),
        (f"\t{GUIDE}", "URL101"),
        (f"\n{GUIDE}", "URL101"),
        (f"%20{GUIDE}", "URL101"),
        (f"{GUIDE} ", "URL102"),
        (f"{GUIDE}\r\n", "URL102"),
        (f"{GUIDE}%0A", "URL102"),
        (f"  {GUIDE}  ", "URL101 URL102"),
        (f"curl {GUIDE}", "URL114"),
        (f"1. {GUIDE}", "URL114"),
        (f"| {GUIDE} |", "URL114"),
        (f"{GUIDE} (edited)", "URL114"),
        (f"<code>{GUIDE}</code>", "URL114"),
        (f'base_url: "{GUIDE}"  # SCIM', "URL114"),
        (f'curl -H "Authorization: Bearer {KEY}" "{GUIDE}Users?startIndex=1"', "URL114 URL110"),
        (f"{GUIDE} {GUIDE}", "URL114"),
        (f"{GUIDE} or {GUIDE[:-1]}", "URL114"),
        (f"{GUIDE}]({GUIDE})", "URL114"),
        (f'<a href="{GUIDE}">{GUIDE}</a>', "URL114"),
        (f"{GUIDE}<your-tenant>", "URL114"),
        (f"{GUIDE}{GUIDE}", "URL114"),
        (f"{GUIDE} (with the slash)", "URL114"),
        (f"GET {GUIDE}Users HTTP/1.1", "URL114 URL110"),
        ("https://api.ngrok.com/ scim/v2/", "URL103"),
        ("https://api.ngrok.com\n/scim/v2/", "URL103"),
        ("https ://api.ngrok.com/scim/v2/", "URL103"),
        (f"{GUIDE}\0", "URL103"),
        (f"\x1b{GUIDE}", "URL103"),
        (f"\ufeff{GUIDE}", "URL104"),
        (f"\u00a0{GUIDE}", "URL104"),
        (f"{GUIDE}\u00a0", "URL104"),
        ("https://api.ngrok\u200b.com/scim/v2/", "URL104"),
        (f"\u200e{GUIDE}\u200f", "URL104"),
        (f"{GUIDE}\U000e0041", "URL104"),
        (f"{GUIDE}%E2%80%8B", "URL104"),
        (f"{GUIDE}\udca0", "URL104"),
        (f" \u200b{GUIDE}\u3000\n", "URL104 URL101 URL102"),
        ("https://\u0430pi.ngrok.com/scim/v2/", "URL105"),
        ("https://api.ngr\u00f6k.com/scim/v2/", "URL105"),
        ("https://api.ngrok.\u217dom/scim/v2/", "URL105"),
        (f"https://{IMITATION}/scim/v2/", "URL105"),
        ("https:\uff0f\uff0fapi.ngrok.com/scim/v2/", "URL105"),
        ("https://api\u3002ngrok\u3002com/scim/v2/", "URL105"),
        ("https://api.ngrok.com/\u0455cim/v2/", "URL105"),
        ("https://api.ngro\u212a.com/scim/v2/", "URL105"),
        ("https://\u0430pi.ngrok.con/scim/v2/", "URL105 URL108"),
        ("http://api.ngrok.com/scim/v2/", "URL106"),
        ("api.ngrok.com/scim/v2/", "URL107"),
        ("//api.ngrok.com/scim/v2/", "URL107"),
        ("://api.ngrok.com/scim/v2/", "URL107"),
        ("htps://api.ngrok.com/scim/v2/", "URL107"),
        ("hhttps://api.ngrok.com/scim/v2/", "URL107"),
        ("https:/api.ngrok.com/scim/v2/", "URL107"),
        ("https//api.ngrok.com/scim/v2/", "URL107"),
        ("https:api.ngrok.com/scim/v2/", "URL107"),
        ("https:\\\\api.ngrok.com/scim/v2/", "URL107"),
        ("https;//api.ngrok.com/scim/v2/", "URL107"),
        ("https:///api.ngrok.com/scim/v2/", "URL107"),
        (f"https://{GUIDE}", "URL107"),
        ("httpsapi.ngrok.com/scim/v2/", "URL107"),
        ("ftp://api.ngrok.com/scim/v2/", "URL107"),
        ("https//:api.ngrok.com/scim/v2/", "URL107"),
        ("https:\\/\\/api.ngrok.com\\/scim\\/v2\\/", "URL107 URL109"),
        ("https: //api.ngrok.com/scim/v2/", "URL103"),
        ("https%3A%2F%2Fapi.ngrok.com%2Fscim%2Fv2%2F", "URL107 URL109"),
        ("https://dashboard.ngrok.com/scim/v2/", "URL108"),
        ("https://ngrok.com/scim/v2/", "URL108"),
        ("https://www.ngrok.com/scim/v2/", "URL108"),
        ("https://api.ngrok.io/scim/v2/", "URL108"),
        ("https://foo.ngrok.app/scim/v2/", "URL108"),
        ("https://connect.ngrok-agent.com/scim/v2/", "URL108"),
        ("https://api.us.ngrok.com/scim/v2/", "URL108"),
        (f"https://www.google.com/url?q={GUIDE}&sa=D", "URL108"),
        ("https://api.ngrok.con/scim/v2/", "URL108"),
        ("https://api.ngrok.com./scim/v2/", "URL108"),
        ("https://api-ngrok.com/scim/v2/", "URL108"),
        ("https://api.ngrok.com.evil.com/scim/v2/", "URL108"),
        ("https://ngrok/scim/v2/", "URL108"),
        ("https://dashboard.ngrok.com/api-keys", "URL108 URL109"),
        ("https://api.ngrok.com", "URL109"),
        ("https://api.ngrok.com/", "URL109"),
        ("https://api.ngrok.com/scim", "URL109"),
        ("https://api.ngrok.com/v2", "URL109"),
        ("https://api.ngrok.com/scim/v1/", "URL109"),
        ("https://api.ngrok.com/scim/v2.0", "URL109"),
        ("https://api.ngrok.com/scim2", "URL109"),
        ("https://api.ngrok.com/v2/scim", "URL109"),
        ("https://api.ngrok.com/api/scim/v2", "URL109"),
        ("https://api.ngrok.com/scim%2Fv2/", "URL109"),
        ("https://api.ngrok.com\\scim\\v2\\", "URL109"),
        (f"{GUIDE}Users", "URL110"),
        (f"{GUIDE}Users/", "URL110"),
        (f"{GUIDE}users", "URL110"),
        (f"{GUIDE}Users?startIndex=1&count=2", "URL110"),
        (f"{GUIDE}?startIndex=1&count=2", "URL110"),
        (f"{GUIDE}Users?filter=userName%20eq%20%22ada%40corp.example%22&count=100", "URL110"),
        (f'{GUIDE}Users?filter=userName eq "ada@corp.example"&startIndex=1', "URL114 URL110"),
        (f"{GUIDE}Us%20ers?startIndex=1&count=2", "URL103 URL110"),
        (f"{GUIDE}Groups", "URL110"),
        (f"{GUIDE}Users/bob@corp.com", "URL110"),
        (f"{GUIDE}Schemas/urn:ietf:params:scim:schemas:core:2.0:User", "URL110"),
        (f"{GUIDE}ServiceProviderConfig", "URL110"),
        ("https://api.ngrok.com/Users", "URL110 URL109"),
        (f"{GUIDE}?a=b", "URL111"),
        (f"{GUIDE}?", "URL111"),
        (f"{GUIDE}#top", "URL111"),
        ("https://user:pw@api.ngrok.com/scim/v2/", "URL111"),
        ("https://api.ngrok.com@evil.com/scim/v2/", "URL111 URL108"),
        ("https://x.outlook.com/?url=https%3A%2F%2Fapi.ngrok.com%2F", "URL108"),
        ("https://urldefense.example/v2/url?u=https-3A__api.ngrok.com_scim_v2_&d=x", "URL108"),
        ("https&#58;//api.ngrok.com/scim/v2/", "URL107"),
        (
            f"https://urldefense.com/v3/__{GUIDE}__;!!abc$",
            "URL108",
        ),
        (f"{GUIDE}{KEY}", "URL109"),
        (f"https://api.ngrok.com/{KEY}/", "URL109"),
        ("https://api.ngrok.com//scim/v2/", "URL112"),
        (f"{GUIDE}/", "URL112"),
        (f'"{GUIDE}"', "URL114"),
        (f"'{GUIDE}", "URL114"),
        (f"<{GUIDE}>", "URL114"),
        (f"`{GUIDE}`", "URL114"),
        (f"\u201c{GUIDE}\u201d", "URL114"),
        (f"[ngrok]({GUIDE})", "URL114"),
        (f"<{GUIDE}|ngrok>", "URL114"),
        (f"{GUIDE},", "URL114"),
        (f"{GUIDE}.", "URL114"),
        (f"SCIM connector base URL: {GUIDE}", "URL114"),
        (f'" {GUIDE}\n"', "URL114 URL101 URL102"),
        ("https://idp.ngrok.com/saml2/idp_2Ab/acs", "URL108 URL117 URL109"),
        ("https://api_ngrok.com/scim/v2/", "URL115 URL108"),
        ("https://api.ngrok.com/scim_v2/", "URL115 URL109"),
        ("https://my_host.other.com/scim/v2/", "URL115"),
        ("https://api.ngrok.com:8443/scim/v2/", "URL116"),
        ("https://api.ngrok.com:/scim/v2/", "URL116"),
        ("https://api.ngrok.com:abc/scim/v2/", "URL116"),
        ("https://api.ngrok.com:443:443/scim/v2/", "URL116"),
        ("https://api.ngrok.com:99999/scim/v2/", "URL116"),
        ("https://other.com:abc/scim/v2/", "URL116"),
        ("https://api.ngrok.com/SCIM/V2/", "URL117"),
        ("https://api.ngrok.com/SCIM/v2", "URL117 URL113"),
        ("https://{your-domain}/scim/v2", "URL118"),
        ("https://%7Byour-domain%7D/scim/v2", "URL118"),
        ("https://<host>/scim/v2/", "URL118"),
        ("https://[your host]/scim/v2/", "URL118"),
        ("https://$HOST/scim/v2/", "URL118"),
        ("https://${HOST}:443/scim/v2/", "URL118"),
        ("https://YOUR_DOMAIN/scim/v2/", "URL118"),
        ("https://YOUR-GITHUB-AE-HOSTNAME/scim/v2", "URL118"),
        ("https://YOUR_PORTAL_OR_ENTERPRISE_DOMAIN/scim/v2/Users", "URL118"),
        ("https://your-fleet/api/v1/fleet/scim", "URL118"),
        ("https://scim.us-east-1.amazonaws.com/{tenant_id}/scim/v2/", "URL118"),
        ("https://scim.vendor.example/v2/<Tenant ID>/Users", "URL118"),
        ("https://your-company.com/scim/v2/", "URL118"),
        ("https://yourcompany.example.com/scim/v2/", "URL118"),
        ("https://example.com/scim/v2/", "URL118"),
        ("https://https//api.ngrok.com", "URL107 URL109"),
        ("https://@https://", "URL118"),
        ("https://*.example.org", "URL118"),
        ("https://api[.]ngrok[.]com/scim/v2/", "URL118"),
        ("<BASE_URL>", "URL118"),
        ("{{ scim_base_url }}", "URL118"),
        ("$BASE_URL", "URL118"),
        ("%SCIM_URL%", "URL118"),
        ("YOUR_SCIM_URL", "URL118"),
        ("https://my-gateway.other.com/scim/v2/", ""),
        ("https://[::2]/scim/v2/", ""),
        (f"200~{GUIDE}201~", "URL114"),
        (f"\x1b[200~{GUIDE}\x1b[201~", "URL114"),
        (f"00~{GUIDE}01~", "URL114"),
        ("", "URL118"),
        ("  \n", "URL118"),
        ('""', "URL118"),
        ('https://"/scim/v2/', "URL118"),
        ("ngrok", "URL118"),
        ("https://", "URL118"),
        ("/scim/v2/", "URL118"),
        ("me@corp.com", "URL118"),
        (KEY, "URL118"),
        (f" {KEY}\n", "URL118"),
        ("x" * 1_000_000, "URL118"),
        ("https://scim.corp.com/anything", "URL119"),
        ("http://scim.corp.com:8080/anything", "URL106 URL119"),
        ("http://127.0.0.1:8080/Any//Path", ""),
        ("localhost:8080/scim/v2/", "URL107"),
        ("http://127.0.0.1:8080/scim/v2/ ", "URL102"),
        ("http://127.0.0.1:8080/scim/v2/?startIndex=1", "URL110"),
        ("https://other.com/whatever", ""),
        ("other.com/scim", "URL107"),
        ("http://dashboard.ngrok.com/Users", "URL106 URL108 URL110 URL109"),
    ],
)
def test_a_base_url_has_these_mistakes(base_url: str, expected: str) -> None:
    assert codes(base_url) == expected.split()


@each_case(
    ("base_url", "code", "words"),
    [
        (f"{GUIDE} ", "URL102", "U+0020 SPACE (character 31): “https://api.ngrok.com/scim/v2/·”."),
        (f"\ufeff{GUIDE}", "URL104", "saved with a byte-order mark"),
        (f"{GUIDE}\udca0", "URL104", "byte 0xA0, NO-BREAK SPACE in Latin-1"),
        (
            "https://\u0430pi.ngrok.com/scim/v2/",
            "URL105",
            "character 9 is U+0430 CYRILLIC SMALL LETTER A, which looks like “a”",
        ),
        (f"https://{IMITATION}/", "URL105", "U+0430 CYRILLIC SMALL LETTER A"),
        ("https://\u0430\u0440\u0456.\u0578\u0581r\u043ek.com/", "URL105", "; and 1 more."),
        ("htps://api.ngrok.com/", "URL107", "“htps://”"),
        ("https://dashboard.ngrok.com/", "URL108", "ngrok's dashboard"),
        ("https://api.ngrok.com/scim/v1/", "URL109", "“/scim/v1/”"),
        (f"{GUIDE}{KEY}", "URL109", "what looks like a key (not shown here)"),
        (f"{GUIDE}Users", "URL110", "“/Users”"),
        ("https://api.ngrok.com:80/scim/v2/", "URL116", "port is 80"),
        ("", "URL118", "The field is empty."),
        (" ", "URL118", "“·”"),
        ("me@corp.com", "URL118", "an e-mail address"),
        (KEY, "URL118", "looks like an ngrok credential (49 characters"),
        ("x" * 1_000_000, "URL118", "1,000,000 characters are too many"),
        ("what?", "URL118", "no host"),
        ("https://{your-domain}/scim/v2", "URL118", "a placeholder or an example"),
        ("https://example.com/scim/v2/", "URL118", "a placeholder or an example"),
        ("<BASE_URL>", "URL118", "a placeholder or an example"),
        ("https://scim.corp.com/", "URL119", "“scim.corp.com”, which you allowed"),
    ],
)
def test_the_evidence_names_the_mistake_in_the_url(base_url: str, code: str, words: str) -> None:
    assert words in evidence(base_url, code)


@each_case(
    ("base_url", "secret"),
    [
        ("https://user:hunter2@api.ngrok.com/scim/v2/ ", "hunter2"),
        ("https://user:hunter2\uff20api.ngrok.com/scim/v2/ ", "hunter2"),
        (f"{GUIDE}?token=hunter2 ", "hunter2"),
        (f"{GUIDE}#hunter2 ", "hunter2"),
        (f"{GUIDE}Users?filter=hunter2 ", "hunter2"),
        ("http://api.ngrok.com:hunter2/", "hunter2"),
        (f"{GUIDE}{KEY} ", KEY[28:]),
        (f"https://{KEY}.ngrok.app/ ", KEY[28:].lower()),
        (f" https://api.ngrok.com/{KEY[:40]}\u200b{KEY[40:]}/", KEY[28:40]),
        (f"Bearer {KEY}", KEY[28:]),
        (f"https://{KEY}", KEY[28:]),
        (f"https://h.example:x/{KEY}", KEY[28:]),
        (f"{GUIDE} {KEY}", KEY[28:]),
        (f"curl -u user:hunter2 {GUIDE}Users", "hunter2"),
    ],
)
def test_a_credential_in_the_url_is_not_shown(base_url: str, secret: str) -> None:
    found = examine(Form(base_url=base_url, authorization="x"), ALLOWED)
    assert found
    assert not [item for item in found if secret in repr(item)]


def test_a_port_that_cannot_be_is_an_error_and_another_one_a_warning() -> None:
    severities = {
        port: examine(Form(f"https://api.ngrok.com:{port}/scim/v2/", KEY))[0].severity
        for port in ("8443", "abc")
    }
    assert severities == {"8443": Severity.WARNING, "abc": Severity.ERROR}


@each_case(
    ("base_url", "expected"),
    [
        ("http://127.0.0.1:80/scim/v2/", ""),
        ("http://127.0.0.1:80/", "URL109"),
        ("http://127.0.0.1:80/scim/v2", "URL113"),
        ("http://127.0.0.1:80//scim/v2/Users", "URL112 URL110"),
        ("http://localhost:80/SCIM/v2/", "URL117"),
        ("https://scim.corp.com:8443/", "URL109 URL116"),
        ("http://scim.corp.com/", "URL109"),
        ("https://other.com/", ""),
        ("https://api.ngrok.com/", ""),
        ("me@corp.com", ""),
        ("", ""),
    ],
)
def test_what_could_be_meant_for_ngrok_is_suspected_elsewhere(base_url: str, expected: str) -> None:
    found = suspect(Form(base_url=base_url, authorization=KEY), ALLOWED)
    assert [item.code for item in found] == expected.split()


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("api.ngrok.con", ["URL108"]),
        (IMITATION, ["URL105"]),
        ("\u0430pi.ngrok.com", ["URL105"]),
    ],
)
def test_an_allowed_host_that_resembles_ngroks_is_suspected(host: str, expected: list[str]) -> None:
    trust = Trust(frozenset({host}))
    form = Form(f"https://{host}/scim/v2/", KEY)
    assert [item.code for item in examine(form, trust)] == ["URL119"]
    assert [item.code for item in suspect(form, trust)] == expected
