"""The files to copy in docs/watching, as whoever copies them would use them."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ngrok_scim_cli.sandbox.server import Sandbox
from tests.support.cases import each_case

pytestmark = pytest.mark.no_cover

ROOT = Path(__file__).parents[2]
FILES = ROOT / "docs" / "watching"
HELP = ROOT / "ngrok_scim_cli" / "cli" / "help" / "ngrok-scim_doctor.txt"

# Options of other programs.
NOT_OURS = {"--from-file"}


@pytest.fixture
def watch(sandbox: Sandbox, tmp_path: Path) -> dict[str, str]:
    """The environment of the shell script, with keys as files and a folder to write to."""
    keys, state = tmp_path / "keys", tmp_path / "state"
    state.mkdir()
    keys.mkdir()
    values = sandbox.values
    for name, secret in (
        ("scim-key", values.scim_key),
        ("admin-key", values.admin_key),
        ("okta-token", values.okta_token),
    ):
        (keys / name).write_text(f"{secret}\n")
        (keys / name).chmod(0o600)
    program = tmp_path / "bin" / "ngrok-scim"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ngrok_scim_cli "$@"\n')
    program.chmod(0o700)
    return {
        **os.environ,
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "NGROK_SCIM_KEYS": str(keys),
        "NGROK_SCIM_STATE": str(state),
        "NGROK_SCIM_HOME": str(tmp_path / "nowhere"),
        "NGROK_SCIM_BASE_URL": values.scim_base_url,
        "NGROK_API_BASE_URL": values.api_base_url,
        "OKTA_CLIENT_ORGURL": values.okta_org_url,
    }


def run_watch(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    # A fault that passes by itself would be waited for.
    script = FILES.joinpath("watch.sh").read_text().replace("--wait 120", "--wait 0")
    return subprocess.run(
        ["/bin/sh", "-c", script], env=environment, capture_output=True, text=True, check=False
    )


def metrics(environment: dict[str, str]) -> str:
    return Path(environment["NGROK_SCIM_STATE"], "ngrok_scim.prom").read_text()


@pytest.mark.skipif(os.name != "posix", reason="a shell script")
def test_the_script_is_silent_where_all_is_well(watch: dict[str, str]) -> None:
    ended = run_watch(watch)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert 'ngrok_scim_doctor_verdict{profile="default",verdict="pass"} 1\n' in metrics(watch)


@pytest.mark.skipif(os.name != "posix", reason="a shell script")
def test_the_script_shows_what_is_wrong(watch: dict[str, str], sandbox: Sandbox) -> None:
    sandbox.set_faults(["okta-leaver-active"])
    ended = run_watch(watch)
    assert (ended.returncode, ended.stderr) == (1, "")
    assert "Error OKT911" in ended.stdout
    assert 'ngrok_scim_doctor_findings{profile="default",code="OKT911"' in metrics(watch)


@pytest.mark.skipif(os.name != "posix", reason="a shell script")
def test_the_script_shows_no_older_result(watch: dict[str, str], sandbox: Sandbox) -> None:
    sandbox.set_faults(["okta-leaver-active"])
    run_watch(watch)
    Path(watch["NGROK_SCIM_KEYS"], "scim-key").unlink()
    ended = run_watch(watch)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "scim-key does not exist" in ended.stderr


@pytest.mark.skipif(os.name != "posix", reason="a shell script")
def test_the_script_does_without_a_token(watch: dict[str, str]) -> None:
    Path(watch["NGROK_SCIM_KEYS"], "okta-token").unlink()
    ended = run_watch(watch)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert 'check="okta-token",category="Okta app",status="skip"} 1\n' in metrics(watch)


@pytest.mark.skipif(os.name != "posix", reason="a shell script")
def test_the_page_names_every_metric(watch: dict[str, str]) -> None:
    run_watch(watch)
    written = set(re.findall(r"# TYPE (\w+)", metrics(watch)))
    page = (ROOT / "docs" / "watching.md").read_text("utf-8")
    named = set(re.findall(r"ngrok_scim_doctor_\w+", page))
    assert written | {"ngrok_scim_doctor_findings"} == named


@each_case("path", sorted(FILES.iterdir()), ids=lambda path: path.name)
def test_every_option_exists(path: Path) -> None:
    text = path.read_text("utf-8")
    options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) - NOT_OURS
    known = set(re.findall(r"--[a-z][a-z-]+", HELP.read_text("utf-8")))
    assert options <= known
    assert path.name in (ROOT / "docs" / "watching.md").read_text("utf-8")


def test_the_cron_file_runs_the_script() -> None:
    *variables, _, line = FILES.joinpath("ngrok-scim.cron").read_text().splitlines()
    assert all(re.match(r"#|[A-Z_]+=", variable) for variable in variables)
    minute, *hours, user, command = line.split()
    assert minute.isdigit()
    assert hours == ["*"] * 4
    assert (user, Path(command).name) == ("ngrok-scim", "watch.sh")


def test_the_workflow_passes_each_secret_as_a_variable() -> None:
    workflow = _yaml("github-workflow.yml")
    steps = workflow["jobs"]["doctor"]["steps"]
    (doctor,) = [step for step in steps if "ngrok-scim doctor" in step.get("run", "")]
    assert "secrets" not in doctor["run"]
    assert doctor["env"].keys() == {
        "NGROK_SCIM_API_KEY",
        "NGROK_API_KEY",
        "OKTA_CLIENT_ORGURL",
        "OKTA_CLIENT_TOKEN",
    }
    uploaded = [
        step["with"]["sarif_file"] for step in steps if "sarif_file" in step.get("with", {})
    ]
    assert uploaded == re.findall(r"--output (\S+)", doctor["run"])


def test_the_job_mounts_the_keys_that_it_reads() -> None:
    job = _yaml("kubernetes-cronjob.yml")
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    (mount,) = container["volumeMounts"]
    read = [option.partition("=")[2] for option in container["args"] if "-key-file=" in option]
    assert [Path(path).parent for path in read] == [Path(mount["mountPath"])] * 2
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert pod["securityContext"]["runAsNonRoot"]


def _yaml(name: str) -> Any:  # noqa: ANN401 - whatever stands in the file
    return yaml.safe_load(FILES.joinpath(name).read_text("utf-8"))
