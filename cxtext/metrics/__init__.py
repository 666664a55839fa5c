"""How well customers are served and what harms them: metrics, their intervals, drivers, human checks. No database here."""
