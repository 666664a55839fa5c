"""Causes and departments as a spaCy component, for those who build their own pipelines.

`spacy.blank("de").add_pipe("cxtext_causes")` finds it through the entry point `spacy_factories`.
"""

from typing import TYPE_CHECKING, Any

from spacy.language import Language
from spacy.util import filter_spans

from cxtext.causes.taxonomy_tagger import THRESHOLD, TaxonomyTagger

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

SPANS, DATA = "cxtext_causes", "cxtext_causes"


@Language.factory("cxtext_causes", default_config={"threshold": THRESHOLD, "folder": None}, assigns=["doc.spans"])
def cxtext_causes(nlp: Language, name: str, threshold: float, folder: str | None) -> "CausesComponent":  # noqa: ARG001 - spaCy calls factories with a name
    """Make the component; `threshold` and `folder` are those of `TaxonomyTagger`."""
    return CausesComponent(TaxonomyTagger(threshold=threshold, folder=folder), nlp.lang or "und")


class CausesComponent:
    """Puts the words that decided into `doc.spans["cxtext_causes"]` and the diagnosis into `doc.user_data`."""

    def __init__(self, tagger: TaxonomyTagger, language: str) -> None:
        self.tagger = tagger
        self.language = language

    def __call__(self, doc: "Doc") -> "Doc":
        """Annotate one document."""
        diagnosis = self.tagger.diagnose(doc.text, self.language)
        found = [
            span
            for tag in diagnosis.tags
            for evidence in tag.evidence
            for piece in evidence.split(" … ")
            if (span := _span(doc, piece, tag.cause)) is not None
        ]
        doc.spans[SPANS] = filter_spans(found)
        doc.user_data[DATA] = diagnosis
        return doc

    def to_bytes(self, **_: Any) -> bytes:
        """Nothing is learned here; spaCy asks when it saves a pipeline."""
        return b""

    def from_bytes(self, _: bytes, **__: Any) -> "CausesComponent":
        """Nothing to restore: the taxonomy is read from its folder."""
        return self

    def to_disk(self, path: Any, **_: Any) -> None:
        """Nothing to write, as for `to_bytes`."""

    def from_disk(self, _: Any, **__: Any) -> "CausesComponent":
        """Nothing to read, as for `from_bytes`."""
        return self


def _span(doc: "Doc", piece: str, label: str) -> "Span | None":
    start = doc.text.find(piece)
    return None if start < 0 else doc.char_span(start, start + len(piece), label=label, alignment_mode="expand")
