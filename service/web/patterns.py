"""The page of every pattern, for who designs and reviews pages."""

from datetime import UTC, datetime

from litestar import Response, get

from service.web.page import Req, page


@get("/patrones", sync_to_thread=True)
def patterns(request: Req) -> Response[str]:
    """Show each pattern once, with made-up figures."""
    return page(request, "patrones.html", now=datetime.now(UTC))


ROUTES = (patterns,)
