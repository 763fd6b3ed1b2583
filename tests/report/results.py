"""Results as commands make them, made by hand: one of each kind."""

from datetime import UTC, datetime

from ngrok_scim_cli.diagnosis.finding import (
    Certainty,
    Change,
    Check,
    CheckStatus,
    Finding,
    KeySource,
    OktaView,
    Repair,
    Result,
    Severity,
    Step,
    StepStatus,
    Subject,
    Tested,
    UserCount,
    Verdict,
)
from ngrok_scim_cli.form import Field, Form
from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind, Reply

REQUEST = "https://api.ngrok.com/scim/v2/Users?startIndex=1&count=2"
TAIL = (
    "The connector configuration could not be tested. Make sure that the URL, Authentication "
    "Parameters are correct and that there is an implementation available at the URL provided."
)


def exchange(purpose: str = "as typed", *, status: int = 200, body: bytes = b"{}") -> Exchange:
    headers = (("content-type", "application/scim+json; charset=utf-8"),)
    reply = Reply(status, headers=headers, body=body)
    return Exchange(purpose, "GET", REQUEST, reply=reply, elapsed_ms=143)


def finding(code: str, severity: Severity, subject: Subject, *texts: str) -> Finding:
    title, evidence, cause, fix = texts
    more = f"docs/findings/{code.lower()}.md"
    return Finding(code, severity, subject, title, evidence, cause, fix, more)


SPACE_BEHIND_KEY = finding(
    "KEY202",
    Severity.ERROR,
    Subject.AUTHORIZATION,
    "There is whitespace behind the key",
    "U+0020 SPACE (character 50).",
    "Okta sends the key as it was typed, and ngrok does not know it with the space.",
    'Paste the key into "Authorization" once more, without the space at its end.',
)
NO_PATH = finding(
    "URL109",
    Severity.ERROR,
    Subject.BASE_URL,
    "The path lacks /scim/v2",
    "The path is “/”.",
    "ngrok answers to SCIM only under /scim/v2/.",
    'In Okta, open Provisioning > Integration > Edit and set "SCIM connector base URL" to '
    "https://api.ngrok.com/scim/v2/.",
)
SLOW = finding(
    "SCM516",
    Severity.WARNING,
    Subject.RESPONSE,
    "The server is slow",
    "The reply took 12.4 s.",
    "Okta gives up after 60 seconds, so a busy hour can turn this into failures.",
    "Run `ngrok-scim test-connect` again at another time; if it stays slow, look at "
    "https://status.ngrok.com/.",
)
FROM_HERE = finding(
    "ENV009",
    Severity.NOTICE,
    Subject.ENVIRONMENT,
    "The test ran from this machine, not from Okta's cloud",
    "The request came from this machine, not from Okta.",
    "If your ngrok account uses IP restrictions, they may let this machine in and keep Okta out.",
    'In Okta, press "Test Connector Configuration" once: only Okta can show that Okta gets '
    "through.",
)
WITHHELD = finding(
    "NET412",
    Severity.ERROR,
    Subject.NETWORK,
    "The API key was not sent, because the host is not ngrok's",
    "The host is scim.example.com.",
    "The key goes only over verified HTTPS to api.ngrok.com, to this machine itself, or to a host "
    "that you allowed. Anybody else could use it.",
    "Correct the base URL. If this host is right and yours, run the command again with "
    "`--allow-host scim.example.com`.",
)
DOMAIN_WAITS = finding(
    "DOM802",
    Severity.WARNING,
    Subject.DOMAIN,
    "The domain is submitted, but not recorded as approved",
    "No approval is recorded for corp.example.",
    "ngrok's support allows each domain by hand.",
    "Run `ngrok-scim domain approve corp.example` once support has answered.",
)
KEY_REFUSED = finding(
    "KEY214",
    Severity.ERROR,
    Subject.AUTHORIZATION,
    "ngrok refuses the key",
    "ngrok answered 403 with ERR_NGROK_203 for the key ak_2fzFx1hLZxQvYvHhTzHAeJ4dVtP.",
    "The key was revoked or deleted, or it belongs to another account.",
    "Run `ngrok-scim api-key rotate` and paste the new key into Okta.",
)

ACCEPTED = OktaView(True, "Connector configured successfully", Certainty.OBSERVED)
NO_USERS = OktaView(
    False,
    f"Error authenticating: No results for users returned. {TAIL}",
    Certainty.VENDOR,
)
FORBIDDEN = OktaView(False, f"Error authenticating: Forbidden. {TAIL}", Certainty.INFERRED)

