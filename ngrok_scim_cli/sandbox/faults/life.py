"""Faults in the life of one user: create, look up, read, update, deactivate, reactivate, delete.

They strike what Okta asks after a connector test has passed.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ngrok_scim_cli.sandbox.errors import ngrok_error
from ngrok_scim_cli.sandbox.faults.fault import Call, Fault, on_create, on_lookup, on_one
from ngrok_scim_cli.sandbox.faults.lines import late
from ngrok_scim_cli.sandbox.faults.lists import answered
from ngrok_scim_cli.sandbox.faults.refusals import always, rate_limited, scim_error
from ngrok_scim_cli.sandbox.message import Answer, Request
from ngrok_scim_cli.sandbox.people import Person

Strike = Callable[[Call], Answer]
Document = dict[str, Any]

_OK = 200
_CONFLICT = 409
_NOT_FOUND = 404
_USERS = "/scim/v2/Users"

_on_put = on_one("PUT")
_on_patch = on_one("PATCH")
_on_update = on_one("PUT", "PATCH")
_on_user = on_one("GET", "PUT", "PATCH")
_on_delete = on_one("DELETE")


def _wanted(request: Request) -> Document:
    """Return the attributes that a request sets, in a body of PUT or POST or in Okta's PATCH."""
    document = _json_object(request.body)
    operations = document.get("Operations", [{"value": document}])
    wanted: Document = {}
    for operation in operations if isinstance(operations, list) else []:
        if isinstance(operation, dict):
            path, value = operation.get("path"), operation.get("value")
            wanted |= {path: value} if path else value if isinstance(value, dict) else {}
    return wanted


def _json_object(body: bytes) -> Document:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _before(call: Call) -> Document:
    """Return the user as it is before the update; empty where there is none."""
    answer = _unchanged(call)
    return answer.document if answer.status == _OK else {}


def _unchanged(call: Call) -> Answer:
    """Answer with the user as it is, and change nothing."""
    return call.serve(replace(call.request, method="GET", body=b""))


def _where(holds: Callable[[Call], bool], strike: Strike) -> Strike:
    return lambda call: strike(call) if holds(call) else call.answer()


def _deactivates(call: Call) -> bool:
    return _wanted(call.request).get("active") is False


def _reactivates(call: Call) -> bool:
    return _wanted(call.request).get("active") is True and _before(call).get("active") is False


def _renames(call: Call) -> bool:
    name = _wanted(call.request).get("userName")
    return name not in (None, _before(call).get("userName"))


def _has_plus(call: Call) -> bool:
    return "+" in str(_wanted(call.request).get("userName"))


def _user(change: Callable[[Document], Document]) -> Strike:
    """Change the user that is answered."""
    return answered(lambda answer, _: answer.with_document(change(answer.document)))


def _sent(change: Callable[[Document], Document]) -> Strike:
    """Take another body than was sent."""

    def strike(call: Call) -> Answer:
        sent = _json_object(call.request.body)
        if not sent:
            return call.answer()
        return call.serve(replace(call.request, body=json.dumps(change(sent)).encode()))

    return strike


def _without(name: str) -> Callable[[Document], Document]:
    return lambda user: {key: value for key, value in user.items() if key != name}


def _emptied(status: int) -> Strike:
    """Do what was asked, and answer without a body."""
    return answered(lambda _, __: Answer(status, media_type=None))


def _refused(status: int, detail: str, scim_type: str | None = None) -> Strike:
    return always(scim_error(status, detail, scim_type))


def _found(change: Callable[[list[Document]], list[Document]]) -> Strike:
    """Change whom a look-up finds."""

    def strike(call: Call) -> Answer:
        answer = call.answer()
        if answer.status != _OK:
            return answer
        users = change(answer.document["Resources"])
        counts = {"totalResults": len(users), "itemsPerPage": len(users)}
        return answer.with_document({**answer.document, **counts, "Resources": users})

    return strike


def _made_and_lost(call: Call) -> Answer:
    answer = call.answer()
    if answer.status < _NOT_FOUND:
        call.state.directory.take_out(answer.document["id"])
    return answer


def _deletes_who_is_deactivated(call: Call) -> Answer:
    answer = call.answer()
    call.state.directory.take_out(call.request.segments[-1])
    return answer


def _renamed_as_another(call: Call) -> Answer:
    wanted = {**_before(call), **_wanted(call.request)}
    body = json.dumps(wanted).encode()
    return replace(
        call.serve(replace(call.request, method="POST", target=_USERS, body=body)), status=_OK
    )


def _second(strike: Callable[[Call, str], Answer]) -> Strike:
    """Answer in place of the conflict that a second create meets."""

    def instead(call: Call) -> Answer:
        answer = call.answer()
        if answer.status != _CONFLICT:
            return answer
        return strike(call, str(_wanted(call.request).get("userName")))

    return instead


def _one_there_already(call: Call, name: str) -> Answer:
    (user,) = (
        one
        for one in call.state.directory.everybody()
        if one.person.user_name.casefold() == name.casefold()
    )
    return _read(call, user.id)


