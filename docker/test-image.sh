#!/usr/bin/env bash
# Builds the image and the home compose file with podman and tries them with a real client; needs no image registry and
# no systemd. Run by `make image-test`, as root (mmdebstrap and rootful podman).
set -euo pipefail
cd "$(dirname "$0")/.."

need() { # program:package …
    local missing=""
    for pair in "$@"; do command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair##*:}"; done
    [ -z "$missing" ] && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    else
        echo "the image test needs these packages (Debian's names):$missing" >&2
        exit 1
    fi
}
need podman:podman mmdebstrap:mmdebstrap runc:runc curl:curl netavark:netavark

work=$(mktemp -d)
name=qorgan-image-test-$$
export CONTAINERS_CONF=$work/containers.conf CONTAINERS_STORAGE_CONF=$work/storage.conf
# runc and lowered limits: they work without systemd as PID 1 and without CAP_SYS_RESOURCE.
cat >"$CONTAINERS_CONF" <<CONF
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
CONF
cat >"$CONTAINERS_STORAGE_CONF" <<CONF
[storage]
driver = "overlay"
graphroot = "$work/graph"
runroot = "$work/run"
CONF
finish() {
    podman rm -f -t 5 "$name" >/dev/null 2>&1 || true
    [ -x "$work/venv/bin/podman-compose" ] && compose down -v >/dev/null 2>&1 || true
    podman system reset -f >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap finish EXIT

echo "== base: Debian 13 with its own Python"
mmdebstrap --quiet --variant=minbase --include=python3,python3-venv,ca-certificates trixie "$work/base.tar" 2>"$work/base.log" \
    || { cat "$work/base.log"; exit 1; }
podman import -q "$work/base.tar" localhost/qorgan-base:trixie >/dev/null

echo "== image"
# The builder's own package settings (mirror, CA) come from outside, so that the Dockerfile names none.
trust=(-v /etc/ssl/certs:/etc/ssl/certs:ro)
[ -e /etc/pip.conf ] && trust+=(-v /etc/pip.conf:/etc/pip.conf:ro)
podman build -q --isolation chroot --format docker --network host "${trust[@]}" \
    -f docker/Dockerfile --build-arg BASE=localhost/qorgan-base:trixie -t localhost/qorgan:test . \
    || { echo "the image does not build"; exit 1; }
podman image ls --format '{{.Repository}}:{{.Tag}} {{.Size}}' localhost/qorgan

hardened=(--network host --read-only --cap-drop ALL --security-opt no-new-privileges --tmpfs /tmp --memory 512m)

await() { # url seconds
    for _ in $(seq $(($2 * 4))); do curl -fsS -o /dev/null "$1" 2>/dev/null && return; sleep 0.25; done
    echo "no answer from $1 within $2 s"; podman logs "$name" 2>&1 | tail -40; exit 1
}
expect() { # what wanted got
    if [ "$2" = "$3" ]; then echo "ok   $1: $3"; else echo "FAIL $1: wanted $2, got $3"; exit 1; fi
}
status() { # proxy-port url
    curl -s -o "$work/page" -w '%{http_code}' --max-time 20 --cacert "$work/root.pem" --proxy "http://127.0.0.1:$1" "$2"
}

echo "== run: not root, read-only, no capabilities"
podman run -d --name "$name" "${hardened[@]}" localhost/qorgan:test >/dev/null
await http://127.0.0.1:8088/health 60
curl -fsS -o "$work/root.pem" http://127.0.0.1:8088/ca.pem
expect "adult, 18+ site" 200 "$(status 8080 https://adult.demo.test:8443/)"
expect "8-year-old, 18+ site" 451 "$(status 8082 https://adult.demo.test:8443/)"
expect "no origin byte in the block" 0 "$(grep -c CANARY "$work/page" || true)"
expect "15-year-old, 12+ article" 200 "$(status 8081 https://news.demo.test:8443/)"
expect "user" 10001 "$(podman exec "$name" id -u)"
podman healthcheck run "$name" >/dev/null && echo "ok   healthcheck"
podman rm -f -t 10 "$name" >/dev/null

echo "== compose: the home file"
"$(.ci/find-python)" -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check podman-compose
compose() { QORGAN_IMAGE=localhost/qorgan:test "$work/venv/bin/podman-compose" -p "$name" -f docker/home/compose.yaml "$@"; }
compose up -d >/dev/null 2>"$work/compose.log" || { cat "$work/compose.log"; exit 1; }
await http://127.0.0.1:8088/health 60
curl -fsS -o "$work/root.pem" http://127.0.0.1:8088/ca.pem
expect "a device nobody named is the youngest: own loopback refused" 403 \
    "$(curl -s -o /dev/null -w '%{http_connect}' --max-time 20 --proxy http://127.0.0.1:8080 https://127.0.0.1:8088/ || true)"
compose down -v >/dev/null 2>&1
echo "the image and the home compose file work"
