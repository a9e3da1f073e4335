# `make` prints this file's targets; a target's help is the text after its ##.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

# The newest Python here that is new enough. Override: make run PYTHON=/usr/bin/python3.12
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	if command -v $$p >/dev/null && $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SAFAR := $(BIN)/safar
# Checks import the settings; with a key given they make none in the user's data folder.
CHECKING := SAFAR_SECRET_KEY=only-for-the-checks-0000000000000000
# Arguments for a command: make run ARGS="--empty"
ARGS ?=

# What is built for the browser (docs/rooms/frontend.md). Node is needed for this and for nothing else.
NODE_STAMP := frontend/node_modules/.installed
BUILT := safar/console/static/console
ASSETS := $(BUILT)/.vite/manifest.json
SOURCES := $(shell find frontend/src frontend/*.ts frontend/*.json -type f 2>/dev/null) \
	$(shell find safar -name '*.html' -not -path '*/static/*') \
	$(wildcard safar/journeys/starting_points/*.py safar/journeys/rules/*.py safar/journeys/actions/*.py)
NODE := $(shell node -e 'const [a, b] = process.versions.node.split(".").map(Number); console.log(a > 20 || (a == 20 && b >= 19) ? "yes" : "old")' 2>/dev/null)

CATALOGS := $(wildcard safar/console/locale/*/LC_MESSAGES/django.po safar/console/*/locale/*/LC_MESSAGES/django.po)
WORDS := $(CATALOGS:.po=.mo)

.PHONY: help install assets messages run test check format bench crash deep-test migrations wheel clean

help: ## Show these targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP) $(WORDS) $(if $(filter yes,$(NODE)),$(ASSETS),no-node) ## Install Safar and its tools into .venv; build what the browser gets

$(STAMP): pyproject.toml
	@test -n "$(PYTHON)" || { echo "Safar needs Python 3.11 or newer with venv (on Debian: apt install python3-venv)."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(WORDS): %.mo: %.po | $(STAMP)
	$(BIN)/python -m safar.console.translations compile

messages: $(STAMP) ## Bring what code and templates say into the catalogs of words; says what wants a Persian text
	$(BIN)/python -m safar.console.translations extract

assets: $(if $(filter yes,$(NODE)),$(ASSETS),no-node) ## Build what the browser gets (needs Node 20.19 or newer)

$(NODE_STAMP): frontend/package-lock.json
	cd frontend && npm ci --no-fund --no-audit --loglevel=error
	@touch $@

$(ASSETS): $(NODE_STAMP) $(SOURCES)
	cd frontend && npm run --silent build -- --logLevel warn

.PHONY: no-node
no-node:
	@test -f $(ASSETS) && echo "Node 20.19 or newer is not here; the console goes on with the assets that are built." || { \
		echo "Node 20.19 or newer is not here, so the console's pages come without styles and without the map."; \
		echo "Everything else works. To build them: install Node (on Debian: apt install nodejs npm), then make assets."; }

run: install ## Start everything, load a demo, show its living maps (ARGS="--empty" for none)
	$(SAFAR) run --maps $(ARGS)

test: install ## Run the tests (ARGS="safar/events -k import" for some of them)
	$(BIN)/pytest -n 2 --dist worksteal $(ARGS)
	@$(if $(filter yes,$(NODE)),$(if $(ARGS),true,cd frontend && npm run --silent test),echo "Node is not here: the island's own tests were not run.")

check: $(STAMP) ## Lint, format, types, floors, house rules, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(CHECKING) $(BIN)/mypy safar
	$(BIN)/lint-imports
	$(BIN)/pytest -p no:cacheprovider tests/architecture
	$(CHECKING) $(SAFAR) migrate --check

format: $(STAMP) ## Put the code into its form
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

bench: $(STAMP) ## Measure: engine, ingest, dispatch, latency, timers, backtest (ARGS="engine")
	$(SAFAR) bench $(ARGS)

crash: $(STAMP) ## Kill engines, dispatchers and PostgreSQL for a long while; the books must close
	$(BIN)/pytest -m crash --crash-rounds 1000 $(ARGS)

deep-test: $(STAMP) ## Everything, with the long proofs (hours)
	$(BIN)/pytest -n 2 --dist worksteal -m "deep or not deep" --runs 20000 $(ARGS)

wheel: install ## Build the wheel into dist/, with what the browser gets
	$(BIN)/python -m build --wheel

clean: ## Remove what was built; data folders are not touched
	rm -rf $(BUILT) frontend/node_modules build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache $(STAMP)
	find safar tests -name __pycache__ -type d -prune -exec rm -rf {} +
