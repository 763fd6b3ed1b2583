"""A sandbox for the demonstration, the pictures and the samples, and texts that stay the same."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

PROGRAM = (sys.executable, "-m", "ngrok_scim_cli")

# What differs from run to run, and what stands for it; each as long as before where it can be.
PASSING = (
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:40123"),
    (re.compile(r"\bak_[0-9A-Za-z]{27}"), "ak_3MXQDFak0UNDmOleoQmtsBpB9b2"),
    (re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d UTC"), "2026-11-02 09:30 UTC"),
    (re.compile(r"\bmade \d{4}-\d\d-\d\d\b"), "made 2026-11-02"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "2026-11-02T09:30:00Z"),
)

# Which variable gives which of the sandbox's values to the other commands.
VARIABLES = {
    "NGROK_SCIM_BASE_URL": "scim_base_url",
    "NGROK_SCIM_API_KEY": "scim_key",
    "NGROK_API_BASE_URL": "api_base_url",
    "NGROK_API_KEY": "admin_key",
    "OKTA_CLIENT_ORGURL": "okta_org_url",
    "OKTA_CLIENT_TOKEN": "okta_token",
}


def stable(text: str) -> str:
    """Return ``text`` with what differs from run to run replaced."""
    for pattern, instead in PASSING:
        text = pattern.sub(instead, text)
    return text


def bare_environment(home: str) -> dict[str, str]:
    """Return this process's environment without what somebody set up for `ngrok-scim`."""
    bare = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("NGROK_", "OKTA_")) and name not in ("FORCE_COLOR", "NO_COLOR")
    }
    return {**bare, "NGROK_SCIM_HOME": home}


@contextmanager
def sandbox(environment: Mapping[str, str], *arguments: str) -> Iterator[dict[str, str]]:
    """Start `ngrok-scim sandbox` and give what it says is to be used."""
    with subprocess.Popen(
        [*PROGRAM, "sandbox", "--format", "json", "--quiet", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            if process.stdout is None:
                raise RuntimeError("the sandbox has no standard output")
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def variables(values: Mapping[str, str]) -> dict[str, str]:
    """Return the variables by which other commands use the sandbox."""
    return {name: values[key] for name, key in VARIABLES.items()}
