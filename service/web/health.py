"""Whether the service lives: asked by whoever watches over it, without a sign-in."""

from litestar import Response, get
from litestar.datastructures import State
from psycopg import Error


@get("/salud", opt={"public": True}, sync_to_thread=True)
def health(state: State) -> Response[dict[str, str]]:
    """Say whether the service and its database answer."""
    try:
        with state.database.connection() as connection:
            connection.execute("select 1")
    except Error:
        return Response({"servicio": "responde", "base de datos": "no responde"}, status_code=503)
    return Response({"servicio": "responde", "base de datos": "responde"})


ROUTES = (health,)
