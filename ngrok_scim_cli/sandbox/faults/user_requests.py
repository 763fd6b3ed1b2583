"""What a fault can do to Okta's requests about one user."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ngrok_scim_cli.sandbox.faults.fault import Call, SandboxState
from ngrok_scim_cli.sandbox.faults.lists import answered
from ngrok_scim_cli.sandbox.faults.refusals import always, scim_error
from ngrok_scim_cli.sandbox.message import Answer, Request
from ngrok_scim_cli.sandbox.people import Person

Handler = Callable[[Call], Answer]
Document = dict[str, Any]

OK = 200
_CONFLICT = 409
_NOT_FOUND = 404
_USERS = "/scim/v2/Users"


def wanted(request: Request) -> Document:
    """Return the attributes that a request sets, in a body of PUT or POST or in Okta's PATCH."""
    document = _json_object(request.body)
    operations = document.get("Operations", [{"value": document}])
    found: Document = {}
    for operation in operations if isinstance(operations, list) else []:
        if isinstance(operation, dict):
            path, value = operation.get("path"), operation.get("value")
            found |= {path: value} if path else value if isinstance(value, dict) else {}
    return found


def _json_object(body: bytes) -> Document:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def before(call: Call) -> Document:
    """Return the user as it is before the update; empty where there is none."""
    answer = unchanged(call)
    return answer.document if answer.status == OK else {}


def unchanged(call: Call) -> Answer:
    """Answer with the user as it is, and change nothing."""
    return call.serve(replace(call.request, method="GET", body=b""))


def where(holds: Callable[[Call], bool], handler: Handler) -> Handler:
    """Apply ``handler`` where this holds."""
    return lambda call: handler(call) if holds(call) else call.answer()


def deactivates(call: Call) -> bool:
    """Tell whether a request deactivates a user."""
    return wanted(call.request).get("active") is False


def reactivates(call: Call) -> bool:
    """Tell whether a request activates a user again."""
    return wanted(call.request).get("active") is True and before(call).get("active") is False


def renames(call: Call) -> bool:
    """Tell whether a request changes userName."""
    name = wanted(call.request).get("userName")
    return name not in (None, before(call).get("userName"))


def has_plus(call: Call) -> bool:
    """Tell whether a new user has a plus sign in the address."""
    return "+" in str(wanted(call.request).get("userName"))


def user(change: Callable[[Document], Document]) -> Handler:
    """Change the user that is answered."""
    return answered(lambda answer, _: answer.with_document(change(answer.document)))


def sent(change: Callable[[Document], Document]) -> Handler:
    """Take another body than was sent."""

    def handler(call: Call) -> Answer:
        sent = _json_object(call.request.body)
        if not sent:
            return call.answer()
        return call.serve(replace(call.request, body=json.dumps(change(sent)).encode()))

    return handler


def without(name: str) -> Callable[[Document], Document]:
    """Leave an attribute out."""
    return lambda user: {key: value for key, value in user.items() if key != name}


def emptied(status: int) -> Handler:
    """Do what was asked, and answer without a body."""
    return answered(lambda _, __: Answer(status, media_type=None))


def refused(status: int, detail: str, scim_type: str | None = None) -> Handler:
    """Refuse with a SCIM error."""
    return always(scim_error(status, detail, scim_type))


def found(change: Callable[[list[Document]], list[Document]]) -> Handler:
    """Change whom a look-up finds."""

    def handler(call: Call) -> Answer:
        answer = call.answer()
        if answer.status != OK:
            return answer
        users = change(answer.document["Resources"])
        counts = {"totalResults": len(users), "itemsPerPage": len(users)}
        return answer.with_document({**answer.document, **counts, "Resources": users})

    return handler


def made_and_lost(call: Call) -> Answer:
    """Make a user, and keep nothing."""
    answer = call.answer()
    if answer.status < _NOT_FOUND:
        call.state.directory.take_out(answer.document["id"])
    return answer


def deletes_who_is_deactivated(call: Call) -> Answer:
    """Deactivate a user, and delete them."""
    answer = call.answer()
    call.state.directory.take_out(call.request.segments[-1])
    return answer


def renamed_as_another(call: Call) -> Answer:
    """Make another user with the new name."""
    body = json.dumps({**before(call), **wanted(call.request)}).encode()
    return replace(
        call.serve(replace(call.request, method="POST", target=_USERS, body=body)), status=OK
    )


def second(handler: Callable[[Call, str], Answer]) -> Handler:
    """Answer in place of the conflict that a second create meets."""

    def instead(call: Call) -> Answer:
        answer = call.answer()
        if answer.status != _CONFLICT:
            return answer
        return handler(call, str(wanted(call.request).get("userName")))

    return instead


def one_there_already(call: Call, name: str) -> Answer:
    """Answer with the user of this name."""
    (user,) = (
        one
        for one in call.state.directory.everybody()
        if one.person.user_name.casefold() == name.casefold()
    )
    return _read(call, user.id)


def another_of_that_name(call: Call, name: str) -> Answer:
    """Make a second user of this name."""
    (user,) = call.state.directory.put_first([Person(name, None)])
    return replace(_read(call, user.id), status=201)


def _read(call: Call, user_id: str) -> Answer:
    target = f"{_USERS}/{user_id}"
    return call.serve(replace(call.request, method="GET", target=target, body=b""))


def unknown(answer: Answer) -> Handler:
    """Answer in place of the 404 for an id that nobody has."""

    def instead(call: Call) -> Answer:
        sound = call.answer()
        return answer if sound.status == _NOT_FOUND else sound

    return instead


def allow_deletion(state: SandboxState) -> None:
    """Let users be deleted."""
    state.directory.deletes = True
