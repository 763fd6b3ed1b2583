"""Sentences that people have in hand, by kind; the facts are those of public reports."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE
from ngrok_scim_cli.diagnosis.explain import explain
from ngrok_scim_cli.diagnosis.finding import Certainty
from ngrok_scim_cli.diagnosis.okta.http_statuses import STATUSES
from ngrok_scim_cli.diagnosis.okta.reasons import judge_reason, worded
from ngrok_scim_cli.diagnosis.okta.records import LogEvent
from ngrok_scim_cli.diagnosis.okta.rows import Row
from ngrok_scim_cli.diagnosis.okta.sentences import HEADINGS, SENTENCES
from ngrok_scim_cli.diagnosis.okta.server_details import DETAILS
from ngrok_scim_cli.diagnosis.okta.system_log import judge_event
from ngrok_scim_cli.diagnosis.okta.vocabulary import phrases_of
from tests.support.cases import each_case

pytestmark = pytest.mark.no_cover

REMOTE = "Errors reported by remote server:"
MAKING = "Automatic provisioning of user Jane Doe to app ngrok failed: Error while creating user"
PUSHING = (
    "Automatic profile push of user Jane Doe to app ngrok failed: Error while trying to push "
    "profile update for jane.doe@corp.example:"
)
LEAVING = (
    "Automatic deactivation of user Jane Doe to app ngrok failed: Error while deactivating user"
)
KINDS = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text(encoding="utf-8"))
LOG = KINDS.pop("log")["lines"]


def test_a_sentence_leads_to_what_its_report_ended_with() -> None:
    wrong = [
        f"{name}: {text}"
        for name, kind in KINDS.items()
        for text in kind["sentences"]
        if not leads_to(text, kind)
    ]
    assert wrong == []


def leads_to(text: str, kind: dict[str, str]) -> bool:
    found = explain(text)
    if found is None:
        return False
    first = found.causes[0]
    codes = {code for cause in found.causes for code in cause.codes}
    said = f"{first.fix} {first.cause}"
    return (
        not codes.isdisjoint(kind["code"].split("|"))
        and re.search(kind["says"], f"{said} {found.context}", re.IGNORECASE) is not None
        and not re.search(kind["never"], said, re.IGNORECASE)
    )


def test_each_kind_has_six_sentences() -> None:
    assert all(len(set(kind["sentences"])) >= 6 for kind in KINDS.values())


@each_case(
    "reason",
    [
        "Bad Gateway",
        "null",
        "Internal Server Error",
        "Not Found",
        "Forbidden",
        f"Forbidden. {REMOTE} no idea",
        f"Bad Request. {REMOTE} displayName is required",
        "Connect to api.ngrok.com:443 failed: Connect timed out",
        "Too Many Requests",
        "Method Not Allowed",
        f"Bad Gateway. {REMOTE} Invalid JSON: Unrecognized token 'error'",
    ],
)
def test_a_failed_deactivation_says_that_the_person_may_still_have_access(reason: str) -> None:
    for text in (f"Error while deactivating user: {reason}", f"{LEAVING} Jane Doe: {reason}"):
        found = explain(text)
        assert found is not None
        assert "may still have access" in found.context
        assert all("Retry Selected" not in cause.fix for cause in found.causes)
        assert "users trace EMAIL" in found.context


@pytest.mark.parametrize(
    "reason",
    [
        f"Not Found. {REMOTE} User not found",
        f"Gone. {REMOTE} the account was deleted",
        "No user returned for user 42",
        f"Not Found. {REMOTE} Resource 42 not found",
        f"Bad Request. {REMOTE} no such user",
    ],
)
def test_a_deactivation_of_who_is_gone_is_not_repeated(reason: str) -> None:
    found = explain(f"{LEAVING} Jane Doe: {reason}")
    assert found is not None
    assert "nothing to deactivate" in found.causes[0].cause
    assert found.causes[0].fix.startswith("Run `ngrok-scim users trace EMAIL`")


@pytest.mark.parametrize(
    "reason",
    [
        f"Bad Request. {REMOTE} User cannot be deleted",
        f"Internal Server Error. {REMOTE} user role not found",
        f"Bad Request. {REMOTE} The member's manager was not found",
        f"Bad Request. {REMOTE} no user with admin rights would remain",
        f"Forbidden. {REMOTE} account owner not found",
    ],
)
def test_who_is_not_proven_gone_may_still_have_access(reason: str) -> None:
    found = explain(f"{LEAVING} Jane Doe: {reason}")
    assert found is not None
    assert "may still have access" in found.context
    assert "nothing to deactivate" not in found.causes[0].cause


@pytest.mark.parametrize(
    ("name", "app"), [("Conflict Null", "Seats"), ("Group Push", "Domain"), ("Not Found", "403")]
)
def test_names_of_people_and_apps_are_no_reasons(name: str, app: str) -> None:
    text = (
        f"Automatic provisioning of user {name} to app {app} failed: Error while creating user "
        f"{name}: Service Unavailable"
    )
    found = explain(text)
    assert found is not None
    assert found.what == "Service Unavailable"


@pytest.mark.parametrize(
    "text",
    [
        "User is not linked to a SAML account",
        "SAML authentication failed: User has already been taken",
        "400 AADSTS50079: you must enroll in multi-factor authentication to access 'x'",
        "The SAML response is not valid",
        "Missing RelayState",
        "User failed to login because their Duo Security account is disabled or locked out",
        "User failed to log in because the account is locked",
        "User login to Okta FAILURE: INVALID_CREDENTIALS",
        "User login to Okta FAILURE: LOCKED_OUT",
    ],
)
def test_a_message_about_sign_in_is_recognised(text: str) -> None:
    found = explain(text)
    assert found is not None
    assert "sign-in, not about provisioning" in found.title


STATUS_NUMBERS = [
    *(400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 417, 421),
    *(422, 423, 424, 425, 426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505),
    *(520, 521, 522, 523, 524, 525, 526, 527, 530, 301, 302, 307, 308),
]


@each_case("number", STATUS_NUMBERS)
@each_case("form", ["{}", "HTTP {}", "HTTP/1.1 {}", "status code {}", "({})"])
def test_every_status_is_explained_alone(number: int, form: str) -> None:
    found = explain(form.format(number))
    assert found is not None
    if 400 <= number < 500:
        assert all("Retry Selected" not in cause.fix for cause in found.causes)


NONSENSE = (
    "my cat sat on the keyboard",
    "400: Bad Request Error Code: GENERAL_NONSUCCESS",
    "Authenticate user via IDP FAILURE: Unable to transform email to username",
    "Failed to parse the response from Okta and Unable to register the agent. Error code 12.",
    "Error while posting data back to Okta=HTTP/1.1 400 Bad Request",
    "NDS error: no access (-672)",
    "Agent 0oa123 (DC01) stopped connecting to Okta",
    "LDAP agent failed to reset password because of password policy violation.",
    "Provisioning has been quarantined. See quarantine details for more information.",
    "Error code 8344: Insufficient access rights to perform the operation. Active Directory",
    "Unable to reset the password of the user: LDAP agent is offline",
    "SystemForCrossDomainIdentityManagementCredentialValidationFailure",
    "Error: The SCIM endpoint is not fully compatible with the Azure Active Directory SCIM client.",
    "An HTTP/404 Not Found response was returned rather than the expected HTTP/200 OK response.",
    "Error: failed to create SAML application: the API returned an unknown error",
    "failed to create SAML application: the API returned an error: Api validation failed: mediated",
    "failed to create group: the API returned an error: The request body was not well-formed.",
    "the API returned an error: Invalid session",
    "Error: Auto License un-assignment is not allowed",
    "The port is already in use by another process",
    "The file name has invalid characters",
    "I replaced the key of my house and it does not fit",
    "the weather is nice today",
    "my house is forbidden to strangers and gone with the wind",
    "there is a conflict in my family, as ever",
    "lorem ipsum dolor sit amet",
    "asdfghjkl",
    "hello",
    "please help me with this thing",
    "nullify",
    "12345678",
    "the null hypothesis cannot stand",
    "a domain of mine",
    "she was granted an audience with the pope",
    "The quick brown fox could not be found in the forest",
    "The meeting room is already taken at three",
    "The recipe says that eggs are required and sugar is missing",
    "My printer says paper jam in tray 2",
    "The train to Hamburg was delayed by forty minutes",
    "You have reached the maximum number of cats",
    "Your order has already been shipped and cannot be changed",
    "npm ERR! code ERESOLVE unable to resolve dependency tree",
    "error: failed to push some refs to 'github.com:acme/site.git'",
    "docker: Error response from daemon: pull access denied for acme/web",
    "ModuleNotFoundError: No module named 'requests'",
    "fatal: not a git repository (or any of the parent directories): .git",
    "E: Unable to locate package libfoo-dev",
    "segmentation fault (core dumped)",
    "ORA-00942: table or view does not exist",
    "The disk is full: no space left on device",
    "Error: Cannot find module './index.js'",
    "warning: unused variable `x` in main.rs",
    "Kernel panic - not syncing: VFS: Unable to mount root fs",
    "JSONRPCError -32700 Parse error: invalid JSON was received by the server",
    "{'jsonrpc': '2.0', 'error': {'code': -32601, 'message': 'Method not found'}, 'id': 1}",
    "JSON-RPC error: the request body is not valid JSON",
    "Error from server (Forbidden): pods is forbidden: User 'jane' cannot list resource 'pods'",
    "Error from server (NotFound): namespaces 'staging' not found",
    "services is forbidden: User 'jane' cannot create resource 'services' in API group '' in prod",
    "okta_user.ops: [ERROR] Cannot update a DEPROVISIONED user",
    "Error: okta_app_user.jane: Cannot update a DEPROVISIONED user",
    "Traceback (most recent call last): KeyError: 'title'",
    "Your password must contain at least one emoji",
    "The file name is too long for this disk",
    "Please choose a password with at least 8 characters",
    "The title field of the blog post is required",
    "Invalid value for parameter --color: expected red or blue",
    "Error: ENOENT: no such file or directory, open '/etc/app.conf'",
    "Host key verification failed. fatal: Could not read from remote repository.",
    "The printer is not available. Check that it is turned on",
    "Permission denied (publickey).",
    "Your parking permit has expired",
    "The user guide is not available in your language",
    "bash: foo: command not found",
    "TypeError: Cannot read properties of undefined (reading 'map')",
    "Uncaught ReferenceError: $ is not defined",
    "The maximum upload size is 25 MB",
    "Your subscription to our newsletter has been cancelled",
    "Unable to connect to the printer spooler",
    "There are no more seats available on this flight",
    "The team was not found in the league table",
    "Syntax error near unexpected token `('",
    "The domain name example.com is available for registration",
    "Value is required for this cell in the spreadsheet",
    "kubectl: error: You must be logged in to the server",
    "The owner of the house cannot be reached",
    "Volume is already mounted or mount point busy",
    "A member of the band left in 1999",
    "The key does not fit the lock",
    "Package foo has no installation candidate",
    "The property has a limited number of rooms left",
    "Invalid date format, use YYYY-MM-DD",
    "Your ticket is not valid on this train",
    "ImportError: cannot import name 'foo' from 'bar'",
    "The role of the king was not filled",
    "Rate of the loan exceeds ten percent",
    "The host of the party is unknown",
    "Invalid coupon code",
    "The train is full, no seats remaining",
    "ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: YES)",
    "Duplicate column name 'id'",
    "Unexpected end of JSON input",
    "SyntaxError: Unexpected token < in JSON at position 0",
    "remote: Permission to acme/site.git denied to bob.",
    "Cannot connect to the Docker daemon at unix:///run/docker.sock. Is the docker daemon running?",
    "Your password will expire in 3 days",
    "This site can't provide a secure connection",
    "Terraform: Error acquiring the state lock",
    "The build failed because the branch is out of date",
    "You do not have enough storage to send or receive mail",
    "java.lang.OutOfMemoryError: Java heap space",
    "Your account balance is too low to complete this transfer",
    "Could not find a version that satisfies the requirement torch==9.9",
    "Outlook cannot connect to the mail server",
    "The name of this restaurant already exists in the guide",
    "Windows could not start the Print Spooler service",
    "Warning: session_start(): Cannot start session when headers already sent",
    "The operation couldn't be completed. No such process",
    "The value of the euro is falling again",
    "Unhandled rejection Error: Redis connection to 127.0.0.1:6379 failed",
    "No suitable driver found for jdbc:mysql://localhost/test",
    'psql: FATAL: role "bob" does not exist',
    'ERROR: column "age" of relation "people" does not exist',
    "gpg: decryption failed: No secret key",
    "error: externally-managed-environment",
    "Meeting with the group on Tuesday about the new plan",
    "Object reference not set to an instance of an object.",
    "list index out of range",
    "Something went wrong",
    "undefined method `downcase' for nil:NilClass",
    "The lease for this apartment is terminated",
    "ERROR 2002 (HY000): Can't connect to local MySQL server through socket",
    "Maximum call stack size exceeded",
    "error TS2339: Property 'foo' does not exist on type 'Bar'",
    "Deadlock found when trying to get lock; try restarting transaction",
    "The application failed to start because its side-by-side configuration is incorrect",
    "Too many open files",
    'nginx: [emerg] unknown directive "sever"',
    "Cannot find symbol: class Foo",
    "yaml.scanner.ScannerError: mapping values are not allowed here",
    "The bridge is closed to traffic until Monday",
    "Could not load library cudnn_ops_infer64_8.dll",
    "Line 1, column 1: syntax error in the poem",
    "Out of memory: Killed process 123 (chrome)",
    "The class was not found in the timetable",
    "Our team reached the maximum number of players",
    "Please provide feedback on your stay",
    "Enable cookies to use this shop",
    "The invoice number already exists",
    "Please upgrade your browser to continue",
    "The requested flight could not be found",
    "Could not resolve dependency: peer react@18 from root project",
    "Your session has timed out because of inactivity on the bank's page",
    "The elevator is out of service",
    "git: 'psuh' is not a git command",
    "No module named pip",
    "The video is unavailable in your country",
    "Invalid checksum in archive",
    "Cannot allocate memory",
    "The library card has expired",
    "mount: wrong fs type, bad option, bad superblock",
    "The mailbox is full",
    "Assertion failed: index < size",
    "Your vote was not counted",
    "duplicate value found in cell B7",
    "The row is locked by another editor of this spreadsheet",
    "Required ingredients are missing: eggs",
    "Entity framework migration failed",
    "The domain controller is not reachable",
    "Login to the game server failed",
    "Rate limit reached for model gpt-4",
    "Transaction aborted by the bank",
    "Phone number is busy",
    "The printer driver is inactive",
    "Your bank transfer was declined because the limit was exceeded",
    "Invalid credentials for the ERP import",
    "ssh: connect to host 10.0.0.5 port 22: Connection timed out",
    "Okta AD Agent stopped connecting to Okta: agent DC01 is inactive",
    "LDAP: error code 49 - 80090308: LdapErr: DSID-0C090400, AcceptSecurityContext error, v1db1",
    "Error: Unable to connect to the LDAP server: connection refused (10.0.0.9:636)",
    "Okta RADIUS Agent: Access-Reject for user bob: invalid credentials",
    "Okta Workflows: Flow failed. Error in card 'Read User': 404 Not Found: Resource not found: bo",
    "(ExpiredToken) when calling GetCallerIdentity: The security token included is expired",
    "npm ERR! code E401 Unable to authenticate, your authentication token seems to be invalid.",
    "Error response from daemon: unauthorized: incorrect username or password for the registry",
    "User rejected Okta push verify",
    "user.session.start FAILURE INVALID_CREDENTIALS",
    "user.lifecycle.deactivate FAILURE",
    "user.authentication.auth_via_mfa FAILURE: The user is locked",
    "policy.evaluate_sign_on DENY: Access denied",
    "Okta Verify: Unable to add account, invalid QR code",
    "Could not authenticate with SMTP host smtp.office365.com",
    "ORA-01017: invalid username/password; logon denied",
    "Jenkins: Invalid API token for user build-bot",
    "ERROR: (gcloud.auth.login) There was a problem with your credentials",
    "Jira: The user 'bob' does not have permission to view this issue",
    "MFA factor enrollment failed: phone number invalid",
    "Connection to the reporting database timed out after 30 seconds",
    "Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied)",
    "The user account used for the SharePoint migration is disabled",
    "Failed to add user bob to group docker",
    "useradd: user 'bob' already exists",
    "Cannot delete user: the mailbox is on hold",
    "Error: user not found in the payroll system",
    "A token is required to download this model",
    "Invitation expired. Ask the owner for a new one.",
    "Error: the API returned an error: Not found: Resource not found: 00u1 (AppUser)",
    "Import of CSV directory failed: invalid header",
    "Okta AD Agent: Unable to connect to Okta: error 401 Unauthorized",
    "PKCE code challenge is required when the token endpoint authentication method is 'NONE'",
    "The issuer does not match the authorization server",
    "Your Okta session has expired",
    "Too many failed login attempts; account locked for 15 minutes",
    "LDAP agent failed to reset password due to timeout",
    "The group rule could not be activated: invalid expression",
    "HR import: 12 employees failed because the manager was not found",
    "Okta Access Gateway: 502 Bad Gateway for app intranet",
    "Okta Privileged Access: server enrollment token is invalid",
    "Event hook verification failed: endpoint returned 404",
    "Authorization server policy: no rule matched, access denied",
    "User consent is required for scope profile",
    "GitHub Actions: Resource not accessible by integration",
    "The lights in the meeting room do not turn off",
    "My bank changed the PIN and now all payments fail",
    "A colleague left and still has the office keys",
    "The coffee machine is stuck in pending",
    "Our VPN blocks access to the intranet",
    "Users complain that the website returns a 500",
    "The old name is still on the door after the wedding",
    "535 5.7.8 Username and Password not accepted",
    "535 Authentication failed: Bad username / password",
    "(535, b'5.7.8 Error: authentication failed: authentication failure')",
    "454 4.7.0 Temporary authentication failure",
    "550 5.1.1 The email account that you tried to reach does not exist",
    "E: Failed to fetch https://ngrok-agent.s3.amazonaws.com/dists/buster/InRelease 403 Forbidden",
    "W: GPG error: https://ngrok-agent.s3.amazonaws.com buster InRelease: no NO_PUBKEY available",
    "The certificate of the custom domain has expired",
    "Custom domain certificate is invalid",
    "The TLS certificate for your custom domain could not be issued",
    "Let's Encrypt: certificate provisioning failed for app.corp.example",
    "createFederatedID failed: error.user.invalid_email",
    "Error from Adobe UMAPI: createFederatedID: User already exists",
    "Automatic provisioning of user Jo to app Adobe failed: createFederatedID: domain not claimed",
    "createFederatedID: error.command.add.role.unsupported",
)


def test_what_is_not_about_provisioning_is_not_explained() -> None:
    assert [text for text in NONSENSE if explain(text)] == []


@each_case("item", [*SENTENCES, *DETAILS, *STATUSES, *HEADINGS.values()])
def test_every_row_has_whole_sentences_and_known_codes(item: Row) -> None:
    assert not item.title.endswith(".")
    assert item.meaning.endswith(".")
    assert item.causes
    for cause in map(worded, item.causes):
        assert cause.cause.endswith((".", ")."))
        assert cause.fix.endswith(".")
        assert "this machine" not in f"{cause.cause} {cause.fix}", "Okta does not call from it"
        assert cause.certainty in Certainty
        assert set(cause.codes) <= set(CATALOGUE)


@each_case("item", [*SENTENCES, *STATUSES])
def test_every_sentence_of_oktas_is_known_by_each_of_its_wordings(item: Row) -> None:
    for phrase in " ".join(item.known_by.split()).split(", "):
        one_of_each = (part.split("|")[0] for part in phrase.split(" & "))
        text = " ".join(
            phrases_of(one).split("|")[0] if one.isupper() else one for one in one_of_each
        )
        judged = judge_reason(text.replace("…", " something "))
        assert judged is not None
        assert judged.row is not None


def event(event_type: str, reason: str) -> LogEvent:
    return LogEvent("2026-11-02T09:15:04Z", f"application.provision.user.{event_type}", "FAILURE",
                    reason, "", "00uada", "ada@corp.example")  # fmt: skip


@each_case(("event_type", "reason", "says", "never"), LOG)
def test_a_line_of_the_system_log_is_judged_as_its_sentence(
    event_type: str, reason: str, says: str, never: str
) -> None:
    judged = judge_event(event(event_type, reason))
    first = worded(judged.causes[0])
    assert re.search(says, f"{first.cause} {judged.warning} {first.fix}")
    assert not re.search(never, first.fix)


@settings(deadline=None)
@given(st.text(max_size=400), st.sampled_from(["push", "push_profile", "deactivate", "x"]))
@example("a" * 400, "push")
@example("{" * 400, "push")
def test_any_reason_is_judged(reason: str, event_type: str) -> None:
    judged = judge_event(event(event_type, reason))
    assert all(worded(cause).fix.endswith(".") for cause in judged.causes)
    explain(reason)
