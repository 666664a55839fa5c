"""A real Request Tracker 5 for tests: Debian's package, a SQLite database of its own, a free port of this machine."""

import base64
import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SERVER = Path("/usr/share/request-tracker5/libexec/rt-server")
SETUP = Path("/usr/sbin/rt-setup-database-5")
USER, PASSWORD = "root", "password"
CONFIGURATION = """\
Set($rtname, 'test');
Set($Organization, 'test');
Set($WebDomain, '127.0.0.1');
Set($WebPort, {port});
Set($DatabaseType, 'SQLite');
Set($DatabaseName, '{folder}/rt.db');
Set($DatabaseUser, '');
Set($DatabasePassword, '');
Set($LogToSyslog, undef);
Set($LogToSTDERR, 'error');
Set($MailCommand, 'testfile');
Set($Timezone, 'Europe/Berlin');
1;
"""


def missing() -> str | None:
    """Why no RT can be started here, or None."""
    return (
        None
        if SERVER.exists() and SETUP.exists()
        else "no Request Tracker: apt-get install rt5-standalone rt5-db-sqlite"
    )


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The address of a fresh server; it ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    (folder / "d").mkdir()
    for path in (folder / "RT_SiteConfig.pm", folder / "d" / "99-test.pm"):
        path.write_text(CONFIGURATION.format(port=port, folder=folder))
    environment = os.environ | {
        "RT_SITE_CONFIG": str(folder / "RT_SiteConfig.pm"),
        "RT_SITE_CONFIG_DIR": str(folder / "d"),
    }
    setup = [str(SETUP), "--action", "init", "--skip-create"]
    subprocess.run(setup, check=True, env=environment, cwd=folder, capture_output=True, timeout=300)
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [str(SERVER), "--port", str(port)], env=environment, cwd=folder, stdout=log, stderr=log
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url)
            yield url
        finally:
            process.terminate()
            process.wait(timeout=20)


def ask(url: str, method: str, path: str, body: object = None) -> Any:
    """One request to its REST interface, as its administrator."""
    login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    request = urllib.request.Request(
        f"{url}/REST/2.0/{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Basic {login}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.loads(answer.read() or b"null")


def _wait(url: str) -> None:
    for _ in range(300):
        try:
            ask(url, "GET", "rt")
        except (OSError, urllib.error.URLError):
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("Request Tracker does not answer")
