#!/bin/sh
# The whole suite, in two runs: side by side what can be, then the races, each of which wants the machine to itself.
# Usage: scripts/test.sh PYTHON [what pytest is to be told in both]
python=$1
shift
"$python" -m pytest -n auto --maxprocesses 4 --dist worksteal -m "not races" "$@"
others=$?
"$python" -m pytest -m races "$@"
races=$?
[ "$others" -eq 5 ] && [ "$races" -eq 5 ] && exit 5 # neither run had a test
for status in "$others" "$races"; do
  [ "$status" -eq 0 ] || [ "$status" -eq 5 ] || exit "$status"
done