def _another_of_that_name(call: Call, name: str) -> Answer:
    (user,) = call.state.directory.put_first([Person(name, None)])
    return replace(_read(call, user.id), status=201)


def _read(call: Call, user_id: str) -> Answer:
    target = f"{_USERS}/{user_id}"
    return call.serve(replace(call.request, method="GET", target=target, body=b""))


def _unknown(answer: Answer) -> Strike:
    """Answer in place of the 404 for an id that nobody has."""

    def instead(call: Call) -> Answer:
        sound = call.answer()
        return answer if sound.status == _NOT_FOUND else sound

    return instead


def _allow_deletion(state: Any) -> None:  # noqa: ANN401 - the state of the sandbox
    state.directory.deletes = True


FAULTS = (
    Fault(
        "create-refuses-domain",
        "refuses to make users of any domain, as one that ngrok has not allowed",
        "REH001",
        on_create,
        _refused(403, "The email domain is not allowed for this account."),
    ),
    Fault(
        "create-without-seat",
        "refuses to make users, because no seat is left",
        "REH001",
        on_create,
        _refused(403, "Your account has reached its limit of users."),
    ),
    Fault(
        "create-wants-more",
        "refuses to make a user without an attribute that Okta does not send",
        "REH001",
        on_create,
        _refused(400, "Attribute 'title' is required.", "invalidValue"),
    ),
    Fault(
        "create-refuses-password",
        "refuses to make a user with the password that Okta sends",
        "REH001",
        on_create,
        _where(
            lambda call: "password" in _wanted(call.request),
            _refused(400, "Attribute 'password' is not supported.", "invalidSyntax"),
        ),
    ),
    Fault(
        "create-refuses-plus",
        "refuses to make a user with a plus sign in the address",
        "REH001",
        on_create,
        _where(_has_plus, _refused(400, "userName is no email address.", "invalidValue")),
    ),
    Fault(
        "create-fails",
        "answers 500 to each create, and makes the user",
        "REH001",
        on_create,
        answered(lambda _, __: scim_error(500, "Internal server error")),
    ),
    Fault(
        "create-answers-nothing",
        "makes a user and answers 201 without a body",
        "REH002",
        on_create,
        _emptied(201),
    ),
    Fault(
        "create-without-id",
        "makes a user and answers without its id",
        "REH002",
        on_create,
        _user(_without("id")),
    ),
    Fault(
        "create-answers-200",
        "makes a user and answers 200 instead of 201",
        "REH002",
        on_create,
        answered(lambda answer, _: replace(answer, status=_OK)),
    ),
    Fault(
        "create-answers-202",
        "takes a create as a job, and answers 202 without a body",
        "REH002",
        on_create,
        _emptied(202),
    ),
    Fault(
        "create-answers-another",
        "makes a user and answers with another one",
        "REH002",
        on_create,
        _user(lambda user: {**user, "id": "usr_0", "userName": "somebody.else@corp.example"}),
    ),
    Fault(
        "create-not-kept",
        "answers a create as if it worked, and keeps nothing",
        "REH003",
        on_create,
        _made_and_lost,
    ),
    Fault(
        "lookup-finds-two",
        "finds each user twice by userName, once under another id",
        "REH003",
        on_lookup,
        _found(lambda users: [*users, *({**user, "id": f"{user['id']}2"} for user in users)]),
    ),
    Fault(
        "lookup-loses-plus",
        "reads a plus sign in a look-up as a blank, and finds nobody",
        "REH003",
        lambda request: on_lookup(request) and "%2B" in request.target.upper(),
        _found(lambda _: []),
    ),
    Fault(
        "put-refused",
        "answers 501 to PUT",
        "REH004 REH006",
        _on_put,
        _refused(501, "PUT is not supported."),
    ),
    Fault(
        "put-ignored", "answers PUT with the user as it was", "REH004 REH006", _on_put, _unchanged
    ),
    Fault(
        "put-drops-attributes",
        "takes displayName away with each PUT",
        "REH004",
        _on_put,
        _sent(_without("displayName")),
    ),
    Fault(
        "put-merges",
        "keeps with PUT what the request leaves out; Okta leaves nothing out",
        "",
        _on_put,
        lambda call: _sent(lambda sent: {**_before(call), **sent})(call),
    ),
    Fault(
        "put-answers-nothing",
        "does what PUT asks and answers 204, where Okta reads the user",
        "REH004",
        _on_put,
        _emptied(204),
    ),
    Fault(
        "put-ignores-active",
        "takes all but active from PUT",
        "REH006",
        _on_put,
        lambda call: _sent(lambda sent: {**sent, "active": _before(call).get("active")})(call),
    ),
    Fault(
        "put-makes-inactive",
        "deactivates a user with each PUT",
        "REH004",
        _on_put,
        _sent(lambda sent: {**sent, "active": False}),
    ),
    Fault(
        "patch-refused",
        "answers 501 to PATCH",
        "REH005 REH006",
        _on_patch,
        _refused(501, "PATCH is not supported."),
    ),
    Fault(
        "patch-wants-path",
        "refuses a PATCH without a path, which is Okta's form",
        "REH005 REH006",
        _on_patch,
        _refused(400, "The operation has no path.", "noTarget"),
    ),
    Fault(
        "patch-ignored",
        "answers PATCH with the user as it was",
        "REH005 REH006",
        _on_patch,
        _unchanged,
    ),
    Fault(
        "patch-answers-nothing",
        "does what PATCH asks and answers 204, where Okta may read the user",
        "REH005",
        _on_patch,
        _emptied(204),
    ),
    Fault(
        "update-forbidden",
        "lets nobody change users, as an administrator that only an administrator may change",
        "REH004 REH005",
        _on_update,
        lambda call: ngrok_error(call.request, 6621),
    ),
    Fault(
        "deactivation-refused",
        "refuses to deactivate a user",
        "REH006 REH015",
        _on_update,
        _where(_deactivates, lambda call: ngrok_error(call.request, 6622)),
    ),
    Fault(
        "deactivation-ignored",
        "answers a deactivation with the user as it was",
        "REH006 REH015",
        _on_update,
        _where(_deactivates, _unchanged),
    ),
    Fault(
        "deactivation-deletes",
        "deletes whoever is deactivated",
        "REH007",
        _on_update,
        _where(_deactivates, _deletes_who_is_deactivated),
    ),
    Fault(
        "deactivated-not-found",
        "leaves deactivated users out of a look-up",
        "REH007",
        on_lookup,
        _found(lambda users: [user for user in users if user["active"]]),
    ),
    Fault(
        "reactivation-refused",
        "refuses to activate a user again",
        "REH008",
        _on_update,
        _where(_reactivates, _refused(403, "Your account has reached its limit of users.")),
    ),
    Fault(
        "reactivation-ignored",
        "answers a reactivation with the user as it was",
        "REH008",
        _on_update,
        _where(_reactivates, _unchanged),
    ),
    Fault(
        "rename-refused",
        "refuses a change of userName",
        "REH009",
        _on_update,
        _where(_renames, _refused(400, "userName cannot be changed.", "mutability")),
    ),
    Fault(
        "rename-ignored",
        "answers a change of userName with the user as it was",
        "REH009",
        _on_update,
        _where(_renames, _unchanged),
    ),
    Fault(
        "rename-makes-another",
        "makes another user where userName changes",
        "REH009",
        _on_update,
        _where(_renames, _renamed_as_another),
    ),
    Fault(
        "second-create-finds-first",
        "answers a second create of the same person with 200 and the first one",
        "REH010",
        on_create,
        _second(_one_there_already),
    ),
    Fault(
        "second-create-makes-another",
        "makes a second user of the same name",
        "REH010",
        on_create,
        _second(_another_of_that_name),
    ),
    Fault(
        "second-create-fails",
        "answers 500 to a second create of the same person",
        "REH010",
        on_create,
        _second(lambda _, __: scim_error(500, "Internal server error")),
    ),
    Fault(
        "unknown-id-answers-200",
        "answers 200 with an empty object for an id that nobody has",
        "REH011",
        _on_user,
        _unknown(Answer.of(_OK, {})),
    ),
    Fault(
        "unknown-id-fails",
        "answers 500 for an id that nobody has",
        "REH011",
        _on_user,
        _unknown(scim_error(500, "Internal server error")),
    ),
    Fault(
        "lowers-addresses",
        "writes userName in small letters",
        "REH012",
        on_create,
        _sent(lambda sent: {**sent, "userName": str(sent.get("userName")).lower()}),
    ),
    Fault(
        "display-name-dropped",
        "does not keep displayName of a new user",
        "REH012",
        on_create,
        _sent(_without("displayName")),
    ),
    Fault(
        "user-active-as-text",
        "gives active of one user as text",
        "REH012",
        _on_user,
        _user(lambda user: {**user, "active": str(user.get("active", True))}),
    ),
    Fault(
        "create-slow", "answers a create late", "REH013", on_create, late, value=12, unit="seconds"
    ),
    Fault(
        "update-slow",
        "answers an update late",
        "REH013",
        _on_update,
        late,
        value=12,
        unit="seconds",
    ),
    Fault(
        "delete-works",
        "lets users be deleted, which ngrok does not document",
        "",
        builds=_allow_deletion,
    ),
    Fault(
        "delete-not-allowed",
        "answers 405 to DELETE",
        "REH014",
        _on_delete,
        _refused(405, "DELETE is not supported."),
    ),
    Fault(
        "delete-ignored",
        "answers 204 to DELETE and keeps the user",
        "REH014",
        _on_delete,
        always(Answer(204, media_type=None)),
    ),
    Fault(
        "create-rate-limited",
        "answers 429 with Retry-After to a create",
        "REH016",
        on_create,
        rate_limited,
        value=1,
        unit="seconds of Retry-After",
    ),
    Fault(
        "create-rate-limited-silently",
        "answers 429 to a create without saying how long to wait (ERR_NGROK_226)",
        "REH016",
        on_create,
        lambda call: ngrok_error(call.request, 226),
    ),
)
