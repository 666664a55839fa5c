"""A real IMAP server (Dovecot) for tests, in a folder of its own, on a free port of this machine."""

import imaplib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAM = "/usr/sbin/dovecot"
USER, PASSWORD = "hilfe", "geheim-4711"
CONFIGURATION = """\
base_dir = {folder}/run
state_dir = {folder}/state
protocols = imap
log_path = {folder}/dovecot.log
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={folder}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


def missing() -> str | None:
    """Why no Dovecot can be started here, or None."""
    if not Path(PROGRAM).exists():
        return "no Dovecot: apt-get install dovecot-imapd"
    return None if os.geteuid() == 0 else "Dovecot starts as root only"


@contextmanager
def running(folder: Path) -> Iterator[int]:
    """The port of a fresh server; it ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    folder.chmod(0o755)
    for name in ("run", "state", "mail"):
        (folder / name).mkdir()
    shutil.chown(folder / "mail", "mail", "mail")
    path = folder / "dovecot.conf"
    path.write_text(CONFIGURATION.format(folder=folder, port=port, password=PASSWORD))
    process = subprocess.Popen([PROGRAM, "-F", "-c", str(path)])
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def mailbox(port: int, user: str = USER) -> imaplib.IMAP4:
    """A logged-in line, to fill and empty the mailbox."""
    line = imaplib.IMAP4("127.0.0.1", port, timeout=20)
    line.login(user, PASSWORD)
    line.select("INBOX")
    return line


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            imaplib.IMAP4("127.0.0.1", port, timeout=5).logout()
        except (OSError, imaplib.IMAP4.error):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("Dovecot does not answer")
