"""`make bench`: figures of one run, as a table. Absolute times are those of one machine; compare the ratios."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    for name, title in (
        ("bench_decide.py", "decide: a question on a compiled policy"),
        ("bench_hours.py", "hours: what the time costs a decision"),
        ("bench_hosts.py", "hosts: five million names"),
        ("bench_labels.py", "labels: reading a page"),
        ("bench_addon.py", "add-on: the readers in Chromium"),
        ("bench_extension.py", "add-on: visits in a Chromium with it and one without"),
        ("bench_check.py", "check: a home, a school and an operator, process start included"),
        ("bench_workers.py", "workers: two against one, memory, the pause of a reload"),
        ("bench_pages.py", "pages: 60 requests over 12 hosts, by what is known of the hosts"),
        ("bench_proxy.py", "proxy: the gateway against stock mitmdump and the least of mitmproxy"),
    ):
        print(f"\n== {title}", flush=True)
        done = subprocess.run([sys.executable, str(HERE / name)], cwd=HERE.parents[1])
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
