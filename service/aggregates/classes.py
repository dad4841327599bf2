"""What a room of the aggregates defines itself: its commands, its events."""

from types import ModuleType

from service.aggregates import Command, Event


def classes(module: ModuleType, base: type[Command] | type[Event]) -> frozenset[type]:
    """The classes of one kind that a module defines; those that start with `_` are for itself."""
    defined = (each for each in vars(module).values() if isinstance(each, type) and each.__module__ == module.__name__)
    return frozenset(each for each in defined if issubclass(each, base) and not each.__name__.startswith("_"))
