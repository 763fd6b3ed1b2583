"""The files to copy and our own workflows, read by the programs that they are for."""

from pathlib import Path

import pytest

from tests.consumers.programs import ROOT, accepts

pytestmark = pytest.mark.consumers

DOCS = ROOT / "docs"
WORKFLOWS = sorted(
    [
        *ROOT.glob(".github/workflows/*.yml"),
        *DOCS.glob("watching/github-*.yml"),
        *DOCS.glob("many-accounts/github-*.yml"),
    ]
)
OBJECTS = sorted(DOCS.glob("*/kubernetes-*.yml"))
FORMS = sorted(
    path for path in ROOT.glob(".github/ISSUE_TEMPLATE/*.yml") if path.name != "config.yml"
)


def name(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("path", WORKFLOWS, ids=name)
def test_a_workflow_follows_githubs_schema(path: Path) -> None:
    accepts("check-jsonschema", "--builtin-schema", "vendor.github-workflows", path)


def test_zizmor_finds_no_hole_in_a_workflow() -> None:
    accepts("zizmor", "--offline", "--no-progress", ".github/dependabot.yml", *WORKFLOWS)


@pytest.mark.parametrize("path", FORMS, ids=name)
def test_an_issue_form_follows_githubs_schema(path: Path) -> None:
    accepts("check-jsonschema", "--builtin-schema", "vendor.github-issue-forms", path)


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("github-issue-config", ".github/ISSUE_TEMPLATE/config.yml"),
        ("dependabot", ".github/dependabot.yml"),
    ],
)
def test_githubs_other_files_follow_their_schema(schema: str, path: str) -> None:
    accepts("check-jsonschema", "--builtin-schema", f"vendor.{schema}", path)


@pytest.mark.parametrize("path", OBJECTS, ids=name)
def test_the_objects_follow_the_schemas_of_kubernetes(path: Path) -> None:
    accepts("kubernetes-validate", "--strict", path)


def test_prometheus_takes_the_rules() -> None:
    accepts("promtool", "check", "rules", DOCS / "watching/prometheus-rules.yml")


def test_the_alerts_fire_when_they_should() -> None:
    accepts("promtool", "test", "rules", DOCS / "watching/prometheus-rules.test.yml")
