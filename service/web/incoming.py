"""What a request says of itself, read before anything of it is believed: where from, where to, its form."""

import asyncio
from contextlib import suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, quote, urlsplit

from litestar.datastructures import UploadFile
from litestar.exceptions import HTTPException, InternalServerException, NotFoundException

from service.aggregates import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from litestar import Request
    from litestar.connection import ASGIConnection
    from litestar.datastructures import FormMultiDict

LARGEST_NUMBER = 2**31 - 1
LARGEST_BODY = 11_000_000  # a file of 10 MB, and what surrounds it in the form


def sensible(request: "Request[Any, Any, Any]") -> None:
    """Refuse an address that no record could hold: a year outside the record's, a number beyond the database's, a null.

    Raises:
        NotFoundException: in the path.
        HTTPException: in the query (422).

    """
    parts = request.path_params.values()
    if any("\0" in str(part) or (isinstance(part, int) and not 0 < part <= LARGEST_NUMBER) for part in parts):
        raise NotFoundException
    if not FIRST_YEAR <= request.path_params.get("year", FIRST_YEAR) <= LAST_YEAR:
        raise NotFoundException
    if "\0" in "".join(f"{name}{value}" for name, value in request.query_params.multi_items()):
        raise HTTPException(status_code=422)


def same_origin(request: "Request[Any, Any, Any]") -> bool:
    """Whether the browser says that the request was made from our own pages; clients that are no browser say nothing."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or split(origin).netloc == request.headers.get("host")


def address(connection: "ASGIConnection[Any, Any, Any, Any]") -> str:
    """Where the request comes from; a proxy is believed only on this same machine."""
    host = connection.client.host if connection.client else ""
    told = connection.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    if told and host in {"127.0.0.1", "::1", ""}:
        with suppress(ValueError):
            return str(ip_address(told))
    return host


async def form_of(request: "Request[Any, Any, Any]") -> "FormMultiDict":
    """The form of a request, read once whoever asks for it first: its texts and its file are asked for at the same time.

    Raises:
        HTTPException: its bytes are not the text they say they are, or the client went away before the end (400).

    """
    try:
        async with request.scope["state"].setdefault("quipu-form", asyncio.Lock()):
            return await request.form()
    except (LookupError, UnicodeError, InternalServerException) as error:
        raise HTTPException(status_code=400) from error


def fields(form: "FormMultiDict") -> dict[str, list[str]]:
    """The texts of a form, input by input; files are left out."""
    texts: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if not isinstance(value, UploadFile):
            texts.setdefault(name, []).append(str(value))
    return texts


def split(url: str) -> SplitResult:
    """The parts of an address; one that is none has no parts."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def local(path: str) -> str:
    """The path if it stays in this house, else the front page."""
    parts = split(path)
    stays = path.startswith("/") and parts.path and not path.startswith(("//", "/\\")) and not parts.netloc and "\\" not in path
    return quote(path, safe="/?&=%:+,-._~") if stays else "/"
