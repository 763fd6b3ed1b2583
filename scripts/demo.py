"""The main job on the sandbox: set up, make typical mistakes, mend one, and trace one person.

Every command is the real one in a process of its own; nothing here knows what it will print. It
needs no account, asks nothing, and talks to this machine only.
"""

import subprocess
import sys
import tempfile

from scripts.sandbox_run import PROGRAM, bare_environment, sandbox

STOP_AFTER_S = 30

# Whom that fault holds, besides everybody else.
_STUCK = "ada.ekstrom@corp.example"


def main() -> int:
    """Run the demonstration and return 0 if every command ended as it should."""
    with tempfile.TemporaryDirectory(prefix="ngrok-scim-sandbox-demo-") as home:
        return _demonstrate({**bare_environment(home), "COLUMNS": "96"})


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
    with sandbox(environment) as values:
        right = {
            **environment,
            "NGROK_SCIM_BASE_URL": values["scim_base_url"],
            "NGROK_SCIM_API_KEY": values["scim_key"],
        }
        _title("2  The key was pasted with a space after it")
        spaced = {**right, "NGROK_SCIM_API_KEY": values["scim_key"] + " "}
        ended_well.append(
            _run(["test-connect"], spaced, expected=1, shown="NGROK_SCIM_API_KEY='… ' ")
        )

        _title("3  The space is taken away")
        ended_well.append(_run(["test-connect"], right, expected=0))

        _title("4  The base URL was typed without /scim/v2")
        short = values["scim_base_url"].removesuffix("/scim/v2/") + "/"
        ended_well.append(_run(["test-connect", "--base-url", short], right, expected=1))

    with sandbox(environment, "--fault", "empty-list") as values:
        empty = {
            **environment,
            "NGROK_SCIM_BASE_URL": values["scim_base_url"],
            "NGROK_SCIM_API_KEY": values["scim_key"],
        }
        _title("5  Okta says: No results for users returned")
        ended_well.append(
            _run(["test-connect"], empty, expected=1, shown="(a server without users)  ")
        )

    _title("6  The connector works, but one person has no account")
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


if __name__ == "__main__":
    sys.exit(main())
