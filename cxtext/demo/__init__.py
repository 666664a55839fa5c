"""A company that never was: seeded tickets that look real, and, kept apart, the truth about them."""
