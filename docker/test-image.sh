#!/usr/bin/env bash
# Builds the image, then tries it and the home compose file with a real client. `make image-test` runs it, as root. It
# needs no image registry and no systemd. What it makes lies in one folder, which goes at the end, however it ends.
set -euo pipefail
cd "$(dirname "$0")/.."

need() { # program:package … (Debian's package names)
    local missing="" pair
    for pair in "$@"; do
        PATH=$PATH:/usr/lib/podman:/usr/libexec/podman command -v "${pair%%:*}" >/dev/null || missing+=" ${pair##*:}"
    done
    [ -z "$missing" ] && return
    if command -v apt-get >/dev/null; then
        echo "installing for the image test:$missing"
        # shellcheck disable=SC2086 # several words
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    else
        echo "the image test needs these packages (Debian's names):$missing" >&2
        exit 1
    fi
}
if [ "$(id -u)" != 0 ]; then
    echo "the image test makes a root file system and runs containers: run it as root" >&2
    exit 1
fi
need podman:podman runc:runc netavark:netavark mmdebstrap:mmdebstrap curl:curl ip:iproute2

work=$(mktemp -d)
name=qorgan-image-test-$$
shown=$name # the container whose log a failure shows
net=()      # how to enter the network of the test
export CONTAINERS_CONF=$work/containers.conf CONTAINERS_STORAGE_CONF=$work/storage.conf

