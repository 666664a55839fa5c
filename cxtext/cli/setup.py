"""`doctor`, `demo`, `serve`: the first hour."""

import importlib.util
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cxtext.cli import options
from cxtext.cli.language import spoken
from cxtext.cli.output import in_language, note, print_json, print_lines, progress
from cxtext.errors import ConfigurationError

if TYPE_CHECKING:
    from cxtext.settings import Settings

Host = Annotated[
    str, typer.Option("--host", help="Address to listen on; others than loopback once a user or key exists.")
]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen on.")]
Serve = Annotated[bool, typer.Option("--serve", help="Open the dashboard and keep it running.")]
DemoFolder = Annotated[Path, typer.Option("--dir", metavar="DIR", help="Where sample and database go.")]
Offline = Annotated[bool, typer.Option("--offline", help="Do not ask online sources whether they answer.")]
GRADES = {
    "en": {"ok": "ok     ", "look": "LOOK   ", "mend": "MEND   "},
    "de": {"ok": "gut    ", "look": "PRÜFEN ", "mend": "BEHEBEN"},
}
GRADE_WIDTH = 9
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(doctor)
    app.command()(demo)
    app.command()(serve)


def doctor(
    config: options.Config = None, db: options.Database = None, *, offline: Offline = False, json: options.Json = False
) -> None:
    """Look for the mistakes that are made most, in configuration, tickets, runs, sources and disk; say what to do.

    It changes nothing. Exit code 1 where something must be mended; a remark ("look") is no fault.
    """
    from cxtext.jobs.doctor import examine

    findings = examine(config, db, now=options.now(), offline=offline)
    healthy = all(finding.grade != "mend" for finding in findings)
    if json:
        print_json({"healthy": healthy, "findings": [finding.told() for finding in findings]})
    else:
        language = spoken()
        for finding in findings:
            what, found, do = (finding.said(part, language) for part in ("what", "found", "do"))
            print_lines(f"{GRADES[language][finding.grade]}  {what}: {in_language(found, 'error')}")
            if do:
                print_lines(f"{' ' * GRADE_WIDTH}→ {do}")
    if not healthy:
        raise typer.Exit(1)


def demo(
    folder: DemoFolder = Path("cxtext-demo"),
    host: Host = "127.0.0.1",
    port: Port = 8000,
    seed: options.Seed = 0,
    *,
    serve_too: Serve = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """The whole product on a bundled sample of 2,000 tickets, in under a minute."""
    from cxtext.cli.overview import overview, print_overview
    from cxtext.jobs.first_hour import run_demo

    with progress(quiet=json or quiet) as bar:
        shown = run_demo(folder, seed=seed or 0, now=options.now, progress=bar)
    with options.store_of(shown.settings) as store:
        if json:
            print_json({"database": shown.settings.db, "sample": str(shown.sample), **overview(store, count=25)})
        elif not quiet:
            print_overview(store)
    if not json and not quiet:
        print_lines(
            f"The sample is {shown.sample}, the result {shown.settings.db}.",
            f"The page:       {typed()} serve --db {shown.settings.db}    then open http://{host}:{port}/",
            f"Your tickets:   {typed()} run tickets.csv",
            "What to try next: open the page and click the first issue: its days, its cause, its department, what customers said. "
            "Then read your own tickets.",
        )
    if serve_too:
        serve(host=host, port=port, db=shown.settings.db)


def typed() -> str:
    """How to call this very command from here: by its name where the shell finds it, else by its path."""
    if shutil.which("cxtext"):
        return "cxtext"
    called = Path(sys.argv[0])
    if called.name != "cxtext":
        return "python -m cxtext"
    return str(called.relative_to(Path.cwd()) if called.is_absolute() and called.is_relative_to(Path.cwd()) else called)


def serve(
    host: Host = "127.0.0.1", port: Port = 8000, config: options.Config = None, db: options.Database = None
) -> None:
    """Start the API and the dashboard."""
    settings = options.settings_from(config, db)
    if host not in LOOPBACK:
        _check_login(settings, host)
    if importlib.util.find_spec("api") is None:
        checkout = Path(__file__).parents[2]
        sys.path.insert(0, str(checkout if (checkout / "api" / "main.py").is_file() else Path.cwd()))
    if importlib.util.find_spec("api") is None or importlib.util.find_spec("uvicorn") is None:
        raise ConfigurationError(
            "the service is not part of the package: take the folder api/ of the repository, "
            "pip install 'cxtext[api]', and start here again, in the folder that holds api/"
        )
    import uvicorn

    hosts = importlib.import_module("api.guard").hosts_for(host)
    application = importlib.import_module("api.app").create_app(settings, hosts=hosts)
    note(f"cxtext: http://{host}:{port}/ shows {settings.db} (Ctrl-C stops it)")
    uvicorn.run(application, host=host, port=port, log_level="warning", access_log=False)


def _check_login(settings: "Settings", host: str) -> None:
    """Others than this machine look only where somebody has to log in."""
    from cxtext.store import accounts

    with options.store_of(settings, create=True) as store, store.read() as connection:
        if not accounts.anybody(connection):
            raise ConfigurationError(
                f"--host {host}: nobody could be asked who they are, so only this machine may look "
                f"({', '.join(LOOPBACK)}). First make a user or a key: cxtext users add NAME, cxtext keys create NAME"
            )
