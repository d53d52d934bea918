# Everything a person or a machine does with this checkout. `make` alone lists it.
# The targets call the tools directly; the environment is .venv, made by tools/setup.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.SUFFIXES:
SHELL := /bin/sh

BIN := .venv/bin
PY := $(BIN)/python
JOBS ?= 2
ROOMS := foundation parties record agreements sharing coordination technology relationship protocols
export AGREEMENT FILE STEP

# What a test of a room needs nothing for but the room: measured, the rest is not.
ROOM_TESTS := $(wildcard tests/unit tests/properties tests/vectors)
PYTEST := $(PY) -m pytest -n $(JOBS)

.PHONY: help setup demo demo-sites check test test-faults conformance bench bench-dsp lock clean docs docs-errors docs-cli docs-sdk docs-machines \
	check-format check-lint check-types check-imports check-tidy check-spelling \
	test-rooms test-rest test-browser pictures runtime

help: ## list the targets
	@echo "Comity: what 'make' can do here"
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-14s %s\n", $$1, $$2}' Makefile

setup: ## make or refresh .venv with everything for development
	@tools/setup dev

runtime:
	@tools/setup runtime

demo: runtime ## play the life of an agreement on two nodes [AGREEMENT=path FILE=path STEP=1]
	@set --; \
	if [ -n "$$AGREEMENT" ]; then set -- "$$@" --agreement "$$AGREEMENT"; fi; \
	if [ -n "$$FILE" ]; then set -- "$$@" --file "$$FILE"; fi; \
	case "$$STEP" in ''|0) ;; *) set -- "$$@" --step ;; esac; \
	exec $(PY) -m comity.cli.main demo "$$@"

demo-sites: runtime ## serve both sites of the last demonstration, with log-in links, until Ctrl-C
	@exec $(PY) demo/sites.py

check: setup check-format check-lint check-types check-imports check-tidy check-spelling ## format, lint, types, directions of import, the house's rules, spelling
	@echo "check: all passed"

check-format:
	$(PY) -m ruff format --check .

check-lint:
	$(PY) -m ruff check .

# mypy prints one line about an option it does not know and still exits with 0.
check-types:
	@echo "mypy"; out=$$($(PY) -m mypy 2>&1); status=$$?; printf '%s\n' "$$out"; \
	case "$$out" in *"Unrecognized option"*) echo "check-types: an option in pyproject.toml is misspelt"; exit 1 ;; esac; \
	exit $$status

check-imports:
	$(BIN)/lint-imports --no-logo

check-tidy:
	$(PY) -m pytest -q tests/tidy

check-spelling:
	$(BIN)/codespell

test: setup test-rooms test-rest ## all tests but the long ones; full branch coverage of the rooms
	@echo "test: all passed"

test-rooms:
	@$(PY) -m coverage erase
	$(PY) -m coverage run -m pytest -n $(JOBS) -m "not faults" $(ROOM_TESTS)
	@$(PY) -m coverage combine -q
	@failed=; for room in $(ROOMS); do \
		echo "coverage of $$room"; \
		$(PY) -m coverage report --skip-covered --show-missing --fail-under=100 \
			--include="src/comity/$$room/*" || failed="$$failed $$room"; \
	done; \
	if [ -n "$$failed" ]; then echo "test-rooms: not every branch is tested in:$$failed"; exit 1; fi

test-rest:
	$(PYTEST) -m "not faults" $(addprefix --ignore=,$(ROOM_TESTS) tests/browser)

test-browser: setup ## the journeys in a real Chromium on two served nodes (installs Debian's chromium)
	@tools/browser
	$(PY) -m pytest -p no:randomly --timeout=300 tests/browser

test-faults: setup ## the long enumerations: a kill around every commit and send
	$(PYTEST) -m faults --timeout=1800

conformance: setup ## the official compatibility kit (TCK) against a node (needs Java 17 and Maven) [ONLY=CN:01]
	@tools/conformance $(ONLY)

bench: setup ## measure, print and write build/bench-results.md
	$(PY) bench/run.py

docs: docs-errors docs-cli docs-sdk docs-machines ## write the generated pages again

docs-errors: setup
	$(PY) tools/errors_reference.py --write

docs-cli: setup
	$(PY) tools/cli_reference.py --write

docs-sdk: setup ## write the methods of comity.sdk from the table of operations
	$(PY) tools/sdk_methods.py --write

docs-machines: setup ## write the state machines of sharing into the specification
	$(PY) tools/machines_reference.py --write

pictures: setup ## take the guide's pictures again, from the browser tests
	@tools/browser
	@mkdir -p docs/guides/pictures
	COMITY_PICTURES=docs/guides/pictures $(PY) -m pytest -q -p no:randomly --timeout=300 tests/browser
	@for picture in docs/guides/pictures/*.png; do \
		grep -qF "pictures/$${picture##*/})" README.md docs/guides/*.md || rm "$$picture"; done

bench-dsp: setup ## negotiations, transfers and data beside a bare chain, nginx and curl
	@cd bench && ../$(PY) run.py dsp.measure dataplane.measure

lock: setup ## resolve requirements/*.in anew, with hashes and without addresses
	@tools/lock

clean: ## remove what can be made again (.venv too); keeps demo-out
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist .coverage .coverage.*
	find src tests tools bench conformance -name __pycache__ -type d -prune -exec rm -rf {} +
