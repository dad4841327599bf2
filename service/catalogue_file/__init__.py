"""The catalogue as a file: a sheet for each kind of item in a workbook, or one kind in a CSV; reading it back changes nothing.

A row adds an item or rewords the one with its key; what a file does not mention stays; «Retirado» in «Estado» retires.
"""

from service.catalogue_file.reading import Read, read
from service.catalogue_file.writing import separated, workbook

__all__ = ["Read", "read", "separated", "workbook"]
