import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ngrok_scim_cli.errors import KeyringLost, KeyringUnusable, ProfileUnwritable
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.settings import files
from ngrok_scim_cli.settings.profile import Key, PendingKey, Profile, Rotation
from ngrok_scim_cli.settings.secrets import KeyringStore, MemoryStore
from ngrok_scim_cli.setup.context import StepFailed
from ngrok_scim_cli.setup.key_journal import AnotherAccount, KeyJournal
from ngrok_scim_cli.setup.known_keys import is_ours
from ngrok_scim_cli.wire.client import Wire
from ngrok_scim_cli.wire.exchange import Exchange, Reply
from ngrok_scim_cli.wire.ngrok_api import Listing, NgrokApi
from tests.support.setup_context import NAME, NEXT, NOW, SCIM, Place, open_place

MARK = "0123456789abcdef"
MARKED = json.dumps({"made_by": "ngrok-scim", "mark": MARK})


def create(place: Place, journal: KeyJournal | None = None, *, beside: bool = False) -> Key:
    account = place.sandbox.account
    owner = next(iter(account.service_users.values()), None)
    owner = owner or account.add_service_user("Okta SCIM Bot")
    return (journal or place.journal()).create(
        owner_id=owner.id, owner_name=owner.name, description="Okta SCIM Integration", beside=beside
    )


def intent(place: Place, *, minutes_ago: int = 0, **fields: Key | None) -> None:
    begun = NOW - timedelta(minutes=minutes_ago)
    pending = PendingKey(MARK, started_at=begun)
    place.change(replace(Profile(NAME, pending_key=pending), **fields))  # type: ignore[arg-type]


class Tampered(NgrokApi):
    """ngrok's API, whose answer to the making of a key is changed on its way back."""

    def __init__(self, place: Place, change: Callable[[Exchange], Exchange]) -> None:
        values = place.sandbox.values
        super().__init__(place.wire, values.api_base_url, values.admin_key)
        self._change = change

    def create_api_key(self, *, description: str, metadata: str, owner_id: str) -> Exchange:
        return self._change(
            super().create_api_key(description=description, metadata=metadata, owner_id=owner_id)
        )


def with_body(exchange: Exchange, body: bytes) -> Exchange:
    assert exchange.reply is not None
    return replace(exchange, reply=replace(exchange.reply, body=body))


def test_a_new_key_is_stored_recorded_and_marked(place: Place) -> None:
    key = create(place)
    (alive,) = place.alive().values()
    assert key == place.profile().key
    assert (key.id, key.owner_id, key.owner_name) == (alive.id, alive.owner_id, "Okta SCIM Bot")
    assert (key.description, key.stored_at) == ("Okta SCIM Integration", NOW)
    assert place.secrets.get(SCIM) == alive.token
    assert json.loads(alive.metadata)["made_by"] == "ngrok-scim"
    assert place.profile().pending_key is None


def test_the_intent_with_the_mark_of_the_key_is_written_before_ngrok_is_asked(
    place: Place,
) -> None:
    marks = []

    def look(exchange: Exchange) -> Exchange:
        pending = place.profile().pending_key
        marks.append(pending.mark if pending else None)
        return exchange

    create(place, place.journal(Tampered(place, look)))
    (alive,) = place.alive().values()
    assert marks == [json.loads(alive.metadata)["mark"]]


def test_two_keys_never_share_a_mark(place: Place) -> None:
    create(place)
    create(place, beside=True)
    assert len({key.metadata for key in place.alive().values()}) == 2


def test_a_key_beside_the_old_one_leaves_that_one_in_use(place: Place) -> None:
    old = create(place)
    secret = place.secrets.get(SCIM)
    new = create(place, beside=True)
    assert (place.profile().key, place.profile().next_key) == (old, new)
    assert place.secrets.get(SCIM) == secret
    assert place.secrets.get(NEXT) == place.alive()[new.id].token


@pytest.mark.parametrize("name", ["next_key", "previous_key"])
def test_a_third_key_is_never_made(place: Place, name: str) -> None:
    old = create(place)
    place.change(replace(place.profile(), **{name: Key("ak_other")}))  # type: ignore[arg-type]
    with pytest.raises(StepFailed, match="two keys") as caught:
        create(place, beside=True)
    assert [item.code for item in caught.value.findings] == ["NGR716"]
    assert list(place.alive()) == [old.id]


