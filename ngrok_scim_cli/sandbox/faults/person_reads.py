"""Faults of what Okta reads of single people: one by id, and somebody who is not there."""

from collections.abc import Callable
from typing import Any

from ngrok_scim_cli.sandbox.faults.fault import Call, Fault, SandboxState, on_lookup
from ngrok_scim_cli.sandbox.faults.lists import COUNTS
from ngrok_scim_cli.sandbox.faults.okta_people import on_both_sides
from ngrok_scim_cli.sandbox.faults.refusals import always, scim_error
from ngrok_scim_cli.sandbox.message import Answer, Request
from ngrok_scim_cli.sandbox.people import Person

_OK = 200
_BELOW_USERS = "/scim/v2/Users/"


def _on_one_user(request: Request) -> bool:
    """Reads of one user by id strike."""
    return request.method == "GET" and request.path.startswith(_BELOW_USERS)


def _another_id(call: Call) -> Answer:
    answer = call.answer()
    return (
        answer.with_document({**answer.document, "id": "usr_0"}) if answer.status == _OK else answer
    )


def _where_nobody_is(change: Callable[[dict[str, Any], Call], object]) -> Callable[[Call], Answer]:
    """Change the answer to a look-up that found nobody."""

    def handler(call: Call) -> Answer:
        answer = call.answer()
        if answer.status != _OK or answer.document.get("totalResults") != 0:
            return answer
        changed = change(answer.document, call)
        return changed if isinstance(changed, Answer) else answer.with_document(changed)

    return handler


def _stranger(_: dict[str, Any], call: Call) -> object:
    everybody = [(name, text) for name, text in call.request.query if name != "filter"]
    return call.serve(call.request.with_query(everybody))


def _trips_over(letter: str) -> Callable[[Call], Answer]:
    """Find nobody whose name holds this character."""

    def handler(call: Call) -> Answer:
        asked = dict(call.request.query)["filter"]
        query = {**dict(call.request.query), "filter": asked.replace(letter, " ")}
        return call.serve(call.request.with_query(list(query.items())))

    return handler


def _difficult_people(state: SandboxState) -> None:
    people = (
        Person("ada.lovelace+test@corp.example", "Ada Lovelace"),
        Person("sinead.o'neill@corp.example", "Sinéad O'Neill"),
        Person("Jörg.Müller@corp.example", "Jörg Müller"),
    )
    on_both_sides(state, people)


# fmt: off
FAULTS = (
    Fault("read-by-id-fails", "answers each read of one user by id with 404", "SCM522",
        _on_one_user, strikes=always(scim_error(404, "Resource not found"))),
    Fault("read-by-id-gives-another", "gives somebody else where one user is read by id", "SCM522",
        _on_one_user, strikes=_another_id),
    Fault(
        "absent-as-text",
        "gives text for numbers where a look-up finds nobody",
        "SCM523",
        on_lookup,
        strikes=_where_nobody_is(
            lambda found, _: {**found, **{name: str(found[name]) for name in COUNTS}}
        ),
    ),
    Fault("absent-fails", "answers 500 where a look-up finds nobody", "SCM523", on_lookup,
        strikes=_where_nobody_is(lambda *_: scim_error(500, "no rows in result set"))),
    Fault("absent-as-404", "answers 404 where a look-up finds nobody, which Okta takes for nobody",
        "", on_lookup, strikes=_where_nobody_is(lambda *_: scim_error(404, "Resource not found"))),
    Fault("absent-bare-list", "answers with a bare empty list where a look-up finds nobody",
        "SCM523", on_lookup, strikes=_where_nobody_is(lambda *_: [])),
    Fault("absent-gives-others", "answers with other people where a look-up finds nobody", "SCM523",
        on_lookup, strikes=_where_nobody_is(_stranger)),
    Fault("difficult-names",
        "has people with a plus sign, a quotation mark, and letters beyond ASCII in their names",
        "", builds=_difficult_people),
    Fault("lookup-loses-quotes",
        "loses a quotation mark in a look-up; to be seen beside difficult-names", "SCM519",
        on_lookup, strikes=_trips_over("'")),
)
# fmt: on
