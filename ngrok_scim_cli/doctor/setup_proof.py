"""What Okta and ngrok tell of the steps of the setup that a person does in Okta."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.okta.app import judge_switches
from ngrok_scim_cli.diagnosis.okta.user_name_format import judge_user_name_format
from ngrok_scim_cli.diagnosis.people.records import read_app_user, read_ngrok_user
from ngrok_scim_cli.diagnosis.unknown import Judged, Unknown
from ngrok_scim_cli.doctor.background import gather
from ngrok_scim_cli.wire.ngrok_api import json_object

if TYPE_CHECKING:
    from ngrok_scim_cli.doctor.evidence import Evidence

# So many people who have an account at ngrok, as Okta sees it, are looked up there.
_MOST_LOOKED_UP = 5


def prove_to_app(evidence: Evidence) -> tuple[bool | None, str]:
    """Tell whether the switches under **To App** are on and the user name is the e-mail address.

    Returns:
        The answer, ``None`` where Okta does not tell; and what was seen, in a sentence.
    """
    try:
        gather(evidence.okta_app, evidence.features)
        app = evidence.okta_app.get()
        judged = (judge_switches(app, evidence.features.get()), judge_user_name_format(app))
    except Unknown:
        return None, ""
    wrong = [item.evidence for one in judged if isinstance(one, Judged) for item in one.findings]
    if wrong:
        return False, " ".join(wrong)
    if all(isinstance(one, Judged) for one in judged):
        return True, "Okta says that the switches are on and the username format is Email."
    return None, ""


def prove_first_person(evidence: Evidence) -> str:
    """Return the user name of somebody who is assigned in Okta and whom ngrok holds; or nothing."""
    try:
        scim = evidence.scim()
        pages = evidence.okta().app_users(evidence.app_id())
        people = (
            read_app_user(item)
            for page in evidence.pages("the people of the app", pages)
            for item in page.items
        )
        provisioned = (person for person in people if person.external_id)
        for person in islice(provisioned, _MOST_LOOKED_UP):
            document = json_object(evidence.note(scim.user(person.external_id)))
            user = read_ngrok_user(document) if document else None
            if user and user.id == person.external_id and user.active:
                return user.user_name
    except Unknown:
        return ""
    return ""
