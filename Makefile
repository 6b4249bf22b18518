# Every target sets up by itself: .venv from requirements.lock, once.
# On Windows, and without make: see README.md.

.DEFAULT_GOAL := help
SHELL := /bin/sh

# The first Python on the path that will do, unless one is named: make PYTHON=python3.12 demo
ifeq ($(origin PYTHON),undefined)
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	command -v $$p >/dev/null 2>&1 && \
	$$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
		2>/dev/null && { echo $$p; exit; }; done; echo python3)
endif
BIN := .venv/bin

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

.PHONY: demo
demo: ## open the dashboard on a shipped session (with no display: save demo.png, print the table)
	@$(MAKE) --no-print-directory setup SETUP_OPTIONS=--display
	@$(BIN)/lift-monitor demo

.PHONY: test
test: lint ## run every check and the whole test suite
	$(BIN)/pytest -n auto --dist loadfile --ignore=tests/integration
	@# By itself: tests of real time want the machine for themselves.
	$(BIN)/pytest tests/integration

.PHONY: lint
lint: setup ## run the checks without the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

.PHONY: format
format: setup ## put the code into its form and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: accuracy
accuracy: setup ## measure against the reference recordings; rewrites docs/accuracy.md and its sisters
	$(BIN)/python -m benchmarks.spine
	$(BIN)/python -m benchmarks.landings
	$(BIN)/python -m benchmarks.load
	$(BIN)/python -m benchmarks.accuracy
	$(BIN)/python -m benchmarks.eight_months

.PHONY: bench
bench: setup ## measure speed, latency and memory
	$(BIN)/python -m benchmarks.bench

.PHONY: fuzz
fuzz: setup ## attack every codec with a million hostile notifications (a quarter of an hour)
	$(BIN)/python -m benchmarks.fuzz

.PHONY: search
search: setup ## look for counterexamples with new random examples, ROUNDS=5 times (ten minutes each)
	@for round in $$(seq $(or $(ROUNDS),5)); do \
		$(BIN)/pytest -q -n auto -m hypothesis --hypothesis-profile=search || exit 1; done

.PHONY: screens
screens: setup ## save pictures of every view and state into build/screens
	$(BIN)/python docs/render_screens.py build/screens

.PHONY: tour
tour: setup ## live through a clinician's first day in the real window; rewrites docs/tour (four minutes)
	$(BIN)/python tools/tour.py

.PHONY: lock
lock: setup ## resolve the dependencies anew into requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.8,<1'
	@$(BIN)/uv pip compile pyproject.toml --group dev --upgrade --universal --python-version 3.11 \
		--fork-strategy fewest --generate-hashes --no-config --no-emit-index-url \
		--no-emit-find-links --custom-compile-command "make lock" --quiet --output-file requirements.lock
	@! grep -nE '://|file:|^ *--(index|extra|find|trusted)' requirements.lock \
		|| { echo 'requirements.lock names a host or a local path: see above.' >&2; exit 1; }

.PHONY: hooks
hooks: setup ## run the quick checks before each git commit
	$(BIN)/pre-commit install

.PHONY: clean
clean: ## remove everything that make made
	rm -rf .venv build dist demo.png .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: setup
setup:
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
		echo 'There is no $(PYTHON) on the path: install Python 3.11, 3.12 or 3.13, then run the same command again.' >&2; exit 1; }
	@$(PYTHON) tools/bootstrap.py $(SETUP_OPTIONS)
