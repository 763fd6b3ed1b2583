"""Where our files are, what a profile may be called, and where a program is looked for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ngrok_scim_cli.errors import UsageError
from ngrok_scim_cli.settings.environment import find_program, profile_name, profiles_folder
from tests.support.cases import each_case

PROGRAM = {"linux": "vault", "win32": "vault.exe"}
PLATFORMS = tuple(PROGRAM)


@pytest.fixture
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder where somebody has put programs."""
    monkeypatch.setenv("PATHEXT", ".COM;.EXE")
    folder = tmp_path / "planted"
    for name in PROGRAM.values():
        install(folder / name)
    monkeypatch.chdir(folder)
    return folder


def install(program: Path) -> Path:
    program.parent.mkdir(exist_ok=True)
    program.touch(mode=0o755)
    return program


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("path", ["", ".", os.pathsep, f"{os.pathsep}planted"])
def test_a_program_in_the_working_folder_is_not_found(
    working_folder: Path, platform: str, path: str
) -> None:
    assert working_folder == Path.cwd()
    for name in PROGRAM.values():
        assert find_program(name, path, platform=platform) is None
    assert find_program("", f"{working_folder}", platform=platform) is None


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("name", ["vault", "as the platform calls it"])
def test_the_program_of_the_search_path_is_found_behind_a_planted_one(
    working_folder: Path, tmp_path: Path, platform: str, name: str
) -> None:
    called = PROGRAM[platform]
    installed = install(tmp_path / "bin" / called)
    path = os.pathsep.join((".", "", str(tmp_path / "empty"), str(installed.parent)))
    found = find_program("vault" if name == "vault" else called, path, platform=platform)
    assert found == str(installed)
    assert working_folder not in Path(found).parents


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.usefixtures("working_folder")
def test_a_program_that_the_person_names_with_its_folder_is_taken_as_it_is_written(
    platform: str,
) -> None:
    named = f".{os.sep}{PROGRAM[platform]}"
    assert find_program(named, "", platform=platform) == named
    assert find_program(f"{named}-is-missing", "", platform=platform) is None


@pytest.mark.usefixtures("working_folder")
def test_a_windows_program_needs_an_ending(tmp_path: Path) -> None:
    install(tmp_path / "bin" / "vault")
    assert find_program("vault", str(tmp_path / "bin"), platform="win32") is None


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such mark on a file")
def test_a_file_that_may_not_be_run_is_no_program(tmp_path: Path) -> None:
    (tmp_path / "vault").touch(mode=0o644)
    (tmp_path / "folder").mkdir()
    assert find_program("vault", str(tmp_path)) is None
    assert find_program("folder", str(tmp_path)) is None


def test_home_is_where_the_variable_says(tmp_path: Path) -> None:
    assert profiles_folder({"NGROK_SCIM_HOME": str(tmp_path)}) == tmp_path / "profiles"


def test_home_stays_the_same_wherever_the_program_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/ada")
    assert profiles_folder({"NGROK_SCIM_HOME": "here"}) == tmp_path / "here" / "profiles"
    assert profiles_folder({"NGROK_SCIM_HOME": "~/scim"}) == Path("/home/ada/scim/profiles")


@pytest.mark.skipif(sys.platform != "linux", reason="the place of another platform")
@pytest.mark.parametrize("environment", [{}, {"NGROK_SCIM_HOME": ""}])
def test_home_is_else_the_platforms_folder(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/home/ada/.settings")
    assert profiles_folder(environment) == Path("/home/ada/.settings/ngrok-scim/profiles")


def test_what_is_slow_is_loaded_only_where_it_is_needed() -> None:
    script = (
        "import sys; before = set(sys.modules)\n"
        "from ngrok_scim_cli.settings import environment, sources\n"
        "environment.profiles_folder({'NGROK_SCIM_HOME': '/x'})\n"
        "late = {'platformdirs', 'tomllib', 'tomlkit', 'yaml', 'keyring', 'threading', 'asyncio'}\n"
        "print(*late & (set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


@each_case("name", ["default", "a", "Work-2", "acme.com", "_", "a" * 64, "com10"])
def test_a_profile_may_be_called(name: str) -> None:
    assert profile_name(name) == name


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
        profile_name(name)
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 200
    assert caught.value.advice
