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
