"""A learned model of one set of labels: text features and rules together, calibrated, able to say why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cxtext.causes.calibration import Curve, bend
from cxtext.causes.features import Facts, Floats, TextFeatures
from cxtext.causes.softmax import Softmax, probabilities_of

WANTED = (0.8, 0.85, 0.9)
MEANING_SHARE = 0.6  # how much what the words mean counts beside how they are written; see models/cards/causes.md


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelModel:
    """Everything needed to answer; saved as npz and json by `cxtext.causes.artefact`."""

    labels: tuple[str, ...]
    features: TextFeatures
    softmax: Softmax
    rule_share: float  # how much rules count beside the text: 1 before corrections, less with each
    temperature: float = 1.0
    curve: Curve = ()  # confidence -> how often it was right, on held-out texts
    thresholds: Mapping[float, float] | None = None  # wanted precision -> least confidence
    meaning: Softmax | None = None  # the same labels from embedded texts, where the model was taught with them

    def probabilities(
        self,
        texts: Sequence[str],
        rules: Floats | None = None,
        facts: Sequence[Facts] | None = None,
        meanings: Floats | None = None,
    ) -> Floats:
        """Calibrated probabilities, shape (texts, labels); every row sums to 1.

        `rules`: the rule logits of the same texts, where there are rules; `facts`: what columns say about them;
        `meanings`: the texts as rows of an embedder, shape (texts, dimensions), for a model that knows them.
        """
        text = self.softmax.logits(self.features.matrix(texts, facts))
        meant = self.meaning.logits(meanings) if self.meaning is not None and meanings is not None else None
        combined = combine(text, rules, self.rule_share, meant)
        return bend(probabilities_of(combined / self.temperature), self.curve)

    def threshold(self, wanted: float) -> float:
        """The least confidence that keeps the wanted precision; between the trained ones the next stricter is taken."""
        known = self.thresholds or {}
        stricter = [known[precision] for precision in sorted(known) if precision >= wanted]
        return stricter[0] if stricter else 1.01


def combine(text: Floats, rules: Floats | None, rule_share: float, meaning: Floats | None = None) -> Floats:
    """Text, meaning and rules as witnesses: a product of experts in log space (Hinton 2002)."""
    likely: Floats = np.log(probabilities_of(text) + 1e-9)
    if meaning is not None:
        likely = likely + MEANING_SHARE * np.log(probabilities_of(meaning) + 1e-9)
    if rules is None or rule_share == 0:
        return likely
    combined: Floats = likely + rule_share * np.log(probabilities_of(rules) + 1e-9)
    return combined
