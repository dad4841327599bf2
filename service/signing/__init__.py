"""The moment of signing: who signs gives a proof, and anybody can look at it later.

`proof` verifies what a passkey answered, at that moment and for ever; `enrolment` registers a passkey; `codes` are those of
the app; `questions` are put once. The decider has the last word on what the answer was given to (`aggregates/assertion.py`).
"""


class SigningError(Exception):
    """The proof is not good; the sentence is Spanish and final, and nothing was written."""
