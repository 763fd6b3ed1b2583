import subprocess
import sys
from pathlib import Path

import pytest

from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.settings import paths
from tests.support.cases import each_case


def test_home_is_where_the_variable_says(tmp_path: Path) -> None:
    assert paths.home({"NGROK_SCIM_HOME": str(tmp_path)}) == tmp_path
    assert paths.profiles_folder({"NGROK_SCIM_HOME": str(tmp_path)}) == tmp_path / "profiles"


def test_home_stays_the_same_wherever_the_program_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/ada")
    assert paths.home({"NGROK_SCIM_HOME": "here"}) == tmp_path / "here"
    assert paths.home({"NGROK_SCIM_HOME": "~/scim"}) == Path("/home/ada/scim")


@pytest.mark.skipif(sys.platform != "linux", reason="the place of another platform")
@pytest.mark.parametrize("environment", [{}, {"NGROK_SCIM_HOME": ""}])
def test_home_is_else_the_platforms_folder(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/home/ada/.settings")
    assert paths.home(environment) == Path("/home/ada/.settings/ngrok-scim")


def test_what_is_slow_is_loaded_only_where_it_is_needed() -> None:
    script = (
        "import sys; before = set(sys.modules)\n"
        "from ngrok_scim_cli.settings import paths, sources\n"
        "paths.home({'NGROK_SCIM_HOME': '/x'})\n"
        "late = {'platformdirs', 'tomllib', 'tomlkit', 'yaml', 'keyring', 'threading', 'asyncio'}\n"
        "print(*late & (set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


@each_case("name", ["default", "a", "Work-2", "acme.com", "_", "a" * 64, "com10"])
def test_a_profile_may_be_called(name: str) -> None:
    assert paths.profile_name(name) == name


@each_case(
    "name",
    [
        "",
        ".",
        "..",
        ".hidden",
        "-x",
        "a.",
        "a/b",
        "../a",
        "a\\b",
        "a b",
        "a\n",
        "a\0",
        "ä",
        "a:b",
        "a" * 65,
        "con",
        "NUL",
        "aux.txt",
        "com1",
        "LPT9.x",
    ],
)
def test_a_profile_may_not_be_called(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        paths.profile_name(name)
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 200
    assert caught.value.advice
