# What the command line tests share: TAP lines, a scratch folder, the program under test.
# $1 of every test is the program, $2 the folder of examples.

set -u
program=$(realpath "$1")
examples=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
count=0
failed=0

# ok CONDITION-STATUS NAME: one TAP line.
ok() {
    count=$((count + 1))
    if [ "$1" = 0 ]; then
        echo "ok $count - $2"
    else
        echo "not ok $count - $2"
        failed=$((failed + 1))
    fi
}

# same NAME WANTED GOT
same() {
    if [ "$2" = "$3" ]; then
        ok 0 "$1"
    else
        ok 1 "$1"
        printf '# wanted: %s\n# got:    %s\n' "$2" "$3"
    fi
}

finish() {
    echo "1..$count"
    [ "$failed" = 0 ]
}

# number NAME < JSON: the value of the first member of that name that is a number.
number() { tr ',{}' '\n\n\n' | sed -n "s/^\"$1\":\\([-0-9.]*\\)\$/\\1/p" | head -n 1; }

# word NAME < JSON: the same for a text.
word() { tr ',{}' '\n\n\n' | sed -n "s/^\"$1\":\"\\(.*\\)\"\$/\\1/p" | head -n 1; }

# Files of ours that should not be there: drafts with a name, and the like.
strays() { find "$1" -name '.draft-*' -o -name '*.new-*' | wc -l | tr -d ' '; }

# A few seconds of the example song.
short_song() { "$program" media cut "$examples/song.m4a" --in "$1" --out "$2" -o "$3"; }

# Clips that the emulated providers give out: spans of a film of our own, in "$scratch/clips".
clips_to_give() {
    mkdir "$scratch/clips"
    "$program" make --mode ad-creative --prompt "A cold kitchen before dawn" --product "Ember, a kettle" --duration 15 \
        --size 480p --data "$scratch/clips-data" -o "$scratch/wide.mp4" --json > "$scratch/made" 2>&1
    ok $? "clips to give out"
    for length in 4 6 8; do
        "$program" media trim "$scratch/wide.mp4" --in 0 --out $length -o "$scratch/clips/wide-${length}s-0.mp4" > /dev/null
    done
}

# The emulated Replicate with the faults in "$scratch/faults.json", its books in "$scratch/billed"; the program is pointed at it.
emulate_replicate() {
    node "$(dirname "$0")/../emulators/emulator.mjs" --clips "$scratch/clips" --ledger "$scratch/billed" \
        --faults "$scratch/faults.json" --latency-ms 200 > "$scratch/origin" 2> "$scratch/emulator" &
    emulator_pid=$!
    trap 'kill "$emulator_pid" 2> /dev/null; rm -rf "$scratch"' EXIT
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        [ -s "$scratch/origin" ] && break
        sleep 0.25
    done
    STORYREEL_REPLICATE_URL=$(cat "$scratch/origin")/replicate
    export STORYREEL_REPLICATE_URL REPLICATE_API_TOKEN=r8_emulated STORYREEL_SETTLE_SECONDS=3 STORYREEL_LOOK_SECONDS=0.5
}
