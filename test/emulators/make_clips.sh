#!/bin/sh
#
# Clips and pictures for the emulator to give out: spans of two films drawn by our own animatic, one wide, one tall, of the lengths
# the models film. make_clips.sh STORYREEL FOLDER [SIZE]; what is there already is kept. For tests, STARTS and LENGTHS say
# which spans of the films are wanted.

set -eu
storyreel=$1 folder=$2 size=${3:-720p}
starts=${STARTS:-0 4 7 11 14} lengths=${LENGTHS:-4 6 8 10}
[ ! -f "$folder/complete" ] || exit 0
mkdir -p "$folder"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT INT TERM

# Music videos, because advertisements end on a card with words, which has no place in the middle of another film.
film() {        # film NAME ASPECT PROMPT
    "$storyreel" make --prompt "$3" --audio "$scratch/song.wav" --aspect "$2" --size "$size" --seed 7 \
        --data "$scratch/data" -o "$scratch/$1.mp4" --json >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; exit 1; }
}

span() {        # span NAME IN OUT
    "$storyreel" media trim "$scratch/$1.mp4" --in "$2" --out "$3" -o "$folder/$1-$(($3 - $2))s-$2.mp4" >/dev/null
}

# As long as the last of the longest spans. Unquoted on purpose: lists of numbers.
duration=0
for start in $starts; do
    for length in $lengths; do
        [ $((start + length)) -le "$duration" ] || duration=$((start + length))
    done
done
"$storyreel" media cut "$(dirname "$0")/../../examples/song.m4a" --in 0 --out "$duration" -o "$scratch/song.wav" >/dev/null
film wide 16:9 'A lighthouse keeper rows through a storm at night'
film tall 9:16 'A cold kitchen before dawn'
for name in wide tall; do
    for start in $starts; do
        for length in $lengths; do
            span "$name" "$start" $((start + length))
        done
    done
done
# Portraits to give out as reference pictures.
"$storyreel" reference generate 'a young courier in a yellow raincoat' --data "$scratch/data" -o "$folder" >/dev/null
touch "$folder/complete"
