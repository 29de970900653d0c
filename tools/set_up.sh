#!/usr/bin/env bash
# Installs into .venv and node_modules what the project needs; `make` calls it, as
#
#     tools/set_up.sh PYTHON
#
# It begins from nothing, so that it may have been interrupted at any point.
set -euo pipefail

python=$1
log=build/set-up.log
mkdir -p build

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo
  echo 'This needs Python 3.11 or later. If there is one under another name, say so:'
  echo '    make book PYTHON=python3.12'
  exit 1
}
"$python" -c 'import ensurepip, venv' 2>/dev/null || {
  echo
  echo 'This Python has no venv module. On Debian and Ubuntu, install it with:'
  echo '    sudo apt-get install python3-venv'
  exit 1
}

# Runs a command, and if it fails shows the end of what it said.
run() {
  "$@" 2>&1 | tee "$log" | progress || {
    echo
    echo "This failed: $*"
    echo "What it said last, of all that stands in $log:"
    tail -n 25 "$log" | sed 's/^/    /'
    exit 1
  }
}

# Of all that uv says, what takes a while.
progress() {
  local word rest
  while read -r word rest; do
    case $word in
      Downloading | Prepared | Installed) echo "      $word $rest" ;;
    esac
  done
}

echo "      Python packages, into .venv (about 300 MB to download)"
"$python" -m venv --clear .venv
# uv installs in seconds what takes pip minutes. It comes by its hash, as all the others do.
awk '/^[^ ]/ { is_uv = /^uv==/ } is_uv' requirements.lock > build/uv.txt
run .venv/bin/python -m pip install --no-deps --requirement build/uv.txt
run .venv/bin/uv pip install --python .venv/bin/python --no-deps --require-hashes \
  --requirement requirements.lock
echo '      KaTeX, and the tools for the JavaScript, into node_modules'
run .venv/bin/npm ci --no-audit --no-fund
# Or it is done in the first notebook, which then has a warning among its outputs.
run .venv/bin/python -c 'import matplotlib.font_manager'
