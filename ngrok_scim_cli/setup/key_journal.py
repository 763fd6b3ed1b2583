"""Makes, replaces and revokes the SCIM key so that nothing is lost, whenever the process is killed.

ngrok has the keys, the keyring their secrets, the profile their ids. The three cannot change at
once, so each change is made in an order in which the next run can tell how far the last one came:

- A key is made: its intent goes into the profile with a random mark, the key is made at ngrok with
  that mark in its ``metadata``, its secret goes into the keyring, its id into the profile.
- A key is made beside another: both secrets are in the keyring and both ids in the profile, until a
  person says which of them Okta has. The other one ends at ngrok first, then the profile and the
  keyring forget it.

``settle`` brings what was cut short to its end: of the keys with the mark, the one that the keyring
holds is kept and every other one is revoked. So no key of ours lives that the profile does not
know, by its id or by its mark.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cache
from secrets import token_hex

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.ngrok.account import not_in_account
from ngrok_scim_cli.diagnosis.ngrok.api_keys import MAKER, ApiKey, read_api_key
from ngrok_scim_cli.diagnosis.ngrok.api_reply import judge_api
from ngrok_scim_cli.diagnosis.values.key import id_of_key
from ngrok_scim_cli.errors import NgrokScimError
from ngrok_scim_cli.settings.profile import Key, PendingKey, Rotation
from ngrok_scim_cli.settings.secrets import SecretKind
from ngrok_scim_cli.setup import ngrok_account as account
from ngrok_scim_cli.setup.context import SetupContext, StepFailed
from ngrok_scim_cli.setup.hand_off import HalfHandedOver, NotHandedOver
from ngrok_scim_cli.setup.key_plan import Action, Do, Held, lost, plan, two_keys_live, with_key
from ngrok_scim_cli.wire.exchange import FailureKind
from ngrok_scim_cli.wire.ngrok_api import NgrokApi

_REFUSED = range(400, 500)

# The request did not leave this machine, so ngrok made no key.
_NOT_SENT = (
    FailureKind.DNS,
    FailureKind.REFUSED,
    FailureKind.CONNECT_TIMEOUT,
    FailureKind.TLS,
    FailureKind.WITHHELD,
)

_ANOTHER_ACCOUNT = "An earlier run began to make a key in another ngrok account than this one."
_THAT_ACCOUNT = (
    "Run the same command with an administrator's key of that account, so that the key is found "
    "and revoked; or use another --profile for this one."
)

_FORGET_INTENT = "Forget it? Only if that account, or the Service User in it, is deleted."
_FORGET = "Run `ngrok-scim api-key revoke {}` to forget it, or use another --profile."


class AnotherAccount(StepFailed):
    """A key was begun in an account that the administrator's key does not belong to."""


