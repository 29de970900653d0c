# The book and everything that checks it. `make` alone says what there is to make.
#
# Works with GNU make 3.81 and later. Nothing is installed outside this folder.

PYTHON ?= python3
CHAPTER ?=
PACKAGE ?=
NAME ?=
TITLE ?=
ALL ?=

SHELL := /bin/bash
BIN := .venv/bin
READY := .venv/.ready
INSTALLED := .venv/.installed
# The JavaScript of the figures, as pages and notebooks have it: the last file that is written.
BUNDLE := cnnmath/explorer/bundle/figure.css
FIGURES := $(shell find cnnmath/explorer/js cnnmath/explorer/css -name '*.js' -o -name '*.css')
# Where `make test` builds its pages, so that `make book` may run at the same time.
TESTED := build/test
# Where it builds them a second time, from a copy of the project.
SECOND := build/second
# The tests that want the built book, or a while for themselves. Those that take longest in one
# piece come first, so that the processors have something to do until the end.
OF_THE_BOOK := tests/test_build.py tests/test_jupyterlab.py tests/test_book_in_jupyterlab.py \
    tests/test_book_html.py tests/test_glossary.py tests/test_pages.py
# A claim that is tried on every page, or on hundreds of formulas, is tried on a tenth of them at
# each commit, on another tenth at another one (tests/conftest.py).
SWEEPS := $(if $(ALL),,--part)

# The kernels of the notebooks, and npm, find their programs in the environment. Python's
# own find their modules only there.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHONNOUSERSITE := 1
# Tests and notebooks run side by side, one for each processor. Threads of NumPy's matrix products
# would wait for one another there, and turn seconds of training into minutes.
export OPENBLAS_NUM_THREADS := 1
# Compiled once, not by each of the hundred processes that import them.
unexport PYTHONDONTWRITEBYTECODE
# Where the home cannot be written to, what programs keep there has its place here.
ifneq ($(shell test -w "$$HOME" && echo yes),yes)
export HOME := $(CURDIR)/build/home
$(shell mkdir -p "$$PWD/build/home")
endif
# What bash's `time` prints.
nothing :=
export TIMEFORMAT := $(nothing)      took %0lR

# NAME and TITLE go to the tool as they are given, whatever quotes they hold.
export NAME TITLE

.PHONY: help setup bundle book wheel chapter which page watch lab test check bench notebooks \
    golden mutants lock html clean distclean

help:
	@echo 'make book       execute the notebooks and build the book; the first time it takes minutes'
	@echo 'make lab        open the notebooks in JupyterLab'
	@echo
	@echo 'make chapter NAME=part/name TITLE="…"     write the skeleton of a chapter'
	@echo 'make page CHAPTER=convolution/forward     build that chapter alone, as soon as may be'
	@echo 'make watch CHAPTER=convolution/forward    show it, and build it anew after every save'
	@echo 'make check CHAPTER=convolution/forward    check all that concerns it'
	@echo
	@echo 'make test       check everything, as CI does; make test ALL=1: and every page and formula'
	@echo 'make bench      measure how fast the live figure, the formulas and the layers are'
	@echo 'make wheel      the package as one file, for pip, in _build'
	@echo 'make bundle     bundle the JavaScript of the figures; what needs it does so by itself'
	@echo 'make notebooks  store fresh outputs in the notebooks'
	@echo 'make golden     write the record of what every formula gives anew, after a change that is meant'
	@echo 'make mutants    break the engine on purpose, a sample of ways, and see whether a test fails'
	@echo 'make lock       choose the versions in requirements.lock, after a change in requirements.txt;'
	@echo '                make lock PACKAGE=numpy: the newest of one package, and what it forces'
	@echo 'make clean      remove what was built; make distclean removes the set-up as well'
	@echo
	@echo 'Another Python than python3, for the set-up: make book PYTHON=python3.12'

# --- What a reader needs --------------------------------------------------------------------

book: html
	@echo
	@echo 'The book is ready. Open this file in a browser:'
	@echo '    $(CURDIR)/_build/html/index.html'
	@echo 'All of it in one file, to hand on: _build/html/convolutional-networks.zip'

lab: setup
	@echo 'JupyterLab: it opens in a browser; end it here with Ctrl-C'