def test_a_stored_key_is_never_overwritten(place: Place) -> None:
    place.secrets.set(SCIM, "kept")
    with pytest.raises(StepFailed, match="holds a key already"):
        create(place)
    assert place.secrets.get(SCIM) == "kept"
    assert place.alive() == {}


def test_a_key_whose_secret_is_lost_is_superseded_and_stays_known(place: Place) -> None:
    lost = create(place)
    place.secrets.delete(SCIM)
    new = create(place)
    assert (place.profile().key, place.profile().previous_key) == (new, lost)


# What goes wrong while a key is made.


def test_a_refusal_leaves_neither_key_nor_intent(place: Place) -> None:
    place.sandbox.set_faults(["not-an-admin"])
    with pytest.raises(StepFailed, match="did not make the key") as caught:
        create(place)
    assert [item.code for item in caught.value.findings] == ["NGR710"]
    assert (place.alive(), place.profile().pending_key) == ({}, None)


def test_a_request_that_never_left_leaves_no_intent(place: Place) -> None:
    with Wire(environment={}) as wire:
        api = NgrokApi(wire, "http://127.0.0.1:1", place.sandbox.values.admin_key)
        with pytest.raises(StepFailed, match="did not make the key"):
            create(place, place.journal(api))
    assert place.profile().pending_key is None


def test_a_key_whose_answer_got_lost_is_revoked_at_once(place: Place) -> None:
    place.sandbox.set_faults(["drops-after-create"])
    with pytest.raises(StepFailed, match="reply held no key"):
        create(place)
    assert place.alive() == {}
    pending = place.profile().pending_key
    assert pending is not None
    place.sandbox.set_faults([])
    place.journal().settle()
    key = create(place)
    assert list(place.alive()) == [key.id]
    assert place.profile().pending_key is None
    assert json.loads(place.alive()[key.id].metadata)["mark"] == pending.mark


def test_a_key_of_an_earlier_attempt_that_appears_late_is_revoked(place: Place) -> None:
    intent(place)
    place.journal().settle()

    def come_late(exchange: Exchange) -> Exchange:
        place.add_key(MARKED)
        return exchange

    key = create(place, place.journal(Tampered(place, come_late)))
    assert list(place.alive()) == [key.id]
    assert place.profile().pending_key is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body[:40],
        lambda body: body.replace(b'"token": "', b'"token": null, "x": "'),
        lambda body: body.replace(b'"id": "ak_', b'"id": "ak_X'),
        lambda body: body.replace(b'"id": "ak_', b'"id": 1, "x": "'),
        lambda body: b"[]",
        lambda body: b"<html>",
    ],
    ids=["cut off", "no token", "another id", "id no text", "a list", "a web page"],
)
def test_a_201_that_brings_no_whole_key_leaves_none_alive(
    place: Place, spoil: Callable[[bytes], bytes]
) -> None:
    def change(exchange: Exchange) -> Exchange:
        assert exchange.reply is not None
        changed = spoil(exchange.reply.body)
        assert changed != exchange.reply.body
        return with_body(exchange, changed)

    with pytest.raises(StepFailed, match="reply held no key"):
        create(place, place.journal(Tampered(place, change)))
    assert place.alive() == {}
    assert place.secrets.get(SCIM) is None


def test_where_ngrok_is_gone_altogether_the_intent_stays(place: Place) -> None:
    def stop(exchange: Exchange) -> Exchange:
        place.sandbox.set_faults(["api-server-error"])
        return with_body(exchange, b"")

    with pytest.raises(StepFailed, match="reply held no key"):
        create(place, place.journal(Tampered(place, stop)))
    assert len(place.alive()) == 1
    assert place.profile().pending_key is not None
    with pytest.raises(StepFailed, match="Could not list the API keys"):
        place.journal().settle()
    assert place.profile().pending_key is not None
    place.sandbox.set_faults([])
    (half_made,) = place.alive()
    assert place.journal().settle() == (
        f"An earlier run left {half_made} half-made; it is revoked.",
    )
    assert place.alive() == {}


def test_a_refusal_of_a_second_attempt_keeps_the_mark_of_the_first(place: Place) -> None:
    intent(place)
    place.sandbox.set_faults(["key-limit"])
    with pytest.raises(StepFailed, match="did not make the key") as caught:
        create(place)
    assert [item.code for item in caught.value.findings] == ["NGR715"]
    pending = place.profile().pending_key
    assert pending is not None
    assert pending.mark == MARK


