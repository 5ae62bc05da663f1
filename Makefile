# Every target first sets up .venv from the pins in requirements/. It needs Python 3.11 or newer and make;
# uv, when it is on PATH, does the same faster. Index and proxy settings are the user's own (pip or uv).

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check bench fuzz chaos keys messages lock clean

VENV := .venv
PY := $(VENV)/bin/python
UV := $(shell uv --version >/dev/null 2>&1 && echo uv)

IS_NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for each in python3.14 python3.13 python3.12 python3.11 python3; do \
	"$$each" -c '$(IS_NEW_ENOUGH)' >/dev/null 2>&1 && echo "$$each" && break; done)

# The development set holds the demo's, so a developer's .venv serves the demo as it is.
READY_TO_DEVELOP := $(VENV)/ready-dev
TINYDB_SOURCE := $(VENV)/tinydb-source
READY_TO_RUN := $(or $(wildcard $(READY_TO_DEVELOP)),$(VENV)/ready-demo)

help: ## Show what make can do
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' Makefile

demo: $(READY_TO_RUN) ## Try Tandem with sample mail and a colleague, on this machine only
	@$(VENV)/bin/tandem demo $(ARGS)

test: $(READY_TO_DEVELOP) $(TINYDB_SOURCE)/ready ## Run the tests; ARGS="tests/mail -k thread" for some of them
	$(PY) -m pytest $(or $(ARGS),$(ALL_TESTS))

# All of them run beside each other; more processes than this would only wait for the disk.
ALL_TESTS := --numprocesses auto --maxprocesses 8 --dist worksteal

check: $(READY_TO_DEVELOP) ## Check format, lint, types and layers, as CI does
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/basedpyright
	$(VENV)/bin/lint-imports --no-logo

bench: $(READY_TO_DEVELOP) ## Measure Tandem beside the bare libraries
	$(PY) -m benchmarks $(ARGS)

fuzz: $(READY_TO_DEVELOP) ## Read 100,000 broken mails, others each time; MAILS=n and SEED=n for these
	@echo "seed $(SEED)"
	TANDEM_BROKEN=$(MAILS) TANDEM_SEED=$(SEED) $(PY) -m pytest tests/mail/test_mutations.py $(ARGS)

chaos: $(READY_TO_DEVELOP) ## Fetch 3,000 rounds of mail in chaos, others each day; ROUNDS=n (of each of three kinds) and SEED=n
	@echo "seed $(SEED)"
	TANDEM_CHAOS=$(ROUNDS) TANDEM_SEED=$(SEED) $(PY) -m pytest tests/journeys/test_mail_in_chaos.py $(ARGS)

MAILS := 100000
ROUNDS := 1000
SEED := $(shell date +%Y%m%d)

keys: $(READY_TO_DEVELOP) ## Write the tables of docs/guide/keys.md anew
	$(PY) -m tests.keys_page

messages: $(READY_TO_DEVELOP) ## Read the words of the screen out of the code into tui/locale, and compile the translations
	$(PY) -m tests.messages

lock: ## Pin what pyproject.toml asks for; ARGS=--upgrade for the newest
	@uv --version >/dev/null 2>&1 || { echo "make lock needs uv on PATH." >&2; exit 1; }
	$(PIN) --all-extras --group build --group dev --output-file requirements/dev.txt $(ARGS)
	$(PIN) --extra demo --group build --constraint requirements/dev.txt --output-file requirements/demo.txt
	$(PIN) --group build --constraint requirements/dev.txt --output-file requirements/runtime.txt

PIN := uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --annotation-style line

clean: ## Remove .venv, caches and builds
	rm -rf $(VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/ready-%: requirements/%.txt pyproject.toml
ifdef UV
	@test -x $(PY) || uv venv --quiet --python "$(or $(PYTHON),>=3.11)" $(VENV)
	uv pip install --quiet --python $(PY) --require-hashes -r $<
	uv pip install --quiet --python $(PY) --no-build-isolation --no-deps -e .
else
	@$(or $(PYTHON),false) -c '$(IS_NEW_ENOUGH)' 2>/dev/null || { echo \
		"Tandem needs Python 3.11 or newer: install one, or name one with make PYTHON=/path/to/python." \
		>&2; exit 1; }
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	$(PY) -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
endif
	@touch $@

# TinyDB's own tests are in its source archive only, whose hash stands in the pins. Without it they are skipped.
$(TINYDB_SOURCE)/ready: requirements/dev.txt $(READY_TO_DEVELOP)
	@rm -rf $(@D) && mkdir $(@D)
	@sed -n '/^tinydb==/,/[^\\]$$/p' $< >$(@D)/pin.txt
	@$(PY) -m pip download --quiet --disable-pip-version-check --retries 1 --no-deps --no-binary :all: \
		--no-build-isolation --require-hashes --dest $(@D) -r $(@D)/pin.txt && touch $@ || echo \
		"TinyDB's source archive could not be fetched: its own tests will be skipped." >&2