# JupyterLab shows the drawings that are stored in a notebook only if it is told to trust it.
	@cd book && jupyter trust --log-level ERROR *.ipynb */*.ipynb > /dev/null && jupyter lab index.ipynb

# --- What an author needs -------------------------------------------------------------------

# The pages that list all formulas follow, and so does the record of what formulas give.
chapter: setup
	@python -m tools.new_chapter "$$NAME" "$$TITLE"
	@python -m tools.contents
	@python -m tools.execute --store "$$NAME" notation appendix/formula-sheet
	@python -m tools.golden --write

page: which html

watch: setup
	@python -m tools.watch $(CHAPTER)

check: which setup
	@echo 'the notebook: what is stored and said (pytest), and what it gives (nbval, strict)'
	@time python -m pytest -q tests/test_notebooks.py tests/test_sentences.py \
	    tests/test_chapter_predictions.py tests/test_book_derivations.py -k '$(CHAPTER)'
	@time python -m pytest -q --nbval -p tools.nbval_outputs book/$(CHAPTER).ipynb
	@echo 'what lists its formulas: the notation and the sheet (else: make notebooks), the record'
	@echo '(else: make golden); and style'
	@time python -m pytest -q --nbval -p tools.nbval_outputs book/notation.ipynb \
	    book/appendix/formula-sheet.ipynb
	@time python -m pytest -q tests/test_golden.py -k 'every_formula_is_on_record'
	@ruff format --check --quiet . && ruff check --quiet .
	@echo 'the page (warnings are errors; Chromium)'
	@time python -m tools.build . $(CHAPTER)
	@time python -m pytest -q tests/test_book_html.py tests/test_pages.py -k '$(CHAPTER)'

notebooks: setup
	@echo 'executing the notebooks, and storing their outputs'
	@time python -m tools.execute --store

# What `pip install` wants where the project is not: the package, with the bundle of its figures.
wheel: setup
	@python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir _build .
	@ls _build/*.whl

# --- What a developer needs -----------------------------------------------------------------

test: setup
	@echo 'style (ruff, Biome)'
	@time (ruff format --check . && ruff check . && npm run --silent lint)
	@echo 'types (mypy, TypeScript), and what a figure knows, without a page (Node.js)'
	@time (npm run --silent test & mypy && npm run --silent types && wait $$!)
	@echo 'unit tests (pytest)'
	@time python -m pytest -n auto --dist loadgroup --durations 10 $(SWEEPS) \
	    $(addprefix --ignore ,$(OF_THE_BOOK))
	@echo 'notebooks (nbval, strict)'
	@time python -m pytest -n auto --dist loadfile --durations 10 \
	    --nbval -p tools.nbval_outputs book
	@echo 'the book (warnings are errors), and at the same time a second one, from a copy'
	@time (python -m tools.second_book $(SECOND) & \
	    python -m tools.build $(TESTED) --from-nothing && wait $$!)
	@echo 'pages and JupyterLab (Chromium), and whether the two books are the same'
	@time BOOK_HTML=$(TESTED)/_build/html SECOND_BOOK=$(SECOND) python -m pytest -n auto \
	    --dist loadgroup --no-loadscope-reorder --durations 10 $(SWEEPS) $(OF_THE_BOOK)

bench: setup
	@echo 'timings: nothing is checked, and they mean most when nothing else runs'
	@python tools/bench.py

golden: setup
	@time python -m tools.golden --write
	@git diff --stat -- tests/golden

mutants: setup
	@time python -m tools.mutants

# The oldest Python decides: what installs there, installs on the later ones, and all have the same.
# With their extras, or pip looks for the newest version that has them, which has no hash here.
lock: setup
	@uv pip compile requirements.txt --output-file requirements.lock --quiet --generate-hashes \
	    --universal --python-version 3.11.0 --fork-strategy fewest --no-strip-extras \
	    --custom-compile-command 'make lock' \
	    $(if $(PACKAGE),--upgrade-package $(PACKAGE))
	@git diff --stat -- requirements.lock

clean:
	rm -rf _build build cnnmath/explorer/bundle .mypy_cache .pytest_cache .ruff_cache .hypothesis

distclean: clean
	rm -rf .venv node_modules

# --- Steps ----------------------------------------------------------------------------------

html: setup
	@time python -m tools.build . $(CHAPTER)

which:
	@[ -n '$(CHAPTER)' ] || { echo 'Say which: make page CHAPTER=convolution/forward'; exit 1; }

# All that the other targets need; a bundle is never older than what it is made from.
setup:
	@$(MAKE) --silent $(INSTALLED) $(BUNDLE)

bundle: setup

$(READY): requirements.lock package.json package-lock.json tools/set_up.sh
	@echo 'set-up'
	@time tools/set_up.sh $(PYTHON)
	@touch $(READY)

$(BUNDLE): $(READY) $(FIGURES) cnnmath/shared.json tools/bundle.mjs
	@npm run --silent bundle

$(INSTALLED): $(READY) pyproject.toml
	@python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $(INSTALLED)
