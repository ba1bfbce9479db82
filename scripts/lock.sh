#!/bin/sh
# Writes requirements.lock: every package for every platform, each file with its hash, no address of an index.
# uv runs without this machine's settings, so that the result depends on pyproject.toml alone.
set -eu
cd "$(dirname "$0")/.."
for name in $(env | sed -n 's/^\(UV_[A-Z_]*\)=.*/\1/p'); do unset "$name"; done
uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
  --no-config --no-annotate --no-header --no-emit-index-url --no-emit-find-links --quiet \
  --output-file requirements.lock "$@" > /dev/null
echo "requirements.lock: $(grep -c '==' requirements.lock) packages"
