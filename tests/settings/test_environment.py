"""Where a program is looked for that may be given a key."""

import os
from pathlib import Path

import pytest

from ngrok_scim_cli.settings.environment import find_program

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
