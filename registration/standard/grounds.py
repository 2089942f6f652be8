"""Row VR.9: the grounds of refusal."""

from applications.order_743 import (
    BREAKS_THE_RULES,
    BY_CONSENT_REGISTER,
    BY_DOCUMENT_REVIEW,
    BY_FINES_REGISTER,
    BY_MONITORING_LISTS,
    BY_OFFICER,
    BY_WANTED_REGISTER,
    NO_CONSENT,
    ground_citation,
)
from applications.standards import Ground, Text
from registration.standard import facts

ANNEX = "5"

_BY_INSPECTION = Text("the inspection act", "акт осмотра", "тексеру актісі")

GROUNDS = (
    Ground(
        "VR.9.1",
        Text(
            "The documents are missing, incomplete or illegible, written in pencil, or carry erasures, insertions, "
            "deletions or corrections without a note; or the documents or the data in them are untrue.",
            "Документы не представлены или представлены не полностью, не читаются, заполнены карандашом, содержат "
            "подчистки, приписки, зачёркивания или неоговорённые исправления; либо документы или данные в них "
            "недостоверны.",
            "Құжаттар ұсынылмаған немесе толық ұсынылмаған, оқылмайды, қарындашпен толтырылған, өшірілген, қосып "
            "жазылған, сызылған жерлері немесе ескертілмеген түзетулері бар; не құжаттар немесе олардағы деректер "
            "анық емес.",
        ),
        BY_DOCUMENT_REVIEW,
        ground_citation(ANNEX, "1"),
    ),
    Ground("VR.9.2", BREAKS_THE_RULES, BY_OFFICER, ground_citation(ANNEX, "2")),
    Ground("VR.9.3", NO_CONSENT, BY_CONSENT_REGISTER, ground_citation(ANNEX, "3")),
    Ground(
        "VR.9.4",
        Text(
            "An order imposing an administrative fine in road safety, or a prescription to pay one, is not executed.",
            "Не исполнено постановление об административном штрафе или предписание о необходимости уплаты штрафа "
            "в сфере безопасности дорожного движения.",
            "Жол жүрісі қауіпсіздігі саласындағы әкімшілік айыппұл туралы қаулы немесе айыппұл төлеу қажеттігі туралы "
            "нұсқама орындалмаған.",
        ),
        BY_FINES_REGISTER,
        ground_citation(ANNEX, "4"),
    ),
    Ground(
        "VR.9.5",
        Text(
            "The applicant, the representative or the vehicle is in the wanted database.",
            "Услугополучатель, его представитель или транспортное средство значится в базе розыска.",
            "Көрсетілетін қызметті алушы, оның өкілі немесе көлік құралы іздестіру базасында тұр.",
        ),
        BY_WANTED_REGISTER,
        ground_citation(ANNEX, "5"),
    ),
    Ground(
        "VR.9.6",
        Text(
            "The applicant or the representative is on the list of those connected with financing the proliferation "
            "of weapons of mass destruction, or with financing terrorism and extremism.",
            "Услугополучатель или его представитель включён в перечень связанных с финансированием распространения "
            "оружия массового уничтожения либо с финансированием терроризма и экстремизма.",
            "Көрсетілетін қызметті алушы немесе оның өкілі жаппай қырып-жою қаруын таратуды қаржыландырумен не "
            "терроризм мен экстремизмді қаржыландырумен байланысты тұлғалар тізбесінде тұр.",
        ),
        BY_MONITORING_LISTS,
        ground_citation(ANNEX, "6"),
    ),
    Ground(
        "VR.9.7",
        Text(
            "Registration acts with the vehicle are prohibited or restricted by law.",
            "На регистрационные действия с транспортным средством наложены установленные законом запреты или "
            "ограничения.",
            "Көлік құралымен тіркеу әрекеттеріне заңнамаға сәйкес тыйым салынған немесе шектеу қойылған.",
        ),
        Text("the register of restrictions", "реестр ограничений", "шектеулер тіркелімі"),
        ground_citation(ANNEX, "7"),
    ),
    Ground(
        "VR.9.8",
        Text(
            "The vehicle has not been taken off the record at its last place of registration in another state.",
            "Транспортное средство не снято с учёта по месту последней регистрации в другом государстве.",
            "Көлік құралы басқа мемлекеттегі соңғы тіркелген жері бойынша есептен шығарылмаған.",
        ),
        Text(
            "the register of foreign registrations",
            "сведения о регистрации за рубежом",
            "шетелде тіркелуі туралы мәліметтер",
        ),
        ground_citation(ANNEX, "8"),
        facts.PRIMARY_ONLY,
    ),
    # Only the second half of item 9 can refuse anything but a primary registration.
    Ground(
        "VR.9.9",
        Text(
            "The vehicle was not shown for inspection at its primary registration, or it cannot be identified because "
            "the maker's marking of its numbered units was forged, hidden, altered or destroyed.",
            "Транспортное средство не предъявлено на осмотр при первичной регистрации либо его нельзя "
            "идентифицировать: заводская маркировка номерных агрегатов подделана, скрыта, изменена или уничтожена.",
            "Көлік құралы бастапқы тіркеу кезінде қарап-тексеруге ұсынылмаған не оны сәйкестендіру мүмкін емес: "
            "нөмірлі агрегаттардың зауыттық таңбалануы қолдан жасалған, жасырылған, өзгертілген немесе жойылған.",
        ),
        _BY_INSPECTION,
        ground_citation(ANNEX, "9"),
        facts.PRIMARY_ONLY,
    ),
    Ground(
        "VR.9.9",
        Text(
            "The vehicle cannot be identified because the maker's marking of its numbered units was forged, hidden, "
            "altered or destroyed.",
            "Транспортное средство нельзя идентифицировать: заводская маркировка номерных агрегатов подделана, "
            "скрыта, изменена или уничтожена.",
            "Көлік құралын сәйкестендіру мүмкін емес: нөмірлі агрегаттардың зауыттық таңбалануы қолдан жасалған, "
            "жасырылған, өзгертілген немесе жойылған.",
        ),
        _BY_INSPECTION,
        ground_citation(ANNEX, "9"),
        facts.NOT_PRIMARY,
    ),
)
