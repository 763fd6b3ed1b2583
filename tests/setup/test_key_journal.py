import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ngrok_scim_cli.diagnosis.ngrok.api_keys import read_api_key
from ngrok_scim_cli.errors import CannotTell, KeyringLost, KeyringUnusable
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.settings import files
from ngrok_scim_cli.settings.profile import Key, PendingKey, Profile, Rotation
from ngrok_scim_cli.settings.secrets import KeyringStore, SecretStore
from ngrok_scim_cli.setup.context import StepFailed
from ngrok_scim_cli.setup.key_journal import AnotherAccount, KeyJournal
from ngrok_scim_cli.wire.client import Wire
from ngrok_scim_cli.wire.exchange import Exchange, Reply
from ngrok_scim_cli.wire.ngrok_api import NgrokApi
from ngrok_scim_cli.wire.pages import Page
from tests.support.cases import each_case
from tests.support.setup_context import NAME, NEXT, NOW, SCIM, SetupHarness, open_harness

MARK = "0123456789abcdef"
MARKED = json.dumps({"made_by": "ngrok-scim", "mark": MARK})


def create(
    harness: SetupHarness, journal: KeyJournal | None = None, *, beside: bool = False
) -> Key:
    account = harness.sandbox.account
    owner = next(iter(account.service_users.values()), None)
    owner = owner or account.add_service_user("Okta SCIM Bot")
    return (journal or harness.journal()).create(
        owner_id=owner.id, owner_name=owner.name, description="Okta SCIM Integration", beside=beside
    )


def intent(harness: SetupHarness, *, minutes_ago: int = 0, **fields: Key | None) -> None:
    begun = NOW - timedelta(minutes=minutes_ago)
    pending = PendingKey(MARK, started_at=begun)
    harness.change(replace(Profile(NAME, pending_key=pending), **fields))  # type: ignore[arg-type]


class Tampered(NgrokApi):
    """ngrok's API, whose answer to the making of a key is changed on its way back."""

    def __init__(self, harness: SetupHarness, change: Callable[[Exchange], Exchange]) -> None:
        values = harness.sandbox.values
        super().__init__(harness.wire, values.api_base_url, values.admin_key)
        self._change = change

    def create_api_key(self, *, description: str, metadata: str, owner_id: str) -> Exchange:
        return self._change(
            super().create_api_key(description=description, metadata=metadata, owner_id=owner_id)
        )


def with_body(exchange: Exchange, body: bytes) -> Exchange:
    assert exchange.reply is not None
    return replace(exchange, reply=replace(exchange.reply, body=body))


def test_a_new_key_is_stored_recorded_and_marked(harness: SetupHarness) -> None:
    key = create(harness)
    (alive,) = harness.alive().values()
    assert key == harness.profile().key
    assert (key.id, key.owner_id, key.owner_name) == (alive.id, alive.owner_id, "Okta SCIM Bot")
    assert (key.description, key.stored_at) == ("Okta SCIM Integration", NOW)
    assert harness.secrets.get(SCIM) == alive.token
    assert json.loads(alive.metadata)["made_by"] == "ngrok-scim"
    assert harness.profile().pending_key is None


def test_the_intent_with_the_mark_of_the_key_is_written_before_ngrok_is_asked(
    harness: SetupHarness,
) -> None:
    marks = []

    def look(exchange: Exchange) -> Exchange:
        pending = harness.profile().pending_key
        marks.append(pending.mark if pending else None)
        return exchange

    create(harness, harness.journal(Tampered(harness, look)))
    (alive,) = harness.alive().values()
    assert marks == [json.loads(alive.metadata)["mark"]]


def test_two_keys_never_share_a_mark(harness: SetupHarness) -> None:
    create(harness)
    create(harness, beside=True)
    assert len({key.metadata for key in harness.alive().values()}) == 2


