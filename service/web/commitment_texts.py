"""The texts of a commitment: each version with its signatures, what each signatory saw, the exact bytes."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service.web.commitment import read_paper
from service.web.commitment_place import ONE
from service.web.page import Moment, Req
from service.web.reader import Paper


def _version(paper: Paper, number: int) -> Any:
    if number not in paper.versions:
        raise NotFoundException
    return paper.versions[number]


@get(f"{ONE}/versiones/{{version:int}}/documento", sync_to_thread=True)
def document(request: Req, moment: NamedDependency[Moment], commitment: FromPath[str], version: FromPath[int]) -> Response[bytes]:
    """The exact bytes that are signed: whoever has them can compute the hash that stands in every signature."""
    with request.app.state.database.snapshot() as connection:
        paper = read_paper(connection, moment.position, commitment)
    headers = {"content-disposition": f'inline; filename="compromiso-{commitment}-v{version}.json"'}
    return Response(_version(paper, version).canonical.encode(), media_type="application/json", headers=headers)


@get(f"{ONE}/documento", sync_to_thread=True)
def current(request: Req, moment: NamedDependency[Moment], commitment: FromPath[str]) -> Response[bytes]:
    """The exact bytes of the text that waits for signatures, else of the one in force."""
    with request.app.state.database.snapshot() as connection:
        paper = read_paper(connection, moment.position, commitment)
    headers = {"content-disposition": f'inline; filename="compromiso-{commitment}.json"'}
    text = paper.waiting or paper.versions[paper.it.version]
    return Response(text.canonical.encode(), media_type="application/json", headers=headers)


ROUTES = [document, current]
