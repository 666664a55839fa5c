"""From what a source said to what may be kept: cleaning, language, words, personal data, repeats."""
