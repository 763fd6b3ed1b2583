# `make` lists the targets. Everything is set up in this tree (.venv), once.

PYTHON := .venv/bin/python
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test lint types generate check format bench lock clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 18

demo: $(READY) ## set up and diagnose on the embedded sandbox: no account, no question
	@$(PYTHON) scripts/demo.py

test: $(READY) ## run the tests, with branch coverage
	@$(PYTHON) -m pytest --cov --numprocesses=auto

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

generate: $(READY) ## write what comes from the code: the help pages and docs/findings.md
	@$(PYTHON) scripts/generate.py

bench: $(READY) ## measure the budgets as ratios
	@$(PYTHON) benchmarks/run.py

lock: ## pin the newest versions that fit (needs uv)
	@uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 \
	  --extra dev --no-emit-package ngrok-scim-cli --no-annotate --no-header \
	  --output-file requirements/dev.txt pyproject.toml

clean: ## remove all that was made here
	@rm -rf .venv .bootstrap .coverage* .hypothesis .mypy_cache .peers .pytest_cache \
	  .ruff_cache build dist
	@find ngrok_scim_cli tests scripts benchmarks -name __pycache__ -prune -exec rm -rf {} +

$(READY): pyproject.toml requirements/dev.txt scripts/bootstrap
	@sh scripts/bootstrap
	@touch $@
