"""SQLAlchemy-Continuum: a version row and a transaction row written by the unit of work."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session, configure_mappers, declarative_base
from sqlalchemy_continuum import TransactionFactory, make_versioned, transaction_class, version_class
from sqlalchemy_continuum.plugins import Plugin

from bench.peers import PEOPLE, Change, unit_of


class Context(Plugin):
    """Who and why, put on the transaction row as its plugins do."""

    args: dict[str, Any] = {}  # noqa: RUF012 — set before each change

    def transaction_args(self, uow: Any, session: Session) -> dict[str, Any]:  # noqa: ARG002 — its signature
        return self.args


class WithReason(TransactionFactory):
    """Its transaction row with one more column."""

    def create_class(self, manager: Any) -> Any:
        cls = super().create_class(manager)
        cls.reason = sa.Column(sa.UnicodeText)
        return cls


context = Context()
Base: Any = declarative_base()


class User(Base):
    __tablename__ = "person"
    name = sa.Column(sa.String(50), primary_key=True)


def _model() -> Any:
    """Declare the versioned model, with the default validity strategy."""
    from sqlalchemy_continuum import versioning_manager  # noqa: PLC0415 — beside its only use

    versioning_manager.transaction_cls = WithReason(remote_addr=False)
    make_versioned(plugins=[context])

    class Item(Base):
        __versioned__: dict[str, Any] = {}  # noqa: RUF012 — its declaration
        __tablename__ = "item"
        id = sa.Column(sa.Integer, primary_key=True, autoincrement=False)
        unit = sa.Column(sa.Integer, index=True)
        name = sa.Column(sa.UnicodeText)
        value = sa.Column(sa.Integer)

    configure_mappers()
    return Item


class Peer:
    """One session per change, as a request has; as-of by the validity strategy's two columns."""

    def connect(self, url: str) -> None:
        self.engine = sa.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url))
        self.item = _model()
        self.version, self.transaction = version_class(self.item), transaction_class(self.item)

    def setup(self) -> None:
        Base.metadata.create_all(self.engine)
        with Session(self.engine) as session, session.begin():
            session.add_all(User(name=name) for name in PEOPLE)

    def create(self, items: Sequence[int]) -> None:
        with Session(self.engine) as session, session.begin():
            session.add_all(self.item(id=item, unit=unit_of(item), name=f"Actividad {item}", value=0) for item in items)

    def change(self, item: int, value: int, reason: str, who: str) -> None:
        context.args = {"user_id": who, "reason": reason}
        with Session(self.engine) as session, session.begin():
            row = session.get_one(self.item, item, with_for_update=True)
            row.value = value

    def fill(self, item: int, changes: Iterable[tuple[int, str, str]]) -> None:
        for change in changes:
            self.change(item, *change)

    def history(self, item: int) -> list[Change]:
        version, tx = self.version, self.transaction
        query = (
            sa.select(version.value, tx.reason, tx.user_id, tx.issued_at)
            .join(tx, tx.id == version.transaction_id)
            .where(version.id == item)
            .order_by(version.transaction_id)
        )
        with Session(self.engine) as session:
            return [Change(value, why or "", who or "", at.replace(tzinfo=UTC)) for value, why, who, at in session.execute(query)]

    def _at(self, session: Session, when: datetime) -> sa.Select[Any]:
        """Select versions valid at a moment: the last transaction until then, between the two validity columns."""
        version, tx = self.version, self.transaction
        moment = when.astimezone(UTC).replace(tzinfo=None)
        upto = session.scalar(sa.select(sa.func.max(tx.id)).where(tx.issued_at <= moment))
        ended = version.end_transaction_id
        return sa.select(version).where(version.transaction_id <= upto, sa.or_(ended.is_(None), ended > upto))

    def as_of(self, item: int, when: datetime) -> int:
        with Session(self.engine) as session:
            value: int = session.scalars(self._at(session, when).where(self.version.id == item)).one().value
            return value

    def as_of_all(self, when: datetime) -> dict[int, int]:
        with Session(self.engine) as session:
            rows = session.scalars(self._at(session, when).where(self.version.unit == 0))
            return {row.id: row.value for row in rows}

    def close(self) -> None:
        self.engine.dispose()
