import subprocess
import sys
from pathlib import Path

import pytest

from ngrok_scim_cli.sandbox import SandboxUnavailable, open_sandbox

_ROOT = Path(__file__).parents[2]


def _run(code: str) -> str:
    finished = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=_ROOT
    )
    return finished.stdout


def test_faults_are_listed_without_loading_a_server() -> None:
    loaded = _run(
        "import sys\n"
        "from ngrok_scim_cli.sandbox import FAULTS, SandboxUnavailable, open_sandbox\n"
        "heavy = ('scim2_server', 'scim2_models', 'pydantic', 'http.server', 'socketserver')\n"
        "print(len(FAULTS) > 50, [name for name in heavy if name in sys.modules])"
    )

    assert loaded == "True []\n"


def test_room_imports_nothing_of_ours_but_itself() -> None:
    loaded = _run(
        "import sys\n"
        "import ngrok_scim_cli.sandbox.server\n"
        "print(sorted(name for name in sys.modules if name.startswith('ngrok_scim_cli.')\n"
        "      and not name.startswith('ngrok_scim_cli.sandbox')))"
    )

    assert loaded == "['ngrok_scim_cli.records']\n"  # a decorator that every room uses


def test_missing_extra_is_reported_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scim2_models", None)
    for name in [name for name in sys.modules if name.startswith("ngrok_scim_cli.sandbox.")]:
        if name.rpartition(".")[2] in ("server", "scim_endpoint"):
            monkeypatch.delitem(sys.modules, name)

    with pytest.raises(SandboxUnavailable) as caught:
        open_sandbox()

    assert "pip install 'ngrok-scim-cli[sandbox]'" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_unknown_fault_is_refused_before_anything_is_served() -> None:
    with pytest.raises(ValueError, match=r"no fault 'emptylist'\. Nearest: empty-list"):
        open_sandbox(faults=["emptylist"])
