"""The frame of 8D: what the tickets can say is filled in, what people must decide is a form."""

from collections.abc import Sequence
from dataclasses import dataclass

from cxtext.reports import parts
from cxtext.reports.document import Block, Document, Figure, Form, Section, Text
from cxtext.reports.looking import Look
from cxtext.store.read_fixes import FixRow

FORMS = {
    "d5": ("form_root", "form_action", "form_who", "form_until", "form_proof"),
    "d6": ("form_action", "form_who", "form_effective", "form_proof"),
    "d7": ("form_fmea", "form_standard", "form_similar", "form_who"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What the tickets say about one defect; `topic` is the one that a fix is recorded for."""

    title: str
    subject: str
    labels: tuple[str, ...]
    figures: tuple[Figure, ...]
    owner: str | None
    topic: str | None
    fixes: Sequence[FixRow]
    problem: tuple[Block, ...]
    causes: tuple[Block, ...]


def in_eight_steps(look: Look, found: Findings) -> Document:
    """D1 team, D2 problem, D3 containment, D4 root causes, D5–D7 forms, D8 closure."""
    say = look.say
    team = (
        (say("form_owner"), look.title(found.owner)),
        *((say(name), "") for name in ("form_leader", "form_members", "form_sponsor")),
    )
    contained: Block = Text(say("d3_none", topic=found.topic or "T-0001"))
    if found.fixes:
        contained = parts.fix_table(look, found.fixes)
    blank = [Section(say(key), (_form(look, names),)) for key, names in FORMS.items()]
    return Document(
        kind="defect", language=say.language, name=say("defect"), title=found.title, summary=(found.subject,),
        period=look.period(look.month), run_id=look.run_id, made_at=look.run.finished_at or look.run.started_at,
        figures=found.figures,
        sections=(
            Section(say("d1"), (Form(team),)),
            Section(say("d2"), found.problem),
            Section(say("d3"), (contained, _form(look, ("form_action", "form_who", "form_until")))),
            Section(say("d4"), (*found.causes, _form(look, ("form_root", "form_escape")))),
            *blank,
            Section(say("d8"), (Text(say("d8_text")), _form(look, ("form_closed", "form_thanks")))),
        ),
        method=parts.method(look), labels=found.labels, subject=found.subject,
    )  # fmt: skip


def _form(look: Look, names: Sequence[str]) -> Form:
    return Form(tuple((look.say(name), "") for name in names))
