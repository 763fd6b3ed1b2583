"""Faults in the life of one user: create, look up, read, update, deactivate, reactivate, delete.

They are about what Okta asks after a connector test has passed.
"""

import json
from dataclasses import replace

from ngrok_scim_cli.sandbox.faults.fault import (
    BUILT,
    CREATES,
    DELETES,
    LOOK_UPS,
    OK,
    PATCHES,
    PUTS,
    READS_AND_UPDATES,
    UPDATES,
    USERS,
    Document,
    Fault,
    FaultContext,
    Handler,
    active_as_text,
    answered,
    answers,
    document,
    json_object,
    late,
    ngrok,
    rate_limited,
    refused,
    reply,
    sent,
    succeeds,
    users_found,
    where,
    without,
)
from ngrok_scim_cli.sandbox.message import Answer
from ngrok_scim_cli.sandbox.people import Person


def _wanted(context: FaultContext) -> Document:
    """Return the attributes that a request sets, in a body of PUT or POST or in Okta's PATCH."""
    document = json_object(context.request.body)
    operations = document.get("Operations", [{"value": document}])
    found: Document = {}
    for operation in operations if isinstance(operations, list) else []:
        if isinstance(operation, dict):
            path, value = operation.get("path"), operation.get("value")
            found |= {path: value} if path else value if isinstance(value, dict) else {}
    return found


def _wanted_name(context: FaultContext) -> str:
    return str(_wanted(context).get("userName"))


def _unchanged(context: FaultContext) -> Answer:
    """Answer with the user as it is, and change nothing."""
    return context.serve(replace(context.request, method="GET", body=b""))


def _before(context: FaultContext) -> Document:
    """Return the user as it is before the update; empty where there is none."""
    answer = _unchanged(context)
    return json_object(answer.body) if answer.status == OK else {}


def _deactivates(context: FaultContext) -> bool:
    return _wanted(context).get("active") is False


def _reactivates(context: FaultContext) -> bool:
    return _wanted(context).get("active") is True and _before(context).get("active") is False


def _renames(context: FaultContext) -> bool:
    return _wanted(context).get("userName") not in (None, _before(context).get("userName"))


def _emptied(status: int) -> Handler:
    """Do what was asked, and answer without a body."""
    return where(succeeds, reply(Answer(status, media_type=None)))


def _made_and_lost(context: FaultContext) -> Answer:
    context.directory.take_out(context.document["id"])
    return context.answer


def _done_and_deleted(context: FaultContext) -> Answer:
    answer = context.answer
    context.directory.take_out(context.request.segments[-1])
    return answer


def _renamed_as_another(context: FaultContext) -> Answer:
    body = json.dumps({**_before(context), **_wanted(context)}).encode()
    create = replace(context.request, method="POST", target=USERS, body=body)
    return replace(context.serve(create), status=OK)


def _one_there_already(context: FaultContext) -> Answer:
    name = _wanted_name(context).casefold()
    everybody = context.directory.everybody()
    return _read(
        context, next(one.id for one in everybody if one.person.user_name.casefold() == name)
    )


def _another_of_that_name(context: FaultContext) -> Answer:
    (user,) = context.directory.put_first([Person(_wanted_name(context), None)])
    return replace(_read(context, user.id), status=201)


def _read(context: FaultContext, user_id: str) -> Answer:
    target = f"{USERS}/{user_id}"
    return context.serve(replace(context.request, method="GET", target=target, body=b""))


_FAILS = refused(500, "Internal server error")

