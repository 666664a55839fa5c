"""What is changing: counts per topic and day, and what they say."""
