#!/bin/sh
#
# Media on an S3 server that this test starts itself: the suite of every blob store, and Amazon's own client reading
# what we write. As TAP; says so when it has to be left out.
#
#     s3.sh SUITE-PROGRAM S3-PROGRAM STORYREEL EXAMPLES

here=$(dirname "$(realpath "$0")")
suite=$(realpath "$1") own=$(realpath "$2")
export STORYREEL=$(realpath "$3") EXAMPLES=$(realpath "$4")

leave_out() { printf '1..1\nok 1 - s3 # SKIP %s\n' "$1"; exit 0; }

for program in radosgw ceph-mon ceph-osd ceph monmaptool curl python3; do
    command -v $program >/dev/null || leave_out "$program is not installed"
done

export S3_KEY=AKIDSTORYREELTEST S3_SECRET=secret/of+the=test S3_BUCKET=media
scratch=$(mktemp -d)
trap '"$here/s3_server.sh" stop "$scratch/s3"; rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM

# Two neighbouring ports that are free now; somebody may take them before us, hence the tries.
free_port() {
    python3 -c '
import random, socket
while True:
    port = random.randrange(20000, 32000)
    try:
        for p in port, port + 1:
            with socket.socket() as s: s.bind(("127.0.0.1", p))
        break
    except OSError: pass
print(port)'
}

start() {
    for try in 1 2 3; do
        port=$(free_port)
        "$here/s3_server.sh" start "$scratch/s3" "$port" && return 0
        "$here/s3_server.sh" stop "$scratch/s3"
    done
    return 1
}

start || { printf '1..1\nnot ok 1 - the S3 server starts\n'; exit 1; }

# Nothing of this machine's own settings counts.
unset AWS_PROFILE AWS_SESSION_TOKEN AWS_ENDPOINT_URL AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_WEB_IDENTITY_TOKEN_FILE
export AWS_ACCESS_KEY_ID=$S3_KEY AWS_SECRET_ACCESS_KEY=$S3_SECRET AWS_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true
export AWS_SHARED_CREDENTIALS_FILE=/nonexistent AWS_CONFIG_FILE=/nonexistent
export AWS_ENDPOINT_URL_S3=http://127.0.0.1:$port TEST_S3_BUCKET=$S3_BUCKET

# Several lists of results as one.
joined() {
    awk '/^1\.\./ { next }
         /^(not )?ok / { n++; sub(/ok [0-9]+/, "ok " n); bad = /^not/ }
         /^(not )?ok |^#/ { print; next }
         bad { print "#" $0 }
         END { print "1.." n }'
}

# The last one ends the server.
{
    "$suite"
    "$own"
    if [ -d "$here/node_modules/@aws-sdk/client-s3" ] && command -v node >/dev/null; then
        S3_PROCESS=$scratch/s3/run/client.rgw.a.pid node --test-reporter=tap "$here/s3.test.mjs"
    else
        echo "ok 1 - Amazon's client reads what we write # SKIP its npm packages are not installed"
    fi
} | joined
