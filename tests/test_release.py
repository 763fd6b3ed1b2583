"""What a release consists of: packages, pins, completions, the image, the change log."""

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from ngrok_scim_cli import __version__
from scripts.release import build
from tests.support.cases import each_case

ROOT = Path(__file__).parent.parent
EPOCH = "1767323045"
SCRIPT = Path(sys.executable).with_name("ngrok-scim")

PIN = re.compile(r"^([a-z0-9-]+)==([^\s;]+)", re.MULTILINE)


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packages")
    build(ROOT, folder, EPOCH)
    return folder


def pins(name: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / "requirements" / name).read_text("utf-8")))


@pytest.mark.slow
def test_the_same_tree_gives_the_same_bytes(packages: Path, tmp_path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    for name in (*included, ".gitignore", "LICENSE", "README.md", "pyproject.toml"):
        source, target = ROOT / name.lstrip("/"), tmp_path / "tree" / name.lstrip("/")
        target.parent.mkdir(exist_ok=True)
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, target, ignore=ignored, copy_function=shutil.copy)
        else:
            shutil.copy(source, target)  # the times of the files differ
    build(tmp_path / "tree", tmp_path / "again", EPOCH)
    built = {path.name: path.read_bytes() for path in packages.iterdir()}
    assert {Path(name).suffix for name in built} == {".whl", ".gz"}
    assert {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()} == built


def test_the_wheel_holds_the_completions(packages: Path) -> None:
    (wheel,) = packages.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        shared = {name.partition(".data/data/")[2] for name in archive.namelist()} - {""}
    assert shared == {
        "share/bash-completion/completions/ngrok-scim",
        "share/fish/vendor_completions.d/ngrok-scim.fish",
        "share/zsh/site-functions/_ngrok-scim",
    }


@pytest.mark.parametrize(
    ("shell", "ask"),
    [
        (
            "bash",
            (
                "source ngrok-scim.bash; COMP_WORDS=(ngrok-scim test-c); COMP_CWORD=1;"
                ' _ngrok_scim_completion ngrok-scim; echo "${COMPREPLY[@]}"'
            ),
        ),
        ("fish", "source ngrok-scim.fish; complete -C 'ngrok-scim test-c'"),
        (
            "zsh",
            (
                "compdef() { }; source ./_ngrok-scim; words=(ngrok-scim test-c); CURRENT=2;"
                ' _arguments() { print -r -- "$@" }; _ngrok_scim_completion | grep -o test-connect'
            ),
        ),
    ],
)
def test_a_completion_completes(shell: str, ask: str) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    ended = subprocess.run(
        [program, "-c", ask],
        cwd=ROOT / "completions",
        env={"PATH": f"{SCRIPT.parent}:/usr/bin:/bin", "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stdout.split()[:1] == ["test-connect"], ended.stderr


def test_the_pins_of_the_image_are_those_that_are_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {re.split(r"[<>=]", requirement)[0] for requirement in project["dependencies"]}
    assert needed <= pins("run.txt").keys()
    assert pins("run.txt").items() <= pins("dev.txt").items()


def test_no_older_release_with_a_known_hole_is_admitted() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    floors = re.findall(
        r"^\| ([\w-]+) \|.*`>=([\d.]+)`, because older releases", page, re.MULTILINE
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert dict(floors) == {"h11": "0.16", "certifi": "2024.7.4", "idna": "3.7"}
    for name, floor in floors:
        assert any(
            item.startswith(f"{name}>={floor},") or item == f"{name}>={floor}"
            for item in project["dependencies"]
        ), name


@each_case(
    "path",
    sorted([*ROOT.glob("docs/watching/*.yml"), *ROOT.glob("docs/many-accounts/*.yml")]),
    ids=lambda path: path.name,
)
def test_the_files_to_copy_name_this_version(path: Path) -> None:
    text = path.read_text("utf-8")
    named = re.findall(r"ngrok-scim-cli==(\S+)|/ngrok-scim:(\S+)", text)
    assert {version for pair in named for version in pair if version} <= {__version__}


# The instructions of the Dockerfile, of the last stage.


def instructions() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.partition(" ")[0], line.partition(" ")[2].strip()) for line in lines]


def last_stage() -> dict[str, str]:
    found = instructions()
    start = max(index for index, (word, _) in enumerate(found) if word == "FROM")
    return dict(found[start:])


def test_the_image_has_two_stages_and_no_root() -> None:
    assert [word for word, _ in instructions()].count("FROM") == 2
    user, _, group = last_stage()["USER"].partition(":")
    assert int(user) > 0
    assert int(group) > 0
    assert "RUN" not in last_stage()


def test_the_build_sees_only_what_it_copies() -> None:
    sent = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert sent[0] == "*"
    copied = next(value.split()[:-1] for word, value in instructions() if word == "COPY")
    for name in copied:
        assert any(name.startswith(line.removeprefix("!")) for line in sent[1:])


@pytest.mark.parametrize("arguments", [None, ["test-connect", "--sandbox"]])
def test_the_image_runs_what_it_is_given(arguments: list[str] | None, tmp_path: Path) -> None:
    """Run the entry's arguments in the image's environment, on a file system that is not there."""
    stage = last_stage()
    entry, default = json.loads(stage["ENTRYPOINT"]), json.loads(stage["CMD"])
    environment = dict(item.split("=", 1) for item in shlex.split(stage["ENV"]))
    environment["PATH"] = f"{SCRIPT.parent}:/usr/bin:/bin"
    ended = subprocess.run(
        [str(SCRIPT.with_name(entry[0])), *entry[1:], *(arguments or default)],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ("Usage: ngrok-scim" in ended.stdout) == (arguments is None)
    assert not Path(environment["NGROK_SCIM_HOME"]).exists()


def test_every_version_of_the_change_log_has_a_link() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    versions = re.findall(r"^## \[([^\]]+)\]", text, re.MULTILINE)
    links = dict(re.findall(r"^\[([^\]]+)\]: (\S+)$", text, re.MULTILINE))
    assert versions[0] == "Unreleased"
    assert list(links) == versions
    assert all(link.startswith("../../") for link in links.values())
