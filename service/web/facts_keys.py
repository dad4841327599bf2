"""What happens to passkeys, in words."""

from collections.abc import Callable
from typing import Any

from service.aggregates import Event
from service.aggregates.signing_key import KeyConfirmed, KeyEnrolled, KeyRevoked
from service.web.saying import Words

SAYINGS: dict[type[Event], Callable[[Any], Words]] = {
    KeyEnrolled: lambda e: Words(f"registró la llave de acceso {e.key} ({e.label})"),
    KeyConfirmed: lambda e: Words(f"confirmó la llave de acceso {e.key}"),
    KeyRevoked: lambda e: Words(f"revocó la llave de acceso {e.key}", reason=e.reason),
}
