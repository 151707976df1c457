# Liangdian. `make run` starts everything, `make test` tests everything.
# Neither needs root, a database or Docker.

PORT ?= 8000
HOST ?= 127.0.0.1
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
MESSAGES := $(shell find liangdian -path '*/locale/*/django.po' -not -path '*/zh_Hant/*' 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help run demo test lint format lock bench pictures clean browser

help:
	@echo "make run       start the demonstration centre on http://$(HOST):$(PORT)"
	@echo "make test      all checks and all tests"
	@echo "make lint      ruff, mypy, imports, migrations, translations"
	@echo "make lock      renew the locked requirements"
	@echo "make bench     the measured claims"
	@echo "make pictures  the pictures of the main screens"

run: $(VENV)/.base node_modules/.stamp $(VENV)/.messages
	@exec $(BIN)/liangdian serve --host $(HOST) --port $(PORT)

test: lint browser
	@$(BIN)/python -m pytest -n $(WORKERS) $(TESTS)

lint: $(VENV)/.dev node_modules/.stamp $(VENV)/.messages
	@$(BIN)/python -m tests.lint

format: $(VENV)/.dev
	@$(BIN)/ruff check --fix --quiet . && $(BIN)/ruff format .

browser: $(VENV)/.dev
	@sh tests/browser.sh

bench: $(VENV)/.dev node_modules/.stamp $(VENV)/.messages
	@$(BIN)/python -m bench $(BENCH)

pictures: $(VENV)/.dev node_modules/.stamp $(VENV)/.messages browser
	@$(BIN)/python -m docs.pictures

# The index address is never written into the lock files.
lock:
	@command -v uv >/dev/null || { echo "make lock needs the program 'uv'."; exit 1; }
	@uv pip compile --quiet --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  --output-file requirements/base.txt requirements/base.in
	@uv pip compile --quiet --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  --output-file requirements/dev.txt requirements/dev.in
	@npm install --package-lock-only --ignore-scripts --silent

clean:
	@rm -rf $(VENV) node_modules
	@echo "The environment is gone. Your data in var/ was not touched."

# --- what the commands above stand on; each step is done once ----------------------------------

$(VENV)/bin/python:
	@sh requirements/environment.sh $(VENV)

$(VENV)/.base: requirements/base.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing the locked requirements ..."
	@$(PIP) install --require-hashes -r requirements/base.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	@echo "Installing what the tests need ..."
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

node_modules/.stamp: package.json package-lock.json
	@sh requirements/node.sh
	@echo "Fetching the browser parts ..."
	@npm ci --ignore-scripts --silent
	@touch $@

$(VENV)/.messages: $(MESSAGES) $(VENV)/.base
	@$(BIN)/python -m liangdian.platform.ui.i18n compile
	@touch $@
