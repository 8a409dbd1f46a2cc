#!/bin/sh
#
# An S3 server on this machine: Ceph's gateway (Debian's radosgw) over one monitor and one object store that keeps
# everything in memory. It checks every signature.
#
#     s3_server.sh start FOLDER PORT    ready when it returns; the monitor takes PORT+1
#     s3_server.sh stop FOLDER
#
# The only user's keys are S3_KEY and S3_SECRET, whose bucket S3_BUCKET is made. Loopback only.

set -eu
folder=$2
config=$folder/ceph.conf

# Nothing to save: what is in memory is what there is.
stop() {
    for file in "$folder"/run/*.pid; do
        [ -s "$file" ] || continue
        process=$(cat "$file")
        kill -9 "$process" 2>/dev/null || continue
        while kill -0 "$process" 2>/dev/null; do sleep 0.05; done
    done
    rm -rf "$folder/run"
}

# A quick monitor, no keys between the parts, one copy of everything.
write_config() {
    cat >"$config" <<END
[global]
fsid = $1
mon initial members = a
mon host = [v1:127.0.0.1:$((port + 1))]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
mon data avail crit = 1
mon data avail warn = 2
paxos propose interval = 0.05
paxos min wait = 0.01
run dir = $folder/run
admin socket = $folder/run/\$name.asok
pid file = $folder/run/\$name.pid
log file = $folder/\$name.log
crash dir = $folder/run
[mon]
mon data = $folder/mon
mon cluster log file = $folder/cluster.log
[osd]
osd data = $folder/osd
osd objectstore = memstore
memstore device bytes = 2147483648
[client]
rgw data = $folder/rgw
rgw frontends = beast endpoint=127.0.0.1:$port
rgw dns name = s3.localhost
rgw override bucket index max shards = 1
rgw dynamic resharding = false
END
}

# The store may ask the monitor before it knows who it is, and then gives up: so it is started until it stays.
start_store() {
    identity=$(cat /proc/sys/kernel/random/uuid)
    timeout 30 ceph -c "$config" osd new "$identity" >/dev/null
    ceph-osd -c "$config" -i 0 --mkfs --osd-uuid "$identity" >/dev/null 2>&1
    for try in 1 2 3 4 5 6 7 8; do
        ceph-osd -c "$config" -i 0 >/dev/null 2>&1 && return 0
        sleep 0.25
    done
    return 1
}

make_bucket() {
    nothing=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
    for try in 1 2 3 4 5 6 7 8 9 10; do
        curl -sf -m 10 -o "$folder/bucket" -X PUT --aws-sigv4 aws:amz:us-east-1:s3 --user "$S3_KEY:$S3_SECRET" \
            -H "x-amz-content-sha256: $nothing" "http://127.0.0.1:$port/$S3_BUCKET" && return 0
        sleep 0.5
    done
    return 1
}

start() {
    cluster=$(cat /proc/sys/kernel/random/uuid)
    rm -rf "$folder"
    mkdir -p "$folder/mon" "$folder/osd" "$folder/run" "$folder/rgw"
    write_config "$cluster"
    monmaptool --create --fsid "$cluster" --addv a "[v1:127.0.0.1:$((port + 1))]" "$folder/monmap" >/dev/null
    ceph-mon -c "$config" -i a --mkfs --monmap "$folder/monmap"
    ceph-mon -c "$config" -i a
    start_store
    radosgw -c "$config" -n client.rgw.a >/dev/null 2>&1
    timeout 60 radosgw-admin -c "$config" user create --uid=test --display-name=test \
        --access-key="$S3_KEY" --secret="$S3_SECRET" >/dev/null 2>"$folder/user.log"
    make_bucket
}

case $1 in
    start) port=$3; start ;;
    stop)  stop ;;
esac
