"""Finding the passages that a question needs among a user's documents. Units of work's parts."""
