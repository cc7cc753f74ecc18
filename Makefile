# geoapp: two commands, `make run` and `make test`.
.DEFAULT_GOAL := help
.PHONY: help run test check bench assets environment lock clean

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
INSTANCE := $(or $(GEOAPP_INSTANCE),instance)
BIN := .venv/bin
# pip of the system installs into .venv, so that nothing is needed where Python comes without ensurepip.
PIP := $(PYTHON) -m pip --python $(BIN)/python --quiet --disable-pip-version-check
VENDOR := geoapp/web/static/vendor
FONT := node_modules/@fontsource-variable/noto-sans-sc
CATALOGUES := $(wildcard geoapp/translations/*/LC_MESSAGES/*.po)

help:  ## Show this help
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: .venv/run.done assets  ## Serve the demo district on http://127.0.0.1:8000 (HOST=, PORT=)
	@test -e $(INSTANCE)/ledger.sqlite || $(BIN)/geoapp init --demo
	@exec $(BIN)/geoapp serve --host $(HOST) --port $(PORT)

test: .venv/test.done assets  ## Run the whole suite with branch coverage
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not alone" --cov --cov-report= --cov-fail-under=0
	$(BIN)/python -m pytest -m alone --cov --cov-append --cov-report=term:skip-covered

check: .venv/test.done assets  ## Style, types, import directions, list of packages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -q -p no:cacheprovider tests/test_packages.py

bench: .venv/bench.done assets  ## Measure against named peers and write docs/benchmarks.md
	$(BIN)/python -m tests.benchmarks.all

assets: $(VENDOR)/done $(CATALOGUES:.po=.mo)  ## JavaScript libraries from npm, and compiled translations

environment: .venv/run.done  ## Make .venv with the pinned runtime dependencies

LOCK := $(BIN)/uv pip compile --quiet --no-header --no-strip-extras --no-emit-index-url --no-emit-find-links --generate-hashes \
	--python-version 3.11 --universal setup.cfg requirements/build.in

lock: | .venv/test.done  ## Resolve the pinned dependencies anew from setup.cfg
	$(LOCK) -o requirements/run.txt
	$(LOCK) --extra fast -c requirements/run.txt -o requirements/fast.txt
	$(LOCK) --extra test -c requirements/run.txt -o requirements/test.txt
	$(LOCK) --extra test --extra bench -c requirements/test.txt -o requirements/bench.txt
	npm install --package-lock-only --ignore-scripts

clean:  ## Remove everything that make has made, but no instance
	rm -rf .venv node_modules build dist $(VENDOR) geoapp.egg-info

.venv/bin/python:
	$(PYTHON) -m venv --without-pip .venv

.venv/%.done: requirements/%.txt requirements/fast.txt setup.cfg | .venv/bin/python
	@echo "Installing the pinned dependencies ($*) into .venv …"
	$(PIP) install --require-hashes -r requirements/$*.txt
	@$(PIP) install --require-hashes --only-binary :all: -r requirements/fast.txt \
		|| echo "No wheel of routingkit-cch fits this machine: travel times are computed by scipy, more slowly."
	$(PIP) install --no-deps --no-build-isolation --no-index -e .
	@touch $@

node_modules/done: package.json package-lock.json
	@echo "Fetching the JavaScript libraries …"
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# esbuild's program comes inside its own package for this platform; its install script only checks it.
PACK := $(addprefix geoapp/web/static/js/,pack.entry.js pack.js visiting.js recording.js day.js)
$(VENDOR)/done: node_modules/done Makefile geoapp/web/static/js/vendor.entry.js $(PACK)
	@mkdir -p $(VENDOR)
	npx --no-install esbuild geoapp/web/static/js/vendor.entry.js --bundle --format=esm --target=chrome86 --minify \
		--legal-comments=eof --log-level=warning --outfile=$(VENDOR)/vendor.js
	npx --no-install esbuild geoapp/web/static/js/pack.entry.js --bundle --format=iife --target=chrome86 --minify \
		--legal-comments=eof --log-level=warning --outfile=$(VENDOR)/route-pack.js
	rm -rf $(VENDOR)/fonts && mkdir $(VENDOR)/fonts
	cp $(FONT)/files/*.woff2 $(FONT)/unicode.json $(FONT)/LICENSE $(VENDOR)/fonts/
	sed 's#url(./files/#url(#' $(FONT)/index.css > $(VENDOR)/fonts/fonts.css
	cp -r node_modules/leaflet/dist/leaflet.js node_modules/leaflet/dist/leaflet.css node_modules/leaflet/dist/images $(VENDOR)/
	@touch $@

%.mo: %.po | .venv/run.done
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
