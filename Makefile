# Everything one needs: `make serve` and `make test` set themselves up on a machine that has Python 3.11+ and make. `make help` lists all.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
RUN := PYTHONPATH=scripts $(PY)
PORT ?= 8001
HOST ?= 127.0.0.1
TESTS ?= tests
# Tests wait for servers and browsers, so that two cores have work for three of them.
WORKERS ?= 3
# Many machines tell Python to keep no bytecode; then each of the processes here would compile what the one before compiled.
unexport PYTHONDONTWRITEBYTECODE

COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate

SIZES ?= 1500 3000
BENCH ?= dist/bench

# A .venv whose Python cannot run pip was broken off half-way (no ensurepip), or its Python is gone: then all of it is made anew.
UNSOUND := $(shell $(PY) -c 'import pip' >/dev/null 2>&1 || echo unsound)

.PHONY: unsound help serve test build release measure check locate draft verify schema phrases bench bench-site bench-views fuzz attack soak diff changelog requirements lint clean

.DEFAULT_GOAL := serve

help:  ## what `make` can do
	@sed -n 's/^\([a-z][a-z-]*\):.*  ## /\1\t/p' $(MAKEFILE_LIST) | awk -F '\t' '{ printf "  %-13s %s\n", $$1, $$2 }'

serve: $(VENV)/.runs  ## build if raw/ has changed, then serve on http://127.0.0.1:8001; WATCH=1 builds anew and reloads open pages when raw/ changes
	@$(RUN) -m leadership serve --host $(HOST) --port $(PORT) $(if $(WATCH),--watch)

test: $(VENV)/.validators lint  ## everything, the browser included
	@$(RUN) scripts/ensure_chromium.py
	@$(RUN) -m pytest -n $(WORKERS) --dist worksteal $(TESTS)

build: $(VENV)/.runs  ## raw/ to curated/: leadership.db, csv/ and what describes them
	@$(RUN) -m leadership build

release: $(VENV)/.release  ## the data in every format, with what describes them, to dist/release/
	@$(RUN) -m leadership release

measure: build  ## what the record amounts to, in numbers: how complete, how well borne out, how exactly dated
	@$(RUN) -m leadership measure

check: $(VENV)/.runs  ## every fault of raw/ in one run
	@$(RUN) -m leadership check

locate: $(VENV)/.runs  ## fill in digests and places of anchors from the texts in SOURCE_TEXTS
	@$(RUN) -m leadership locate

draft: $(VENV)/.runs  ## the skeleton of a sheet: TEXT=file, or URL= and PAGE=file; PUBLISHER= DATE= TITLE= LANG_= ID= READ_AT= READ_HOW=
	@$(RUN) -m leadership draft --text "$$TEXT" --page "$$PAGE" --url "$$URL" --read-at "$$READ_AT" --read-how "$$READ_HOW" \
		--publisher "$$PUBLISHER" --date "$$DATE" --title "$$TITLE" --lang "$$LANG_" --id "$$ID"

verify: $(VENV)/.runs  ## look addresses and anchors of read sources up on the web: CONTACT=<mail or page>, ONLY=<source-id>, ARCHIVE=1 asks for copies too
	@$(RUN) -m leadership verify $(if $(CONTACT),--contact "$(CONTACT)") $(if $(ONLY),--only "$(ONLY)") $(if $(ARCHIVE),--archive)

schema: $(VENV)/.runs  ## write the JSON Schema by which editors complete fact sheets, and the tables of keys in raw/README.md
	@$(RUN) -m leadership schema

phrases: $(VENV)/.runs  ## bring the catalogue of Chinese phrases up to date with pages and sentences; what it lacks waits in it for a translation
	@$(RUN) scripts/phrases.py

fuzz: $(VENV)/.tests  ## build from COUNT damaged copies of a small raw/, made from SEED, and see that every promise is kept
	@$(RUN) -m trials.fuzz --count $(or $(COUNT),100000) --seed $(or $(SEED),1)

attack: $(VENV)/.runs  ## COUNT hostile requests, made from SEED, to a server of its own on this machine
	@$(RUN) -m trials.attack --count $(or $(COUNT),10000) --seed $(or $(SEED),1)

soak: $(VENV)/.runs  ## mixed load by CLIENTS for MINUTES on a server of its own on this machine, then a stop in the middle of it
	@$(RUN) -m trials.soak --minutes $(or $(MINUTES),10) --clients $(or $(CLIENTS),32)

diff: $(VENV)/.runs  ## what differs between the databases OLD and NEW, and whether NEW's version follows the rule; JSON=file, DRAFT=1 for raw/releases.yml
	@$(RUN) -m leadership diff $(if $(JSON),--json "$(JSON)") $(if $(DRAFT),--yaml) "$(or $(OLD),$(error Name what to compare with: make diff OLD=<database of the older release>))" $(if $(NEW),"$(NEW)")

changelog: build  ## write CHANGELOG.md from the releases in raw/releases.yml
	@$(RUN) -m leadership changelog

lint: $(VENV)/.tests  ## formatting rules and types
	@$(VENV)/bin/ruff format --quiet --check scripts tests || { echo 'Not formatted; call $(VENV)/bin/ruff format scripts tests'; exit 1; }
	@$(VENV)/bin/ruff check scripts tests
	@$(VENV)/bin/mypy

bench: $(VENV)/.bench  ## how fast: SIZES="1500 3000 10000"; table and JSON in BENCH=dist/bench (.md, .json)
	@$(RUN) -m trials.bench $(SIZES) --out $(BENCH) --peers $(VENV)-bench/bin/python

bench-site: $(VENV)/.runs  ## how fast the site answers against stock Datasette (needs wrk)
	@$(RUN) -m trials.bench_site

bench-views: $(VENV)/.runs  ## the first view of each own page beside bare Datasette's table page
	@$(RUN) -m trials.bench_views

unsound:

$(VENV)/bin/python: $(UNSOUND)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; call make PYTHON=python3.11")'
	@$(PYTHON) -c 'import sqlite3, sys; sys.exit(sqlite3.sqlite_version_info < (3, 37) and "SQLite 3.37 or newer is needed; call make PYTHON=<a Python that has it>")'
	@$(PYTHON) -m venv --clear $(VENV)

$(VENV)/.runs: requirements.txt $(UNSOUND) | $(VENV)/bin/python
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.tests: requirements-test.txt $(VENV)/.runs
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.txt
	@touch $@

$(VENV)/.release: requirements-release.txt $(VENV)/.runs
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-release.txt
	@touch $@

$(VENV)/.validators: requirements-validators.txt $(VENV)/.runs
	@$(PYTHON) -m venv $(VENV)-validators
	@$(VENV)-validators/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-validators.txt
	@touch $@

$(VENV)/.bench: bench-requirements.txt $(VENV)/.runs
	@$(PYTHON) -m venv $(VENV)-bench
	@$(VENV)-bench/bin/python -m pip install --quiet --disable-pip-version-check -r bench-requirements.txt || echo "The peers could not be installed; the bench runs without them."
	@touch $@

requirements:  ## pin anew what pyproject.toml names (needs uv)
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) -c requirements.txt --extra release pyproject.toml -o requirements-release.txt
	$(COMPILE) -c requirements-release.txt --extra release --extra test pyproject.toml -o requirements-test.txt
	$(COMPILE) --group validators -o requirements-validators.txt

clean:  ## remove what `make` set up, and the database
	rm -rf $(VENV) $(VENV)-bench $(VENV)-validators curated/leadership.db
