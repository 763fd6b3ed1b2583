"""What the reply to a step of Okta's SPEC suite lacks."""

import json

from ngrok_scim_cli.rehearsal.spec import SPEC, failed_assertions
from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind, Reply
from tests.support.cases import each_case

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
USER = {
    "id": "usr_1",
    "userName": "a@corp.example",
    "name": {"familyName": "Abara", "givenName": "Ada"},
    "active": False,
    "emails": [{"value": "a@corp.example"}],
}
USERS = {"schemas": [LIST], "itemsPerPage": 1, "startIndex": 1, "totalResults": 1}
NOBODY = {"schemas": [LIST], "totalResults": 0}
DENIED = {"schemas": [ERROR], "detail": "No.", "status": 401}
STEPS = {step.number: step for step in SPEC}


def answered(status: int, document: object, ms: int = 5) -> Exchange:
    body = json.dumps(document).encode()
    return Exchange("step", "GET", "https://x/Users", Reply(status, body=body), elapsed_ms=ms)


@each_case(
    ("number", "exchange", "missing"),
    [
        (1, answered(200, {**USERS, "Resources": [USER]}), []),
        (1, answered(200, {**USERS, "totalResults": "1", "Resources": [USER]}),
         ["`totalResults` a number"]),
        (1, answered(200, {**USERS, "schemas": LIST, "Resources": [{**USER, "id": ""}]}),
         ["`Resources[0].id`"]),
        (2, answered(200, {**USER, "emails": []}), ["`emails[0].value`"]),
        (3, answered(200, NOBODY), []),
        (3, answered(200, {**NOBODY, "schemas": ["x"], "totalResults": True}),
         ["`schemas` with ListResponse", "`totalResults` 0"]),
        (4, answered(200, {"detail": "x", "schemas": [ERROR]}), ["status 404"]),
        (10, answered(200, {}, ms=600), ["within 600 ms"]),
        (11, answered(401, DENIED), []),
        (11, answered(401, {**DENIED, "status": "403"}), ["`status` 401 in the body"]),
        (12, Exchange("step", "GET", "https://x", failure=Failure(FailureKind.DROPPED, "")),
         ["reply"]),
    ],
)  # fmt: skip
def test_a_reply_lacks_what_the_step_asserts(
    number: int, exchange: Exchange, missing: list[str]
) -> None:
    assert failed_assertions(STEPS[number], exchange) == missing
