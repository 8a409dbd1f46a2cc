#!/bin/sh
# One suite of the emulators: run.sh PROGRAM FILE. Says so in TAP when it has to be left out.

leave_out() { printf '1..1\nok 1 - %s # SKIP %s\n' "$suite" "$1"; exit 0; }

suite=$2
command -v node >/dev/null || leave_out 'node is not installed'
program=$(realpath "$1")
cd "$(dirname "$0")" || exit 1
case $suite in
    replicate*) [ -d node_modules/replicate ] || leave_out 'its npm packages are not installed' ;;
    gemini*)    [ -d node_modules/@google/genai ] || leave_out 'its npm packages are not installed' ;;
esac
STORYREEL=$program exec node --test-reporter=tap "$suite"
