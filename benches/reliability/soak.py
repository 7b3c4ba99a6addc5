"""An hour of mixed requests to `verify serve`, and whether its memory, files or threads grow.

usage: soak.py PORTRAITS PEOPLE SECONDS    (PORTRAITS: one person's photos; PEOPLE: a library of others)

The exit status is 1 if a connection broke or an answer was an error of the server (5xx, but for
503, which says that there is too much to do).
"""

import collections
import contextlib
import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

VERIFY = Path(__file__).resolve().parents[2] / "target" / "release" / "verify"
CLIENTS, SAMPLES, SEED, BOUNDARY = 4, 12, 1, "soak"
# How often each request is sent, of 100.
SHARES = {"check": 55, "identify": 15, "embed": 10, "enrol": 5, "look": 10, "wrong": 5}


class Server:
    """`verify serve` on a free port, with people of its own."""

    def __init__(self, folder: str) -> None:
        command = [VERIFY, "serve", "--no-open", "--no-index", "--port", "0", "--people", folder]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.port = int(line.rsplit(":", 1)[1].split("/")[0])

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "image/jpeg") -> tuple:
        """The status and the body of an answer; the status is 0 if the connection broke."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, {"Content-Type": kind})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except OSError:
            return 0, b""
        finally:
            connection.close()

    def holds(self) -> tuple:
        """Resident memory in MB, open files and threads."""
        home = Path(f"/proc/{self.process.pid}")
        status = dict(line.split(":", 1) for line in (home / "status").read_text().splitlines())
        memory = int(status["VmRSS"].split()[0]) / 1000
        return memory, len(os.listdir(home / "fd")), int(status["Threads"])


def form(photos: list, **fields: str) -> bytes:
    """The body of a form with fields and photos."""
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    parts += [b'name="photos"; filename="a.jpg"\r\n\r\n' + path.read_bytes() for path in photos]
    start = f"--{BOUNDARY}\r\nContent-Disposition: form-data; ".encode()
    return b"".join(start + part + b"\r\n" for part in parts) + f"--{BOUNDARY}--\r\n".encode()


def enrol(server: Server, photos: list, name: str) -> tuple:
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return server.ask("POST", "/api/people", form(photos, name=name), kind)


def request(server: Server, kind: str, choose: random.Random, portraits: list, others: list) -> int:
    """Send one request of a kind, or the few that belong together; the last status."""
    photo = choose.choice(portraits + others).read_bytes()
    if kind in ("check", "identify", "embed"):
        return server.ask("POST", f"/api/{kind}", photo)[0]
    if kind == "look":
        page = choose.choice(["/", "/api/people", "/api/info", "/metrics", "/health", "/openapi.json"])
        return server.ask("GET", page)[0]
    if kind == "wrong":
        cut = photo[: choose.randrange(len(photo))]
        return server.ask("POST", "/api/check", choose.choice([cut, b"", b"no photo", bytes(5000)]))[0]
    status, body = enrol(server, choose.sample(portraits, 5), f"Soak {choose.random()}")
    if status in (200, 201):
        person = "/api/people/" + json.loads(body)["id"]
        for page in ("/report", "/plot"):
            status = server.ask("GET", person + page)[0]
            if status != 200:
                break
        server.ask("DELETE", person)
    return status


def client(server: Server, number: int, end: float, photos: tuple, seen: dict) -> None:
    """Send requests until the end; `seen` gets the times and the statuses of each kind."""
    choose = random.Random(SEED + number)
    while time.monotonic() < end:
        (kind,) = choose.choices(list(SHARES), list(SHARES.values()))
        begun = time.monotonic()
        status = request(server, kind, choose, *photos)
        seen[kind].append((status, time.monotonic() - begun))


def soak(server: Server, seconds: float, photos: tuple) -> dict:
    """Run all clients, and print what the server holds from time to time."""
    seen = collections.defaultdict(list)
    begun = time.monotonic()
    work = (server, begun + seconds, photos, seen)
    threads = [
        threading.Thread(target=client, args=(work[0], number, *work[1:])) for number in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    print("| minutes | requests | resident MB | open files | threads |\n|---|---|---|---|---|")
    for sample in range(1, SAMPLES + 1):
        time.sleep(max(0, begun + seconds * sample / SAMPLES - time.monotonic()))
        count = sum(len(list(answers)) for answers in list(seen.values()))
        memory, files, running = server.holds()
        print(f"| {seconds * sample / SAMPLES / 60:.0f} | {count:,} | {memory:.0f} | {files} | {running} |", flush=True)
    for thread in threads:
        thread.join()
    return seen


def tell(seen: dict) -> int:
    """Print what came of each kind of request; how many answers were the server's fault."""
    print("\n| request | sent | answers | median ms | slowest of 100, ms |\n|---|---|---|---|---|")
    wrong = 0
    for kind in SHARES:
        statuses = collections.Counter(status for status, _ in seen[kind])
        times = sorted(1000 * took for _, took in seen[kind]) or [0]
        counts = ", ".join(f"{status}: {count:,}" for status, count in sorted(statuses.items()))
        slow = times[int(0.99 * (len(times) - 1))]
        print(f"| {kind} | {len(seen[kind]):,} | {counts} | {statistics.median(times):.0f} | {slow:.0f} |")
        wrong += sum(count for status, count in statuses.items() if status == 0 or status >= 500 and status != 503)
    print(f"\n{wrong} broken connections and errors of the server")
    return wrong


def main() -> int:
    portraits = sorted(path for path in Path(sys.argv[1]).rglob("*") if path.is_file())
    others = sorted(path for path in Path(sys.argv[2]).rglob("*.jpg"))[::20]
    with tempfile.TemporaryDirectory() as folder:
        server = Server(folder)
        with contextlib.ExitStack() as stack:
            stack.callback(server.process.wait)
            stack.callback(server.process.terminate)
            status, body = enrol(server, portraits[:20], "Known")
            if status not in (200, 201):
                sys.exit(f"soak: nobody could be enrolled: {status} {body[:200]!r}")
            return 1 if tell(soak(server, float(sys.argv[3]), (portraits, others))) else 0


if __name__ == "__main__":
    sys.exit(main())
