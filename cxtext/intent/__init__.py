"""What customers want: intent, urgency, touchpoint and why they cancel."""

from cxtext.registry import Registry

INTENTS = Registry("intent", {"cues": "cxtext.intent.cues:Cues"})