@pytest.mark.parametrize("again", [False, True])
def test_a_key_that_the_keyring_does_not_keep_is_revoked(
    place: Place, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    if again:
        intent(place)
    backend = "tests.support.keyring_backends.ForgettingKeyring"
    place.secrets = KeyringStore({"PYTHON_KEYRING_BACKEND": backend})
    with pytest.raises(KeyringLost):
        create(place)
    assert place.alive() == {}
    assert (place.profile().pending_key is not None) is again


def test_a_keyring_that_refuses_does_so_before_there_is_a_key(place: Place) -> None:
    backend = "tests.support.keyring_backends.RefusingKeyring"
    place.secrets = KeyringStore({"PYTHON_KEYRING_BACKEND": backend})
    with pytest.raises(KeyringUnusable):
        create(place)
    assert place.alive() == {}
    assert place.profile().pending_key is None


class Locked(MemoryStore):
    """Takes nothing, and forgets nothing."""

    def set(self, name: str, secret: str) -> None:
        redactor.learn(secret)
        raise KeyringUnusable("locked")

    def delete(self, name: str) -> None:
        raise KeyringUnusable("locked")


def test_the_new_key_is_told_to_the_redactor_even_where_nothing_keeps_it(place: Place) -> None:
    place.secrets = Locked()
    tokens = []

    def look(exchange: Exchange) -> Exchange:
        assert exchange.reply is not None
        tokens.append(json.loads(exchange.reply.body)["token"])
        return exchange

    with pytest.raises(KeyringUnusable):
        create(place, place.journal(Tampered(place, look)))
    assert place.alive() == {}
    assert redactor.redact(tokens[0].partition("_")[2]) == "[redacted]"


def test_where_it_can_be_neither_kept_nor_revoked_the_intent_stays(place: Place) -> None:
    place.secrets = Locked()

    def stop(exchange: Exchange) -> Exchange:
        place.sandbox.set_faults(["api-server-error"])
        return exchange

    with pytest.raises(StepFailed, match="could not be revoked"):
        create(place, place.journal(Tampered(place, stop)))
    place.sandbox.set_faults([])
    place.journal().settle()
    assert place.alive() == {}


def test_a_profile_that_cannot_be_written_before_makes_no_key(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write_whole", full)
    with pytest.raises(ProfileUnwritable, match="no space left"):
        create(place)
    assert place.alive() == {}


def test_a_profile_that_cannot_be_written_afterwards_is_made_good_by_the_next_run(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = files.write_whole
    written = []

    def full_at_the_second(path: Path, data: bytes) -> None:
        written.append(path)
        if len(written) == 2:
            raise OSError(28, "No space left on device")
        write(path, data)

    monkeypatch.setattr(files, "write_whole", full_at_the_second)
    with pytest.raises(ProfileUnwritable):
        create(place)
    (stored,) = place.alive()
    assert place.profile().key is None
    assert place.journal().settle() == (f"An earlier run stored {stored}; it is used.",)
    key = place.profile().key
    assert key is not None
    assert (key.id, key.owner_name) == (stored, "Okta SCIM Bot")
    assert place.profile().pending_key is None


# What an earlier run left.


def test_nothing_is_asked_of_ngrok_where_there_is_nothing_to_settle(place: Place) -> None:
    place.sandbox.set_faults(["api-server-error"])
    assert place.journal().settle() == ()


def test_every_key_with_the_mark_that_is_not_stored_is_revoked(place: Place) -> None:
    stored, *others = [place.add_key(MARKED) for _ in range(3)]
    foreign = place.add_key(json.dumps({"made_by": "ngrok-scim", "mark": "another"}))
    by_hand = [
        place.add_key(metadata)
        for metadata in ("", "no json", "[1]", '{"mark": 1}', json.dumps({"mark": MARK}))
    ]
    place.secrets.set(SCIM, stored.token)
    intent(place)
    said = place.journal().settle()
    assert set(place.alive()) == {stored.id, foreign.id, *(key.id for key in by_hand)}
    assert len(said) == 1 + len(others)
    assert place.profile().key_ids == (stored.id,)
    assert place.profile().pending_key is None


def test_a_half_made_key_is_found_on_the_last_page_of_many(place: Place) -> None:
    half_made = place.add_key(MARKED)
    others = {place.add_key().id for _ in range(250)}
    intent(place)
    place.journal().settle()
    assert set(place.alive()) == others
    assert half_made.id not in others


def test_a_list_that_is_cut_off_by_the_rate_limit_settles_nothing(place: Place) -> None:
    half_made = place.add_key(MARKED)
    for _ in range(150):
        place.add_key()
    intent(place)
    place.sandbox.set_faults(["rate-limit-ngrok@2"])
    with pytest.raises(StepFailed, match="Could not list the API keys") as caught:
        place.journal().settle()
    assert [item.code for item in caught.value.findings] == ["NGR709"]
    assert half_made.id in place.alive()
    assert place.profile().pending_key is not None
    place.sandbox.set_faults([])
    place.journal().settle()
    assert half_made.id not in place.alive()


def test_an_intent_of_a_clock_that_was_ahead_ends_with_the_next_key(place: Place) -> None:
    half_made = place.add_key(MARKED)
    intent(place, minutes_ago=-60 * 24 * 365)
    place.journal().settle()
    assert half_made.id not in place.alive()
    assert place.profile().pending_key is not None
    key = create(place)
    assert list(place.alive()) == [key.id]
    assert place.profile().pending_key is None


def test_a_new_key_that_was_stored_beside_the_old_one_becomes_the_next(place: Place) -> None:
    old = create(place)
    stored = place.add_key(MARKED)
    place.secrets.set(NEXT, stored.token)
    intent(place, key=old)
    place.journal().settle()
    profile = place.profile()
    assert (profile.key, profile.pending_key) == (old, None)
    assert profile.next_key is not None
    assert profile.next_key.id == stored.id


def test_a_key_that_the_profile_names_is_never_revoked_for_its_mark(place: Place) -> None:
    named = place.add_key(MARKED)
    intent(place, key=Key(named.id))
    place.journal().settle()
    assert list(place.alive()) == [named.id]
    assert place.profile().pending_key is None


@pytest.mark.parametrize(("minutes_ago", "stays"), [(0, True), (14, True), (16, False)])
def test_an_intent_stays_as_long_as_its_key_may_still_appear(
    place: Place, minutes_ago: int, stays: bool
) -> None:
    intent(place, minutes_ago=minutes_ago)
    place.journal().settle()
    assert (place.profile().pending_key is not None) is stays


@pytest.fixture
def elsewhere(place: Place, tmp_path: Path) -> Iterator[Place]:
    """Another account at ngrok, met with the same profile and keyring, an hour later."""
    with open_sandbox(empty_account=True) as other, open_place(other, tmp_path) as opened:
        opened.secrets = place.secrets
        opened.clock = NOW + timedelta(hours=1)
        yield opened


def begun(place: Place) -> str:
    """Begin a key whose answer gets lost, in an account that is then out of reach."""
    place.sandbox.set_faults(["drops-after-create", "api-server-error@2"])
    with pytest.raises(StepFailed):
        create(place)
    place.sandbox.set_faults([])
    (half_made,) = place.alive()
    return half_made


def test_a_key_that_was_begun_in_another_account_is_not_lost(
    place: Place, elsewhere: Place
) -> None:
    half_made = begun(place)
    with pytest.raises(AnotherAccount, match="another ngrok account") as caught:
        elsewhere.journal().settle()
    (found,) = caught.value.findings
    assert (found.code, "key of that account" in found.fix) == ("NGR701", True)
    assert list(place.alive()) == [half_made]
    place.clock = elsewhere.clock + timedelta(hours=1)
    assert half_made in place.journal().settle()[0]
    assert (place.alive(), place.profile().pending_key) == ({}, None)


def test_a_service_user_that_cannot_be_asked_for_keeps_the_intent(place: Place) -> None:
    half_made = begun(place)
    key = place.sandbox.account.keys.pop(half_made)
    place.clock += timedelta(hours=1)
    place.sandbox.set_faults(["api-server-error@2"])
    with pytest.raises(StepFailed, match="Could not read the Service User"):
        place.journal().settle()
    place.sandbox.account.keys[half_made] = key
    place.sandbox.set_faults([])
    assert half_made in place.journal().settle()[0]


def test_a_key_of_the_profile_that_is_listed_tells_the_account(place: Place) -> None:
    create(place)
    pending = PendingKey(MARK, started_at=NOW - timedelta(hours=1), owner_id="bot_gone")
    place.change(replace(place.profile(), pending_key=pending))
    assert place.journal().settle() == ()
    assert place.profile().pending_key is None


def test_a_half_made_key_that_cannot_be_revoked_keeps_the_intent(place: Place) -> None:
    class Stubborn(NgrokApi):
        def delete_api_key(self, api_key_id: str) -> Exchange:
            return Exchange("revoke", "DELETE", "/", Reply(500))

    place.add_key(MARKED)
    intent(place)
    api = Stubborn(place.wire, place.sandbox.values.api_base_url, place.sandbox.values.admin_key)
    with pytest.raises(StepFailed, match="could not be revoked"):
        place.journal(api).settle()
    assert place.profile().pending_key is not None


def test_a_list_that_is_not_complete_settles_nothing(place: Place) -> None:
    class HalfList(NgrokApi):
        def api_keys(self) -> Listing:
            return replace(super().api_keys(), complete=False)

    half_made = place.add_key(MARKED)
    intent(place)
    api = HalfList(place.wire, place.sandbox.values.api_base_url, place.sandbox.values.admin_key)
    with pytest.raises(StepFailed, match="Could not list the API keys"):
        place.journal(api).settle()
    assert list(place.alive()) == [half_made.id]
    assert place.profile().pending_key is not None


def test_entries_without_a_usable_id_are_passed_over(place: Place) -> None:
    class Odd(NgrokApi):
        def api_keys(self) -> Listing:
            listing = super().api_keys()
            odd: tuple[dict[str, object], ...] = (
                {"metadata": MARKED},
                {"id": 7, "metadata": MARKED},
            )
            return replace(listing, items=listing.items + odd)

    intent(place)
    api = Odd(place.wire, place.sandbox.values.api_base_url, place.sandbox.values.admin_key)
    assert place.journal(api).settle() == ()


def test_a_stored_key_that_a_lost_profile_named_is_used_again(place: Place) -> None:
    key = create(place)
    place.profiles.path(NAME).unlink()
    assert place.journal().settle() == (f"The keyring held {key.id}; it is used.",)
    assert place.profile().key == key
    assert place.journal().settle() == ()


def test_a_stored_key_of_another_account_is_neither_used_nor_overwritten(place: Place) -> None:
    key = place.add_key()
    del place.sandbox.account.keys[key.id]
    place.secrets.set(SCIM, key.token)
    with pytest.raises(StepFailed, match="does not know") as caught:
        place.journal().settle()
    (found,) = caught.value.findings
    assert (found.code, f"api-key revoke {key.id}" in found.fix) == ("NGR701", True)
    assert place.secrets.get(SCIM) == key.token


def test_a_stored_key_that_tells_no_id_is_used(place: Place) -> None:
    place.secrets.set(SCIM, "an-old-key")
    place.journal().settle()
    assert place.profile().key == Key("", stored_at=NOW)
    assert place.journal().settle() == ()


def test_a_key_that_was_stored_in_place_of_another_supersedes_it(place: Place) -> None:
    old = create(place)
    other = place.add_key()
    place.secrets.set(SCIM, other.token)
    place.journal().settle()
    profile = place.profile()
    assert profile.key_ids == (other.id, old.id)
    assert profile.previous_key == old


def test_a_third_key_in_the_keyring_is_not_taken_over(place: Place) -> None:
    old = create(place)
    place.change(replace(place.profile(), previous_key=Key("ak_older")))
    place.secrets.set(SCIM, place.add_key().token)
    with pytest.raises(StepFailed, match="no third one"):
        place.journal().settle()
    assert place.profile().key == old


# One key takes the place of another.


def test_the_new_key_takes_the_place_of_the_old_one(place: Place) -> None:
    old, new = create(place), create(place, beside=True)
    place.journal().promote()
    profile = place.profile()
    assert (profile.key, profile.next_key, profile.previous_key) == (new, None, old)
    assert place.secrets.get(SCIM) == place.alive()[new.id].token
    assert place.secrets.get(NEXT) is None
    place.journal().promote()
    assert place.profile() == profile


@pytest.mark.parametrize("cut_short_after", ["keyring", "profile"])
def test_a_change_of_place_that_was_cut_short_is_finished(
    place: Place, cut_short_after: str
) -> None:
    old, new = create(place), create(place, beside=True)
    token = place.alive()[new.id].token
    place.secrets.set(SCIM, token)
    if cut_short_after == "profile":
        place.change(replace(place.profile(), key=new, next_key=None, previous_key=old))
    place.journal().settle()
    profile = place.profile()
    assert (profile.key, profile.next_key, profile.previous_key) == (new, None, old)
    assert (place.secrets.get(SCIM), place.secrets.get(NEXT)) == (token, None)


def test_the_new_key_takes_the_place_of_one_that_the_keyring_lost(place: Place) -> None:
    old, new = create(place), create(place, beside=True)
    place.secrets.delete(SCIM)
    place.journal().settle()
    assert (place.profile().key, place.profile().previous_key) == (new, old)
    assert place.secrets.get(SCIM) == place.alive()[new.id].token


def test_a_new_key_that_the_keyring_lost_takes_no_place(place: Place) -> None:
    old, new = create(place), create(place, beside=True)
    place.secrets.delete(NEXT)
    with pytest.raises(KeyringLost, match=new.id):
        place.journal().promote()
    assert place.profile().key == old


def test_a_new_key_that_a_lost_profile_named_is_found_again(place: Place) -> None:
    old, new = create(place), create(place, beside=True)
    place.change(replace(place.profile(), next_key=None))
    assert place.journal().settle() == (f"The keyring held the new key {new.id}; it is used.",)
    assert (place.profile().key, place.profile().next_key) == (old, new)


def test_a_dead_new_key_in_the_keyring_is_passed_over(place: Place) -> None:
    old, new = create(place), create(place, beside=True)
    place.change(replace(place.profile(), next_key=None))
    del place.sandbox.account.keys[new.id]
    assert place.journal().settle() == ()
    assert create(place, beside=True).id in place.alive()
    assert place.profile().key == old


# One of two keys goes.


def rotation(place: Place) -> Rotation:
    create(place)
    create(place, beside=True)
    found = place.profile().rotation
    assert found is not None
    return found


def test_of_two_keys_the_old_one_is_revoked_and_forgotten(place: Place) -> None:
    two = rotation(place)
    assert place.journal().finish_rotation(two) == f"Revoked {two.old.id}."
    assert list(place.alive()) == [two.new.id]
    assert place.profile().key_ids == (two.new.id,)


@pytest.mark.parametrize("goes", ["old", "new"])
def test_a_key_that_is_gone_is_forgotten(place: Place, goes: str) -> None:
    two = rotation(place)
    gone, left = (two.old, two.new) if goes == "old" else (two.new, two.old)
    del place.sandbox.account.keys[gone.id]
    journal = place.journal()
    end = journal.finish_rotation if goes == "old" else journal.abort_rotation
    assert end(two) == f"{gone.id} was gone already."
    assert place.profile().key_ids == (left.id,)


@pytest.mark.parametrize("goes", ["old", "new"])
def test_another_accounts_administrator_revokes_and_forgets_nothing(
    place: Place, goes: str
) -> None:
    two = rotation(place)
    left = two.new if goes == "old" else two.old
    key = place.sandbox.account.keys.pop(left.id)
    journal = place.journal()
    with pytest.raises(StepFailed, match="this account does not have") as caught:
        (journal.finish_rotation if goes == "old" else journal.abort_rotation)(two)
    assert [item.code for item in caught.value.findings] == ["NGR701"]
    place.sandbox.account.keys[left.id] = key
    assert place.profile().rotation == two
    assert set(place.alive()) == {two.old.id, two.new.id}


def test_an_old_key_of_another_account_is_not_forgotten(place: Place) -> None:
    two = rotation(place)
    elsewhere = replace(two.old, id="ak_elsewhere", owner_id="bot_elsewhere")
    place.change(replace(place.profile(), key=elsewhere))
    with pytest.raises(StepFailed, match="not in this account") as caught:
        place.journal().finish_rotation(replace(two, old=elsewhere))
    assert "api-key revoke ak_elsewhere" in caught.value.findings[0].fix
    assert place.profile().key == elsewhere


@pytest.mark.parametrize("which", ["key", "next_key"])
def test_a_forgotten_key_leaves_keyring_and_profile(place: Place, which: str) -> None:
    old, new = create(place), create(place, beside=True)
    gone, kept = (old, new) if which == "key" else (new, old)
    place.journal().forget(gone.id)
    assert place.profile().key_ids == (kept.id,)
    assert place.profile().key == kept
    assert place.secrets.get(SCIM) == place.alive()[kept.id].token
    assert place.secrets.get(NEXT) is None


@pytest.mark.parametrize(
    ("metadata", "ours"),
    [
        (MARKED, True),
        ("", False),
        ("{}", False),
        (None, False),
        ('"made_by"', False),
        ("[" * 100_000, False),
        ('{"made_by": "somebody"}', False),
    ],
)
def test_our_keys_are_told_by_their_metadata(metadata: str | None, ours: bool) -> None:
    assert is_ours({"id": "ak_1", "metadata": metadata}) is ours
