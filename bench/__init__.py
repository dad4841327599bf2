"""Quipu beside four well-known ways of keeping history, on the same PostgreSQL: ratios, never a timed assertion."""
