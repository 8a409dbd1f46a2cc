#!/bin/sh
#
# Clips and pictures for the emulator to give out: spans of two films drawn by our own animatic, one wide, one tall, of the lengths
# the models film. make_clips.sh STORYREEL FOLDER [SIZE]; what is there already is kept.

set -eu
storyreel=$1 folder=$2 size=${3:-720p}
[ ! -f "$folder/complete" ] || exit 0
mkdir -p "$folder"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT INT TERM

film() {        # film NAME ASPECT PROMPT
    "$storyreel" make --mode ad-creative --prompt "$3" --product "Ember, a red enamel kettle" --duration 24 \
        --aspect "$2" --size "$size" --seed 7 --data "$scratch/data" -o "$scratch/$1.mp4" --json >"$scratch/log" 2>&1 ||
        { cat "$scratch/log" >&2; exit 1; }
}

span() {        # span NAME IN OUT
    "$storyreel" media trim "$scratch/$1.mp4" --in "$2" --out "$3" -o "$folder/$1-$(($3 - $2))s-$2.mp4" >/dev/null
}

film wide 16:9 'A lighthouse keeper rows through a storm at night'
film tall 9:16 'A cold kitchen before dawn'
for name in wide tall; do
    for start in 0 7 12; do
        for length in 4 6 8 10; do
            span "$name" "$start" $((start + length))
        done
    done
done
# Portraits to give out as reference pictures.
"$storyreel" reference generate 'a young courier in a yellow raincoat' --data "$scratch/data" -o "$folder" >/dev/null
touch "$folder/complete"
