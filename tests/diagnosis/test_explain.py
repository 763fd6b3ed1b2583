import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE
from ngrok_scim_cli.diagnosis.explain import Explanation, explain, nearest
from ngrok_scim_cli.diagnosis.finding import Severity
from ngrok_scim_cli.diagnosis.ngrok.error_codes import NGROK_ERRORS
from ngrok_scim_cli.diagnosis.okta.messages import view_of_typed
from ngrok_scim_cli.form import Form
from tests.support.cases import each_case


def explained(what: str) -> Explanation:
    found = explain(what)
    assert found is not None
    return found


@each_case("what", ["SCM503", "scm503", " Scm503. ", "[SCM503]", "SCM-503", "scm 503"])
def test_a_finding_code_is_explained_in_any_case(what: str) -> None:
    found = explained(what)
    assert (found.what, found.kind) == ("SCM503", "finding")
    assert found.title == CATALOGUE["SCM503"].title
    assert found.causes[0].fix == CATALOGUE["SCM503"].fix
    assert found.causes[0].codes == ("SCM503",)
    assert found.more == "docs/findings/scm503.md"


def test_every_finding_is_explained() -> None:
    assert [code for code in CATALOGUE if explained(code).kind != "finding"] == []


@each_case(
    "what",
    [
        "ERR_NGROK_203",
        "err_ngrok_203",
        "NGROK_ERR_203",
        "err ngrok 203",
        "ERR-NGROK-203",
        "203",
        "HTTP 403: It is invalid. [ERR_NGROK_203]",
        "https://ngrok.com/docs/errors/err_ngrok_203",
    ],
)
def test_a_code_of_ngroks_is_explained_however_it_is_written(what: str) -> None:
    found = explained(what)
    assert (found.what, found.kind) == ("ERR_NGROK_203", "ngrok")
    assert found.causes[0].codes == ("KEY214",)
    assert found.more == "https://ngrok.com/docs/errors/err_ngrok_203"


@pytest.mark.parametrize(
    "code",
    ["99999", "IAM_SOMETHING_NEW", "AI_GATEWAY_PERSONAL_ACCESS_TOKEN_SCOPE_REQUIRED", "TEAPOT"],
)
def test_an_unknown_code_of_any_form_is_shown_with_its_page(code: str) -> None:
    for text in (
        f"ERR_NGROK_{code}",
        f"Forbidden. Errors reported by remote server: ERR_NGROK_{code}",
    ):
        found = explained(text)
        assert found.what == f"ERR_NGROK_{code}"
        assert found.more == f"https://ngrok.com/docs/errors/err_ngrok_{code.lower()}"
        assert found.more in found.causes[0].fix
        assert found.causes[0].codes == ()


def test_every_code_of_ngroks_is_explained() -> None:
    for number in NGROK_ERRORS:
        found = explained(f"ERR_NGROK_{number}")
        assert not found.title.endswith(".")
        assert found.causes[0].fix


@pytest.mark.parametrize(
    ("status", "sentence"),
    [("401", "Unauthorized"), ("403", "Forbidden"), ("404", "Not Found"), ("502", "Bad Gateway")],
)
def test_an_http_status_is_explained_by_the_word_that_okta_has_for_it(
    status: str, sentence: str
) -> None:
    assert explained(status).what == sentence


TAIL = (
    " The connector configuration could not be tested. Make sure that the URL, Authentication "
    "Parameters are correct and that there is an implementation available at the URL provided."
)


