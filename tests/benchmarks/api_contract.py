"""Asks a served application what its description allows and forbids: schemathesis, all routes, every check.

    cxtext demo && python tests/benchmarks/api_contract.py [EXAMPLES]

Serves a copy of `cxtext-demo/cxtext.db`, because `POST /tickets` writes. Ends with the exit code of schemathesis.
"""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path


def main(examples: int = 30) -> int:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("cxtext.db", "cxtext.db.key"):
            shutil.copy(Path("cxtext-demo") / name, folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        served = [sys.executable, "-m", "cxtext", "serve", "--db", f"sqlite:///{folder}/cxtext.db", "--port", str(port)]
        server = subprocess.Popen(served)
        try:
            url = f"http://127.0.0.1:{port}"
            wait(f"{url}/healthz")
            words = ["--phases", "examples,coverage,fuzzing,stateful", "--max-examples", str(examples), "--seed", "1"]
            tool = str(Path(sys.executable).with_name("schemathesis"))
            return subprocess.run([tool, "run", f"{url}/openapi.json", *words], check=False).returncode
        finally:
            server.terminate()
            server.wait()


def wait(url: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{url} does not answer")


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
