# Everything here needs Python 3.11 or newer and GNU make, nothing else.

PYTHON ?= python3
PORT ?= 5000
# Not taken from the environment: some shells keep the machine's own name in a variable called HOST.
HOST = 127.0.0.1

BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help setup run demo test coverage races fuzz check format docs pictures messages bench lock clean

help: ## print this list
	@echo "Flask-Identity. Targets:"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## make the environment in .venv (other targets do it when needed)
	@echo "The environment in .venv is ready."

run: $(READY) ## start the dashboard on http://127.0.0.1:5000 (HOST=, PORT= change that)
	@$(BIN)/python manage.py db migrate
	@exec $(BIN)/python manage.py db runserver --host "$(HOST)" --port "$(PORT)"

demo: $(READY) ## fill in invented people to look at, and an administrator (PEOPLE=300)
	@$(BIN)/python manage.py db migrate
	@$(BIN)/python manage.py demo $(if $(PEOPLE),--people "$(PEOPLE)")

test: $(READY) ## run the whole test suite, checkers included (ARGS= is passed to pytest)
	@sh scripts/test.sh $(BIN)/python $(ARGS)

coverage: $(READY) ## run the whole test suite and say what it did not reach
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -q $(ARGS)
	@$(BIN)/coverage combine -q && $(BIN)/coverage report

races: $(READY) ## run only the race tests, at the size used before a release
	@RACES=release $(BIN)/python -m pytest -m races $(ARGS)

fuzz: $(READY) ## send the routes many generated requests (FUZZ=, RAW= say how many, FUZZ_SEED= which)
	@FUZZ=$(or $(FUZZ),40) RAW=$(or $(RAW),10000) $(BIN)/python -m pytest -rP tests/http/test_schemathesis.py \
	  tests/http/test_raw_requests.py $(ARGS)

check: $(READY) ## run the linters, type checkers and import rules only
	@$(BIN)/python scripts/check.py

format: $(READY) ## format the code and mend what the linter can mend
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

docs: $(READY) ## build the documentation into build/docs (a warning is an error)
	@$(BIN)/python -m sphinx -W --keep-going -q -b html docs build/docs
	@echo "Documentation: build/docs/index.html"

pictures: $(READY) ## take the pictures of the documentation anew (ARGS= names some; needs Chromium)
	@$(BIN)/python -m scripts.pictures $(ARGS)

messages: $(READY) ## write the texts to be translated into src/flask_identity/translations
	@$(BIN)/python scripts/messages.py

bench: $(READY) ## measure speed, side by side with comparable libraries
	@$(BIN)/python benchmarks/run.py $(ARGS)

lock: ## write requirements.lock anew from pyproject.toml (UPGRADE=1 takes the newest releases)
	@test -x $(BIN)/uv || $(MAKE) --no-print-directory $(READY)
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh scripts/lock.sh $(if $(UPGRADE),--upgrade)

clean: ## remove the environment and everything built
	@rm -rf .venv .venv-peers build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage*

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "Making the environment in .venv; the first time this takes a minute or two."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip --disable-pip-version-check install -qq --require-hashes -r requirements.lock
	@$(BIN)/python -m pip --disable-pip-version-check install -qq --no-deps --no-build-isolation -e .
	@touch $@
