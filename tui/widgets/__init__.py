"""One widget a file. A widget's messages live inside it, are named in the past tense and carry frozen data."""
