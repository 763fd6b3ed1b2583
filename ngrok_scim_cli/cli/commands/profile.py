"""`ngrok-scim profile`: what is set up on this machine, and how to delete it."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ngrok_scim_cli.cli.runtime.command import command
from ngrok_scim_cli.cli.runtime.options import OUTPUT, PROFILE, Options, argument, flag
from ngrok_scim_cli.cli.runtime.session import Session, refuse_unknown
from ngrok_scim_cli.diagnosis.finding import Payload, Result, Section, Verdict, json_values
from ngrok_scim_cli.diagnosis.values.key import id_of_key
from ngrok_scim_cli.errors import KeyringUnusable, NgrokScimError, UsageError
from ngrok_scim_cli.settings.profile import Profile
from ngrok_scim_cli.settings.secrets import SecretKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from ngrok_scim_cli.settings.sources import Sourced

_NONE = "There is no profile on this machine yet. Make one: `ngrok-scim setup`"
_NO_HISTORY = "This profile has no history yet."
_CLEAN_UP = (
    "Deactivate the rehearsal's users first: `ngrok-scim rehearse --clean-up`. Or add --forget to "
    "delete the profile and leave them as they are."
)
_STILL_USED = (
    "If Okta uses the key, add --forget: it keeps working, and only this machine forgets it. If "
    "nothing uses it any more, revoke it first: `ngrok-scim api-key revoke`"
)


_SHARED = (*PROFILE, *OUTPUT)


class OneProfileOptions(Options):
    name: str | None = argument("[NAME]", "The profile. Default: that of --profile.", default=None)

    @property
    def meant_profile(self) -> str:
        """The profile that is meant."""
        return self.profile if self.name is None else self.name


@command("profile list", _SHARED, examples=("", "--format json"), no_input=True)
def list_command(_: Options, session: Session) -> Result:
    """List the profiles of this machine."""
    documents: list[dict[str, object]] = []
    rows: list[tuple[str, ...]] = []
    for name in session.profiles.names():
        profile, problem = Profile(name), ""
        try:
            profile = session.profiles.load(name)
        except NgrokScimError as error:
            problem = error.message
        domains = [item.name for item in profile.domains]
        key, org_url = profile.key, profile.okta.org_url
        documents.append(
            {
                "name": name,
                "key_id": (key and key.id) or None,
                "domains": domains,
                "okta_org_url": org_url or None,
                "problem": problem or None,
            }
        )
        shown_key = (key.id or "a key without an id") if key else "-"
        cells = (shown_key, ", ".join(domains) or "-", org_url or "-")
        rows.append((name, *((problem, "", "") if problem else cells)))
    heads = ("Profile", "SCIM key", "Domains", "Okta org")
    shown = Section(table=(heads, *rows)) if rows else Section(lines=(_NONE,))
    payload = Payload({"profiles": documents}, (shown,))
    return Result("profile list", Verdict.PASS, payload=payload)


@command("profile show", _SHARED, examples=("", "--format json"), no_input=True, must_exist=True)
def show_command(_: OneProfileOptions, session: Session) -> Result:
    """Show the values of a profile and where each comes from.

    A value from the environment overrides that of the profile, and is shown with its source.
    """
    from ngrok_scim_cli.diagnosis.values.validate import shown_base_url
    from ngrok_scim_cli.settings.sources import Sourced

    settings = session.settings

    def okta_credential() -> Sourced[str] | None:
        found = settings.okta_credential(settings.value("okta_org_url").value)
        return Sourced("", found.origin) if found else None

    def key_id(key: str) -> str:
        return id_of_key(key) or "a key that does not tell its id"

    def hidden(_: str) -> str:
        return "given, not shown"

    shown_url = partial(shown_base_url, trust=session.trust)
    rows: tuple[tuple[str, str, Callable[[str], str]], ...] = (
        ("scim_key", "SCIM key", key_id),
        ("base_url", "SCIM base URL", shown_url),
        ("unique_identifier", "Unique identifier", str),
        ("auth_mode", "Authentication Mode", str),
        ("admin_key", "Admin key", hidden),
        ("api_base_url", "ngrok API", shown_url),
        ("okta_org_url", "Okta org", shown_url),
        ("okta_token", "Okta token", hidden),
        ("okta_app", "Okta app", str),
    )
    secrets: dict[str, Callable[[], Sourced[str] | None]] = {
        "scim_key": settings.scim_key,
        "admin_key": settings.admin_key,
        "okta_token": okta_credential,
    }
    documents: dict[str, object] = {}
    shown = [("Value", "", "Comes from")]
    for name, label, show in rows:
        try:
            found = secrets[name]() if name in secrets else settings.value(name)
        except NgrokScimError as error:
            value, origin = "", error.message
        else:
            value, origin = (show(found.value), found.origin) if found else ("", "not given")
        documents[name] = {"value": value or None, "origin": origin}
        shown.append((label, value or "-", origin))
    payload = Payload({"profile_values": documents}, (Section(table=tuple(shown)),))
    return Result("profile show", Verdict.PASS, payload=payload)


@command("profile history", _SHARED, examples=("", "--format json"), no_input=True, must_exist=True)
def history_command(_: OneProfileOptions, session: Session) -> Result:
    """Show what was done with a profile, and when."""
    events = session.profiles.history(session.profile_name)
    rows = [
        (item.at.replace("T", " ").replace("Z", " UTC"), item.what, item.key_id or item.domain)
        for item in events
    ]
    table = (("When", "What was done", "To what"), *rows)
    shown = Section(table=table) if rows else Section(lines=(_NO_HISTORY,))
    payload = Payload({"history": [json_values(item) for item in events]}, (shown,))
    return Result("profile history", Verdict.PASS, payload=payload)


class DeleteOptions(OneProfileOptions):
    forget: bool = flag(
        "--forget",
        "Delete the profile even if a key or a rehearsal's user is left active at ngrok.",
    )
    yes: bool = flag("--yes", "Do not ask for confirmation.", "-y")


@command("profile delete", _SHARED, examples=("old --yes", "--forget --yes"))
def delete_command(options: DeleteOptions, session: Session) -> Result:
    """Delete a profile from this machine.

    Its keyring entries and its files are deleted. Nothing is revoked or deactivated at ngrok. A
    profile with a key or a rehearsal's user that is still active there is deleted only with
    --forget.
    """
    name, profiles, person = session.profile_name, session.profiles, session.person
    refuse_unknown(name, profiles, may_be_default=False)
    with profiles.lock(name):
        profile = profiles.load(name)
        left = _left_at_ngrok(profile)
        if left and not options.forget:
            raise UsageError(
                f"The profile “{name}” was not deleted, because it still has {left}.",
                advice=_CLEAN_UP if profile.rehearsal else _STILL_USED,
            )
        if not options.yes:
            if not person.present:
                raise UsageError(
                    f"No terminal to confirm deleting the profile “{name}”; add --yes."
                )
            warning = f" This machine forgets {left}; nothing changes at ngrok." if left else ""
            if not person.confirm(f"Delete the profile “{name}”?{warning}", default=False):
                raise UsageError("Nothing was deleted.")
        profile = profiles.load(name)
        entries = []
        for kind, key in ((SecretKind.SCIM, profile.key), (SecretKind.NEXT_SCIM, profile.next_key)):
            if key and key.kept:  # outside the keyring, which may be unusable
                with suppress(KeyringUnusable):
                    session.secrets.delete(kind.of(name))
            elif key:
                entries.append(kind.of(name))
        if profile.okta.token_stored_at:
            entries.append(SecretKind.OKTA.of(name))
        for entry in entries:
            session.secrets.delete(entry)
        files = filter(Path.exists, (profiles.path(name), profiles.path(name, ".history")))
        said = (f"{entry} in the keyring ({session.secrets.kind})" for entry in entries)
        deleted = (*said, *map(str, files))
        profiles.delete(name)
    payload = Payload(
        {"deleted": list(deleted)},
        (Section("Deleted", lines=deleted),),
        summary="The profile is deleted from this machine.",
        is_answer=False,
    )
    return Result("profile delete", Verdict.PASS, payload=payload)


def _left_at_ngrok(profile: Profile) -> str:
    """Return what the profile names that may still be active at ngrok; empty: nothing."""
    rows = (
        ("the key", profile.key),
        ("the new key of a rotation", profile.next_key),
        ("the old key of a rotation", profile.previous_key),
    )
    left = [f"{what} {key.id or '(without an id)'}" for what, key in rows if key]
    if profile.pending_key:
        left.append("a key that was about to be made")
    if profile.rehearsal:
        users = ", ".join(profile.rehearsal.user_names) or "without a name"
        left.append(f"the user of a rehearsal, who may be active ({users})")
    return ", ".join(left)
