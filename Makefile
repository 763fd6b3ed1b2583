# `make` lists the targets. Everything is set up in this tree (.venv), once.

PYTHON := .venv/bin/python
READY := .venv/.ready
TOOLS := .checks/.ready

# Where it is set, every command that a test starts compiles the whole package again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test lint types generate check format bench site nightly tools release lock clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 18

demo: $(READY) ## set up and diagnose on the embedded sandbox: no account, no question
	@$(PYTHON) scripts/demo.py

test: $(READY) ## run the tests, with branch coverage
	@$(PYTHON) -m pytest --cov --numprocesses=auto --dist=worksteal

lint: $(READY) ## look for what ruff finds
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .

types: $(READY) ## check the types
	@$(PYTHON) -m mypy

check: lint types ## all quick checks: lint, types, and whether generated files are current
	@$(PYTHON) scripts/generate.py --check

format: $(READY) ## format the code, and mend what ruff can mend
	@$(PYTHON) -m ruff check --fix-only --quiet .
	@$(PYTHON) -m ruff format .

generate: $(READY) ## write what is made from the code: help, completions, findings, reference, pictures
	@$(PYTHON) scripts/generate.py

bench: $(READY) ## measure the budgets as ratios
	@$(PYTHON) benchmarks/run.py

# Of a property, no new example is tried after five minutes. The limit is in KiB for each process.
nightly: $(READY) ## what takes hours: 10,000 examples of each property, every kill, every trouble, every mutant
	@ulimit -v 6000000; HYPOTHESIS_PROFILE=nightly \
	  $(PYTHON) -m pytest -m hypothesis --numprocesses=auto --dist=worksteal -rs --durations=10
	@$(PYTHON) -m pytest -m "slow or nightly" --numprocesses=auto --dist=worksteal
	@$(PYTHON) scripts/mutate.py

tools: $(TOOLS) ## install the programs that the slower checks and the release need, into .checks

release: $(READY) $(TOOLS) ## build the wheel, sdist, SBOM and completions into dist, reproducibly
	@$(PYTHON) scripts/release.py
site: .site/.ready ## build the site of docs/ into build/site, strictly, and check its links
	@.site/bin/python scripts/site.py

lock: ## pin the newest versions that fit (needs uv)
	@uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 \
	  --extra dev --no-emit-package ngrok-scim-cli --no-annotate --no-header \
	  --output-file requirements/dev.txt pyproject.toml
	@uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	  --constraint requirements/dev.txt --no-annotate --no-header \
	  --output-file requirements/run.txt pyproject.toml
	@uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 \
	  --no-annotate --no-header \
	  --output-file requirements/checks.txt requirements/checks.in
	@echo zensical | uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 \
	  --no-annotate --no-header --output-file requirements/site.txt -

clean: ## remove all that was made here
	@rm -rf .venv .bootstrap .checks .site .coverage* .hypothesis .mypy_cache .peers .pytest_cache \
	  .ruff_cache build dist
	@find ngrok_scim_cli tests scripts benchmarks -name __pycache__ -prune -exec rm -rf {} +

$(READY): pyproject.toml requirements/dev.txt scripts/bootstrap
	@sh scripts/bootstrap
	@touch $@

$(TOOLS): requirements/checks.txt scripts/bootstrap $(READY)
	@rm -rf .checks
	@sh scripts/bootstrap checks
	@touch $@

.site/.ready: requirements/site.txt scripts/bootstrap $(READY)
	@rm -rf .site
	@sh scripts/bootstrap site
	@touch $@