def test_a_key_beside_the_old_one_leaves_that_one_in_use(harness: SetupHarness) -> None:
    old = create(harness)
    secret = harness.secrets.get(SCIM)
    new = create(harness, beside=True)
    assert (harness.profile().key, harness.profile().next_key) == (old, new)
    assert harness.secrets.get(SCIM) == secret
    assert harness.secrets.get(NEXT) == harness.alive()[new.id].token


@pytest.mark.parametrize("name", ["next_key", "previous_key"])
def test_a_third_key_is_never_made(harness: SetupHarness, name: str) -> None:
    old = create(harness)
    harness.change(replace(harness.profile(), **{name: Key("ak_other")}))  # type: ignore[arg-type]
    with pytest.raises(StepFailed, match="two keys") as caught:
        create(harness, beside=True)
    assert [item.code for item in caught.value.findings] == ["NGR716"]
    assert list(harness.alive()) == [old.id]


def test_a_stored_key_is_never_overwritten(harness: SetupHarness) -> None:
    harness.secrets.set(SCIM, "kept")
    with pytest.raises(StepFailed, match="holds a key already"):
        create(harness)
    assert harness.secrets.get(SCIM) == "kept"
    assert harness.alive() == {}


def test_a_key_whose_secret_is_lost_is_superseded_and_stays_known(harness: SetupHarness) -> None:
    lost = create(harness)
    harness.secrets.delete(SCIM)
    new = create(harness)
    assert (harness.profile().key, harness.profile().previous_key) == (new, lost)


# What goes wrong while a key is made.


def test_a_refusal_leaves_neither_key_nor_intent(harness: SetupHarness) -> None:
    harness.sandbox.set_faults(["not-an-admin"])
    with pytest.raises(StepFailed, match="did not make the key") as caught:
        create(harness)
    assert [item.code for item in caught.value.findings] == ["NGR710"]
    assert (harness.alive(), harness.profile().pending_key) == ({}, None)


def test_a_request_that_never_left_leaves_no_intent(harness: SetupHarness) -> None:
    with Wire(environment={}) as wire:
        api = NgrokApi(wire, "http://127.0.0.1:1", harness.sandbox.values.admin_key)
        with pytest.raises(StepFailed, match="did not make the key"):
            create(harness, harness.journal(api))
    assert harness.profile().pending_key is None


def test_a_key_whose_answer_got_lost_is_revoked_at_once(harness: SetupHarness) -> None:
    harness.sandbox.set_faults(["drops-after-create"])
    with pytest.raises(StepFailed, match="reply held no key"):
        create(harness)
    assert harness.alive() == {}
    pending = harness.profile().pending_key
    assert pending is not None
    harness.sandbox.set_faults([])
    harness.journal().settle()
    key = create(harness)
    assert list(harness.alive()) == [key.id]
    assert harness.profile().pending_key is None
    assert json.loads(harness.alive()[key.id].metadata)["mark"] == pending.mark


def test_a_key_of_an_earlier_attempt_that_appears_late_is_revoked(harness: SetupHarness) -> None:
    intent(harness)
    harness.journal().settle()

    def come_late(exchange: Exchange) -> Exchange:
        harness.add_key(MARKED)
        return exchange

    key = create(harness, harness.journal(Tampered(harness, come_late)))
    assert list(harness.alive()) == [key.id]
    assert harness.profile().pending_key is None


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
    harness: SetupHarness, spoil: Callable[[bytes], bytes]
) -> None:
    def change(exchange: Exchange) -> Exchange:
        assert exchange.reply is not None
        changed = spoil(exchange.reply.body)
        assert changed != exchange.reply.body
        return with_body(exchange, changed)

    with pytest.raises(StepFailed, match="reply held no key"):
        create(harness, harness.journal(Tampered(harness, change)))
    assert harness.alive() == {}
    assert harness.secrets.get(SCIM) is None


