"""Does the page of the week show the storm that blocked the drains of a town in June and July 2021?

    python -m tests.benchmarks.drain_storm ../shared/data/konstanz_maengelmelder_2020_2022/konstanz.parquet DATABASE

Replays the town's reports week by week into DATABASE, as if cxtext had run then (some minutes), and prints for every
week around the storm what the first page said on that morning: its sentence, and its cards with their sizes.
"""

import re
import subprocess
import sys
from datetime import date, timedelta
from html import unescape
from pathlib import Path

from fastapi.testclient import TestClient

from api.app import create_app
from cxtext.settings import Settings

FIRST, LAST = date(2021, 6, 8), date(2021, 7, 20)


def replay(source: Path, database: Path) -> None:
    command = [sys.executable, "-m", "cxtext", "replay", str(source), "--every", "week", "--to", LAST.isoformat()]
    told = ["--db", f"sqlite:///{database}", "--map", "created_at=date", "--map", "category=sub_category"]
    subprocess.run([*command, *told], check=True)


def show(database: Path) -> None:
    app = create_app(Settings.load(db=f"sqlite:///{database}"))
    with TestClient(app, base_url="http://localhost", client=("127.0.0.1", 50000)) as client:
        day = FIRST
        while day <= LAST:
            answer = client.get(f"/?as_of={day}&lang=de")
            if answer.status_code == 200:
                lead = re.search(r'<p class="lead peak">(.*?)</p>', answer.text, re.DOTALL)
                sentence = re.search(r"<h1[^>]*>(.*?)</h1>", answer.text, re.DOTALL)
                print(f"{day}  {unescape(sentence[1]).strip() if sentence else ''}")
                if lead:
                    print(f"            {unescape(re.sub(r'<[^>]+>', '', lead[1])).strip()}")
                for card in re.findall(r'<li class="card">(.*?)</li>', answer.text, re.DOTALL):
                    words = unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", card.split("<svg")[0])))
                    print(f"            {words.strip()}")
            day += timedelta(days=7)


if __name__ == "__main__":
    if not Path(sys.argv[2]).exists():
        replay(Path(sys.argv[1]), Path(sys.argv[2]))
    show(Path(sys.argv[2]))
