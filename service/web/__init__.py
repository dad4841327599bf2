"""The pages: one room each, and what they share."""
