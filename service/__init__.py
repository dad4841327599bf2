"""Quipu: an event-sourced, collaborative audit of public plans."""