def test_where_ngrok_is_gone_altogether_the_intent_stays(harness: SetupHarness) -> None:
    def stop(exchange: Exchange) -> Exchange:
        harness.sandbox.set_faults(["api-server-error"])
        return with_body(exchange, b"")

    with pytest.raises(StepFailed, match="reply held no key"):
        create(harness, harness.journal(Tampered(harness, stop)))
    assert len(harness.alive()) == 1
    assert harness.profile().pending_key is not None
    with pytest.raises(StepFailed, match="Could not list the API keys"):
        harness.journal().settle()
    assert harness.profile().pending_key is not None
    harness.sandbox.set_faults([])
    (half_made,) = harness.alive()
    assert harness.journal().settle() == (
        f"An earlier run left {half_made} half-made; it is revoked.",
    )
    assert harness.alive() == {}


def test_a_refusal_of_a_second_attempt_keeps_the_mark_of_the_first(harness: SetupHarness) -> None:
    intent(harness)
    harness.sandbox.set_faults(["key-limit"])
    with pytest.raises(StepFailed, match="did not make the key") as caught:
        create(harness)
    assert [item.code for item in caught.value.findings] == ["NGR715"]
    pending = harness.profile().pending_key
    assert pending is not None
    assert pending.mark == MARK


@pytest.mark.parametrize("again", [False, True])
def test_a_key_that_the_keyring_does_not_keep_is_revoked(
    harness: SetupHarness, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    if again:
        intent(harness)
    backend = "tests.support.keyring_backends.ForgettingKeyring"
    harness.secrets = KeyringStore({"PYTHON_KEYRING_BACKEND": backend})
    with pytest.raises(KeyringLost):
        create(harness)
    assert harness.alive() == {}
    assert (harness.profile().pending_key is not None) is again


def test_a_keyring_that_refuses_does_so_before_there_is_a_key(harness: SetupHarness) -> None:
    backend = "tests.support.keyring_backends.RefusingKeyring"
    harness.secrets = KeyringStore({"PYTHON_KEYRING_BACKEND": backend})
    with pytest.raises(KeyringUnusable):
        create(harness)
    assert harness.alive() == {}
    assert harness.profile().pending_key is None


class Locked(SecretStore):
    """Takes nothing, and forgets nothing."""

    def set(self, name: str, secret: str) -> None:
        redactor.learn(secret)
        raise KeyringUnusable("locked")

    def delete(self, name: str) -> None:
        raise KeyringUnusable("locked")


def test_the_redactor_knows_the_new_key_even_where_nothing_stores_it(
    harness: SetupHarness,
) -> None:
    harness.secrets = Locked()
    tokens = []

    def look(exchange: Exchange) -> Exchange:
        assert exchange.reply is not None
        tokens.append(json.loads(exchange.reply.body)["token"])
        return exchange

    with pytest.raises(KeyringUnusable):
        create(harness, harness.journal(Tampered(harness, look)))
    assert harness.alive() == {}
    assert redactor.redact(tokens[0].partition("_")[2]) == "[redacted]"


def test_where_it_can_be_neither_kept_nor_revoked_the_intent_stays(harness: SetupHarness) -> None:
    harness.secrets = Locked()

    def stop(exchange: Exchange) -> Exchange:
        harness.sandbox.set_faults(["api-server-error"])
        return exchange

    with pytest.raises(StepFailed, match="could not be revoked"):
        create(harness, harness.journal(Tampered(harness, stop)))
    harness.sandbox.set_faults([])
    harness.journal().settle()
    assert harness.alive() == {}


def test_a_profile_that_cannot_be_written_before_makes_no_key(
    harness: SetupHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write_whole", full)
    with pytest.raises(CannotTell, match="no space left"):
        create(harness)
    assert harness.alive() == {}


def test_a_profile_that_cannot_be_written_afterwards_is_made_good_by_the_next_run(
    harness: SetupHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = files.write_whole
    written = []

    def full_at_the_second(path: Path, data: bytes) -> None:
        written.append(path)
        if len(written) == 2:
            raise OSError(28, "No space left on device")
        write(path, data)

    monkeypatch.setattr(files, "write_whole", full_at_the_second)
    with pytest.raises(CannotTell, match="no space left"):
        create(harness)
    (stored,) = harness.alive()
    assert harness.profile().key is None
    assert harness.journal().settle() == (f"An earlier run stored {stored}; it is used.",)
    key = harness.profile().key
    assert key is not None
    assert (key.id, key.owner_name) == (stored, "Okta SCIM Bot")
    assert harness.profile().pending_key is None


# What an earlier run left.


def test_nothing_is_asked_of_ngrok_where_there_is_nothing_to_settle(harness: SetupHarness) -> None:
    harness.sandbox.set_faults(["api-server-error"])
    assert harness.journal().settle() == ()


def test_every_key_with_the_mark_that_is_not_stored_is_revoked(harness: SetupHarness) -> None:
    stored, *others = [harness.add_key(MARKED) for _ in range(3)]
    foreign = harness.add_key(json.dumps({"made_by": "ngrok-scim", "mark": "another"}))
    by_hand = [
        harness.add_key(metadata)
        for metadata in ("", "no json", "[1]", '{"mark": 1}', json.dumps({"mark": MARK}))
    ]
    harness.secrets.set(SCIM, stored.token)
    intent(harness)
    said = harness.journal().settle()
    assert set(harness.alive()) == {stored.id, foreign.id, *(key.id for key in by_hand)}
    assert len(said) == 1 + len(others)
    assert harness.profile().key_ids == (stored.id,)
    assert harness.profile().pending_key is None


def test_a_half_made_key_is_found_on_the_last_page_of_many(harness: SetupHarness) -> None:
    half_made = harness.add_key(MARKED)
    others = {harness.add_key().id for _ in range(250)}
    intent(harness)
    harness.journal().settle()
    assert set(harness.alive()) == others
    assert half_made.id not in others


def test_a_list_that_is_cut_off_by_the_rate_limit_settles_nothing(harness: SetupHarness) -> None:
    half_made = harness.add_key(MARKED)
    for _ in range(150):
        harness.add_key()
    intent(harness)
    harness.sandbox.set_faults(["rate-limit-ngrok@2"])
    with pytest.raises(StepFailed, match="Could not list the API keys") as caught:
        harness.journal().settle()
    assert [item.code for item in caught.value.findings] == ["NGR709"]
    assert half_made.id in harness.alive()
    assert harness.profile().pending_key is not None
    harness.sandbox.set_faults([])
    harness.journal().settle()
    assert half_made.id not in harness.alive()


def test_an_intent_of_a_clock_that_was_ahead_ends_with_the_next_key(harness: SetupHarness) -> None:
    half_made = harness.add_key(MARKED)
    intent(harness, minutes_ago=-60 * 24 * 365)
    harness.journal().settle()
    assert half_made.id not in harness.alive()
    assert harness.profile().pending_key is not None
    key = create(harness)
    assert list(harness.alive()) == [key.id]
    assert harness.profile().pending_key is None


def test_a_new_key_that_was_stored_beside_the_old_one_becomes_the_next(
    harness: SetupHarness,
) -> None:
    old = create(harness)
    stored = harness.add_key(MARKED)
    harness.secrets.set(NEXT, stored.token)
    intent(harness, key=old)
    harness.journal().settle()
    profile = harness.profile()
    assert (profile.key, profile.pending_key) == (old, None)
    assert profile.next_key is not None
    assert profile.next_key.id == stored.id


def test_a_key_that_the_profile_names_is_never_revoked_for_its_mark(harness: SetupHarness) -> None:
    named = harness.add_key(MARKED)
    intent(harness, key=Key(named.id))
    harness.journal().settle()
    assert list(harness.alive()) == [named.id]
    assert harness.profile().pending_key is None


@pytest.mark.parametrize(("minutes_ago", "stays"), [(0, True), (14, True), (16, False)])
def test_an_intent_stays_as_long_as_its_key_may_still_appear(
    harness: SetupHarness, minutes_ago: int, stays: bool
) -> None:
    intent(harness, minutes_ago=minutes_ago)
    harness.journal().settle()
    assert (harness.profile().pending_key is not None) is stays


@pytest.fixture
def elsewhere(harness: SetupHarness, tmp_path: Path) -> Iterator[SetupHarness]:
    """Another account at ngrok, met with the same profile and keyring, an hour later."""
    with open_sandbox(empty_account=True) as other, open_harness(other, tmp_path) as opened:
        opened.secrets = harness.secrets
        opened.clock = NOW + timedelta(hours=1)
        yield opened


def begun(harness: SetupHarness) -> str:
    """Begin a key whose answer gets lost, in an account that is then out of reach."""
    harness.sandbox.set_faults(["drops-after-create", "api-server-error@2"])
    with pytest.raises(StepFailed):
        create(harness)
    harness.sandbox.set_faults([])
    (half_made,) = harness.alive()
    return half_made


def test_a_key_that_was_begun_in_another_account_is_not_lost(
    harness: SetupHarness, elsewhere: SetupHarness
) -> None:
    half_made = begun(harness)
    with pytest.raises(AnotherAccount, match="another ngrok account") as caught:
        elsewhere.journal().settle()
    (found,) = caught.value.findings
    assert (found.code, "key of that account" in found.fix) == ("NGR701", True)
    assert list(harness.alive()) == [half_made]
    harness.clock = elsewhere.clock + timedelta(hours=1)
    assert half_made in harness.journal().settle()[0]
    assert (harness.alive(), harness.profile().pending_key) == ({}, None)


def test_a_service_user_that_cannot_be_asked_for_keeps_the_intent(harness: SetupHarness) -> None:
    half_made = begun(harness)
    key = harness.sandbox.account.keys.pop(half_made)
    harness.clock += timedelta(hours=1)
    harness.sandbox.set_faults(["api-server-error@2"])
    with pytest.raises(StepFailed, match="Could not read the Service User"):
        harness.journal().settle()
    harness.sandbox.account.keys[half_made] = key
    harness.sandbox.set_faults([])
    assert half_made in harness.journal().settle()[0]


def test_a_listed_key_of_the_profile_proves_the_account(harness: SetupHarness) -> None:
    create(harness)
    pending = PendingKey(MARK, started_at=NOW - timedelta(hours=1), owner_id="bot_gone")
    harness.change(replace(harness.profile(), pending_key=pending))
    assert harness.journal().settle() == ()
    assert harness.profile().pending_key is None


def test_a_half_made_key_that_cannot_be_revoked_keeps_the_intent(harness: SetupHarness) -> None:
    class Stubborn(NgrokApi):
        def delete_api_key(self, api_key_id: str) -> Exchange:
            return Exchange("revoke", "DELETE", "/", Reply(500))

    harness.add_key(MARKED)
    intent(harness)
    api = Stubborn(
        harness.wire, harness.sandbox.values.api_base_url, harness.sandbox.values.admin_key
    )
    with pytest.raises(StepFailed, match="could not be revoked"):
        harness.journal(api).settle()
    assert harness.profile().pending_key is not None


def test_a_list_that_is_not_complete_settles_nothing(harness: SetupHarness) -> None:
    class HalfList(NgrokApi):
        def api_keys(self) -> Iterator[Page]:
            for page in super().api_keys():
                yield page
                yield replace(page, items=(), ok=False)

    half_made = harness.add_key(MARKED)
    intent(harness)
    api = HalfList(
        harness.wire, harness.sandbox.values.api_base_url, harness.sandbox.values.admin_key
    )
    with pytest.raises(StepFailed, match="Could not list the API keys"):
        harness.journal(api).settle()
    assert list(harness.alive()) == [half_made.id]
    assert harness.profile().pending_key is not None


def test_entries_without_a_usable_id_are_passed_over(harness: SetupHarness) -> None:
    class Odd(NgrokApi):
        def api_keys(self) -> Iterator[Page]:
            (page,) = super().api_keys()
            yield replace(
                page, items=(*page.items, {"metadata": MARKED}, {"id": 7, "metadata": MARKED})
            )

    intent(harness)
    api = Odd(harness.wire, harness.sandbox.values.api_base_url, harness.sandbox.values.admin_key)
    assert harness.journal(api).settle() == ()


def test_a_stored_key_that_a_lost_profile_named_is_used_again(harness: SetupHarness) -> None:
    key = create(harness)
    harness.profiles.path(NAME).unlink()
    assert harness.journal().settle() == (f"The keyring held {key.id}; it is used.",)
    assert harness.profile().key == key
    assert harness.journal().settle() == ()


def test_a_stored_key_of_another_account_is_neither_used_nor_overwritten(
    harness: SetupHarness,
) -> None:
    key = harness.add_key()
    del harness.sandbox.account.keys[key.id]
    harness.secrets.set(SCIM, key.token)
    with pytest.raises(StepFailed, match="does not know") as caught:
        harness.journal().settle()
    (found,) = caught.value.findings
    assert (found.code, f"api-key revoke {key.id}" in found.fix) == ("NGR701", True)
    assert harness.secrets.get(SCIM) == key.token


def test_a_stored_key_without_an_id_is_used(harness: SetupHarness) -> None:
    harness.secrets.set(SCIM, "an-old-key")
    harness.journal().settle()
    assert harness.profile().key == Key("", stored_at=NOW)
    assert harness.journal().settle() == ()


def test_a_key_that_was_stored_in_place_of_another_supersedes_it(harness: SetupHarness) -> None:
    old = create(harness)
    other = harness.add_key()
    harness.secrets.set(SCIM, other.token)
    harness.journal().settle()
    profile = harness.profile()
    assert profile.key_ids == (other.id, old.id)
    assert profile.previous_key == old


def test_a_third_key_in_the_keyring_is_not_taken_over(harness: SetupHarness) -> None:
    old = create(harness)
    harness.change(replace(harness.profile(), previous_key=Key("ak_older")))
    harness.secrets.set(SCIM, harness.add_key().token)
    with pytest.raises(StepFailed, match="no third one"):
        harness.journal().settle()
    assert harness.profile().key == old


# One key takes the place of another.


def test_the_new_key_takes_the_place_of_the_old_one(harness: SetupHarness) -> None:
    old, new = create(harness), create(harness, beside=True)
    harness.journal().promote()
    profile = harness.profile()
    assert (profile.key, profile.next_key, profile.previous_key) == (new, None, old)
    assert harness.secrets.get(SCIM) == harness.alive()[new.id].token
    assert harness.secrets.get(NEXT) is None
    harness.journal().promote()
    assert harness.profile() == profile


@pytest.mark.parametrize("cut_short_after", ["keyring", "profile"])
def test_a_change_of_place_that_was_cut_short_is_finished(
    harness: SetupHarness, cut_short_after: str
) -> None:
    old, new = create(harness), create(harness, beside=True)
    token = harness.alive()[new.id].token
    harness.secrets.set(SCIM, token)
    if cut_short_after == "profile":
        harness.change(replace(harness.profile(), key=new, next_key=None, previous_key=old))
    harness.journal().settle()
    profile = harness.profile()
    assert (profile.key, profile.next_key, profile.previous_key) == (new, None, old)
    assert (harness.secrets.get(SCIM), harness.secrets.get(NEXT)) == (token, None)


def test_the_new_key_takes_the_place_of_one_that_the_keyring_lost(harness: SetupHarness) -> None:
    old, new = create(harness), create(harness, beside=True)
    harness.secrets.delete(SCIM)
    harness.journal().settle()
    assert (harness.profile().key, harness.profile().previous_key) == (new, old)
    assert harness.secrets.get(SCIM) == harness.alive()[new.id].token


def test_a_new_key_that_the_keyring_lost_takes_no_place(harness: SetupHarness) -> None:
    old, new = create(harness), create(harness, beside=True)
    harness.secrets.delete(NEXT)
    with pytest.raises(KeyringLost, match=new.id):
        harness.journal().promote()
    assert harness.profile().key == old


def test_a_new_key_that_a_lost_profile_named_is_found_again(harness: SetupHarness) -> None:
    old, new = create(harness), create(harness, beside=True)
    harness.change(replace(harness.profile(), next_key=None))
    assert harness.journal().settle() == (f"The keyring held the new key {new.id}; it is used.",)
    assert (harness.profile().key, harness.profile().next_key) == (old, new)


def test_a_dead_new_key_in_the_keyring_is_passed_over(harness: SetupHarness) -> None:
    old, new = create(harness), create(harness, beside=True)
    harness.change(replace(harness.profile(), next_key=None))
    del harness.sandbox.account.keys[new.id]
    assert harness.journal().settle() == ()
    assert create(harness, beside=True).id in harness.alive()
    assert harness.profile().key == old


# One of two keys goes.


def rotation(harness: SetupHarness) -> Rotation:
    create(harness)
    create(harness, beside=True)
    found = harness.profile().rotation
    assert found is not None
    return found


def test_of_two_keys_the_old_one_is_revoked_and_forgotten(harness: SetupHarness) -> None:
    two = rotation(harness)
    assert harness.journal().finish_rotation(two) == f"Revoked {two.old.id}."
    assert list(harness.alive()) == [two.new.id]
    assert harness.profile().key_ids == (two.new.id,)


@pytest.mark.parametrize("goes", ["old", "new"])
def test_a_key_that_is_gone_is_forgotten(harness: SetupHarness, goes: str) -> None:
    two = rotation(harness)
    gone, left = (two.old, two.new) if goes == "old" else (two.new, two.old)
    del harness.sandbox.account.keys[gone.id]
    journal = harness.journal()
    end = journal.finish_rotation if goes == "old" else journal.abort_rotation
    assert end(two) == f"{gone.id} was gone already."
    assert harness.profile().key_ids == (left.id,)


@pytest.mark.parametrize("goes", ["old", "new"])
def test_another_accounts_administrator_revokes_and_forgets_nothing(
    harness: SetupHarness, goes: str
) -> None:
    two = rotation(harness)
    left = two.new if goes == "old" else two.old
    key = harness.sandbox.account.keys.pop(left.id)
    journal = harness.journal()
    with pytest.raises(StepFailed, match="this account does not have") as caught:
        (journal.finish_rotation if goes == "old" else journal.abort_rotation)(two)
    assert [item.code for item in caught.value.findings] == ["NGR701"]
    harness.sandbox.account.keys[left.id] = key
    assert harness.profile().rotation == two
    assert set(harness.alive()) == {two.old.id, two.new.id}


def test_an_old_key_of_another_account_is_not_forgotten(harness: SetupHarness) -> None:
    two = rotation(harness)
    elsewhere = replace(two.old, id="ak_elsewhere", owner_id="bot_elsewhere")
    harness.change(replace(harness.profile(), key=elsewhere))
    with pytest.raises(StepFailed, match="not in this account") as caught:
        harness.journal().finish_rotation(replace(two, old=elsewhere))
    assert "api-key revoke ak_elsewhere" in caught.value.findings[0].fix
    assert harness.profile().key == elsewhere


@pytest.mark.parametrize("which", ["key", "next_key"])
def test_a_forgotten_key_leaves_keyring_and_profile(harness: SetupHarness, which: str) -> None:
    old, new = create(harness), create(harness, beside=True)
    gone, kept = (old, new) if which == "key" else (new, old)
    harness.journal().forget(gone.id)
    assert harness.profile().key_ids == (kept.id,)
    assert harness.profile().key == kept
    assert harness.secrets.get(SCIM) == harness.alive()[kept.id].token
    assert harness.secrets.get(NEXT) is None


@each_case(
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
def test_our_keys_are_known_by_their_metadata(metadata: str | None, ours: bool) -> None:
    assert read_api_key({"id": "ak_1", "metadata": metadata}).is_ours is ours
