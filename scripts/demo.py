"""The main job, whole, on the sandbox: set up, three typical mistakes, and one person who is stuck.

Every command is the real one in a process of its own; nothing here knows what it will print. It
needs no account, asks nothing, and talks to this machine only.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

PROGRAM = (sys.executable, "-m", "ngrok_scim_cli")
STOP_AFTER_S = 30

# Whom that fault holds, besides everybody else.
_STUCK = "ada.ekstrom@corp.example"


def main() -> int:
    """Run the demonstration and return 0 if every command ended as it should."""
    with tempfile.TemporaryDirectory(prefix="ngrok-scim-demo-") as home:
        bare = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("NGROK_", "OKTA_"))
        }
        environment = {**bare, "NGROK_SCIM_HOME": home, "COLUMNS": "96"}
        return _demonstrate(environment)


def _demonstrate(environment: dict[str, str]) -> int:
    _title("1  From nothing to a working connector")
    ended_well = [
        _run(
            [
                "setup",
                "--sandbox",
                "--no-input",
                "--domain",
                "corp.example",
                "--okta-app-type",
                "saml",
            ],
            environment,
            expected=0,
        )
    ]
    with _sandbox(environment) as values:
        right = {
            **environment,
            "NGROK_SCIM_BASE_URL": values["scim_base_url"],
            "NGROK_SCIM_API_KEY": values["scim_key"],
        }
        _title("2  The key was pasted with a space behind it")
        spaced = {**right, "NGROK_SCIM_API_KEY": values["scim_key"] + " "}
        ended_well.append(
            _run(["test-connect"], spaced, expected=1, shown="NGROK_SCIM_API_KEY='… ' ")
        )

        _title("3  The base URL was typed without /scim/v2")
        short = values["scim_base_url"].removesuffix("/scim/v2/") + "/"
        ended_well.append(_run(["test-connect", "--base-url", short], right, expected=1))

    with _sandbox(environment, "--fault", "empty-list") as values:
        empty = {
            **environment,
            "NGROK_SCIM_BASE_URL": values["scim_base_url"],
            "NGROK_SCIM_API_KEY": values["scim_key"],
        }
        _title("4  Okta says: No results for users returned")
        ended_well.append(
            _run(["test-connect"], empty, expected=1, shown="(a server without users)  ")
        )

    _title("5  The connector works, but one person has no account")
    trace = ["users", "trace", "--sandbox", "--fault", "okta-assigned-early", _STUCK]
    ended_well.append(_run(trace, environment, expected=1))

    _title("Done" if all(ended_well) else "Something ended otherwise than it should")
    print("Your turn: .venv/bin/ngrok-scim setup --sandbox")
    return 0 if all(ended_well) else 1


def _title(text: str) -> None:
    print(f"\n{'=' * 96}\n{text}\n{'=' * 96}", flush=True)


def _run(
    arguments: list[str], environment: dict[str, str], *, expected: int, shown: str = ""
) -> bool:
    print(f"$ {shown}ngrok-scim {' '.join(arguments)}\n", flush=True)
    ended = subprocess.run(
        [*PROGRAM, *arguments], env=environment, check=False, timeout=STOP_AFTER_S
    )
    print(f"\n(exit status {ended.returncode})", flush=True)
    return ended.returncode == expected


@contextmanager
def _sandbox(environment: dict[str, str], *arguments: str) -> Iterator[dict[str, str]]:
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


if __name__ == "__main__":
    sys.exit(main())
