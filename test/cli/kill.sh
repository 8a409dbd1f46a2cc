# kill -9 at random moments of make: resuming ends with the same film, finished scenes are not filmed again, and no
# file is left half-written. KILLS says how often (10 in the suite).
. "$(dirname "$0")/lib.sh"

data=$scratch/data
short_song 8 20 "$scratch/song.wav"
options="--size 480p --scenes 6"
prompt="A courier on a bicycle races the dawn through a rainy city"

"$program" make --prompt "$prompt" --audio "$scratch/song.wav" $options --data "$scratch/calm" \
    -o "$scratch/calm.mp4" --json > "$scratch/made"
ok $? "a film nobody disturbed"
"$program" media frames "$scratch/calm.mp4" > "$scratch/wanted"
took=$(number tookMs < "$scratch/made")

"$program" make --prompt "$prompt" --audio "$scratch/song.wav" $options --data "$data" -o "$scratch/film.mp4" \
    > /dev/null 2>&1 &
pid=$!
killed=0
kills=${KILLS:-10}
seed=${SEED:-7}
# In a subshell that becomes the program, so that killing it kills the program.
resume() {
    if [ -z "$("$program" project list --data "$data" --json 2>/dev/null | word projectId)" ]; then
        exec "$program" make --prompt "$prompt" --audio "$scratch/song.wav" $options --data "$data" \
            -o "$scratch/film.mp4"
    else
        exec "$program" make --resume --data "$data"
    fi
}
while [ "$killed" -lt "$kills" ]; do
    seed=$(((seed * 1103515245 + 12345) % 2147483648))
    ms=$((seed / 65536 % (took / kills + 80)))
    sleep "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))"
    # Ended by itself: with the film, or setting aside a job that three kills hit, which running again mends.
    if kill -9 "$pid" 2>/dev/null; then
        killed=$((killed + 1))
    elif [ -e "$scratch/film.mp4" ]; then
        wait "$pid" 2>/dev/null
        break
    fi
    wait "$pid" 2>/dev/null
    resume > "$scratch/resumed" 2>&1 &
    pid=$!
done
wait "$pid" 2>/dev/null
echo "# killed $killed times, an undisturbed run takes $took ms"
[ "$killed" -gt 0 ]
ok $? "it was killed on the way"
[ -e "$scratch/film.mp4" ] || (resume) > "$scratch/resumed" 2>&1
[ -e "$scratch/film.mp4" ]
ok $? "resuming ends with a film"
[ -e "$scratch/film.mp4" ] || sed 's/^/# /' "$scratch/resumed"
"$program" media frames "$scratch/film.mp4" | cmp -s - "$scratch/wanted"
ok $? "the same film, frame by frame"

id=$("$program" project list --data "$data" --json | word projectId)
done=0
for scene in 1 2 3 4 5 6; do
    takes=$("$program" project takes "$id" "$scene" --data "$data" --json | tr '{' '\n' | grep -c '"take":')
    [ "$takes" = 1 ] && done=$((done + 1))
done
same "no scene has more than one take" 6 "$done"
same "no stray files" 0 "$(strays "$scratch")"
finish
