"""How well mails are cut down to what the customer wrote, and how little other texts are touched."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cxtext.text.clean import clean
from cxtext.text.markup import without_markup


@dataclass(frozen=True, slots=True)
class MarkedMail:
    """A mail whose lines a person marked: K kept (the customer's), N noise, `.` either."""

    name: str
    lines: tuple[tuple[str, str], ...]

    @property
    def raw(self) -> str:
        """The mail as it came in."""
        return "\n".join(line for _, line in self.lines)


def read_mails(path: Path) -> Iterator[MarkedMail]:
    """Read marked mails: `=== name` starts one, then one line each as `K|`, `N|` or `.|` and the text."""
    name, lines = "", list[tuple[str, str]]()
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("=== "):
            if lines:
                yield MarkedMail(name, tuple(lines))
            name, lines = line.removeprefix("=== "), []
        elif name:
            mark, _, content = line.partition("|")
            lines.append((mark, content))
    if lines:
        yield MarkedMail(name, tuple(lines))


def evaluate_mails(path: Path) -> dict[str, float]:
    """Measure: share of the customers' lines that are kept, share of noise lines that are left, share of mails all right."""
    kept = customers = left = noise = right = mails = 0
    for mail in read_mails(path):
        lost, stayed = mail_errors(mail)
        customers += sum(mark == "K" for mark, _ in mail.lines)
        noise += sum(mark == "N" for mark, _ in mail.lines)
        kept -= len(lost)
        left += len(stayed)
        mails += 1
        right += not lost and not stayed
    return {
        "mails": mails,
        "customer_lines": customers,
        "customer_lines_kept": 1 + kept / customers,
        "noise_lines": noise,
        "noise_left": left / noise,
        "mails_exact": right / mails,
    }


def mail_errors(mail: MarkedMail) -> tuple[list[str], list[str]]:
    """The customer's lines that cleaning lost, and the noise it left."""
    cleaned = _bare(clean(mail.raw).text)
    lost = [line for mark, line in mail.lines if mark == "K" and _bare(_visible(line)) not in cleaned]
    stayed = [line for mark, line in mail.lines if mark == "N" and (bare := _bare(_visible(line))) and bare in cleaned]
    return lost, stayed


def evaluate_untouched(texts: Iterable[str]) -> dict[str, float]:
    """Measure on texts that are no mails: the share that loses more than 20 % and more than 50 % of its characters."""
    total = touched = hurt = 0
    for text in texts:
        before = len(_bare(text))
        after = len(_bare(clean(text).text))
        total += 1
        touched += after < 0.8 * before
        hurt += after < 0.5 * before
    return {
        "texts": total,
        "changed_over_20_percent": touched / max(total, 1),
        "changed_over_50_percent": hurt / max(total, 1),
    }


def _visible(line: str) -> str:
    # Markup around a marked line is neither kept nor noise; without its quote marks a dropped block shows its text.
    shown, quoted = without_markup(line)
    return (shown or quoted).replace("\\n", " ")


def _bare(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
