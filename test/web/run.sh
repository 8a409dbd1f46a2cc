#!/bin/sh
# The dashboard's suites: run.sh PROGRAM unit|browser, or speed for the numbers of ./do bench. Says so in TAP when they have to be left out.

leave_out() { printf '1..1\nok 1 - the %s suite of the dashboard # SKIP %s\n' "$suite" "$1"; exit 0; }

suite=$2
program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "$(dirname "$0")/../../web" || exit 1
for folder in .node/node_modules/*/bin; do
    [ -x "$folder/node" ] && PATH=$PWD/$folder:$PATH
done
command -v node >/dev/null || leave_out 'node is not installed'
[ -d node_modules/vitest ] || leave_out 'its npm packages are not installed'
[ "$suite" != unit ] || exec node node_modules/vitest/vitest.mjs run --reporter=tap-flat
[ -f out/index.html ] || leave_out 'web/out is not built'
[ -x "${CHROMIUM:=/usr/bin/chromium}" ] || leave_out 'chromium is not installed'
E2E_OUTPUT=$(mktemp -d)
trap 'rm -rf "$E2E_OUTPUT"' EXIT
export STORYREEL=$program CHROMIUM E2E_OUTPUT TAP=1
case $suite in
    browser) node node_modules/@playwright/test/cli.js test ;;
    speed)
        said=$(BENCH=1 node node_modules/@playwright/test/cli.js test speed) || status=1
        printf '%s\n' "$said" | sed -n 's/^# /  /p; /^not ok/p'
        exit "${status:-0}" ;;
esac
