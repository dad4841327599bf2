"""The rules of alerts in a catalogue's file: a row each, with words for what the record calls by codes."""

from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from service.aggregates.alert_rules import LIMITED, REMINDING, TIMED, Rule
from service.aggregates.catalogue_check import rule_faults
from service.workbook.cells import Cells
from service.workbook.columns import plain

RULES: dict[str, str] = {
    "sin-reporte": "Sin reporte",
    "avance-bajo": "Avance bajo",
    "caida": "Caída",
    "sin-evidencia": "Sin evidencia",
    "sobre-ejecucion": "Sobre-ejecución",
    "observacion-sin-responder": "Observación sin responder",
    "compromiso-por-vencer": "Compromiso por vencer",
    "compromiso-vencido": "Compromiso vencido",
    "plan-sin-aprobar": "Plan sin aprobar",
    "trimestre-sin-enviar": "Trimestre sin enviar",
}
YES, NO = "Sí", "No"
MEANT = {plain(word): code for code, word in RULES.items()}


def cell(rule: Rule, field: str) -> str:
    """A field of a rule as the file says it."""
    match field:
        case "rule":
            return RULES[rule.code]
        case "on":
            return YES if rule.on else NO
        case "limit":
            return str(rule.limit) if rule.code in LIMITED else ""
        case "days":
            return days(rule)
        case "closes":
            return YES if rule.closes else NO
        case _:
            return str(rule.answer)


def days(rule: Rule) -> str:
    """The days of a rule of the clock: «10; 5; 1»."""
    return "; ".join(map(str, rule.days))


def read(cells: Cells, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The rules after a row; a cell that is missing or wrong leaves them as they were."""
    before, word = cells.error_count, cells.text("rule")
    if not word:
        return rules
    known = next((rule for rule in rules if rule.code == MEANT.get(plain(word))), None)
    if known is None:
        cells.wrong("rule", f"Esa regla no existe. Son: {'; '.join(RULES.values())}.")
        return rules
    values: dict[str, Any] = {"on": plain(cells.text("on")) not in {"no", "n", "0"}}
    if known.code in LIMITED:
        values["limit"] = _decimal(cells)
    if known.code in TIMED:
        values["days"] = tuple(_whole(cells, "days", part) for part in cells.text("days").split(";"))
    if "closes" in cells.columns and known.code != REMINDING:
        values["closes"] = plain(cells.text("closes")) in {"si", "s", "1"}
    values["answer"] = _whole(cells, "answer", cells.text("answer"))
    if cells.error_count > before:
        return rules
    made = msgspec.structs.replace(known, **values)
    for field, sentence in rule_faults(made).items():
        cells.wrong(field, sentence)
    return rules if cells.error_count > before else tuple(made if rule.code == made.code else rule for rule in rules)


def _decimal(cells: Cells) -> Decimal:
    try:
        return Decimal(cells.text("limit").replace(",", ".").removesuffix("%").strip())
    except InvalidOperation:
        cells.wrong("limit", "Escriba un porcentaje.")
        return Decimal(0)


def _whole(cells: Cells, field: str, text: str) -> int:
    text = text.strip()
    if text.isascii() and text.isdecimal() and len(text) < 4:  # noqa: PLR2004 — no rule waits a thousand days
        return int(text)
    cells.wrong(field, "Escriba un número entero de días.")
    return 0
