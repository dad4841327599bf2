"""All changes of one activity: in place on the unit's page, or as a page of its own."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service.projections import history
from service.projections.quarter_page import place
from service.web.page import Moment, Req, page
from service.web.story import story


@get("/ugel/{code:str}/{year:int}/actividades/{activity:int}/cambios", sync_to_thread=True)
def show(
    request: Req, moment: NamedDependency[Moment], code: FromPath[str], year: FromPath[int], activity: FromPath[int]
) -> Response[str]:
    """Show who changed the activity, when, in which charge, from what to what and why; also after it was retired."""
    at = moment.position
    with request.app.state.database.snapshot() as connection:
        where = place(connection, at, code, year)
        past = story(connection, at, where.stream, activity=activity) if where else []
        if where is None or not past:
            raise NotFoundException
        called = history.called(connection, "activity", [(where.stream, at, activity)])
    name = next(iter(called.values()), "")
    return page(
        request, "cambios.html", part="_cambios.html", moment=moment, place=where, activity=activity, name=name, history=past
    )


ROUTES = (show,)
