#!/bin/sh
#
# The speeds we promise, measured in one run: each row is at least five pairs of whole processes, ours and a plain tool's,
# run in turn (pair.c), medians and the median of the pairs' ratios. `run.sh BUILD-FOLDER [PART...]`: the parts named,
# or all. Clips and films lie in memory where there is room, so that both sides are measured and not the disk.

set -eu

parts='animatic make compose trim scenes workers start plan server projects web'
build=$1; shift
storyreel=$build/storyreel
pair=$build/test/bench/bench-pair
source=$(cd "$(dirname "$0")/../.." && pwd)
for part; do
    case " $parts " in *" $part "*) ;; *) echo "no part is called $part; there are: $parts" >&2; exit 2 ;; esac
done
work=$(mktemp -d "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")/storyreel-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
broken=0

row() { "$pair" "$@" || broken=$((broken + 1)); }

heading() {
    printf '\n%s\n%-24s%13s%13s%9s%13s%13s%9s%9s\n' "$1" '' 'ours: wall' CPU memory "${2:-}" ${2:+CPU memory ratio}
}

quiet_ffmpeg() { ffmpeg -nostdin -loglevel error -y "$@"; }

# clip NAME SECONDS SEED: what a video model delivers: 720p24, H.264 High, about 8 Mbit/s, groups of two seconds.
clip() {
    quiet_ffmpeg -f lavfi -i "testsrc2=s=1280x720:r=24:d=$2" -vf "noise=alls=14:allf=t:all_seed=$3" -c:v libx264 \
        -preset superfast -b:v 8M -g 48 -bf 2 -pix_fmt yuv420p "$work/$1"
}

# clips COUNT NAME...: the names over and over, COUNT in all.
clips() {
    count=$1; shift
    while :; do
        for name; do
            [ "$count" -gt 0 ] || return 0
            printf '%s/%s\n' "$work" "$name"
            count=$((count - 1))
        done
    done
}

bench_animatic() { "$build/test/bench/bench-animatic" || broken=$((broken + 1)); }

bench_compose() {
    heading 'Joining clips that match' 'ffmpeg concat'
    for count in 5 30 500; do
        names='a.mp4 b.mp4 c.mp4'
        [ "$count" -lt 500 ] || names='short.mp4'
        # Unquoted on purpose: names without spaces.
        list=$(clips "$count" $names)
        printf "file '%s'\n" $list >"$work/list.txt"
        row --faster 4 --fresh "$work/film.mp4" "$count clips" -- "$storyreel" media concat $list -o "$work/film.mp4" \
            -- ffmpeg -nostdin -loglevel error -y -f concat -safe 0 -i "$work/list.txt" -c copy "$work/film.mp4"
    done
}

# trim_row LABEL RATIO FILE IN OUT
trim_row() {
    row --faster "$2" --fresh "$work/cut.mp4" "$1" -- "$storyreel" media trim "$3" --in "$4" --out "$5" -o "$work/cut.mp4" \
        -- ffmpeg -nostdin -loglevel error -y -i "$3" -ss "$4" -to "$5" -an -c:v libx264 -preset veryfast "$work/cut.mp4"
}

bench_trim() {
    heading 'Trimming, exact to the frame' 'ffmpeg veryfast'
    quiet_ffmpeg -f concat -safe 0 -i "$work/list-240.txt" -c copy "$work/long.mp4"
    trim_row '1.1 - 6.9 s of 8 s' 2 "$work/a.mp4" 1.1 6.9
    trim_row '61.3 - 181.7 s of 240 s' 10 "$work/long.mp4" 61.3 181.7
}

# Four times real time was promised for a machine on which x264 alone makes seven, and machines differ from hour to hour:
# the same pictures, as long, go through x264 in the same run, and 4/7 of its speed is what is kept or not.
bench_make() {
    heading 'From a prompt and a song to the film, 720p' 'x264 superfast'
    quiet_ffmpeg -stream_loop -1 -i "$source"/examples/song.* -t 180 "$work/song-180.wav"
    quiet_ffmpeg -i "$work/song-180.wav" -t 30 "$work/song-30.wav"
    "$storyreel" make --audio "$work/song-30.wav" --prompt "$(cat "$source/examples/prompt.txt")" --seed 1 \
        --data "$work/data" -o "$work/pictures.mp4" >/dev/null 2>&1
    quiet_ffmpeg -i "$work/pictures.mp4" -an -pix_fmt yuv420p -f rawvideo "$work/pictures.yuv"
    for seconds in 30 180; do
        row --pairs $((seconds < 100 ? 3 : 1)) --film "$seconds" --faster 0.571 "a song of $seconds s" -- sh -c 'rm -rf "$2" && "$1" make \
            --mode music-video --prompt "$(cat "$3/examples/prompt.txt")" --audio "$4" --data "$2" -o "$2.mp4" --seed 1 >"$2.log" 2>&1' \
            sh "$storyreel" "$work/data" "$source" "$work/song-$seconds.wav" \
            -- ffmpeg -nostdin -loglevel error -y -stream_loop $((seconds / 30 - 1)) -f rawvideo -s 1280x720 -r 24 \
            -i "$work/pictures.yuv" -c:v libx264 -preset superfast -crf 20 "$work/alone.mp4"
    done
    rm -f "$work/pictures.yuv"
}

bench_scenes() {
    printf '\nTwo hundred scenes at an emulated provider\n'
    if command -v node >/dev/null; then
        node "$source/test/bench/scenes.mjs" "$storyreel" "${SCENES_LATENCY:-10}" || broken=$((broken + 1))
    else
        echo 'left out: there is no node'
    fi
}

bench_workers() {
    printf '\nOne worker process and two, on one table, while a provider takes its time\n'
    if [ -d "$source/test/cloud/node_modules/dynalite" ] && command -v node >/dev/null; then
        STORYREEL=$storyreel node --no-warnings "$source/test/cloud/workers.mjs" || broken=$((broken + 1))
    else
        echo 'left out: node or the packages of test/cloud are not there'
    fi
}

bench_start() {
    heading 'Starting'
    row --pairs 25 --within 30 'storyreel version' -- "$storyreel" version
}

bench_web() {
    printf '\nThe dashboard in Chromium, from a cold cache\n'
    sh "$source/test/web/run.sh" "$storyreel" speed || broken=$((broken + 1))
}

bench_plan() { "$build/test/bench/bench-plan" "$source" || broken=$((broken + 1)); }

bench_server() { "$source/test/bench/server.py" "$storyreel" || broken=$((broken + 1)); }

bench_projects() { "$build/test/bench/bench-projects" "$source" || broken=$((broken + 1)); }

echo "Preparing clips in $work"
for seed in 1 2 3; do
    clip "$(printf '%s' "$seed" | tr 123 abc).mp4" 8 "$seed"
done
clip short.mp4 1 4
clips 30 a.mp4 b.mp4 c.mp4 | sed "s/.*/file '&'/" >"$work/list-240.txt"

for part in ${*:-$parts}; do
    "bench_$part"
done

printf '\n%s\n' "$([ "$broken" = 0 ] && echo 'every promise was kept' || echo "$broken promises were not kept")"
[ "$broken" = 0 ]
