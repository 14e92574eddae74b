# PAR Index: every target says what it does; `make` alone lists them.

PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
ONLY ?=
ARGS ?=

VENV_PYTHON := $(VENV)/bin/python

# An environment is complete when it bears the mark of the very files it was made
# from: a changed requirements file has another checksum, so another mark.
RUN_FILES := requirements.txt
DEV_FILES := requirements.txt requirements-dev.txt
RUN_MARK := $(VENV)/.installed-run-$(shell cat $(RUN_FILES) | cksum | tr ' ' '-')
DEV_MARK := $(VENV)/.installed-dev-$(shell cat $(DEV_FILES) | cksum | tr ' ' '-')
# An upgrade of the system's Python leaves an environment that cannot start, or finds
# none of its packages. It is forgotten here, before make looks at the marks in it.
_ := $(shell $(VENV_PYTHON) -c 'import pip' 2>/dev/null \
	|| rm -f $(VENV_PYTHON) $(VENV)/.installed-*)
INSTALL := $(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check

# A trial on one's own machine: demo accounts with known passwords, error pages.
TRIAL := DEBUG=1 DEMO=1
# Checks of the code read the settings, which refuse to load without a key.
CHECK := DEBUG=1 DEMO=0

.DEFAULT_GOAL := help
.PHONY: help run test lint format bench messages screenshots

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

run: $(RUN_MARK) ## install, migrate, load the demo, serve on http://127.0.0.1:8000 (PORT=…)
	@$(TRIAL) $(VENV_PYTHON) manage.py migrate --verbosity 0
	@$(TRIAL) $(VENV_PYTHON) manage.py load_demo
	@echo "Open http://127.0.0.1:$(PORT)/ (stop with Ctrl+C)"
	@$(TRIAL) exec $(VENV_PYTHON) manage.py runserver 127.0.0.1:$(PORT)

test: $(DEV_MARK) ## run all tests on PostgreSQL, those of the data on SQLite too (ARGS="-k word")
	@$(VENV_PYTHON) -m tests.tools.run $(ARGS)

lint: $(DEV_MARK) ## check style, templates, types, imports, migrations and translations
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m ruff format --check .
	$(VENV_PYTHON) -m djlint templates --lint --quiet
	$(VENV_PYTHON) -m mypy
	$(VENV)/bin/lint-imports --no-logo
	$(CHECK) DATABASE_URL=sqlite://:memory: $(VENV_PYTHON) manage.py makemigrations --check --dry-run
	$(VENV_PYTHON) -m tests.tools.messages --check

format: $(DEV_MARK) ## put the code into the form that lint expects
	$(VENV_PYTHON) -m ruff check --fix .
	$(VENV_PYTHON) -m ruff format .

bench: $(DEV_MARK) ## measure against the promised ratios (ONLY=name for one)
	@$(VENV_PYTHON) -m tests.bench $(if $(ONLY),--only $(ONLY))

messages: $(DEV_MARK) ## collect the strings to translate, compile the translations
	@$(VENV_PYTHON) -m tests.tools.messages

screenshots: $(DEV_MARK) ## take pictures of every page, three widths, light and dark
	@$(VENV_PYTHON) -m tests.browser.screenshots

# --- the environment ----------------------------------------------------------------
# Made anew (--clear) when its Python is gone.
$(VENV_PYTHON):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed (make PYTHON=python3.11 ...)" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)

$(RUN_MARK): $(RUN_FILES) | $(VENV_PYTHON)
	@echo "Installing what the application needs into $(VENV) ..."
	@$(INSTALL) -r requirements.txt
	@rm -f $(VENV)/.installed-run-*
	@touch $@

$(DEV_MARK): $(DEV_FILES) $(RUN_MARK) | $(VENV_PYTHON)
	@echo "Installing the tools of tests and checks into $(VENV) ..."
	@$(INSTALL) -r requirements-dev.txt
	@rm -f $(VENV)/.installed-dev-*
	@touch $@
