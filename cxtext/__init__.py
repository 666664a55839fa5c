"""cxtext: the problems that keep coming back in support tickets, what causes them and who owns the cause."""
