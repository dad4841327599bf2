"""The sheets of a catalogue's file and their columns, and the words for the codes of the record."""

from service.aggregates import catalogue_content as cc

STEPS: dict[cc.Step, str] = {
    "plan-submission": "Envío del plan",
    "plan-approval": "Aprobación del plan",
    "quarter-report": "Reporte del trimestre",
    "quarter-validation": "Validación del trimestre",
    "quarter-closing": "Cierre del trimestre",
    "balance": "Balance anual",
}
KINDS = {"estratégico": "Estratégico", "misional": "Misional", "soporte": "Soporte"}
STATE = ("state", "Estado")
SHEETS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "instruments": (
        "Instrumentos",
        (("place", "Orden"), ("name", "Instrumento"), ("norm", "Norma"), ("levels", "Niveles"), STATE),
    ),
    "objectives": (
        "Objetivos",
        (
            ("instrument", "Instrumento"),
            ("level", "Nivel"),
            ("code", "Código"),
            ("text", "Texto"),
            ("parent", "Objetivo superior"),
            STATE,
        ),
    ),
    "lines": ("Líneas de acción", (("kind", "Tipo"), ("code", "Código"), ("name", "Línea de acción"), STATE)),
    "areas": ("Áreas", (("code", "Código"), ("name", "Área"), STATE)),
    "measures": ("Unidades de medida", (("name", "Unidad de medida"), ("aliases", "Otras formas de escribirla"), STATE)),
    "deadlines": ("Calendario", (("year", "Año"), ("step", "Paso"), ("quarter", "Trimestre"), ("day", "Fecha"), STATE)),
    "rules": (
        "Reglas de alerta",
        (
            ("rule", "Regla"),
            ("on", "Vigila"),
            ("limit", "Umbral (%)"),
            ("days", "Días"),
            ("answer", "Días para atender"),
            ("closes", "Se cierra sola"),
        ),
    ),
    "settings": ("Escala y fórmula", (("setting", "Parámetro"), ("value", "Valor"))),
}
OPTIONAL = {"place", "norm", "level", "parent", "aliases", "quarter", "state", "limit", "days", "closes"}
SETTINGS: dict[str, tuple[str, str]] = {
    "Cumplido desde": ("scale", "fulfilled"),
    "En proceso desde": ("scale", "in_progress"),
    "Nombre de la escala": ("scale", "label"),
    "Peso de las líneas estratégicas": ("weights", "strategic"),
    "Peso de las líneas misionales": ("weights", "missional"),
    "Peso de las líneas de soporte": ("weights", "support"),
}
