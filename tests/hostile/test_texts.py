"""A text that was made to be slow to read is read at once."""

from __future__ import annotations

import subprocess
import sys

import pytest

resource = pytest.importorskip("resource", reason="Windows has no such limit")

# Each call took from half a minute to hours when an expression tried the same letters again and
# again; all of them together take less than two seconds now.
CALLS = """
from ngrok_scim_cli.diagnosis.explain import explain
from ngrok_scim_cli.diagnosis.okta import messages, readings
from ngrok_scim_cli.diagnosis.okta.system_log import judge_event, reason_of
from ngrok_scim_cli.diagnosis.okta.records import read_event
from ngrok_scim_cli.diagnosis.people import traced
from ngrok_scim_cli.diagnosis.values import base_url, key, key_rules
from ngrok_scim_cli.settings import profile_toml

MANY = 200_000
ids = " ".join(["1" * 36] * 6)
explain(f"Bad Request: email invalid, user {ids} is bad")
for reason, message in ((f"Bad Request: user {ids} is bad", ""), ("", "null" + ":" * MANY)):
    event = read_event({
        "eventType": "application.provision.user.push",
        "displayMessage": message,
        "outcome": {"result": "FAILURE", "reason": reason},
    })
    reason_of(event)
    judge_event(event)
readings.is_null("null" + ":" * MANY + "x")
messages._ADDRESS.sub("", "[" + "/" * MANY)
traced._MAILBOX.fullmatch("<" + "@" * MANY)
base_url._EMAIL.fullmatch("a@" + "." * MANY + "@")
key_rules._EMAIL.fullmatch("a@" + "." * MANY + "@")
key._SOFT_BREAK.sub("", " " * MANY)
profile_toml._DEEP_KEY.search("[" * MANY)
profile_toml._DEEP_KEY.search("a." + " " * MANY)
"""

MOST_SECONDS = 30
"""Of the processor, so that a text that is never read to its end fails the test."""


def test_a_text_made_to_be_slow_is_read_at_once() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", CALLS],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS)),
        check=False,
    )
    assert ran.returncode == 0
