"""docs/many-accounts.md: its commands, run as they stand there, on three sandboxes."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml

from ngrok_scim_cli.sandbox import open_sandbox
from ngrok_scim_cli.sandbox.server import Sandbox
from tests.support.environment import environment_of
from tests.support.keyring_backends import FILE

ROOT = Path(__file__).parent.parent
FILES = ROOT / "docs" / "many-accounts"
PAGE = (ROOT / "docs" / "many-accounts.md").read_text("utf-8")
STORE, ALL_PROFILES, ONE_BY_ONE, GATHER = re.findall(
    r"<!-- not run: tests/test_many_accounts.py runs it -->\n```sh\n(.*?)```", PAGE, re.DOTALL
)
(SHOWN,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)

TENANTS = ("americas", "apac", "emea")
# The revoked key of the one, and the leaver of the other, as the page shows them.
FAULTS = {"emea": ["okta-leaver-active"]}
REVOKED = "3LNiDm40nAXwa2KQM30A1Iyazbf_0xc5wc84rcMzdaZJQWAm9"

# Each prints the secret that its path names, and nothing of it elsewhere.
STAND_INS = {
    "op": '[ "$1" = read ] && path=${2#op://ngrok-scim/} && cat "$VAULT/${path%/*}.${path#*/}"',
    "vault": '[ "$1 $2" = "kv get" ] && cat "$VAULT/${4#secret/ngrok-scim/}.${3#-field=}"',
}

pytestmark = pytest.mark.skipif(
    os.name != "posix" or not shutil.which("jq"), reason="needs a shell and jq"
)


@pytest.fixture(scope="module")
def sandboxes() -> Iterator[dict[str, Sandbox]]:
    with ExitStack() as stack:
        yield {
            tenant: stack.enter_context(open_sandbox(faults=FAULTS.get(tenant, ())))
            for tenant in TENANTS
        }


@pytest.fixture
def environment(sandboxes: Mapping[str, Sandbox], tmp_path: Path) -> dict[str, str]:
    """Three profiles, their keys in a password manager, and an empty keyring."""
    profiles, vault, programs = (tmp_path / name for name in ("home/profiles", "vault", "bin"))
    for folder in (profiles, vault, programs, tmp_path / "results"):
        folder.mkdir(mode=0o700, parents=True)
    (tmp_path / "home").chmod(0o700)
    for tenant, sandbox in sandboxes.items():
        values = sandbox.values
        profile = profiles / f"{tenant}.toml"
        profile.write_text(
            f'version = 1\nbase_url = "{values.scim_base_url}"\n'
            f'[okta]\norg_url = "{values.okta_org_url}"\n'
        )
        profile.chmod(0o600)
        key = REVOKED if tenant == "apac" else values.scim_key
        for name, secret in (("scim-key", key), ("okta-token", values.okta_token)):
            (vault / f"{tenant}.{name}").write_text(f"{secret}\n")
            (vault / f"{tenant}.{name}").chmod(0o600)
    ours = f'exec "{sys.executable}" -m ngrok_scim_cli "$@"'
    for name, script in {**STAND_INS, "ngrok-scim": ours}.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o700)
    return {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "PYTHON_KEYRING_BACKEND": "tests.support.keyring_backends.FileBackedKeyring",
        FILE: str(tmp_path / "keyring.json"),
        "VAULT": str(vault),
        "KEYS": str(vault),
        "NGROK_SCIM_HOME": str(tmp_path / "home"),
        "RESULTS": str(tmp_path / "results"),
        "WAIT": "0",
    }


def shell(
    script: str, environment: Mapping[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    ended = subprocess.run(
        ["/bin/sh", "-c", script],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert REVOKED not in ended.stdout + ended.stderr
    return ended


@pytest.mark.parametrize("manager", ["files", "op", "vault"])
def test_each_tenant_is_examined_by_a_run_of_its_own(
    environment: dict[str, str], manager: str, tmp_path: Path
) -> None:
    environment["KEYS_FROM"] = manager
    ended = shell(ONE_BY_ONE.replace("examine", f"{FILES}/examine"), environment, tmp_path)
    assert (ended.returncode, ended.stderr) == (123, "")
    gathered = shell(GATHER.replace("results*", "*"), environment, tmp_path / "results")
    assert gathered.stdout == SHOWN
    for tenant in TENANTS:
        metrics = (tmp_path / "results" / f"{tenant}.prom").read_text()
        assert f'ngrok_scim_doctor_verdict{{profile="{tenant}",verdict="pass"}} ' in metrics


def test_all_profiles_with_the_keyring(environment: dict[str, str], tmp_path: Path) -> None:
    stored = shell(STORE, environment, tmp_path)
    ended = shell(ALL_PROFILES, environment, tmp_path)
    assert ended.returncode == 1, stored.stdout + stored.stderr + ended.stderr
    lines = shell(GATHER, environment, tmp_path).stdout.splitlines()
    assert lines[0] == "americas\twarn\tDOM801"  # a key was stored, and no domain is known
    assert lines[1].startswith("apac\tincomplete\t")  # a key that does not work was not stored
    assert lines[2] == SHOWN.splitlines()[2]


def test_a_job_index_chooses_its_tenant(environment: dict[str, str], tmp_path: Path) -> None:
    job = yaml.safe_load((FILES / "kubernetes-indexed-cronjob.yml").read_text("utf-8"))
    spec = job["spec"]["jobTemplate"]["spec"]
    (container,) = spec["template"]["spec"]["containers"]
    given = {item["name"]: item["value"] for item in container["env"]}
    assert given["COMPLETIONS"] == str(spec["completions"]) == str(len(TENANTS))
    mounted = {mount["mountPath"] for mount in container["volumeMounts"]}
    assert {given["KEYS"], given["RESULTS"], f"{given['NGROK_SCIM_HOME']}/profiles"} < mounted
    assert container["command"] == ["/bin/sh", "/scripts/examine-tenant.sh"]
    environment |= {"JOB_COMPLETION_INDEX": "0", "COMPLETIONS": given["COMPLETIONS"]}
    command = " ".join([f"sh {FILES}/examine-tenant.sh", *container["args"]])
    ended = shell(command, environment, tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    result = json.loads((tmp_path / "results" / "americas.json").read_text())
    assert (result["profile"], result["verdict"]) == ("americas", "pass")


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"JOB_COMPLETION_INDEX": "0", "COMPLETIONS": "2"}, "made for 2 tenants, not 3"),
        ({"TENANT": "../emea"}, "TENANT is the name of a profile."),
        ({"TENANT": "--help"}, "TENANT is the name of a profile."),
        ({"TENANT": ""}, "TENANT is the name of a profile."),
        ({"TENANT": "emea", "KEYS_FROM": "elsewhere"}, "KEYS_FROM is files, op or vault."),
        ({"TENANT": "emea", "KEYS": "/nowhere"}, "No such file"),
        ({"TENANT": "mars"}, "No such file"),
    ],
)
def test_a_tenant_that_is_not_known_is_not_examined(
    environment: dict[str, str], tmp_path: Path, variables: dict[str, str], said: str
) -> None:
    ended = shell(f"sh {FILES}/examine-tenant.sh", environment | variables, tmp_path)
    assert ended.returncode in (2, 3)
    assert said in ended.stderr
    assert list((tmp_path / "results").iterdir()) == []


def test_the_matrix_hands_the_tenant_over_as_a_variable() -> None:
    jobs = yaml.safe_load((FILES / "github-matrix.yml").read_text("utf-8"))["jobs"]
    assert jobs["doctor"]["env"] == {"TENANT": "${{ matrix.tenant }}"}
    assert jobs["doctor"]["environment"] == "ngrok-${{ matrix.tenant }}"
    assert sorted(jobs["doctor"]["strategy"]["matrix"]["tenant"]) == list(TENANTS)
    steps = [step for job in jobs.values() for step in job["steps"]]
    assert [step["run"] for step in steps if "${{" in step.get("run", "")] == []


def test_the_matrix_examines_each_and_gathers_all(
    environment: dict[str, str], sandboxes: Mapping[str, Sandbox], tmp_path: Path
) -> None:
    """Run the steps of the jobs, as a runner would."""
    jobs = yaml.safe_load((FILES / "github-matrix.yml").read_text("utf-8"))["jobs"]
    scripts = [
        step["run"].replace("--wait 120", "--wait 0")
        for name in ("doctor", "gather")
        for step in jobs[name]["steps"]
        if "\n" in step.get("run", "")
    ]
    examine, gather = scripts
    summary = tmp_path / "summary.md"
    for tenant in TENANTS:
        revoked = {"NGROK_SCIM_API_KEY": REVOKED} if tenant == "apac" else {}
        ended = shell(
            examine,
            {
                **environment,
                "TENANT": tenant,
                "NGROK_SCIM_HOME": str(tmp_path / tenant),
                "NGROK_API_KEY": "",
                **environment_of(sandboxes[tenant], "scim", "okta"),
                **revoked,
            },
            tmp_path / "results",
        )
        assert ended.returncode == int(tenant != "americas"), ended.stderr
    gathered = shell(gather, environment | {"GITHUB_STEP_SUMMARY": str(summary)}, tmp_path)
    assert gathered.returncode == 0, gathered.stderr
    rows = summary.read_text().splitlines()[2:]
    assert rows == [f"| {line} |".replace("\t", " | ") for line in SHOWN.splitlines()]
