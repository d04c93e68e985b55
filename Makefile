# Bare `make` lists what there is. Python 3.11+ and make are all that a machine needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ARGS ?=
DATA ?= ../shared/findings
PREFIX ?= /opt/precis

.DEFAULT_GOAL := help
.PHONY: help demo test storm check bench bench-findings bench-matching run setup sync invite browser pictures image install-app docs words clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(READY): pyproject.toml constraints.txt
	@echo "Setting up $(VENV), once (a minute or two) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[demo,dev]'
	@touch $@

demo: $(READY) ## the real bot in a simulated Discord, on a web page; ARGS='--port N --no-browser --once'
	@exec $(BIN)/python -m bot demo $(ARGS)

# Bytecode is kept, whatever the machine says: each of the processes would compile all tests anew.
test: $(READY) ## the tests, in parallel, the same way every time
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 4 --dist worksteal -m 'not browser and not image and not storm' $(ARGS)

check: $(READY) ## ruff, mypy --strict, import contracts, bandit, stale docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive bot cogs
	$(BIN)/python -m pip check
	$(BIN)/python -m bot docs --check

bench: $(READY) ## ratios against stated floors, one JSON object a line; lines and plots stay in build/bench
	$(BIN)/python -m tests.bench $(ARGS)

bench-findings: $(READY) ## how well findings are chosen, 20 minutes; DATA=../shared/findings
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[train]'
	$(BIN)/python -m tests.bench.findings $(DATA)

bench-matching: DATA := ../shared/matching
bench-matching: $(READY) ## how well records are matched to their works; DATA=../shared/matching
	$(BIN)/python -m tests.bench.matching $(DATA)

run: $(READY) ## the bot itself; DISCORD_TOKEN in the environment or .env
	@exec $(BIN)/python -m bot run $(ARGS)

storm: $(READY) ## long tests: kills, loads, many processes, random search; FAULT_KILLS, FAULT_SECONDS, FAULT_PASTES, FAULT_SEED
	FAULT_KILLS=$${FAULT_KILLS:-50} FAULT_PASTES=$${FAULT_PASTES:-1000} FAULT_MESSAGES=$${FAULT_MESSAGES:-100000} \
	$(BIN)/python -m pytest -m 'storm and not browser and not image' $(ARGS)
	$(BIN)/python -m pytest -n logical --maxprocesses 4 --hypothesis-profile=storm -m 'hypothesis and not storm' $(ARGS)

browser: $(READY) ## drive the demo page in chromium
	$(BIN)/python -m pytest -m browser $(ARGS)

image: $(READY) ## install as the Dockerfile does, and run that as it would, without an engine
	$(BIN)/python -m pytest -m image $(ARGS)

install-app: ## the bot alone, for a server: PREFIX=/opt/precis
	$(PYTHON) -m venv --without-pip $(PREFIX)
	$(PYTHON) -m pip --python $(PREFIX)/bin/python install --quiet --no-cache-dir --disable-pip-version-check -c constraints.txt .

setup: $(READY) ## ask for token and contact, write .env, send the slash commands, print the invitation, check all
	@exec $(BIN)/python -m bot setup

sync: $(READY) ## send the slash commands to Discord: once, and after updates
	$(BIN)/python -m bot sync

invite: $(READY) ## print the links that add the bot to a server or an account
	$(BIN)/python -m bot invite

pictures: $(READY) ## take the pictures of README.md from the demo page, in chromium
	$(BIN)/python -m tests.demo.pictures

docs: $(READY) ## write the generated parts of docs/ and .env.example
	$(BIN)/python -m bot docs

words: $(READY) ## write the template of the translations, bring the catalogs in step with it
	$(BIN)/python -m bot words

clean: ## remove what the commands made
	rm -rf $(VENV) build *.egg-info
