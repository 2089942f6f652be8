"""What Order No. 743 of 7 October 2024 says in the same words for all three services.

The order restated annexes 5, 8 and 14 to the Rules of Order No. 862. Its refusal rows date the Rules 12 December 2014:
a slip, its own heading says 2 December, and that is the date cited here.
"""

from datetime import date

from applications.standards import Channel, Citation, Hours, Text, When

VERSION = "743-2024"

# Point 4: ten calendar days after the day of first official publication. That day is not known for certain; with
# publication straight after the registration of 8 October 2024 the order is in force from 19 October 2024, the day
# the printed rates are dated from as well. Confidence: medium.
IN_FORCE_FROM = date(2024, 10, 19)

FRONT_DESK = frozenset({Channel.FRONT_DESK})
ONLINE = frozenset({Channel.EGOV, Channel.PLATFORM})
ALL_CHANNELS = FRONT_DESK | ONLINE

AT_FRONT_DESK = When(
    Text("at a front desk", "через Государственную корпорацию", "Мемлекеттік корпорация арқылы"),
    lambda facts: facts.channel == Channel.FRONT_DESK,
)
NOT_AT_FRONT_DESK = When(
    Text(
        "through egov.kz or a platform",
        "через ПЭП или объект информатизации",
        "«электрондық үкімет» порталы немесе ақпараттандыру объектісі арқылы",
    ),
    lambda facts: facts.channel != Channel.FRONT_DESK,
)

ACT = Text(
    "Order of the Minister of Internal Affairs No. 862 of 2 December 2014, as amended by Order No. 743 of "
    "7 October 2024",
    "приказ Министра внутренних дел от 2 декабря 2014 года № 862 в редакции приказа от 7 октября 2024 года № 743",
    "Ішкі істер министрінің 2014 жылғы 2 желтоқсандағы № 862 бұйрығы (2024 жылғы 7 қазандағы № 743 бұйрықпен "
    "өзгертілген)",
)


def ground_citation(annex: str, item: str) -> Citation:
    """Where a ground of refusal stands: always row 9 of the service's annex."""
    return Citation(act=ACT, annex=annex, row="9", item=item)


PROVIDER = Text(
    "Territorial police bodies",
    "Территориальные органы полиции",
    "Аумақтық полиция органдары",
)

FORM = Text(
    "Electronic (partly automated) or on paper",
    "Электронная (частично автоматизированная) или бумажная",
    "Электрондық (ішінара автоматтандырылған) немесе қағаз түрінде",
)

FREE = Text("Free of charge", "Бесплатно", "Тегін")

REFUSAL = Text(
    "Or a reasoned refusal",
    "Либо мотивированный ответ об отказе",
    "Не бас тарту туралы дәлелді жауап",
)

STATUS = Text(
    "The procedure and the status of an application can be followed remotely: in the personal cabinet on egov.kz, "
    "through the provider's office, at contact centre 1414 or 8 800 080 7777.",
    "Порядок и статус можно узнать удалённо: в личном кабинете на egov.kz, через канцелярию услугодателя, "
    "в контакт-центре по телефонам 1414 и 8 800 080 7777.",
    "Тәртібі мен мәртебесін қашықтан білуге болады: egov.kz порталындағы жеке кабинетте, көрсетілетін қызметті "
    "берушінің кеңсесі арқылы, 1414 және 8 800 080 7777 байланыс орталығынан.",
)

OFFICE_HOURS = Text(
    "Police and front desks: Monday to Friday 09:00–18:00 without a break. Duty front desks: Monday to Friday "
    "09:00–20:00, Saturday 09:00–13:00. Closed on public holidays and days off under the Labour Code.",
    "Услугодатель и Государственная корпорация: понедельник – пятница 09:00–18:00 без перерыва. Дежурные отделы "
    "Государственной корпорации: понедельник – пятница 09:00–20:00, суббота 09:00–13:00. В праздничные и выходные дни "
    "по Трудовому кодексу приёма нет.",
    "Көрсетілетін қызметті беруші мен Мемлекеттік корпорация: дүйсенбі – жұма 09:00–18:00, үзіліссіз. Мемлекеттік "
    "корпорацияның кезекші бөлімдері: дүйсенбі – жұма 09:00–20:00, сенбі 09:00–13:00. Еңбек кодексі бойынша мереке "
    "және демалыс күндері қабылдау жоқ.",
)

_AFTER_HOURS = Text(
    "round the clock except for maintenance. An application made after working hours, at a weekend or on a holiday "
    "gets its result on the next working day.",
    "круглосуточно, кроме технических перерывов. По обращению после окончания рабочего дня, в выходной или праздник "
    "результат выдаётся на следующий рабочий день.",
    "техникалық үзілістерді қоспағанда, тәулік бойы. Жұмыс уақыты аяқталғаннан кейін, демалыс немесе мереке күні "
    "берілген өтініштің нәтижесі келесі жұмыс күні беріледі.",
)


def _round_the_clock(who: Text) -> Text:
    return Text(*(f"{who.in_language(code)}: {_AFTER_HOURS.in_language(code)}" for code in ("en", "ru", "kk")))


