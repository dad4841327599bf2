"""The one place where everything is put together."""

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog
from anyio import CapacityLimiter, to_thread
from litestar import Litestar, Request, Router
from litestar.config.compression import CompressionConfig
from litestar.datastructures import CacheControlHeader, State
from litestar.di import Provide
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler
from psycopg import Error

from service.database import Database
from service.documents import Documents
from service.ledger import Ledger, is_demo
from service.projections.remembered import Kept, Region
from service.settings import Settings, load
from service.web import (
    account,
    acta,
    activity,
    admin,
    admin_dni,
    agreements,
    alert_lists,
    alerts,
    aligning,
    amendments,
    balance,
    board,
    bringing,
    catalogue,
    catalogue_draft,
    catalogue_import,
    catalogue_rules,
    commitments,
    conversation,
    coverage,
    diagnosis,
    drafts,
    drawing,
    editor,
    editor_changes,
    errors,
    evidence,
    explaining,
    findings,
    findings_files,
    health,
    heat,
    history,
    home,
    import_columns,
    improvement,
    indicators,
    keys,
    knots,
    live,
    mentions,
    patterns,
    pending,
    plan_import,
    presence,
    progress,
    quarter,
    quarter_indicators,
    region_working,
    replay,
    review,
    row_history,
    screen,
    sessions,
    sitting_page,
    support,
    trend_files,
    trending,
    unit,
    verifying,
    versions,
    what_if,
)
from service.web.form import Raw
from service.web.incoming import fields, form_of
from service.web.live import Hub
from service.web.page import moment
from service.web.session import Session, guard

ROUTES: Sequence[ControllerRouterHandler] = (
    *account.ROUTES,
    *verifying.ROUTES,
    *keys.ROUTES,
    *admin.ROUTES,
    *admin_dni.ROUTES,
    *live.ROUTES,
    *pending.ROUTES,
    *health.ROUTES,
    *balance.ROUTES,
    *home.ROUTES,
    *replay.ROUTES,
    *board.ROUTES,
    *heat.ROUTES,
    *trend_files.ROUTES,
    *trending.ROUTES,
    *screen.ROUTES,
    *catalogue.ROUTES,
    *catalogue_import.ROUTES,
    *catalogue_draft.ROUTES,
    *catalogue_rules.ROUTES,
    *history.ROUTES,
    *patterns.ROUTES,
    *coverage.ROUTES,
    *unit.ROUTES,
    *aligning.ROUTES,
    *diagnosis.ROUTES,
    *support.ROUTES,
    *sessions.ROUTES,
    *sitting_page.ROUTES,
    *agreements.ROUTES,
    *acta.ROUTES,
    *activity.ROUTES,
    *review.ROUTES,
    *versions.ROUTES,
    *row_history.ROUTES,
    *amendments.ROUTES,
    *editor.ROUTES,
    *bringing.ROUTES,
    *editor_changes.ROUTES,
    *plan_import.ROUTES,
    *import_columns.ROUTES,
    *quarter.ROUTES,
    *indicators.ROUTES,
    *quarter_indicators.ROUTES,
    *explaining.ROUTES,
    *region_working.ROUTES,
    *what_if.ROUTES,
    *evidence.ROUTES,
    *progress.ROUTES,
    *alert_lists.ROUTES,
    *alerts.ROUTES,
    *findings.ROUTES,
    *findings_files.ROUTES,
    *improvement.ROUTES,
    *knots.ROUTES,
    *commitments.ROUTES,
    *conversation.ROUTES,
    *mentions.ROUTES,
    *drafts.ROUTES,
    *presence.ROUTES,
)
YEAR = 31_536_000
LARGEST_BODY = 1_000_000  # of a form of texts; a form with a file says its own limit


async def _raw(request: Request[Any, Any, Any]) -> Raw:
    return fields(await form_of(request))


def _session(request: Request[Session, Any, State]) -> Session:
    return request.user


def _logging() -> None:
    """One line per request on stderr; tracebacks without the values of variables, which may be passwords."""
    renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    processors: list[Any] = [structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]
    if sys.stderr.isatty():
        renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    else:
        processors.append(structlog.processors.format_exc_info)
    structlog.configure([*processors, renderer], logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))


def equip(app: Litestar, settings: Settings) -> None:
    """Give the service what it works with; `settings.database_url` must lead to a migrated database."""
    database = Database(settings.database_url)
    app.state.settings, app.state.demo = settings, settings.demo
    app.state.database, app.state.ledger = database, Ledger(database)
    app.state.documents = Documents(settings.documents, settings.data)
    app.state.region, app.state.drawn = Region(), Kept()
    app.state.hub = Hub(settings.database_url)


@asynccontextmanager
async def _alive(app: Litestar) -> AsyncIterator[None]:
    state = app.state
    state.door = CapacityLimiter(account.AT_ONCE)
    state.database.open()
    await state.hub.open()
    with suppress(Error):
        state.demo = state.settings.demo or await to_thread.run_sync(is_demo, state.database)
    try:
        yield
    finally:
        await state.hub.close()
        state.database.close()


def create_app(settings: Settings | None = None) -> Litestar:
    """The service, ready to be served."""
    _logging()
    digest = drawing.digest(drawing.STATIC)
    static = create_static_files_router(
        path=f"/estatico/{digest}",
        directories=[drawing.STATIC],
        cache_control=CacheControlHeader(max_age=YEAR, public=True, immutable=True),
        opt={"public": True},
    )
    app = Litestar(
        # One router, so that handlers that share an address are registered together: apart, Litestar wraps the first one twice.
        [Router("/", route_handlers=ROUTES), static],
        lifespan=[_alive],
        guards=[guard],
        dependencies={
            "raw": Provide(_raw),
            "archivo": Provide(plan_import.file_sent),
            "session": Provide(_session, sync_to_thread=False),
            "moment": Provide(moment, sync_to_thread=True),
        },
        exception_handlers=errors.HANDLERS,
        before_send=[errors.before_send],
        compression_config=CompressionConfig(backend="gzip", gzip_compress_level=6, exclude=["/en-vivo"]),
        state=State({"templates": drawing.templates(digest)}),
        openapi_config=None,
        logging_config=None,
        multipart_form_part_limit=10_000,
        request_max_body_size=LARGEST_BODY,
    )
    equip(app, settings or load())
    return app
