from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import product

from ngrok_scim_cli.diagnosis.ngrok.api_keys import MAKER, ApiKey
from ngrok_scim_cli.settings.profile import Key, PendingKey, Profile
from ngrok_scim_cli.setup.key_plan import (
    Action,
    Do,
    Held,
    lost,
    plan,
)
from tests.support.cases import each_case
from tests.support.setup_context import NAME, NOW

CheckAccount = partial(Action, Do.CHECK_ACCOUNT)
Record = partial(Action, Do.RECORD)
Revoke = partial(Action, Do.REVOKE)
CloseIntent = partial(Action, Do.CLOSE_INTENT)
Promote = partial(Action, Do.PROMOTE)
ClearNext = partial(Action, Do.CLEAR_NEXT)
Refuse = partial(Action, Do.REFUSE)

JUST_NOW = PendingKey("m1", started_at=NOW - timedelta(minutes=1), owner_id="bot_1")
LONG_AGO = PendingKey("m1", started_at=NOW - timedelta(hours=1), owner_id="bot_1")
A, B, C = Key("ak_a"), Key("ak_b"), Key("ak_c")


def listed(*keys: str, marked: str = "") -> dict[str, ApiKey]:
    """Return the account's keys; those in ``marked`` bear the mark of the intent."""
    ours, others = ApiKey("", maker=MAKER, mark="m1"), ApiKey("")
    return {f"ak_{key}": replace(ours if key in marked else others, id=f"ak_{key}") for key in keys}


def profile(**fields: object) -> Profile:
    return Profile(NAME, **fields)  # type: ignore[arg-type]


@each_case(
    ("known", "held", "account", "actions"),
    [
        # There is nothing to do, and nothing to ask.
        (profile(), Held(), None, ()),
        (profile(key=A), Held("ak_a"), None, ()),
        (profile(key=A, next_key=B), Held("ak_a", "ak_b"), None, ()),
        (profile(key=B, previous_key=A), Held("ak_b"), None, ()),
        (profile(key=Key("")), Held(""), None, ()),
        (profile(key=A), Held(""), None, ()),
        (profile(key=A), Held(), None, ()),
        # A key was begun, and was never made, as far as one can see.
        (profile(pending_key=LONG_AGO), Held(), listed(), (CheckAccount("bot_1"), CloseIntent())),
        (profile(pending_key=JUST_NOW), Held(), listed(), (CheckAccount("bot_1"),)),
        (profile(pending_key=JUST_NOW, key=A), Held("ak_a"), listed("a"), ()),
        (profile(pending_key=LONG_AGO, key=A), Held("ak_a"), listed("a"), (CloseIntent(),)),
        # Without a mark, it is not known which key that was.
        (
            profile(pending_key=replace(JUST_NOW, mark="")),
            Held(),
            {"ak_a": ApiKey("ak_a", maker=MAKER)},
            (CheckAccount("bot_1"),),
        ),
        # It was made, and its secret is nowhere.
        (profile(pending_key=JUST_NOW), Held(), listed("a", marked="a"), (Revoke("ak_a"),)),
        (
            profile(pending_key=LONG_AGO),
            Held(),
            listed("a", "b", "c", marked="ab"),
            (Revoke("ak_a"), Revoke("ak_b"), CloseIntent()),
        ),
        # It was made and stored.
        (
            profile(pending_key=JUST_NOW),
            Held("ak_a"),
            listed("a", "b", marked="ab"),
            (Record("ak_a", half_made=True), Revoke("ak_b"), CloseIntent()),
        ),
        (
            profile(pending_key=JUST_NOW, key=A),
            Held("ak_a", "ak_b"),
            listed("a", "b", marked="b"),
            (Record("ak_b", beside=True, half_made=True), CloseIntent()),
        ),
        (
            profile(pending_key=JUST_NOW),
            Held("ak_a", "ak_b"),
            listed("a", "b", "c", marked="abc"),
            (
                Record("ak_a", half_made=True),
                Record("ak_b", beside=True, half_made=True),
                Revoke("ak_c"),
                CloseIntent(),
            ),
        ),
        (
            profile(pending_key=JUST_NOW),
            Held("ak_a", "ak_a"),
            listed("a", marked="a"),
            (Record("ak_a", half_made=True), CloseIntent(), ClearNext()),
        ),
        # It was recorded, too; a key that the profile names never ends for its mark.
        (
            profile(pending_key=JUST_NOW, key=A),
            Held("ak_a"),
            listed("a", marked="a"),
            (CloseIntent(),),
        ),
        # The new key stands in the place of the old one already, or that one is lost.
        (profile(key=A, next_key=B), Held("ak_b", "ak_b"), None, (Promote("ak_b"),)),
        (profile(key=A, next_key=B), Held("ak_b"), None, (Promote("ak_b"),)),
        (profile(key=A, next_key=B), Held(None, "ak_b"), None, (Promote("ak_b"),)),
        # The new one is lost.
        (profile(key=A, next_key=B), Held("ak_a"), None, ()),
        # The profile lost what the keyring has.
        (profile(), Held(""), None, (Record(""),)),
        (profile(), Held("ak_a"), listed("a"), (Record("ak_a"),)),
        (profile(), Held("ak_a"), listed("b"), (Refuse("ak_a"),)),
        (profile(key=A), Held("ak_b"), listed("a", "b"), (Record("ak_b"),)),
        (profile(key=A), Held("ak_a", "ak_b"), listed("a", "b"), (Record("ak_b", beside=True),)),
        (
            profile(),
            Held("ak_a", "ak_b"),
            listed("a", "b"),
            (Record("ak_a"), Record("ak_b", beside=True)),
        ),
        # What the keyring has as a new key is none any more.
        (profile(key=A), Held("ak_a", "ak_a"), None, (ClearNext(),)),
        (profile(key=A), Held("ak_a", "ak_b"), listed("a"), ()),
        (profile(), Held("ak_a", "ak_a"), listed("a"), (Record("ak_a"), ClearNext())),
    ],
)
def test_what_was_cut_short_is_brought_to_its_end(
    known: Profile,
    held: Held,
    account: dict[str, ApiKey] | None,
    actions: tuple[Action, ...],
) -> None:
    asked = []

    def ask() -> dict[str, ApiKey]:
        asked.append("the list of keys")
        return account or {}

    assert tuple(plan(known, held, ask, NOW)) == actions
    assert bool(asked) is (account is not None)


@each_case("pending", [None, JUST_NOW, LONG_AGO])
@each_case("previous", [None, A])
@each_case("new", [None, B])
def test_no_key_that_the_profile_names_or_the_keyring_holds_is_ever_revoked(
    pending: PendingKey | None, previous: Key | None, new: Key | None
) -> None:
    known = profile(key=C, next_key=new, previous_key=previous, pending_key=pending)
    account = listed("a", "b", "c", "d", marked="abcd")
    for held in map(Held._make, product((None, "", "ak_a", "ak_b", "ak_c", "ak_d"), repeat=2)):
        actions = plan(known, held, lambda: account, NOW)
        revoked = {action.id for action in actions if action.do is Do.REVOKE}
        assert not revoked & {*known.key_ids, *held}


@each_case(("end", "other"), [("finish", "abort"), ("abort", "finish")])
def test_a_lost_key_leaves_the_way_to_stay_with_the_other_one(end: str, other: str) -> None:
    assert f"`ngrok-scim api-key rotate --{other}`" in lost("ak_a", end=end).advice
