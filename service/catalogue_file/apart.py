"""A catalogue's file read by a process of its own, within the limits of a plan's workbook."""

import msgspec

from service import catalogue_file
from service.aggregates import catalogue_content as cc
from service.workbook import bounded

_TOO_MUCH = "El archivo es demasiado grande o complejo para revisarlo. Deje solo las hojas del catálogo y vuelva a subirlo."


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """A file to read, and the catalogue in force."""

    content: bytes
    current: cc.Content


def read(content: bytes, current: cc.Content) -> catalogue_file.Read:
    """`catalogue_file.read`, apart.

    Raises:
        WorkbookError: as there, and when the file asks for more time or memory than any catalogue.

    """
    return bounded.ask(__name__, Asked(content, current), catalogue_file.Read, _TOO_MUCH)


def work(asked: Asked) -> catalogue_file.Read:
    """Answer one request."""
    return catalogue_file.read(asked.content, asked.current)


if __name__ == "__main__":
    bounded.answer(Asked, work)
