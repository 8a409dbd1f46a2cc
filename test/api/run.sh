#!/bin/sh
# The API suite: run.sh PROGRAM [FILE]. Says so in TAP when it has to be left out.

leave_out() { printf '1..1\nok 1 - the API suite # SKIP %s\n' "$1"; exit 0; }

command -v node >/dev/null || leave_out 'node is not installed'
program=$(realpath "$1")
cd "$(dirname "$0")" || exit 1
[ -d node_modules/ajv ] || leave_out 'its npm packages are not installed'
STORYREEL=$program exec node --test-reporter=tap "${2:-all.mjs}"
