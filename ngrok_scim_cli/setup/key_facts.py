"""What is known of the profile's keys. Never a key itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.key import identify
from ngrok_scim_cli.setup.key_journal import not_in_account
from ngrok_scim_cli.wire.ngrok_api import json_object

if TYPE_CHECKING:
    from datetime import date, datetime

    from ngrok_scim_cli.diagnosis.finding import Finding
    from ngrok_scim_cli.settings.profile import Key
    from ngrok_scim_cli.wire.ngrok_api import NgrokApi

SERVICE_USER, PERSON = "service_user", "person"

_NOT_FOUND = 404
_OLD_DAYS = 365


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What is known of one key.

    Attributes:
        id: its id; empty where the key does not tell it.
        kept: where it is kept, for a person.
        owner_id: whom it belongs to; empty where it is not known.
        owner_name: that one's name; empty where it is not known.
        owner_kind: ``service_user`` or ``person``; ``None`` where it is not known.
        description: what ngrok's dashboard shows for it; empty where it is not known.
        made: the day on which it was made (UTC), which its id tells.
        age_days: how many days ago that was.
    """

    id: str
    kept: str
    owner_id: str = ""
    owner_name: str = ""
    owner_kind: str | None = None
    description: str = ""
    made: date | None = None
    age_days: int | None = None

    def document(self) -> dict[str, object]:
        """Return it as JSON values."""
        return {
            "id": self.id or None,
            "kept": self.kept,
            "owner_id": self.owner_id or None,
            "owner_name": self.owner_name or None,
            "owner_kind": self.owner_kind,
            "description": self.description or None,
            "made": self.made.isoformat() if self.made else None,
            "age_days": self.age_days,
        }

    def lines(self, heading: str) -> tuple[str, ...]:
        """Return it as text, under ``heading``."""
        kinds = {SERVICE_USER: ", a Service User", PERSON: ", a person", None: ""}
        named = f"{self.owner_name} ({self.owner_id})" if self.owner_name else self.owner_id
        owner = f"{named}{kinds[self.owner_kind]}" if named else "not known without an admin key"
        made = f"{self.made}, {_ago(self.age_days)}" if self.made else "not known"
        lines = (
            f"{heading}: {self.id or 'a key that does not tell its id'}",
            f"  Owner        {owner}",
            f"  Made         {made}",
            f"  Description  {self.description or 'not known without an admin key'}",
            f"  Kept         {self.kept}",
        )
        return tuple(line.replace("\n", "⏎") for line in lines)


def facts_of_key(
    key: Key, kept: str, now: datetime, api: NgrokApi | None = None
) -> tuple[KeyFacts, tuple[Finding, ...]]:
    """Return what is known of ``key``, and what is to be said of it.

    Args:
        key: the key as the profile knows it; of a given key, its id alone.
        kept: where it is kept, for a person.
        now: the time (UTC).
        api: ngrok's API with an administrator's key, where there is one. Whatever ngrok cannot be
            asked is not known.
    """
    identity = identify(f"{key.id.removeprefix('ak_')}_{'0' * 21}")
    made = identity.created.date() if identity else None
    age_days = max(0, (now.date() - made).days) if made else None
    found = _findings_of_age(age_days)
    facts = KeyFacts(
        key.id,
        kept,
        owner_id=key.owner_id,
        owner_name=key.owner_name,
        owner_kind=SERVICE_USER if key.owner_name else None,
        description=key.description,
        made=made,
        age_days=age_days,
    )
    return _asked(facts, api, found) if api and key.id else (facts, found)


def _findings_of_age(age_days: int | None) -> tuple[Finding, ...]:
    if age_days is None or age_days <= _OLD_DAYS:
        return ()
    return (finding("NGR711", f"It was made {_ago(age_days)}."),)


def _asked(
    facts: KeyFacts, api: NgrokApi, found: tuple[Finding, ...]
) -> tuple[KeyFacts, tuple[Finding, ...]]:
    exchange = api.get_api_key(facts.id)
    if exchange.reply and exchange.reply.status == _NOT_FOUND:
        return facts, (not_in_account(facts.id), *found)
    item = json_object(exchange)
    if item is None:
        return facts, found
    owner_id = _text(item.get("owner_id"))
    asked = api.get_service_user(owner_id)
    owner = json_object(asked)
    kind = None
    if owner is not None:
        kind = SERVICE_USER
    elif asked.reply and asked.reply.status == _NOT_FOUND:
        kind = PERSON
        found = (finding("NGR702", f"{facts.id} belongs to {owner_id}."), *found)
    if owner and owner.get("active") is False:
        found = (finding("NGR703", f"ngrok says that {owner_id} is inactive."), *found)
    known = replace(
        facts,
        owner_id=owner_id,
        owner_name=_text((owner or {}).get("name")),
        owner_kind=kind,
        description=_text(item.get("description")),
    )
    return known, found


def _ago(days: int | None) -> str:
    if not days:
        return "today"
    return "1 day ago" if days == 1 else f"{days:,} days ago"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
