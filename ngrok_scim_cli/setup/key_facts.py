"""What is known of the profile's keys. Never a key itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from http import HTTPStatus

from ngrok_scim_cli.diagnosis.finding import Finding, Payload, Section, json_values
from ngrok_scim_cli.diagnosis.ngrok.account import AccountFacts, judge_account
from ngrok_scim_cli.diagnosis.ngrok.api_keys import (
    OwnerKind,
    age_in_days,
    ago,
    made_on,
    read_api_key,
    read_service_user,
)
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.settings.profile import Key
from ngrok_scim_cli.wire.ngrok_api import NgrokApi

SERVICE_USER, PERSON = OwnerKind.SERVICE_USER, OwnerKind.PERSON


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What is known of one key."""

    id: str
    kept: str
    owner_id: str = ""
    owner_name: str = ""
    owner_kind: OwnerKind | None = None
    description: str = ""
    made: date | None = None
    age_days: int | None = None

    def section(self, heading: str) -> Section:
        """Return it as text, under ``heading``."""
        kinds = {SERVICE_USER: ", a Service User", PERSON: ", a person", None: ""}
        named = f"{self.owner_name} ({self.owner_id})" if self.owner_name else self.owner_id
        unknown = "not known without an admin key"
        return Section(
            f"{heading}: {self.id or 'a key that does not tell its id'}",
            rows=(
                ("Owner", f"{named}{kinds[self.owner_kind]}" if named else unknown),
                ("Made", f"{self.made}, {ago(self.age_days)}" if self.made else "not known"),
                ("Description", self.description or unknown),
                ("Kept", self.kept),
            ),
        )


def as_answer(keys: Sequence[tuple[str, str, KeyFacts]]) -> Payload:
    """Return what is known of each key, with its name in the JSON and its heading."""
    known = {name: json_values(facts) for name, _, facts in keys}
    sections = tuple(facts.section(heading) for _, heading, facts in keys)
    return Payload(
        {name: known.get(name) for name in ("key", "next_key", "previous_key")}, sections
    )


def facts_of_key(
    key: Key, kept: str, now: datetime, api: NgrokApi | None = None
) -> tuple[KeyFacts, tuple[Finding, ...]]:
    """Return what is known of ``key``, and what is wrong with it; ngrok is asked by ``api``."""
    facts = KeyFacts(
        key.id,
        kept,
        owner_id=key.owner_id,
        owner_name=key.owner_name,
        owner_kind=SERVICE_USER if key.owner_name else None,
        description=key.description,
        made=made_on(key.id),
        age_days=age_in_days(key.id, now.date()),
    )
    known = AccountFacts(key.id, facts.age_days)
    exchange = api.get_api_key(key.id) if api and key.id else None
    if exchange and exchange.status == HTTPStatus.NOT_FOUND:
        known = replace(known, in_account=False)
    item = exchange.json_object() if exchange else None
    if api and item is not None:
        listed = read_api_key(item)
        asked = api.get_service_user(listed.owner_id)
        document = asked.json_object()
        owner = read_service_user(document) if document is not None else None
        kind = PERSON if asked.status == HTTPStatus.NOT_FOUND else SERVICE_USER if owner else None
        facts = replace(
            facts,
            owner_id=listed.owner_id,
            owner_name=owner.name if owner else "",
            owner_kind=kind,
            description=listed.description,
        )
        # The doctor says what else the key is used for.
        listed = replace(listed, description="")
        known = replace(known, in_account=True, key=listed, owner=owner, owner_kind=kind)
    return facts, judge_account(known)