EGOV_HOURS = _round_the_clock(Text("egov.kz", "egov.kz", "egov.kz"))
ONLINE_HOURS = _round_the_clock(
    Text(
        "egov.kz and connected platforms",
        "egov.kz и подключённые объекты информатизации",
        "egov.kz және қосылған ақпараттандыру объектілері",
    )
)


def hours(office_row: str, online_row: str, online: Text = ONLINE_HOURS) -> tuple[Hours, ...]:
    return (Hours(office_row, OFFICE_HOURS), Hours(online_row, online))


# Names of documents, charges and questions that more than one service uses.
IDENTITY_DOCUMENT = Text(
    "Identity document, on paper or from the digital-documents service",
    "Документ, удостоверяющий личность, на бумаге или из сервиса цифровых документов",
    "Жеке басын куәландыратын құжат, қағазда немесе цифрлық құжаттар сервисінен",
)

IDENTITY_CHECK = Text(
    "Do the person's particulars agree with the population register?",
    "Совпадают ли данные лица с регистром населения?",
    "Тұлғаның деректері халық тіркеліміне сәйкес келе ме?",
)
ORGANISATION_CHECK = Text(
    "Do the organisation's particulars agree with the register of legal entities?",
    "Совпадают ли данные организации с регистром юридических лиц?",
    "Ұйымның деректері заңды тұлғалар тіркеліміне сәйкес келе ме?",
)
CONSENT_CHECK = Text(
    "Is there consent to access personal data of restricted access?",
    "Есть ли согласие на доступ к персональным данным ограниченного доступа?",
    "Қолжетімділігі шектеулі дербес деректерге қол жеткізуге келісім бар ма?",
)
WANTED_PERSON_CHECK = Text("Is the person wanted?", "Находится ли лицо в розыске?", "Тұлға іздестіруде ме?")
WANTED_VEHICLE_CHECK = Text("Is the vehicle wanted?", "Находится ли ТС в розыске?", "Көлік құралы іздестіруде ме?")
TERRORISM_CHECK = Text(
    "Is the person on the list for financing terrorism and extremism?",
    "Есть ли лицо в перечне финансирования терроризма и экстремизма?",
    "Тұлға терроризм мен экстремизмді қаржыландыру тізбесінде бар ма?",
)
PAYMENT_CHECK = Text(
    "Do the payment systems know that the charges were paid?",
    "Подтверждают ли платёжные системы уплату?",
    "Төлем жүйелері төленгенін растай ма?",
)
OVERDUE_FINES_CHECK = Text(
    "Is there a road-safety fine not executed in time?",
    "Есть ли своевременно не исполненный штраф в сфере безопасности дорожного движения?",
    "Жол жүрісі қауіпсіздігі саласында уақтылы орындалмаған айыппұл бар ма?",
)

# Grounds that more than one annex words alike, and what proves them.
BREAKS_THE_RULES = Text(
    "The applicant, or the materials, objects, data or information that the service needs, do not meet the Rules "
    "(Order No. 862).",
    "Услугополучатель либо материалы, объекты, данные или сведения, необходимые для услуги, не отвечают требованиям "
    "Правил (приказ № 862).",
    "Көрсетілетін қызметті алушы не қызмет көрсетуге қажетті материалдар, объектілер, деректер немесе мәліметтер "
    "Қағидалардың (№ 862 бұйрық) талаптарына сәйкес келмейді.",
)
NO_CONSENT = Text(
    "The applicant has not consented to access to personal data of restricted access that the service needs "
    "(Article 8 of the Law on Personal Data and Their Protection).",
    "Услугополучатель не дал согласия на доступ к персональным данным ограниченного доступа, которые нужны для услуги "
    "(статья 8 Закона «О персональных данных и их защите»).",
    "Көрсетілетін қызметті алушы қызмет көрсетуге қажетті, қолжетімділігі шектеулі дербес деректерге қол жеткізуге "
    "келісім бермеген («Дербес деректер және оларды қорғау туралы» Заңның 8-бабы).",
)

BY_DOCUMENT_REVIEW = Text("review of the documents", "проверка документов", "құжаттарды тексеру")
BY_OFFICER = Text(
    "the officer and the checks of the data",
    "сотрудник и проверки данных",
    "қызметкер және деректерді тексеру",
)
BY_CONSENT_REGISTER = Text(
    "the register of consents",
    "сервис контроля доступа к персональным данным",
    "дербес деректерге қолжетімділікті бақылау сервисі",
)
BY_FINES_REGISTER = Text("the fines register", "реестр штрафов", "айыппұлдар тіркелімі")
BY_WANTED_REGISTER = Text("the wanted database", "база розыска", "іздестіру базасы")
BY_MONITORING_LISTS = Text(
    "the lists of financial monitoring", "перечни финансового мониторинга", "қаржылық мониторинг тізбелері"
)
BY_PAYMENT_SYSTEMS = Text("the payment systems", "платёжные системы", "төлем жүйелері")
