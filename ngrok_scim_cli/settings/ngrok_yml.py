"""The API key in the ngrok agent's own configuration file. It is read, never written.

The places and the two layouts are ngrok's: https://ngrok.com/docs/agent/config
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings import yaml_nodes


@dataclass(frozen=True, slots=True)
class NgrokYml:
    """What the agent's configuration file gave.

    Attributes:
        reason: why the file cannot be read, in one sentence; empty where it can, or is missing.
    """

    path: Path
    api_key: str | None = field(default=None, repr=False)
    reason: str = ""
    readable_by_others: bool = False


def place(environment: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Return where the agent keeps its configuration."""
    own = Path(environment.get("HOME") or os.path.expanduser("~"))  # noqa: PTH111 - never raises
    if platform == "win32":
        folder = Path(environment.get("LOCALAPPDATA") or own / "AppData" / "Local")
    elif platform == "darwin":
        folder = own / "Library" / "Application Support"
    else:
        folder = Path(environment.get("XDG_CONFIG_HOME") or own / ".config")
    return folder / "ngrok" / "ngrok.yml"


def read(path: Path) -> NgrokYml:
    """Return the API key in the file at ``path``, or why it cannot be read. Raises nothing.

    Version 3 of the file has ``agent: api_key:``, version 2 ``api_key:`` at the top; both are
    tried, whatever version the file says it is.
    """
    top, reason, readable_by_others = yaml_nodes.read(path)
    agent = yaml_nodes.value(top, "agent")
    for name in ("authtoken", "api_key"):
        for section in (agent, top):
            redactor.learn(yaml_nodes.text(section, name) or "")
    api_key = yaml_nodes.text(agent, "api_key") or yaml_nodes.text(top, "api_key")
    return NgrokYml(path, api_key, reason, readable_by_others)