@each_case(
    ("what", "sentence"),
    [
        ("Connector configured successfully", "Connector configured successfully"),
        ("SCIM 2.0 Test App was verified successfully!", "Connector configured successfully"),
        ("No results for users returned", "No results for users returned"),
        ("no users were returned", "No results for users returned"),
        (
            "error authenticating:\n  NO RESULTS for users\treturned." + TAIL,
            "No results for users returned",
        ),
        ("results for users", "No results for users returned"),
        ("Error authenticating: null." + TAIL, "Error authenticating: null"),
        ("null", "Error authenticating: null"),
        ("Error authenticating: Unauthorized." + TAIL, "Unauthorized"),
        (
            "Unauthorized. Errors reported by remote server: Invalid SCIM token",
            "Invalid token",
        ),
        ("unauth", "Unauthorized"),
        ("Error authenticating: Forbidden." + TAIL, "Forbidden"),
        (
            (
                "Forbidden. Errors reported by remote server: Invalid JSON: Unexpected character "
                "('<' (code 60)): expected a valid value (number, String, array, object, 'true', "
                "'false' or 'null') at [Source: java.io.StringReader@4c76ba04; line: 1, column: 2]"
            ),
            "Invalid JSON: Unexpected character ('<' (code 60))",
        ),
        (
            (
                "Bad Gateway. Errors reported by remote server: Invalid JSON: Unrecognized token "
                "'error': was expecting ('true', 'false' or 'null')"
            ),
            "Bad Gateway",
        ),
        (
            "Invalid JSON: Unrecognized token 'error': was expecting ('true', 'false' or 'null')",
            "Invalid JSON: Unrecognized token",
        ),
        (
            "Forbidden. Errors reported by remote server: Invalid JSON: Unrecognized token 'error'",
            "error code: 1010",
        ),
        ("Bad Gateway", "Bad Gateway"),
        ("Error authenticating: Not Found", "Not Found"),
        ("No users were found", "No results for users returned"),
        ("No users found with id 12", "User not found"),
        (
            "Error while creating user Jo: Bad Gateway. Errors reported by remote server: No SMTP",
            "Bad Gateway",
        ),
        (
            "User Jane Doe may not be created in this workspace",
            "User … is not allowed to be created in this organization",
        ),
        ("No user exists for externalId 12", "User not found"),
        ("Matching user not found", "Matching user not found"),
        (
            "Automatic provisioning of user Jane to app ngrok failed: Matching user not found",
            "Matching user not found",
        ),
        (
            (
                "Error authenticating: Connect to x.example:443 [x.example/10.0.0.1] failed: "
                "Connect timed out"
            ),
            "Connect to …:443 failed: Connect timed out",
        ),
        ("Received fatal alert: protocol_version", "Received fatal alert: protocol_version"),
        (
            "SCIM 2.0 Base Url: Does not match required pattern",
            "Base URL: Does not match required pattern",
        ),
        (
            "Invalid Authentication Header Parameter: X-Token for the SCIM Connector",
            "Invalid Authentication Header Parameter: … for the SCIM Connector",
        ),
        (
            "Error while creating user Jane: Create new user returned empty user.",
            "Create new user returned empty user",
        ),
        (
            (
                "Automatic profile push of Jane to app ngrok failed: Error while trying to push "
                "profile update for jane@corp.example: Not Found"
            ),
            "Not Found",
        ),
        (
            "Error while verifying if user jane exists: null",
            "Error authenticating: null",
        ),
        (
            "Application accounts need deprovisioning - Go to third-party apps",
            "Application accounts need deprovisioning",
        ),
        (
            "User was assigned this application before Provisioning was enabled",
            (
                "User was assigned this application before Provisioning was enabled and not "
                "provisioned in the downstream application. Click Provision User."
            ),
        ),
        ("Conflict. Errors reported by remote server: taken", "Conflict"),
        ("application.provision.user.verify_exists", "Verify user exists in external application"),
        (
            "application.provision.user.push_profile",
            "Push user's profile to external application",
        ),
        ("E0000053", "E0000053: Invalid SCIM filter"),
    ],
)
def test_a_sentence_of_oktas_is_known_whole_or_in_part(what: str, sentence: str) -> None:
    found = explained(what)
    assert (found.what, found.kind) == (sentence, "okta")
    assert found.causes


@pytest.mark.parametrize("what", ["Error authenticating:", "E0000059", TAIL, "URL provided"])
def test_a_connection_error_leads_to_test_connect(what: str) -> None:
    found = explained(what)
    assert found.what.startswith("Error authenticating: …")
    assert "ngrok-scim test-connect" in found.causes[0].fix


@each_case("what", ["", "…", "xyz", "999", "12345678", "nullify", "xnull", "KEY299", "the"])
def test_what_is_not_known_is_not_explained(what: str) -> None:
    assert explain(what) is None


@pytest.mark.parametrize(
    ("what", "meant"),
    [
        ("SCM5033", "SCM503"),
        ("SMC503", "SCM503"),
        ("scm599", "SCM509"),
        ("902", "OKT902"),
    ],
)
def test_what_was_meant_is_proposed(what: str, meant: str) -> None:
    assert meant in nearest(what)


@each_case(
    ("what", "meant"),
    [
        ("KYE202", ["KEY202", "KEY201", "KEY203"]),
        ("SCM5O1", ["SCM501", "SCM511", "SCM521"]),
        ("key20", ["KEY201", "KEY202", "KEY203"]),
        ("FRM", ["FRM301", "FRM302", "FRM303"]),
        ("ABC202", ["KEY202"]),
        ("okta 901", ["OKT901", "OKT902", "OKT903"]),
    ],
)
def test_of_the_codes_the_nearest_is_proposed_first(what: str, meant: list[str]) -> None:
    assert list(nearest(what)) == meant


@each_case(
    "what",
    ["", "q", "qqqqqqqq", "000000", "unauthorizedd", "my cat sat on the keyboard"],
)
def test_an_unrelated_word_gets_no_suggestion(what: str) -> None:
    assert nearest(what) == ()


@settings(deadline=None)
@given(what=st.text())
def test_any_text_can_be_explained(what: str) -> None:
    explain(what)
    nearest(what)


EVENT = {
    "eventType": "application.provision.user.deactivate",
    "displayMessage": "Push user deactivation to external application",
    "outcome": {"result": "FAILURE", "reason": "Bad Gateway"},
    "published": "2026-11-02T09:15:04Z",
    "target": [{"type": "AppUser", "id": "0ua1", "alternateId": "conflict@corp.example"}],
}
GOOD = {**EVENT, "outcome": {"result": "SUCCESS"}}
SILENT = {**EVENT, "outcome": {"result": "FAILURE", "reason": None}}
CREATE = {
    **EVENT,
    "eventType": "application.provision.user.push",
    "outcome": {
        "result": "FAILURE",
        "reason": "Forbidden. Errors reported by remote server: You have reached the maximum "
        "number of seats",
    },
}
LINE = (
    "2026-11-02T09:15:04Z,application.provision.user.push,Push new user to external application,"
    'FAILURE,"Conflict. Errors reported by remote server: User already exists",ada@corp.example'
)


