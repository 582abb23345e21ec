# Everything a clone needs: Debian, Python 3.11 or later, Node 20 or later (for the search index), make.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet
# Tests run side by side, one process a core. PYTEST='-x -k words' adds to them.
PYTEST ?=
PORT ?= 8000

.PHONY: audit twins help site test test-fast check format laws bench bench-tick bench-220k lock clean

help: ## Say what there is to make
	@grep -hE '^[a-z0-9-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 12

site: .venv/site.stamp node_modules/.site ## Build the example site, and say how to open it
	@$(BIN)/python build.py || left=$$?; \
	echo; \
	echo "To open it:   python3 -m http.server -d output $(PORT)"; \
	echo "then go to    http://localhost:$(PORT)/"; \
	exit $${left:-0}

test: .venv/dev.stamp node_modules/.stamp ## Run make check, then every test (needs Chromium, nginx and Java)
	@.ci/need-chromium
	@.ci/need-nginx
	@.ci/need-java
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest -n auto $(PYTEST)

test-fast: .venv/dev.stamp node_modules/.stamp ## Run the tests that take no time and no browser
	$(BIN)/python -m pytest -n auto -m "not slow and not browser" $(PYTEST)

check: .venv/dev.stamp ## Lint, formatting and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/dev.stamp ## Put the code in the house's format
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

# AUDIT=market measures a site that is built already; AUDIT='--runs 1' says more to it.
AUDIT ?=
audit: .venv/dev.stamp node_modules/.stamp ## Measure the site against every bar: Lighthouse, axe, vnu, a crawl (half an hour)
	@.ci/need-chromium
	@.ci/need-nginx
	@.ci/need-java
	$(BIN)/python -m tests.audit $(AUDIT)

twins: .venv/dev.stamp ## Say which pages lack a twin in the other language, which words a translation
	$(BIN)/python -m tests.languages.twins

laws: .venv/dev.stamp node_modules/.stamp ## Try the law "same as clean" on 5,000 sequences of edits
	HALLES_SEQUENCES=5000 $(BIN)/python -m pytest -n auto tests/laws $(PYTEST)

bench: .venv/bench.stamp ## Measure 2,200 and 22,000 merchants, Hugo beside them (half an hour)
	$(BIN)/python bench/run.py --sizes 2200,22000 --hugo --json

bench-tick: .venv/bench.stamp ## Measure stock snapshots at 22,000 merchants, and 200 of them at 2,200 (a quarter of an hour)
	$(BIN)/python bench/tick.py --sizes 22000 --hugo --json
	$(BIN)/python bench/soak.py --json

bench-220k: .venv/bench.stamp ## Measure 220,000 merchants beside 22,000 (an hour, 30 GB of disk)
	$(BIN)/python bench/run.py --sizes 22000,220000 --json

lock: ## Write requirements*.txt anew from pyproject.toml
	@.ci/lock $(PYTHON)

clean: ## Remove the site, the caches and the tools; content and data stay
	rm -rf output .halles .venv node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Tools. A stamp says that a lock was installed; a changed lock is installed again.

.venv/venv.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Halles needs Python 3.11 or later; try: make PYTHON=python3.11 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	    { echo "Python's venv is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/site.stamp: requirements.txt | .venv/venv.stamp
	$(PIP) --require-hashes -r $<
	@touch $@

.venv/dev.stamp: requirements-dev.txt | .venv/site.stamp
	$(PIP) --require-hashes -r $<
	@touch $@

.venv/bench.stamp: requirements-bench.txt | .venv/site.stamp
	$(PIP) --require-hashes -r $<
	@touch $@

# What a site needs of npm, and what its tests need besides; the second holds the first.
NPM := npm ci --ignore-scripts --no-audit --no-fund --loglevel=error

node_modules/.site: package-lock.json .npmrc
	@$(NEED_NPM)
	$(NPM) --omit=dev
	@touch $@

node_modules/.stamp: package-lock.json .npmrc
	@$(NEED_NPM)
	$(NPM)
	@touch node_modules/.site $@

NEED_NPM = command -v npm >/dev/null || \
    { echo "npm is missing; on Debian: apt-get install nodejs npm (Node 20 or later)" >&2; exit 1; }
