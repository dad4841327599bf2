"""What is wrong in a catalogue, and what only looks doubtful: one sentence each, for the screen, the import and the decider."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from service.aggregates import FIRST_YEAR, HUNDRED, LAST_YEAR
from service.aggregates.alert_rules import CODES, LIMITED, MOST, REMINDING, TIMED, Rule
from service.aggregates.alert_rules import LONGEST as LONGEST_WAIT
from service.aggregates.catalogue_content import KINDS, QUARTERLY, Content, Deadline, Scale, Weights, indexed

LINE, LONGEST = 300, 4000
HIGHEST = Decimal(1000)
REQUIRED = {"name", "code", "instrument", "text", "label"}
RANGES = {"level": (1, 9), "place": (0, 99), "quarter": (0, 4), "year": (FIRST_YEAR, LAST_YEAR)}
FORMS = {
    "OEI": (r"OEI\.\d{2}(-\d{3})?", "OEI.01"),
    "AEI": (r"AEI\.\d{2}\.\d{2}(-\d{3})?", "AEI.01.01"),
    "AOI": (r"AOI\d{11}", "AOI y once dígitos"),
    **{start: (rf"{start}\.\d{{2}}", f"{start}.01") for start in ("OER", "OET")},
    **{start: (rf"{start}\.\d{{2}}\.\d{{2}}", f"{start}.01.01") for start in ("AER", "AET")},
}


def folded(text: str) -> str:
    """A spelling without what people write in several ways: case, accents, blanks."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


def faults(thing: msgspec.Struct) -> dict[str, str]:
    """What may not be recorded of an item or a setting by itself: the sentence to show beside each field."""
    return dict(_fields(thing)) or dict(_together(thing))


def _fields(thing: msgspec.Struct) -> Iterator[tuple[str, str]]:
    for field in thing.__struct_fields__:
        value, kind = getattr(thing, field), type(getattr(thing, field))
        longest = LONGEST if field == "text" else LINE
        if kind is str and field in REQUIRED and not value.strip():
            yield field, f"Escriba un texto de 1 a {longest} caracteres."
        elif (kind is str and len(value) > longest) or (kind is tuple and any(len(each) > LINE for each in value)):
            yield field, f"Escriba como máximo {longest} caracteres."
        elif kind is tuple and any(";" in each for each in value):
            yield field, "Cada una va aparte, sin punto y coma."
        elif kind is Decimal and not (value.is_finite() and 0 <= value <= HUNDRED):
            yield field, "Escriba un número entre 0 y 100."
        elif kind is int and field in RANGES and not RANGES[field][0] <= value <= RANGES[field][1]:
            yield field, "Escriba un número de {} a {}.".format(*RANGES[field])


def _together(thing: msgspec.Struct) -> Iterator[tuple[str, str]]:
    """What of a thing does not fit together, once each field is right."""
    match thing:
        case Deadline() if (thing.quarter > 0) != (thing.step in QUARTERLY):
            yield "quarter", "Indique el trimestre solo en los pasos que son de un trimestre."
        case Deadline() if abs(thing.day.year - thing.year) > 1:
            yield "day", "La fecha está lejos del año del plan."
        case Scale() if thing.fulfilled <= thing.in_progress:
            yield "fulfilled", "«Cumplido» debe pedir más que «En proceso»."
        case Weights() if not thing.strategic + thing.missional + thing.support > 0:
            yield "missional", "Algún tipo de línea debe tener un peso mayor que 0."


def problems(content: Content) -> Iterator[str]:
    """What must be put right before the content is published, one sentence each."""
    for kind in KINDS:
        counts = Counter(item.key for item in getattr(content, kind))
        yield from (f"«{key}» está {times} veces." for key, times in counts.items() if times > 1)
        yield from (f"{each.key}: {sentence}" for each in getattr(content, kind) for sentence in faults(each).values())
    yield from (sentence for part in (content.scale, content.weights) for sentence in faults(part).values())
    yield from rule_problems(content.rules)
    yield from _placed(content)
    spellings = Counter(spelling for m in content.measures for spelling in {folded(m.name), *map(folded, m.aliases)})
    yield from (f"«{spelling}» se escribe igual en dos unidades de medida." for spelling, times in spellings.items() if times > 1)


def rule_problems(rules: Sequence[Rule]) -> Iterator[str]:
    """What must be put right in the rules of alerts: each is there once, with what it needs."""
    if tuple(rule.code for rule in rules) != CODES:
        yield "Las reglas de alerta deben estar todas, cada una una vez y en su orden."
    yield from (f"Regla {rule.code}: {sentence}" for rule in rules for sentence in rule_faults(rule).values())


def rule_faults(rule: Rule) -> dict[str, str]:
    """What may not be published of a rule, by field."""
    found, highest = dict[str, str](), HIGHEST if rule.code == "sobre-ejecucion" else HUNDRED
    if rule.code in LIMITED and not (rule.limit.is_finite() and 0 <= rule.limit <= highest):
        found["limit"] = f"Escriba un porcentaje de 0 a {highest}."
    if rule.code in TIMED and not (0 < len(rule.days) <= MOST and all(0 <= days <= LONGEST_WAIT for days in rule.days)):
        found["days"] = f"Escriba de 1 a {MOST} números de días, cada uno de 0 a {LONGEST_WAIT}."
    elif rule.code in TIMED and rule.code != REMINDING and len(rule.days) > 1:
        found["days"] = "Esta regla espera un solo número de días."
    if not 0 <= rule.answer <= LONGEST_WAIT:
        found["answer"] = f"Escriba un número de días de 0 a {LONGEST_WAIT}."
    return found


def _placed(content: Content) -> Iterator[str]:
    """The objectives whose instrument, level or parent is not there."""
    known, objectives = indexed(content, "instruments"), indexed(content, "objectives")
    for each in content.objectives:
        instrument, parent = known.get(each.instrument), objectives.get(each.parent)
        if instrument is None:
            yield f"{each.code}: el instrumento «{each.instrument}» no está en el catálogo."
        elif each.level > max(1, len(instrument.levels)):
            yield f"{each.code}: «{each.instrument}» no tiene un nivel {each.level}."
        if each.parent and parent is None:
            yield f"{each.code}: el objetivo superior «{each.parent}» no está en el catálogo."
        elif parent and parent.instrument == each.instrument and parent.level >= each.level:
            yield f"{each.code}: su objetivo superior «{each.parent}» debe ser de un nivel más alto."


def doubts(content: Content) -> Iterator[str]:
    """What looks unlike the grammar of codes; it warns and never blocks."""
    yield from filter(None, (odd(each.code) for each in content.objectives))


def odd(code: str) -> str:
    """A sentence about a code unlike the grammar of its kind; nothing where it is like it, or no kind we know."""
    start = re.match(r"[A-ZÁÉÍÓÚ]*", code.upper())
    form = FORMS.get(start[0] if start else "")
    return f"El código «{code}» no tiene la forma {form[1]}." if form and not re.fullmatch(form[0], code) else ""