@each_case(
    ("pasted", "what"),
    [
        (json.dumps(EVENT), "Bad Gateway"),
        (json.dumps(EVENT, indent=2), "Bad Gateway"),
        (json.dumps([EVENT]), "Bad Gateway"),
        (json.dumps([GOOD, SILENT, EVENT]), "Bad Gateway"),
        (json.dumps({"events": [GOOD, CREATE]}), "The maximum number of seats is reached"),
        (json.dumps({"result": {"_raw": CREATE}}), "The maximum number of seats is reached"),
        (f"see this: {json.dumps(CREATE)} -- thanks", "The maximum number of seats is reached"),
        (f"{json.dumps(GOOD)}\n{json.dumps(CREATE)}\n", "The maximum number of seats is reached"),
        (f"{{ {{ [ {json.dumps(CREATE)}", "The maximum number of seats is reached"),
        (json.dumps(CREATE)[:-40], "The maximum number of seats is reached"),
        (LINE, "User already exists"),
    ],
)
def test_a_pasted_event_is_judged_by_its_reason(pasted: str, what: str) -> None:
    assert explained(pasted).what == what


def test_a_pasted_deactivation_says_that_the_person_may_still_have_access() -> None:
    for pasted in (json.dumps(EVENT), json.dumps(SILENT), json.dumps([GOOD, SILENT])):
        assert "may still have access" in explained(pasted).context


def test_a_pasted_event_that_is_no_failure_of_provisioning_is_not_explained() -> None:
    others = ("user.lifecycle.deactivate", "user.session.start", "system.agent.ad.read_ldap")
    pasted = [{**CREATE, "eventType": kind} for kind in others]
    pasted += [GOOD, {**GOOD, "eventType": "application.user_membership.add"}]
    assert [event for event in pasted if explain(json.dumps(event))] == []


@pytest.mark.parametrize(
    "pasted", ["{}", "[{", "{" * 5000, json.dumps({"name": "my cat"}), "[1, 2, 3]"]
)
def test_json_that_is_no_event_is_not_explained(pasted: str) -> None:
    assert explain(pasted) is None


SEEN_BY_THE_TEST = sorted(
    code
    for code in CATALOGUE
    if code.startswith(("KEY", "URL")) and CATALOGUE[code].severity is Severity.ERROR
)


@each_case("code", SEEN_BY_THE_TEST)
def test_what_okta_shows_for_a_dirty_value_leads_back_to_it(code: str) -> None:
    view = view_of_typed(Form(), (CATALOGUE[code].finding("seen", host="x"),))
    named = {named for cause in explained(view.message).causes for named in cause.codes}
    assert code[:3] in {other[:3] for other in named}


REMOTE = "Errors reported by remote server:"
MAKING = "Automatic provisioning of user Jane Doe to app ngrok failed: Error while creating user"
LEAVING = (
    "Automatic deactivation of user Jane Doe to app ngrok failed: Error while deactivating user"
)


@each_case(
    ("text", "what"),
    [
        (
            '{"status": "400", "detail": "Unknown path: phoneNumbers."}',
            "An attribute is not accepted",
        ),
        (f"Forbidden. {REMOTE} Invalid JSON: Unrecognized token 'x'", "error code: 1010"),
        (f"Bad Gateway. {REMOTE} Invalid JSON: Unrecognized token 'x'", "Bad Gateway"),
        (
            f"{MAKING} Jane: Forbidden. {REMOTE} no",
            "Forbidden. Errors reported by remote server: …",
        ),
        (
            f"{MAKING} Jane: Forbidden. {REMOTE} noFreeSeats",
            "The maximum number of seats is reached",
        ),
        (f"{LEAVING} Jane: Conflict. {REMOTE} no", "This user cannot be deactivated"),
        (f"Bad Request. {REMOTE} no such day", "Bad Request"),
        (f"Unauthorized. {REMOTE} email is invalid", "Unauthorized"),
        (
            f"{MAKING} Jane: Forbidden. {REMOTE} null",
            "Forbidden. Errors reported by remote server: …",
        ),
        (f"Bad Request. {REMOTE} name.givenName cannot be null", "An attribute is required"),
        (
            "Users could not be created: the quota is used up",
            "The maximum number of seats is reached",
        ),
        ("User is not linked to a SAML account", "SAML response not valid"),
        (
            "Error while verifying if user jane exists: displayName is invalid",
            "E0000053: Invalid SCIM filter",
        ),
        ("Sync user in external application", "Sync user in external application"),
        ("Found", "302 Found"),
        ("Error authenticating: null", "Error authenticating: null"),
    ],
)
def test_the_most_telling_part_of_a_text_decides(text: str, what: str) -> None:
    assert explained(text).what == what
