"""Asks a served application what its description allows and forbids: schemathesis, all routes, every check, every role.

    cxtext demo && python tests/benchmarks/api_contract.py [EXAMPLES [ROLE ...]]

Serves a copy of `cxtext-demo/cxtext.db`, because some routes write, once for each role: local (this machine, before
anybody was given access), the four roles, and the four of one department. Ends with 1 where any of them fails.
"""

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROLES = ("viewer", "analyst", "editor", "admin")
ALL = ("local", *ROLES, *(f"{role}:billing" for role in ROLES))


def main(examples: int = 30, *roles: str) -> int:
    failed = [role for role in roles or ALL if ask_as(role, examples)]
    print(f"failed as: {', '.join(failed) or 'nobody'}")
    return int(bool(failed))


def ask_as(who: str, examples: int) -> int:
    print(f"== {who}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("cxtext.db", "cxtext.db.key"):
            shutil.copy(Path("cxtext-demo") / name, folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        database = f"sqlite:///{folder}/cxtext.db"
        role, _, department = who.partition(":")
        named = [] if who == "local" else ["--header", f"Authorization: Bearer {make_key(database, role, department)}"]
        server = subprocess.Popen([sys.executable, "-m", "cxtext", "serve", "--db", database, "--port", str(port)])
        try:
            url = f"http://127.0.0.1:{port}"
            wait(f"{url}/healthz")
            words = ["--phases", "examples,coverage,fuzzing,stateful", "--max-examples", str(examples), "--seed", "1"]
            words += ["--request-timeout", "300"]  # the first question waits for the models
            if who == "local":
                words += ["--exclude-checks", "ignored_auth"]  # before anybody has access, this machine need not log in
            tool = str(Path(sys.executable).with_name("schemathesis"))
            return subprocess.run([tool, "run", f"{url}/openapi.json", *words, *named], check=False).returncode
        finally:
            server.terminate()
            server.wait()


def make_key(database: str, role: str, department: str) -> str:
    words = ["keys", "create", "contract", "--role", role, "--db", database, "--json"]
    if department:
        words += ["--department", department]
    done = subprocess.run([sys.executable, "-m", "cxtext", *words], check=True, capture_output=True, text=True)
    return str(json.loads(done.stdout)["secret"])


def wait(url: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{url} does not answer")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 30, *sys.argv[2:]))