# Podman's own words go to a file: without systemd it complains at each container that it has no timer for health checks.
pod() { "${net[@]}" podman "$@" 2>>"$work/podman.log"; }
compose() {
    QORGAN_IMAGE=localhost/qorgan:test "${net[@]}" "$work/venv/bin/podman-compose" -p "$name" -f docker/home/compose.yaml "$@" \
        >>"$work/podman.log" 2>&1
}
finish() {
    local status=$?
    trap - EXIT
    set +e
    if [ "$status" != 0 ]; then
        pod logs "$shown"
        grep -v systemd "$work/podman.log" | tail -40
    fi >&2
    if [ -d "$work/graph" ]; then # else podman was never called, and would take the machine's own containers for ours
        pod rm -f -a -t 0 >/dev/null
        pod pod rm -f -a >/dev/null
    fi
    awk -v at="$work/" 'index($2, at) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r umount
    rm -rf --one-file-system "$work"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Own folders, so that no other container, image, volume or network of this machine is touched. runc and these limits work
# without systemd as PID 1 and without CAP_SYS_RESOURCE.
cat >"$CONTAINERS_CONF" <<CONF
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
tmp_dir = "$work/tmp"
[network]
network_backend = "netavark"
network_config_dir = "$work/networks"
CONF
cat >"$CONTAINERS_STORAGE_CONF" <<CONF
[storage]
driver = "overlay"
graphroot = "$work/graph"
runroot = "$work/run"
CONF

# The containers share "the host's" network, which is one of our own with nothing but loopback: so no port is taken, nobody
# outside can reach what the test opens, and nothing here needs the internet. The build alone runs in the machine's network.
touch "$work/net"
unshare --net="$work/net" ip link set lo up
net=(nsenter --net="$work/net")

fail() {
    echo "FAIL $*"
    exit 1
}
expect() { # what wanted got
    [ "$2" = "$3" ] || fail "$1: wanted $2, got $3"
    echo "ok   $1: $3"
}
await() { # container: its own health check passes within 60 s
    shown=$1
    for _ in $(seq 240); do
        pod healthcheck run "$1" >/dev/null && return
        [ "$(pod inspect --format '{{.State.Running}}' "$1")" = true ] || fail "$1 ended by itself"
        sleep 0.25
    done
    fail "$1 is not healthy after 60 s"
}
inside() { pod exec "$shown" "$@"; }
digest_of_ca() { # of the certificate that a device downloads
    "${net[@]}" curl -fsS --noproxy '*' --max-time 10 http://127.0.0.1:8088/ca.der | sha256sum | cut -c-64
}
digest_of_token() { inside sha256sum /var/lib/qorgan/admin-token | cut -c-64; }
trust() { inside cat /var/lib/qorgan/demo/try.pem >"$work/try.pem"; } # our CA and the demo site's own
status() { # proxy-port host-of-the-demo [client address]
    "${net[@]}" curl -s -o "$work/page" -w '%{http_code}' --max-time 20 --cacert "$work/try.pem" --interface "${3:-127.0.0.1}" \
        --proxy "http://127.0.0.1:$1" "https://$2.demo.test:8443/" || true
}
canary() { grep -c CANARY "$work/page" || true; } # lines with the word that every forbidden page of the demo carries
run() {
    pod run -d --name "$name" --network host --read-only --read-only-tmpfs=false --tmpfs /tmp --cap-drop ALL \
        --security-opt no-new-privileges --memory 512m -v "$name:/var/lib/qorgan" localhost/qorgan:test >/dev/null
    await "$name"
    trust
}
stop() { # SIGTERM to PID 1; podman would kill it after 10 s, and the exit status would be 137
    local begun=$SECONDS
    pod stop -t 10 "$name" >/dev/null
    expect "SIGTERM ends it cleanly, $((SECONDS - begun)) s, exit status" 0 \
        "$(pod inspect --format '{{.State.ExitCode}}' "$name")"
    pod rm "$name" >/dev/null
}

echo "== base: Debian 13 without Python, like the Dockerfile's own"
mmdebstrap --quiet --variant=minbase trixie "$work/base.tar" 2>"$work/podman.log"
pod import -q "$work/base.tar" localhost/qorgan-base:trixie >/dev/null

echo "== image"
# This machine's package settings come from outside, so that the Dockerfile names no host.
secrets=()
[ -f /etc/pip.conf ] && secrets+=(--secret id=pip.conf,src=/etc/pip.conf)
[ -f /etc/ssl/certs/ca-certificates.crt ] && secrets+=(--secret id=trust,src=/etc/ssl/certs/ca-certificates.crt)
podman build --isolation chroot --format docker --network host "${secrets[@]}" -f docker/Dockerfile \
    --build-arg BASE=localhost/qorgan-base:trixie -t localhost/qorgan:test . >"$work/podman.log" 2>&1 || fail "it does not build"
size() { pod image ls --format '{{.Size}}' "$1"; }
echo "size $(size localhost/qorgan), of which its base $(size localhost/qorgan-base)"
expect "user of the image" 10001:10001 "$(pod image inspect --format '{{.Config.User}}' localhost/qorgan:test)"

echo "== run: the demo, not root, read-only, no capabilities"
run
expect "adult, 18+ site" 200 "$(status 8080 adult)"
expect "the canary is in that page, lines" 1 "$(canary)"
expect "8-year-old, 18+ site" 451 "$(status 8082 adult)"
expect "no byte of the site in the block, lines with the canary" 0 "$(canary)"
expect "15-year-old, 18+ site" 451 "$(status 8081 adult)"
expect "15-year-old, 12+ article" 200 "$(status 8081 news)"
expect "8-year-old, 12+ article" 451 "$(status 8082 news)"
expect "user" 10001 "$(inside id -u)"
expect "capabilities" 0000000000000000 "$(inside awk '/^CapEff/ { print $2 }' /proc/1/status)"
expect "data directory, owner and mode" "10001 700" "$(inside stat -c '%u %a' /var/lib/qorgan)"
expect "its private keys, modes" 600 "$(inside sh -c 'grep -rl "PRIVATE KEY" /var/lib/qorgan | xargs stat -c %a | sort -u')"
root=$(digest_of_ca)
expect "qorgan ca says the fingerprint that a device downloads" "$root" \
    "$(inside qorgan ca --data /var/lib/qorgan | grep -A1 SHA-256 | grep -o '[0-9A-F]\{2\}' | tail -32 | tr -d '\n' | tr A-F a-f)"
token=$(digest_of_token)
worker=$(pod top "$name" ppid pid | awk '$1 == 1 { print $2 }')
inside sh -c "kill -9 $worker"
expect "8-year-old, 18+ site, its worker just killed" 451 "$(status 8082 adult)"
expect "zombies" 0 "$(pod top "$name" state | grep -c Z || true)"
stop

echo "== run again on the same volume"
run
expect "the same CA" "$root" "$(digest_of_ca)"
expect "the same token" "$token" "$(digest_of_token)"
expect "8-year-old, 18+ site" 451 "$(status 8082 adult)"
stop

echo "== compose: the home file as it is"
"$(.ci/find-python)" -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check podman-compose 2>>"$work/podman.log"
compose up -d || fail "compose does not come up"
await "${name}_gateway_1"
inside qorgan check /etc/qorgan/qorgan.yaml 2>/dev/null || fail "qorgan check finds problems in home/qorgan.yaml"
root=$(digest_of_ca)
compose down

echo "== compose: the same people, on loopback addresses and with the demo site"
{ sed 's/192\.168\.1\./127.0.0./g' docker/home/qorgan.yaml; sed -n '/^demo:/,$p' policies/demo/qorgan.yaml; } >"$work/home.yaml"
chmod 644 "$work/home.yaml"
chmod 711 "$work"
QORGAN_CONFIG=$work/home.yaml compose up -d || fail "compose does not come up"
await "${name}_gateway_1"
trust
expect "the CA of the first start" "$root" "$(digest_of_ca)"
expect "dana's device, 18+ site" 200 "$(status 8080 adult 127.0.0.10)"
expect "daniyar's device, 12+ article" 200 "$(status 8080 news 127.0.0.21)"
expect "daniyar's device, 18+ site" 451 "$(status 8080 adult 127.0.0.21)"
expect "a device nobody named, page without label" 200 "$(status 8080 blog)"
expect "a device nobody named, 12+ article, like the youngest" 451 "$(status 8080 news)"
expect "no byte of the site in the block, lines with the canary" 0 "$(canary)"
compose down -v
echo "the image and the home compose file work (${SECONDS} s)"
