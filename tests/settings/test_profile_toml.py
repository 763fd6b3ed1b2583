import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from ngrok_scim_cli.errors import ProfileUnreadable
from ngrok_scim_cli.settings import profile_toml
from ngrok_scim_cli.settings.profile import Domain, Key, Okta, PendingKey, Profile
from tests.support.cases import each_case

FILE = Path("default.toml")

texts = st.text(st.characters(codec="utf-8"), max_size=20)
moments = st.datetimes(timezones=st.just(UTC))
keys = st.builds(Key, texts, texts, texts, texts, st.none() | moments)
profiles = st.builds(
    Profile,
    name=st.just("default"),
    base_url=st.none() | texts,
    unique_identifier=st.none() | texts,
    auth_mode=st.none() | texts,
    actions=st.none() | st.lists(texts, max_size=3).map(tuple),
    key=st.none() | keys,
    next_key=st.none() | keys,
    previous_key=st.none() | keys,
    pending_key=st.none() | st.builds(PendingKey, texts, texts, st.none() | moments, texts),
    okta=st.builds(Okta, texts, texts, texts, st.none() | moments),
    domains=st.lists(
        st.builds(Domain, texts, st.none() | moments, st.none() | moments, texts), max_size=4
    ).map(tuple),
    steps=st.dictionaries(texts, moments, max_size=3),
)

# Names that are ours at no level, so that everything under them must survive.
foreign_names = texts.map("x-{}".format)
foreign_values = st.recursive(
    texts | st.integers(-(2**63), 2**63 - 1) | st.booleans() | st.floats(allow_nan=False) | moments,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(foreign_names, inner, max_size=3),
    max_leaves=8,
)
foreign = st.dictionaries(foreign_names, foreign_values, max_size=4)


@pytest.mark.no_cover
@settings(deadline=None)
@given(profiles, profiles)
def test_any_profile_can_follow_any_other(first: Profile, second: Profile) -> None:
    file = profile_toml.render(first, b"", FILE)
    assert profile_toml.parse(file, FILE) == first
    file = profile_toml.render(second, file, FILE)
    assert profile_toml.parse(file, FILE) == second
    assert file.startswith(b"# Written by ngrok-scim."), "the layout was given up"


@pytest.mark.no_cover
@settings(deadline=None)
@given(profiles, foreign, foreign)
def test_what_is_not_ours_survives_every_change(
    profile: Profile, at_the_top: dict[str, Any], in_the_key: dict[str, Any]
) -> None:
    old: dict[str, Any] = {**at_the_top, "key": {"id": "ak_1", **in_the_key}}
    profile = replace(profile, key=Key("ak_2"))
    file = profile_toml.render(profile, tomlkit.dumps(old).encode(), FILE)
    new = tomllib.loads(file.decode())
    assert {name: new[name] for name in at_the_top} == at_the_top
    assert new["key"] == {"id": "ak_2", **in_the_key}
    assert profile_toml.parse(file, FILE) == profile


@settings(deadline=None)
@given(st.binary(max_size=60) | texts.map(str.encode))
def test_no_file_crashes_the_parser(data: bytes) -> None:
    try:
        assert profile_toml.parse(data, FILE).name == "default"
    except ProfileUnreadable as broken:
        assert broken.message  # noqa: PT017 - both ends are right


@each_case(
    "text",
    [
        "key.id = 'ak_1'\nkey.mine = 1\n",
        "key = { id = 'ak_1', mine = 1 }\n",
        "[key]\nid = 'ak_1'\n[a]\nx = 1\n[key.deep]\nmine = 1\n",
        "[key]\nid = 'ak_1'\n[[domain]]\nname = 'a'\n[b]\n[[domain.more]]\nmine = 1\n",
        "domain = [{ name = 'a', mine = 1 }]\n",
        "[okta.mine]\nx = 1\n",
    ],
)
def test_every_way_to_write_a_table_is_edited_in_place(text: str) -> None:
    profile = profile_toml.parse(b"", FILE)
    wanted = replace(
        profile,
        base_url="https://x",
        key=Key("ak_2", owner_id="bot_1"),
        okta=Okta(app="ngrok"),
        domains=(Domain("a", note="n"), Domain("b")),
    )
    try:
        file = profile_toml.render(wanted, text.encode(), FILE)
    except ProfileUnreadable:
        pytest.fail(f"not read: {text}")
    assert profile_toml.parse(file, FILE) == wanted
    assert "mine" in file.decode()


def test_a_domain_that_is_listed_twice_is_kept_once() -> None:
    file = profile_toml.render(
        Profile("default", domains=(Domain("a"),)),
        b"# kept\n[[domain]]\nname = 'a'\n[[domain]]\nname = 'a'\n",
        FILE,
    )
    assert profile_toml.parse(file, FILE).domains == (Domain("a"),)
    assert file.startswith(b"# kept")


def test_where_the_editor_disagrees_the_values_are_kept_and_the_layout_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def wrong(*_: object) -> None:
        raise LookupError

    monkeypatch.setattr(tomlkit, "parse", wrong)
    file = profile_toml.render(
        Profile("default", key=Key("ak_2")), b"# gone\nmine = 1\n[key]\nid = 'ak_1'\n", FILE
    )
    assert tomllib.loads(file.decode()) == {"version": 1, "mine": 1, "key": {"id": "ak_2"}}


def test_an_edit_that_says_something_else_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    other = tomlkit.parse("something = 'else'\n")
    monkeypatch.setattr(tomlkit, "parse", lambda _: other)
    file = profile_toml.render(Profile("default", base_url="new"), b"base_url = 'old'\n", FILE)
    assert tomllib.loads(file.decode()) == {"version": 1, "base_url": "new"}


def test_a_heading_in_a_text_fools_nobody() -> None:
    with pytest.raises(ProfileUnreadable, match=r"“id” in \[key\] must be text in quotes"):
        profile_toml.parse(b"a = '''\n[key]\n'''\n[key]\nid = 1\n", FILE)


def test_the_time_zone_of_a_time_is_kept() -> None:
    text = "[steps]\ndomain = 2026-11-24T12:00:00+02:00\n"
    profile = profile_toml.parse(text.encode(), FILE)
    assert profile.steps["domain"] == datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert "12:00:00+02:00" in profile_toml.render(profile, text.encode(), FILE).decode()
