"""SARIF, JUnit and metrics, read by programs that others wrote."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ngrok_scim_cli.diagnosis.finding import Result
from ngrok_scim_cli.report.junit import render_junit
from ngrok_scim_cli.report.openmetrics import render_openmetrics
from ngrok_scim_cli.report.sarif import render_sarif
from tests.consumers.programs import program
from tests.peers.peers import NPM, installed
from tests.report.results import RESULTS

pytestmark = pytest.mark.consumers

every_result = pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS.keys())

MULTITOOL = "@microsoft/sarif-multitool"
MULTITOOL_VERSION = "5.7.0"


@pytest.fixture(scope="module")
def multitool() -> Path:
    """The validator of those who edit the standard, whose binary comes in its npm package."""
    program("npm")
    packages = installed("sarif", NPM, (f"{MULTITOOL}@{MULTITOOL_VERSION}",))
    binary = packages / "node_modules" / f"{MULTITOOL}-linux" / "Sarif.Multitool"
    if not binary.exists():
        pytest.skip("there is no SARIF validator for this machine")
    binary.chmod(0o755)
    return binary


@every_result
def test_the_sarif_validator_finds_no_error(
    multitool: Path, result: Result, tmp_path: Path
) -> None:
    log, said = tmp_path / "result.sarif", tmp_path / "said.sarif"
    log.write_text(render_sarif(result), "utf-8")
    subprocess.run(
        [multitool, "validate", log, "--output", said, "--log", "ForceOverwrite"],
        env={"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", "HOME": str(tmp_path)},
        capture_output=True,
        check=False,
    )
    run = json.loads(said.read_text("utf-8-sig"))["runs"][0]
    assert [found for found in run.get("results", []) if found.get("level") == "error"] == []
    assert run["invocations"][0]["executionSuccessful"]


@every_result
def test_a_junit_reader_reads_every_case(result: Result, tmp_path: Path) -> None:
    ours = render_junit(result)
    file, merged = tmp_path / "result.xml", tmp_path / "merged.xml"
    file.write_text(ours, "utf-8")
    reader = program("junitparser")
    ended = subprocess.run([reader, "merge", file, merged], capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert merged.read_text("utf-8").count("<testcase") == ours.count("<testcase")
    verdict = subprocess.run([reader, "verify", file], capture_output=True, check=False)
    assert (verdict.returncode == 0) == ("<failure" not in ours and "<error" not in ours)


@every_result
def test_prometheus_reads_the_metrics(result: Result) -> None:
    text = render_openmetrics(
        result, profile="default", finished=datetime(2026, 1, 2, tzinfo=UTC), seconds=1, users=2
    )
    ended = subprocess.run(
        [program("promtool"), "check", "metrics"],
        # node_exporter reads its files as Prometheus' older text format, where this is a comment.
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