# fmt: off
FAULTS = (
    Fault("create-refuses-domain",
        "refuses to make users of any domain, as one that ngrok has not allowed", "REH001",
        CREATES, refused(403, "The email domain is not allowed for this account.")),
    Fault("create-without-seat", "refuses to make users, because no seat is left", "REH001",
        CREATES, refused(403, "Your account has reached its limit of users.")),
    Fault("create-wants-more",
        "refuses to make a user without an attribute that Okta does not send", "REH001", CREATES,
        refused(400, "Attribute 'title' is required.", "invalidValue")),
    Fault("create-refuses-password", "refuses to make a user with the password that Okta sends",
        "REH001", CREATES, where(lambda context: "password" in _wanted(context),
            refused(400, "Attribute 'password' is not supported.", "invalidSyntax"))),
    Fault("create-refuses-plus", "refuses to make a user with a plus sign in the address", "REH001",
        CREATES, where(lambda context: "+" in _wanted_name(context),
            refused(400, "userName is no email address.", "invalidValue"))),
    Fault("create-fails", "answers 500 to each create, and makes the user", "REH001", CREATES,
        where(succeeds, _FAILS)),
    Fault("create-answers-nothing", "makes a user and answers 201 without a body", "REH002",
        CREATES, _emptied(201)),
    Fault("create-without-id", "makes a user and answers without its id", "REH002", CREATES,
        document(without("id"))),
    Fault("create-answers-200", "makes a user and answers 200 instead of 201", "REH002", CREATES,
        answered(status=OK)),
    Fault("create-answers-202", "takes a create as a job, and answers 202 without a body", "REH002",
        CREATES, _emptied(202)),
    Fault("create-answers-another", "makes a user and answers with another one", "REH002",
        CREATES,
        document(lambda user: {**user, "id": "usr_0", "userName": "somebody.else@corp.example"})),
    Fault("create-not-kept", "answers a create as if it worked, and keeps nothing", "REH003",
        CREATES, where(succeeds, _made_and_lost)),
    Fault("lookup-finds-two", "finds each user twice by userName, once under another id", "REH003",
        LOOK_UPS,
        users_found(lambda users: [*users, *({**user, "id": f"{user['id']}2"} for user in users)])),
    Fault("lookup-loses-plus", "reads a plus sign in a look-up as a blank, and finds nobody",
        "REH003", rf"{LOOK_UPS}.*%2[Bb]", users_found(lambda _: [])),
    Fault("put-refused", "answers 501 to PUT", "REH004 REH006", PUTS,
        refused(501, "PUT is not supported.")),
    Fault("put-ignored", "answers PUT with the user as it was", "REH004 REH006", PUTS, _unchanged),
    Fault("put-drops-attributes", "takes displayName away with each PUT", "REH004", PUTS,
        sent(without("displayName"))),
    Fault("put-merges", "keeps with PUT what the request leaves out; Okta leaves nothing out", "",
        PUTS, lambda context: sent(lambda user: {**_before(context), **user})(context)),
    Fault("put-answers-nothing", "does what PUT asks and answers 204, where Okta reads the user",
        "REH004", PUTS, _emptied(204)),
    Fault("put-ignores-active", "takes all but active from PUT", "REH006", PUTS,
        lambda context: sent(
            lambda user: {**user, "active": _before(context).get("active")})(context)),
    Fault("put-makes-inactive", "deactivates a user with each PUT", "REH004", PUTS,
        sent(lambda user: {**user, "active": False})),
    Fault("patch-refused", "answers 501 to PATCH", "REH005 REH006", PATCHES,
        refused(501, "PATCH is not supported.")),
    Fault("patch-wants-path", "refuses a PATCH without a path, which is Okta's form",
        "REH005 REH006", PATCHES, refused(400, "The operation has no path.", "noTarget")),
    Fault("patch-ignored", "answers PATCH with the user as it was", "REH005 REH006", PATCHES,
        _unchanged),
    Fault("patch-answers-nothing", "does what PATCH asks and answers 204, which Okta accepts", "",
        PATCHES, _emptied(204)),
    Fault("update-forbidden",
        "lets nobody change users, as an administrator that only an administrator may change",
        "REH004 REH005", UPDATES, ngrok(6621)),
    Fault("deactivation-refused", "refuses to deactivate a user", "REH006 REH015", UPDATES,
        where(_deactivates, ngrok(6622))),
    Fault("deactivation-ignored", "answers a deactivation with the user as it was", "REH006 REH015",
        UPDATES, where(_deactivates, _unchanged)),
    Fault("deactivation-deletes", "deletes whoever is deactivated", "REH007", UPDATES,
        where(_deactivates, _done_and_deleted)),
    Fault("deactivated-not-found", "leaves deactivated users out of a look-up", "REH007", LOOK_UPS,
        users_found(lambda users: [user for user in users if user["active"]])),
    Fault("reactivation-refused", "refuses to activate a user again", "REH008", UPDATES,
        where(_reactivates, refused(403, "Your account has reached its limit of users."))),
    Fault("reactivation-ignored", "answers a reactivation with the user as it was", "REH008",
        UPDATES, where(_reactivates, _unchanged)),
    Fault("rename-refused", "refuses a change of userName", "REH009", UPDATES,
        where(_renames, refused(400, "userName cannot be changed.", "mutability"))),
    Fault("rename-ignored", "answers a change of userName with the user as it was", "REH009",
        UPDATES, where(_renames, _unchanged)),
    Fault("rename-makes-another", "makes another user where userName changes", "REH009", UPDATES,
        where(_renames, _renamed_as_another)),
    Fault("second-create-finds-first",
        "answers a second create of the same person with 200 and the first one", "REH010",
        CREATES, where(answers(409), _one_there_already)),
    Fault("second-create-makes-another", "makes a second user of the same name", "REH010",
        CREATES, where(answers(409), _another_of_that_name)),
    Fault("second-create-fails", "answers 500 to a second create of the same person", "REH010",
        CREATES, where(answers(409), _FAILS)),
    Fault("unknown-id-answers-200", "answers 200 with an empty object for an id that nobody has",
        "REH011", READS_AND_UPDATES, where(answers(404), reply(Answer.of(OK, {})))),
    Fault("unknown-id-fails", "answers 500 for an id that nobody has", "REH011", READS_AND_UPDATES,
        where(answers(404), _FAILS)),
    Fault("lowers-addresses", "writes userName in small letters", "REH012", CREATES,
        sent(lambda user: {**user, "userName": str(user.get("userName")).lower()})),
    Fault("display-name-dropped", "does not keep displayName of a new user", "REH012", CREATES,
        sent(without("displayName"))),
    Fault("user-active-as-text", "gives active of one user as text", "REH012", READS_AND_UPDATES,
        document(active_as_text)),
    Fault("create-slow", "answers a create late", "REH013", CREATES, late, value=12,
        unit="seconds"),
    Fault("update-slow", "answers an update late", "REH013", UPDATES, late, value=12,
        unit="seconds"),
    Fault("delete-works", "lets users be deleted, which ngrok does not document", "",
        BUILT, lambda state: setattr(state.directory, "deletes", True)),
    Fault("delete-not-allowed", "answers 405 to DELETE", "REH014", DELETES,
        refused(405, "DELETE is not supported.")),
    Fault("delete-ignored", "answers 204 to DELETE and keeps the user", "REH014", DELETES,
        reply(Answer(204, media_type=None))),
    Fault("create-rate-limited", "answers 429 with Retry-After to a create", "REH016", CREATES,
        rate_limited, value=1, unit="seconds of Retry-After"),
    Fault("create-rate-limited-silently",
        "answers 429 to a create without saying how long to wait (ERR_NGROK_226)", "REH016",
        CREATES, ngrok(226)),
)
# fmt: on
