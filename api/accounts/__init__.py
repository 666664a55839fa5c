"""Who asks, what they may, and that it was really they who asked."""