class KeyJournal:
    """The keys of one profile, at ngrok, in the keyring and in the profile."""

    def __init__(self, context: SetupContext, api: NgrokApi) -> None:
        self._context = context
        self.api = api

    def settle(self) -> tuple[str, ...]:
        """Bring an earlier run that was cut short to its end.

        Returns:
            What was done, a line for each; nothing where there was nothing to do.

        Raises:
            HalfHandedOver: it is not known whether a key arrived that the run handed over.
            AnotherAccount: the run was in another account, or its Service User is deleted.
            StepFailed: ngrok could not be asked, or refused; the next run goes on.
        """
        pending = self._context.profile().pending_key
        if pending and pending.handing_over:
            if pending.handing_over in account.list_keys(self.api):
                raise HalfHandedOver(pending)
            self.forget_intent()
        profile = self._context.profile()
        # A key that is kept elsewhere counts as if the keyring had it.
        named = ((profile.key, SecretKind.SCIM), (profile.next_key, SecretKind.NEXT_SCIM))
        held = Held(*(key.id if key and key.kept else self._held_id(kind) for key, kind in named))
        listed = cache(lambda: account.list_keys(self.api))
        actions = tuple(plan(profile, held, listed, self._context.now()))
        return tuple(filter(None, [self._do(action, listed) for action in actions]))

    def _do(self, action: Action, listed: Callable[[], dict[str, ApiKey]]) -> str:
        """Carry out one action; return in one line what was done, if a person should know it."""
        context = self._context
        match action:
            case Action(Do.CHECK_ACCOUNT, owner_id):
                if not account.has_service_user(self.api, owner_id):
                    seen = f"{owner_id}, whom the key shall belong to, is not in this account."
                    wrong = finding("NGR701", seen, fix=_THAT_ACCOUNT)
                    raise AnotherAccount(_ANOTHER_ACCOUNT, (wrong,))
            case Action(Do.CLOSE_INTENT):
                self.forget_intent()
            case Action(Do.CLEAR_NEXT):
                context.delete_secret(SecretKind.NEXT_SCIM)
            case Action(Do.RECORD, ""):
                context.change(key=Key("", stored_at=context.now()))
            case Action(Do.RECORD, key_id, beside, half_made):
                key = self._key_of(listed()[key_id])
                context.update(lambda profile: with_key(profile, key, beside=beside))
                held = "An earlier run stored" if half_made else "The keyring held"
                new = "the new key " if beside and not half_made else ""
                return f"{held} {new}{key_id}; it is used."
            case Action(Do.REVOKE, key_id):
                account.revoke(self.api, key_id)
                return f"An earlier run left {key_id} half-made; it is revoked."
            case Action(Do.PROMOTE, key_id):
                self.promote()
                return f"{key_id} has taken its place."
            case Action(Do.REFUSE, key_id):
                raise StepFailed(
                    f"The keyring holds {key_id}, which this profile does not know.",
                    (not_in_account(key_id, fix=_FORGET.format(key_id)),),
                )
        return ""

    def take_as_handed_over(self, pending: PendingKey) -> None:
        """Record a key of which a person says that it was handed over."""
        key_id = pending.handing_over
        listed = account.list_keys(self.api).get(key_id, ApiKey(key_id))
        key = replace(self._key_of(listed), kept=pending.kept, kept_by=pending.kept_by)
        known = with_key(self._context.profile(), key, beside=bool(pending.place))
        self._context.profiles.save(replace(known, pending_key=None))

    def forget_intent(self) -> None:
        """Forget that a key was begun; if it was made, nobody looks for it any more."""
        self._context.change(pending_key=None)

    def create(
        self, *, owner_id: str, owner_name: str, description: str, beside: bool = False
    ) -> Key:
        """Make a key at ngrok, store it in the keyring and record it in the profile.

        What an earlier run left is settled before (``settle``).

        Raises:
            StepFailed: ngrok refused or did not answer, or there are two keys already. No key is
                left that the profile does not know by its id or its mark.
        """
        context, hand_off = self._context, self._context.secrets.hand_off
        kind = SecretKind.NEXT_SCIM if beside else SecretKind.SCIM
        # A keyring that refuses does so here, before there is a key.
        is_occupied = context.secret(kind) is not None
        profile = context.profile()
        if profile.rotation:
            raise StepFailed(
                "There are two keys already; no third one is made.",
                (two_keys_live(profile.rotation),),
            )
        if is_occupied and not beside:
            raise StepFailed(
                "The keyring holds a key already. To replace it: ngrok-scim api-key rotate"
            )
        earlier = profile.pending_key
        pending = PendingKey(
            mark=earlier.mark if earlier else token_hex(8),  # a late key of it is then found, too
            description=description,
            started_at=context.now(),
            owner_id=owner_id,
        )
        still_open = pending if earlier else None
        context.change(pending_key=pending)
        made, token = self._request_key(pending, is_first=earlier is None)
        key = self._key_of(made, owner_name)
        if hand_off:
            key = replace(key, kept=hand_off.kept, kept_by=hand_off.by)
            place = "next" if beside else ""
            half_way = replace(pending, kept=key.kept, kept_by=key.kept_by, place=place)
            context.change(pending_key=replace(half_way, handing_over=key.id))
        try:
            context.set_secret(kind, token)
        except NgrokScimError as error:
            account.revoke(self.api, key.id)
            with suppress(NgrokScimError):  # it opens nothing any more
                context.delete_secret(kind)
            context.change(pending_key=still_open)
            if isinstance(error, NotHandedOver):
                raise StepFailed(f"{error.message} {error.advice}".strip()) from None
            raise
        known = with_key(profile, key, beside=beside)
        context.profiles.save(replace(known, pending_key=still_open))
        if earlier:
            self.settle()
        return key

    def _request_key(self, pending: PendingKey, *, is_first: bool) -> tuple[ApiKey, str]:
        """Have ngrok make the key; return what it answered, and the key in it."""
        exchange = self.api.create_api_key(
            description=pending.description,
            metadata=json.dumps({"made_by": MAKER, "mark": pending.mark}),
            owner_id=pending.owner_id,
        )
        document = exchange.json_object() or {}
        made, token = read_api_key(document), document.get("token")
        if isinstance(token, str) and made.id and id_of_key(token) in ("", made.id):
            return made, token
        # Unless ngrok said no, or was never asked, there may be a key.
        failure = exchange.failure
        is_not_made = exchange.status in _REFUSED or (failure and failure.kind in _NOT_SENT)
        if is_not_made and is_first:
            self.forget_intent()
        else:
            with suppress(StepFailed):  # what stopped the request is the better reason
                self.settle()
        detail = "ngrok did not make the key."
        if not is_not_made:
            detail = (
                "ngrok's reply held no key. Run the same command again: if a key was made, it is "
                "found and revoked."
            )
        raise StepFailed(detail, judge_api(exchange))

    def promote(self) -> None:
        """Put the new key in the place of the old one, which the profile still names."""
        context, profile = self._context, self._context.profile()
        new = profile.next_key
        if new is None:
            return
        secret = None if new.kept else context.secret(SecretKind.NEXT_SCIM)
        if secret is None and not new.kept and self._held_id(SecretKind.SCIM) != new.id:
            raise lost(new.id)
        promoted = with_key(replace(profile, next_key=None), new)
        if secret is not None:
            context.set_secret(SecretKind.SCIM, secret)
        elif new.kept:
            context.delete_secret(SecretKind.SCIM)
        context.profiles.save(promoted)
        context.delete_secret(SecretKind.NEXT_SCIM)

    def finish_rotation(self, rotation: Rotation) -> str:
        """Revoke the old key, and let the new one take its place; a person said that it may."""
        said = self._revoke_one(rotation.old, other=rotation.new) if rotation.old.id else ""
        self.promote()
        self._context.change(previous_key=None)
        return said

    def abort_rotation(self, rotation: Rotation) -> str:
        """Revoke the new key and stay with the old one; raises as ``finish_rotation`` does."""
        said = self._revoke_one(rotation.new, other=rotation.old)
        self._context.delete_secret(SecretKind.NEXT_SCIM)
        self._context.change(next_key=None)
        return said

    def _revoke_one(self, key: Key, *, other: Key) -> str:
        """Revoke ``key``, unless it is gone, in the account that has ``other``."""
        listed = account.list_keys(self.api)
        if other.id and other.id not in listed:
            raise StepFailed(
                f"{key.id} is not revoked: this account does not have {other.id}.",
                (not_in_account(other.id),),
            )
        if key.id in listed:
            account.revoke(self.api, key.id)
            return f"Revoked {key.id}."
        self.refuse_elsewhere(key.id, fix=_FORGET.format(key.id))
        return f"{key.id} was gone already."

    def refuse_elsewhere(self, key_id: str, *, fix: str) -> None:
        """Refuse to forget a key of the profile whose Service User this account lacks.

        It is of another account then, or it ended with its Service User. A key whose owner's name
        is not known is perhaps a person's.
        """
        profile = self._context.profile()
        keys = (profile.key, profile.next_key, profile.previous_key)
        key = next((key for key in keys if key and key.id == key_id), None)
        if key and key.owner_name and not account.has_service_user(self.api, key.owner_id):
            raise StepFailed(
                f"{key_id} is not revoked: its Service User is not in this account.",
                (not_in_account(key_id, fix=fix),),
            )

    def forget(self, key_id: str) -> None:
        """Remove a key from the keyring and the profile; nothing changes at ngrok.

        A successor takes the place of the key that Okta uses.
        """
        for kind in (SecretKind.SCIM, SecretKind.NEXT_SCIM):
            if self._held_id(kind) == key_id:
                self._context.delete_secret(kind)
        profile = self._context.profile()
        named = {name: getattr(profile, name) for name in ("key", "next_key", "previous_key")}
        gone = {name: None for name, key in named.items() if key and key.id == key_id}
        if profile.pending_key and profile.pending_key.handing_over == key_id:
            gone["pending_key"] = None
        self._context.change(**gone)
        self.settle()

    def _key_of(self, made: ApiKey, owner_name: str = "") -> Key:
        """Return what the profile keeps of a key that ngrok made or listed."""
        owner_name = owner_name or account.name_of_service_user(self.api, made.owner_id)
        return Key(made.id, made.owner_id, owner_name, made.description, self._context.now())

    def _held_id(self, kind: SecretKind) -> str | None:
        """Return the id of the key that the keyring holds; empty where it does not tell it."""
        secret = self._context.secret(kind)
        return None if secret is None else id_of_key(secret)


def open_settled_journal(context: SetupContext, api: NgrokApi) -> KeyJournal:
    """Open the journal, bring what an earlier run left to its end, and show what was done."""
    journal, person = KeyJournal(context, api), context.person
    try:
        lines = journal.settle()
    except AnotherAccount as failure:
        person.show(failure.detail)
        if not person.confirm(_FORGET_INTENT, default=False):
            raise
        journal.forget_intent()
        lines = journal.settle()
    except HalfHandedOver as half:
        if not person.present:
            raise
        pending, key_id = half.pending, half.pending.handing_over
        person.show(half.detail)
        if person.confirm(half.question, default=False):
            journal.take_as_handed_over(pending)
        elif person.confirm(f"Revoke {key_id} now?", default=False):
            account.revoke(api, key_id)
            journal.forget_intent()
            person.show(f"Revoked {key_id}.")
        else:
            raise
        lines = journal.settle()
    for line in lines:
        person.show(line)
    return journal
