"""The process that checks one file: it starts, answers and ends."""

from service.pades import MEMORY, SECONDS, rule
from service.pades.shapes import Asked
from service.workbook import bounded

if __name__ == "__main__":
    bounded.answer(Asked, rule.apply, memory=MEMORY, seconds=SECONDS)
