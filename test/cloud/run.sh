#!/bin/sh
# One suite of the cloud: run.sh PROGRAM FILE. Says so in TAP when it has to be left out.

leave_out() { printf '1..1\nok 1 - %s # SKIP %s\n' "$suite" "$1"; exit 0; }

suite=$2
command -v node >/dev/null || leave_out 'node is not installed'
program=$(realpath "$1")
cd "$(dirname "$0")" || exit 1
[ -d node_modules/dynalite ] && [ -d node_modules/@aws-sdk/client-dynamodb ] || leave_out 'its npm packages are not installed'
STORYREEL=$program exec node --no-warnings --test-reporter=tap "$suite"