PASS = Result(
    "test-connect",
    Verdict.PASS,
    okta=ACCEPTED,
    findings=(FROM_HERE,),
    users=UserCount(1204, 2),
    exchanges=(exchange(),),
)
WARN = Result(
    "test-connect",
    Verdict.WARN,
    okta=ACCEPTED,
    findings=(SLOW, FROM_HERE),
    users=UserCount(1, 1),
    exchanges=(exchange(),),
)
FAIL = Result(
    "test-connect",
    Verdict.FAIL,
    okta=FORBIDDEN,
    findings=(KEY_REFUSED, FROM_HERE),
    exchanges=(exchange(status=403, body=b"x" * 212),),
)
REPAIRED = Result(
    "test-connect",
    Verdict.FAIL,
    profile="acme",
    started_at=datetime(2026, 11, 28, 16, tzinfo=UTC),
    tested=Tested("https://api.ngrok.com/scim/v2/", "ak_30XZ", KeySource.KEYRING),
    okta=NO_USERS,
    findings=(SPACE_BEHIND_KEY, NO_PATH, SLOW),
    repair=Repair(
        (
            Change(Field.AUTHORIZATION, "KEY202", "remove U+0020 SPACE at the end"),
            Change(Field.BASE_URL, "URL109", "put /scim/v2/ behind the host"),
        ),
        Form(authorization="never printed"),
        accepts=True,
    ),
    users=UserCount(3, 2),
    exchanges=(exchange("repaired", body=b"x" * 734),),
)
INCOMPLETE = Result(
    "test-connect",
    Verdict.INCOMPLETE,
    okta=OktaView(None, "", Certainty.UNKNOWN),
    findings=(WITHHELD,),
    exchanges=(
        Exchange(
            "as typed",
            "GET",
            "https://scim.example.com/Users?startIndex=1&count=2",
            failure=Failure(FailureKind.WITHHELD, "The host is not allowed."),
        ),
    ),
)
DOCTOR = Result(
    "doctor",
    Verdict.FAIL,
    okta=FORBIDDEN,
    findings=(KEY_REFUSED, DOMAIN_WAITS, FROM_HERE),
    checks=(
        Check("profile", "Profile", "This machine", CheckStatus.PASS, "“default” is empty"),
        Check("keyring", "Keyring", "This machine", CheckStatus.PASS, "Secret Service"),
        Check("base_url", "SCIM connector base URL", "Values for Okta", CheckStatus.PASS),
        Check("authorization", "Authorization", "Values for Okta", CheckStatus.PASS),
        Check("name", "Name Resolution", "Network", CheckStatus.PASS, "3.5.7.9", 12),
        Check("tcp", "TCP", "Network", CheckStatus.PASS, "3.5.7.9:443", 31),
        Check("tls", "TLS", "Network", CheckStatus.PASS, "TLSv1.3", 58),
        Check("key", "Key accepted", "SCIM endpoint", CheckStatus.FAIL, "", 143, (KEY_REFUSED,)),
        Check("list", "List of users", "SCIM endpoint", CheckStatus.SKIP, "The key was refused."),
        Check("groups", "Groups", "SCIM endpoint", CheckStatus.UNSUPPORTED, "ngrok has no Groups"),
        Check(
            "domain",
            "Domains",
            "Domains",
            CheckStatus.WARN,
            "1 of 1 waits for ngrok",
            0,
            (DOMAIN_WAITS,),
        ),
        Check(
            "okta-app",
            "The app's settings in Okta",
            "Okta app",
            CheckStatus.SKIP,
            "there is no Okta API token; set OKTA_CLIENT_TOKEN",
        ),
    ),
    exchanges=(exchange(status=403, body=b"x" * 212),),
)
SETUP = Result(
    "setup",
    Verdict.WARN,
    okta=ACCEPTED,
    findings=(DOMAIN_WAITS,),
    users=UserCount(3, 2),
    exchanges=(exchange(),),
    steps=(
        Step("prerequisites", StepStatus.DONE, "Okta app: SAML 2.0."),
        Step(
            "api-key",
            StepStatus.DONE,
            "The key ak_2fzFx1hLZxQvYvHhTzHAeJ4dVtP is in the keyring.",
        ),
        Step("domain", StepStatus.WAITING, "Not allowed by ngrok yet: corp.example."),
        Step("okta-values", StepStatus.TODO),
        Step("test-connect", StepStatus.DONE, "Connector configured successfully"),
    ),
    remaining=(
        "In ngrok, submit corp.example: https://dashboard.ngrok.com/settings > Account Domain.",
        'In Okta, press "Test Connector Configuration", then Save.',
    ),
)

# What a server or a person may send to steer a screen, to lie on a page, or to break a file.
HOSTILE_TEXT = (
    "\x1b]0;owned\x07\x1b[2J\x9b31m\r\n\u202edesrever\u2066 zero\u200bwidth\u00a0nbsp "
    "<script>alert(1)</script> ]]> <!-- --> &amp; | \\| `` ``` ~~~ [x](https://evil.example) "
    "![i](//evil.example/i.png) <https://evil.example> www.evil.example @admin #1 a@evil.example "
    "**b** _i_ \x00\x7f\ud800\ufffe\U000e0041 漢字かな e\u0301\u0301\u0301\u0301\u0301"
)


def hostile_finding(code: str, severity: Severity) -> Finding:
    return finding(code, severity, Subject.RESPONSE, *(HOSTILE_TEXT,) * 4)


HOSTILE = Result(
    "test-connect",
    Verdict.FAIL,
    okta=OktaView(False, HOSTILE_TEXT, Certainty.INFERRED),
    findings=(
        hostile_finding("SCM507", Severity.ERROR),
        hostile_finding("SCM515", Severity.WARNING),
    ),
    checks=(Check("list", HOSTILE_TEXT, HOSTILE_TEXT, CheckStatus.FAIL, HOSTILE_TEXT, 5),),
    repair=Repair(
        (Change(Field.BASE_URL, "URL103", HOSTILE_TEXT),),
        Form(base_url=HOSTILE_TEXT, authorization="never printed", actions=(HOSTILE_TEXT,)),
        accepts=False,
    ),
    exchanges=(
        Exchange(
            HOSTILE_TEXT,
            "GET",
            HOSTILE_TEXT,
            reply=Reply(200, headers=(("content-type", HOSTILE_TEXT),)),
        ),
        Exchange("", "GET", REQUEST, failure=Failure(FailureKind.PROTOCOL, HOSTILE_TEXT)),
    ),
)

RESULTS = {
    "pass": PASS,
    "warn": WARN,
    "fail": FAIL,
    "repaired": REPAIRED,
    "incomplete": INCOMPLETE,
    "doctor": DOCTOR,
    "setup": SETUP,
    "hostile": HOSTILE,
}
