"""Which activity of a year's plan each open item of its balance is about."""

from typing import Any

from psycopg import Connection

from service.projections.reading import HOLDS


def activities_of(connection: Connection[Any], at: int, stream: str) -> dict[str, int]:
    """The activity of each alert, finding and commitment that a year recorded itself: `hallazgo/2` → 7."""
    query = f"""
      with alert as (select alert, activity from read.alert where stream = %(stream)s and {HOLDS}),
      finding as (
        select f.finding, coalesce(nullif(f.activity, 0), l.activity, 0) as activity
        from read.finding f left join alert l on l.alert = f.alert
        where f.stream = %(stream)s and f.from_pos <= %(at)s and f.to_pos > %(at)s
      )
      select 'alerta/' || alert, activity from alert
      union all select 'hallazgo/' || finding, activity from finding
      union all select 'compromiso/' || c.commitment, f.activity from read.commitment c join finding f on f.finding = c.findings[1]
        where c.stream = %(stream)s and c.origin = '' and c.from_pos <= %(at)s and c.to_pos > %(at)s"""
    found = connection.execute(query, {"at": at, "stream": stream}).fetchall()
    return {item: activity for item, activity in found if activity}
