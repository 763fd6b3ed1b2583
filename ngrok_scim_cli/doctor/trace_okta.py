"""What Okta knows of one person: directory, assignment, System Log."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.okta.app import judge_app, judge_provisioning
from ngrok_scim_cli.diagnosis.okta.records import LogEvent, OktaApp, OktaPerson, read_okta_person
from ngrok_scim_cli.diagnosis.people.records import AppUser, NgrokUser, read_app_user
from ngrok_scim_cli.diagnosis.people.traced import AskedPerson, OktaHalf
from ngrok_scim_cli.diagnosis.unknown import Unknown
from ngrok_scim_cli.doctor.evidence import LOG_KEPT_DAYS, Evidence, okta_refused
from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.text.counting import first_of
from ngrok_scim_cli.text.json_values import as_object, as_text
from ngrok_scim_cli.wire.ngrok_api import json_object
from ngrok_scim_cli.wire.pages import read_json

if TYPE_CHECKING:
    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.wire.exchange import Exchange
    from ngrok_scim_cli.wire.okta_api import OktaApi

    Document = dict[str, object]

# To Okta, in place of a login, this is the owner of the token.
_MYSELF = "me"

# At most this many people of one name are shown.
_CANDIDATES_SHOWN = 5
# Characters of a display name that are looked at.
_LONGEST_NAME = 200


class OktaTrail:
    """Asks Okta about one person."""

    def __init__(self, evidence: Evidence, api: OktaApi, app: OktaApp) -> None:
        self._evidence = evidence
        self._api = api
        self._app = app
        self._is_directory_readable = True
        self._log_unread = ""

    def half(self, asked: AskedPerson) -> OktaHalf:
        """Return Okta's half; raises ``UsageError`` where a name fits nobody, or several people."""
        person = None if asked.is_full_name else self._person(asked.text)
        if person:
            exchange = self._evidence.note(self._api.app_user(self._app.id, person.id))
            document = _document(exchange, "the assignment")
            app_user = None if document is None else read_app_user(document)
        else:
            app_user = self._find_app_user(asked)
        if person is None and app_user is not None:
            person = self._person(app_user.id)
        return OktaHalf(
            self._app,
            self._faults(app_user),
            person,
            app_user,
            self._events(asked, person, app_user),
            self._is_directory_readable,
            self._log_unread,
        )

    def renamed(self, user: NgrokUser) -> str:
        """Return the user name that a user of ngrok's has in Okta now; empty where none is found.

        Okta finds nobody by an id of ngrok's. So it is asked for the people of that family name.
        """
        words = user.display_name[:_LONGEST_NAME].split()
        if not words or not user.id:
            return ""
        try:
            people = list(map(read_app_user, self.people_like(words[-1])))
        except Unknown:
            return ""
        return next((item.user_name for item in people if item.external_id == user.id), "")

    def _faults(self, app_user: AppUser | None) -> tuple[Finding, ...]:
        """Return what is wrong with the app; whether SCIM is on is asked where it may be off."""
        found = judge_app(self._app)
        if found or app_user is None or app_user.external_id:
            return found
        answer = self._evidence.features.get()
        judged = judge_provisioning(self._app, answer)
        if isinstance(judged, Unknown):
            # The first page of people shows whether Okta holds an id of ngrok's for anybody.
            pages = self._api.app_users(self._app.id)
            first = next(self._evidence.pages("the people of the app", pages))
            anybody = any(read_app_user(item).external_id for item in first.items)
            judged = judge_provisioning(self._app, answer, provisioned=anybody)
        return judged.findings

    def _person(self, id_or_login: str) -> OktaPerson | None:
        if not self._is_directory_readable or id_or_login.casefold() == _MYSELF:
            return None
        exchange = self._evidence.note(self._api.user(id_or_login))
        if exchange.status == HTTPStatus.FORBIDDEN:
            # The token may read apps, and not people; the app has most of it.
            self._is_directory_readable = False
            return None
        document = _document(exchange, "the person")
        return None if document is None else read_okta_person(document)

    def _find_app_user(self, asked: AskedPerson) -> AppUser | None:
        """Look among the people of the app, by name or address."""
        text = asked.text.casefold()
        found = [
            item for item in self.people_like(asked.text.split()[0]) if _fits(item, text.split())
        ]
        people = list(map(read_app_user, found))
        if not asked.is_full_name:
            people = [
                person
                for person in people
                if text in (person.user_name.casefold(), person.email.casefold())
            ]
        if len(people) > 1:
            names = [person.user_name for person in people]
            raise UsageError(
                f"“{asked.text}” fits {len(names)} people: {first_of(names, _CANDIDATES_SHOWN)}.",
                advice="Give the e-mail address of one of them.",
            )
        if not people and asked.is_full_name:
            raise only_a_name(asked)
        return people[0] if people else None

    def people_like(self, query: str) -> list[Document]:
        """Return the people of the app whose name or address begins with ``query``."""
        exchange = self._evidence.note(self._api.find_app_user(self._app.id, query))
        value = read_json(exchange)
        if not isinstance(value, list):
            raise okta_refused(exchange, "the people of the app")
        return [item for item in value if isinstance(item, dict)]

    def _events(
        self, asked: AskedPerson, person: OktaPerson | None, app_user: AppUser | None
    ) -> tuple[LogEvent, ...]:
        known = person or app_user
        name = (app_user.user_name if app_user else "") or asked.text
        # An event may name the person (00u…), or only the assignment by its user name.
        conditions = [f"target.id eq {json.dumps(known.id)}"] if known else []
        conditions.append(f"target.alternateId eq {json.dumps(name)}")
        condition = f'({" or ".join(conditions)}) and eventType sw "application."'
        try:
            return self._evidence.read_log(condition, days=LOG_KEPT_DAYS)
        except Unknown as missing:
            self._log_unread = missing.reason
            return ()


def _document(exchange: Exchange, what: str) -> Document | None:
    """Return what Okta answered; ``None`` where there is no such thing."""
    document = json_object(exchange)
    if document is None and exchange.status != HTTPStatus.NOT_FOUND:
        raise okta_refused(exchange, what)
    return document


def _fits(document: Document, words: list[str]) -> bool:
    """Tell whether a name or the address contains every word that was typed."""
    person, profile = read_app_user(document), as_object(document.get("profile"))
    known = (person.user_name, person.email, *map(as_text, profile.values()))
    return all(word in " ".join(known).casefold() for word in words)


def only_a_name(asked: AskedPerson) -> UsageError:
    """Return the error for a name that fits nobody."""
    return UsageError(
        f"“{asked.text}” is not an e-mail address, and no person has that name.",
        advice=f"Look the address up: ngrok-scim users list --match {asked.text.split()[0]}",
    )
