# The book and everything that checks it. `make` alone says what there is to make.
#
# Works with GNU make 3.81 and later. Nothing is installed outside this folder.

PYTHON ?= python3

SHELL := /bin/bash
BIN := .venv/bin
READY := .venv/.ready
PACKAGES := $(shell grep -c == constraints.txt)

# The kernels of the notebooks, and npm, find their programs in the environment. Python's
# own find their modules only there.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHONNOUSERSITE := 1
# What bash's `time` prints.
nothing :=
export TIMEFORMAT := $(nothing)      took %0lR

.PHONY: help book lab test bench notebooks lock clean distclean setup html

help:
	@echo 'make book       execute every notebook and build the book (the first time: about 4 minutes)'
	@echo 'make lab        open the notebooks in JupyterLab'
	@echo 'make test       check everything, as CI does'
	@echo 'make bench      measure how fast the live figure, the formulas and the layers are'
	@echo 'make notebooks  execute the notebooks in place, so that their stored outputs are fresh'
	@echo 'make lock       choose the versions in constraints.txt anew, after a change in requirements.txt'
	@echo 'make clean      remove what was built; make distclean removes the set-up as well'
	@echo
	@echo 'Another Python than python3, for the set-up: make book PYTHON=python3.12'

# --- What a reader needs --------------------------------------------------------------------

book: STAGES := 2
book: setup
	@echo '[2/2] the book: executing the notebooks, then building the pages'
	@$(MAKE) --no-print-directory html
	@echo
	@echo 'The book is ready. Open this file in a browser:'
	@echo '    $(CURDIR)/_build/html/index.html'

lab: STAGES := 2
lab: setup
	@echo '[2/2] JupyterLab: it opens in a browser; end it here with Ctrl-C'
	@cd book && jupyter lab

# --- What a developer needs -----------------------------------------------------------------

test: STAGES := 7
test: setup
	@echo '[2/7] style (ruff)'
	@time ($(BIN)/ruff format --check . && $(BIN)/ruff check .)
	@echo '[3/7] types (mypy)'
	@time $(BIN)/mypy
	@echo '[4/7] unit tests (pytest)'
	@time $(BIN)/pytest --ignore tests/test_book_html.py --ignore tests/test_pages.py \
	    --ignore tests/test_jupyterlab.py
	@echo '[5/7] notebooks (nbval, strict)'
	@time $(BIN)/pytest --nbval book
	@echo '[6/7] the book (warnings are errors)'
	@$(MAKE) --no-print-directory html
	@echo '[7/7] pages and JupyterLab (Chromium)'
	@time $(BIN)/pytest tests/test_book_html.py tests/test_pages.py tests/test_jupyterlab.py

bench: STAGES := 2
bench: setup
	@echo '[2/2] timings: nothing is checked, and they mean most when nothing else runs'
	@$(BIN)/python tools/bench.py

notebooks: STAGES := 2
notebooks: setup
	@echo '[2/2] executing the notebooks in place'
	@time $(BIN)/python tools/execute_notebooks.py

# A package that installs on the oldest Python installs on the later ones too; the other way round
# it often does not.
lock:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
	{ echo 'The versions are chosen with Python 3.11, the oldest: make lock PYTHON=python3.11'; exit 1; }
	@$(PYTHON) -m venv build/lock
	@build/lock/bin/pip install --dry-run --ignore-installed --quiet \
	    --report build/lock/report.json --requirement requirements.txt
	@{ echo '# The version of every package of the project, so that it can be installed again years from'; \
	echo '# now and give the same book. Written by `make lock`; what is asked for is in requirements.txt.'; \
	build/lock/bin/python -c 'import json; \
	packages = (item["metadata"] for item in json.load(open("build/lock/report.json"))["install"]); \
	lines = ["{name}=={version}".format_map(package) for package in packages]; \
	print(*sorted(lines, key=str.lower), sep="\n")'; \
	} > build/lock/constraints.txt
	@mv build/lock/constraints.txt constraints.txt
	@rm -r build/lock
	@echo "constraints.txt now has $$(grep -c == constraints.txt) packages. Run make test."

clean:
	rm -rf _build build .mypy_cache .pytest_cache .ruff_cache .hypothesis

distclean: clean
	rm -rf .venv node_modules

# --- Steps ----------------------------------------------------------------------------------

# Always from nothing: Sphinx would keep the page of a notebook that has not changed, though
# cnnmath has.
html:
	@rm -rf _build
	@set -o pipefail; time $(BIN)/jupyter-book build . --warningiserror --keep-going \
	| { grep --line-buffered -oE 'book/[^ ]+: Executed notebook in .* seconds' \
	| sed -e 's/^/      /' -e 's/Executed notebook in //' || true; }

setup:
	@echo '[1/$(STAGES)] set-up'
	@$(MAKE) --silent $(READY)

$(READY): requirements.txt constraints.txt pyproject.toml package.json package-lock.json
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo; echo 'This needs Python 3.11 or later. If there is one under another name, say so:'; \
	echo '    make book PYTHON=python3.12'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	{ echo; echo 'This Python has no venv module. On Debian and Ubuntu, install it with:'; \
	echo '    sudo apt-get install python3-venv'; exit 1; }
	@echo '      Python packages, into .venv (about 300 MB to download)'
	@$(PYTHON) -m venv .venv
	@set -o pipefail; time $(BIN)/pip install --disable-pip-version-check \
	    --requirement requirements.txt --constraint constraints.txt \
	| while read -r word rest; do case $$word in \
	    Collecting) n=$$((n + 1)); [ $$((n % 20)) != 0 ] || echo "      $$n of about $(PACKAGES) found";; \
	    Installing) echo '      all found; installing them';; \
	  esac; done || \
	{ echo; echo 'The packages could not be installed; pip says why above. The versions in'; \
	echo 'constraints.txt are known to install with Python 3.11, 3.12 and 3.13.'; exit 1; }
	@$(BIN)/pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@echo '      KaTeX, into node_modules'
	@$(BIN)/npm ci --no-audit --no-fund --loglevel=error >/dev/null
	@# Or it is done in the first notebook, which then has a warning among its outputs.
	@$(BIN)/python -c 'import matplotlib.font_manager'
	@touch $(READY)
