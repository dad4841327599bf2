"""What people of the demo write: causes, measures, commitments by line of action; observations, reasons and balances."""

from typing import Literal

import msgspec


class Trouble(msgspec.Struct, frozen=True):
    """A typical difficulty of a line of action and what is done about it."""

    cause: str
    measure: str
    solved: str
    action: str
    indicator: str
    target: str


SCHEDULE = Trouble(
    "Lo pendiente no tiene un cronograma aprobado.",
    "Aprobar un cronograma de lo pendiente y comunicarlo a la DRE.",
    "El cronograma fue aprobado y comunicado.",
    "Aprobar el cronograma de lo pendiente del trimestre y remitirlo a la DRE como documento firmado.",
    "Cronograma remitido",
    "1 cronograma aprobado y remitido",
)
TROUBLES = {
    "E1": Trouble(
        "Las áreas remiten su información fuera de plazo y en formatos distintos.",
        "Comunicar un cronograma único de entrega y asignar un responsable por área.",
        "Las áreas entregaron su información en el cronograma acordado.",
        "Implementar un cronograma único de reporte con un responsable por área y recordatorios semanales.",
        "Reportes de área entregados en plazo",
        "100 % de reportes mensuales entregados en plazo",
    ),
    "E2": Trouble(
        "Las instituciones no cuentan con responsable de convivencia designado todo el año.",
        "Solicitar la designación de responsables y reprogramar la capacitación pendiente.",
        "Se designó a los responsables y se desarrolló la capacitación reprogramada.",
        "Asegurar la designación y la capacitación de los responsables de convivencia escolar.",
        "Instituciones con responsable de convivencia capacitado",
        "90 % de instituciones con responsable capacitado",
    ),
    "M1": Trouble(
        "Las lluvias interrumpieron el acceso y el transportista no cumplió las rutas contratadas.",
        "Reprogramar las rutas pendientes y coordinar la entrega con los municipios.",
        "Se completaron las rutas pendientes; las actas de entrega están en el expediente.",
        "Completar la entrega de materiales en las rutas pendientes con apoyo de los municipios.",
        "Instituciones con materiales entregados",
        "98 % de instituciones con acta de entrega",
    ),
    "M2": Trouble(
        "Hubo plazas desiertas y renuncias que no se comunicaron a tiempo.",
        "Convocar a una nueva etapa de adjudicación y actualizar la relación de plazas cada semana.",
        "Se adjudicaron las plazas pendientes en la nueva etapa.",
        "Adjudicar las plazas desiertas y publicar cada semana la relación actualizada de plazas.",
        "Plazas docentes adjudicadas",
        "98 % de plazas docentes adjudicadas",
    ),
    "M3": Trouble(
        "La dispersión de las instituciones y la falta de movilidad redujeron las visitas programadas.",
        "Reprogramar las visitas por zonas y combinar visitas con acompañamiento virtual.",
        "Se realizaron las visitas reprogramadas; las fichas están en el expediente.",
        "Ejecutar un plan de visitas por zonas que recupere las visitas no realizadas.",
        "Visitas de acompañamiento recuperadas",
        "85 % de las visitas pendientes realizadas",
    ),
    "M4": Trouble(
        "No se contó con personal técnico para inspeccionar los locales más alejados.",
        "Gestionar apoyo técnico de los municipios y priorizar los locales en riesgo.",
        "Se inspeccionaron los locales priorizados con apoyo municipal.",
        "Inspeccionar los locales priorizados mediante convenio con los municipios.",
        "Locales priorizados inspeccionados",
        "90 % de locales priorizados con ficha",
    ),
    "M5": Trouble(
        "El registro de expedientes se hace a mano y acumula demora en los meses de mayor demanda.",
        "Distribuir la carga entre dos ventanillas y revisar cada semana los expedientes pendientes.",
        "Se redujo lo pendiente; el reporte semanal lo muestra.",
        "Reducir los expedientes pendientes con una segunda ventanilla y un control semanal.",
        "Expedientes atendidos en el plazo",
        "95 % de expedientes atendidos en el plazo",
    ),
    "S1": Trouble(
        "Los recibos llegan después del cierre mensual y no se concilian con los locales.",
        "Acordar con las empresas la entrega anticipada de recibos.",
        "Los recibos se tramitan dentro del mes.",
        "Tramitar los recibos dentro del mes mediante la entrega anticipada acordada con las empresas.",
        "Locales con pago oportuno de servicios básicos",
        "85 % de locales con pago oportuno",
    ),
    "S2": Trouble(
        "El área cuenta con un solo abogado para toda la demanda.",
        "Priorizar los expedientes con plazo legal y solicitar apoyo temporal.",
        "Se atendieron los expedientes con plazo legal.",
        "Atender los expedientes con plazo legal con apoyo temporal y un registro de plazos.",
        "Opiniones emitidas en el plazo",
        "90 % de opiniones en el plazo",
    ),
}
OBSERVED = (
    "La cifra reportada no coincide con su medio de verificación: revise el conteo y corrija el que no corresponda.",
    "El medio de verificación corresponde a otro mes. Adjunte el del trimestre y confirme la cantidad ejecutada.",
    "El sustento no permite contar lo ejecutado en la tarea señalada. Indique el informe que lo detalla.",
)
TASK_OBSERVED = "La meta de diciembre no deja tiempo para verificarla. Adelántela o sustente por qué no es posible."
PLAN_ATTENDED = "Se precisó el indicador con su fuente."
TASK_ATTENDED = "Se adelantó a noviembre la meta de diciembre."
PLAN_OBSERVED = "El indicador no permite medir el resultado de la actividad. Precise qué se cuenta y con qué fuente."
EXPLAINED = "Los avisos se revisaron con las áreas: los documentos están en archivo y las caídas responden al calendario escolar."
SILENT = "El área responsable no remitió el sustento dentro del plazo; se regularizará en el siguiente trimestre."
OVER = "Se atendió demanda adicional de instituciones que no estaban en la programación."
SLOW_LINE = "Se registra tarde por falta de conexión en la sede."
REOPENING = "Llegó un informe que cambia lo reportado de una tarea después del cierre del trimestre."
CORRECTION = "Al revisar las actas se encontró que algunas se contaron dos veces."
DISPOSED: tuple[tuple[Literal["continuar", "cerrar", "descartar"], str], ...] = (
    ("continuar", "Se continúa en el plan de este año."),
    ("cerrar", "Se verificó en enero que la causa fue superada."),
    ("descartar", "La actividad ya no forma parte del plan de este año."),
)
ACHIEVEMENTS = (
    "Se cumplieron {fulfilled} de {activities} actividades programadas en el cuarto trimestre. La calificación promedio del año "
    "fue {mean} %. Destaca: {best}."
)
DIFFICULTIES = "La mayor dificultad estuvo en: {worst}. {cause}"
NO_DIFFICULTIES = (
    "No hubo actividades por debajo del nivel de alerta en el cuarto trimestre; persiste la demora en reunir los sustentos."
)
RECOMMENDATIONS = "Programar con anticipación las actividades del primer trimestre y dar continuidad a los compromisos vigentes."
SENDING = "Completar los sustentos pendientes y enviar el trimestre en los próximos días."
SENT = "El trimestre se envió; se revisó la fecha de envío."
SILENCE = "La UGEL informó que el acta está en trámite: se espera hasta mediados de diciembre."
GROUPING = "La misma causa aparece en varias UGEL: se atiende como un solo nudo de la región."
UNGROUPING = "La UGEL lo atiende por separado."
