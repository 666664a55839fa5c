"""The recurring issues in many texts: found, named, and the same tomorrow."""
