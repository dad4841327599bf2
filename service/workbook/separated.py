"""A text file with commas, semicolons or tabs between its columns, in any of the encodings that Excel and its kin write."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from service.workbook.shapes import SAVE_AS, WorkbookError

NAME = "CSV"
_SEPARATORS = ";\t,"
_LOOKED_AT = 50
_LONGEST, _WIDEST = 32_767, 1_000
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<head", b"<body", b"<meta", b"<workbook", b"<style")
_BINARY = (b"%pdf", b"{\\rtf", b"\x89png", b"\xff\xd8", b"gif8", b"rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"pk")


def rows(content: bytes) -> Iterator[list[Any]]:
    """The rows one after another, as a spreadsheet would count them.

    Raises:
        WorkbookError: it is no such text.

    """
    text = _text(content)
    first, _, rest = text.partition("\n")
    told = first.strip().lower()
    separator = told[4:5] if told.startswith("sep=") else ""
    csv.field_size_limit(_LONGEST)
    try:
        if separator:
            yield []
        for row in csv.reader(io.StringIO(rest if separator else text), delimiter=separator or _guess(text)):
            if len(row) > _WIDEST:
                message = f"Una fila del archivo de texto tiene {len(row)} columnas: es demasiado. {SAVE_AS}"
                raise WorkbookError(message, kind="too-large")
            yield list(row)
    except csv.Error as error:
        message = f"El archivo de texto tiene una comilla sin cerrar o una celda demasiado larga. {SAVE_AS}"
        raise WorkbookError(message, kind="unreadable") from error


def _text(content: bytes) -> str:
    start = content[:400].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith(_MARKUP):
        message = f"El archivo es una página web guardada con nombre de hoja de cálculo, no un libro. {SAVE_AS}"
        raise WorkbookError(message, kind="unreadable")
    if content.startswith(_UTF16):
        return content.decode("utf-16", errors="replace")
    if start.startswith(_BINARY) or content.count(0) > len(content) // 100:
        message = f"El archivo no es un libro de Excel (.xlsx) ni un texto CSV. {SAVE_AS}"
        raise WorkbookError(message, kind="unreadable")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Five bytes mean nothing in Windows-1252; whoever reads the cell sees that something was there.
        return content.decode("cp1252", errors="replace")


def _guess(text: str) -> str:
    """The separator that cuts most of the first rows into the same number of columns, the more the better."""
    best, chosen = 0.0, ","
    for separator in _SEPARATORS:
        try:
            counts = [len(row) for row in islice(csv.reader(io.StringIO(text), delimiter=separator), _LOOKED_AT) if row]
        except csv.Error:
            continue
        widths = Counter(counts).most_common(1)
        if widths:
            width, times = widths[0]
            share = times / len(counts) * (width - 1)
            if share > best:
                best, chosen = share, separator
    return chosen
