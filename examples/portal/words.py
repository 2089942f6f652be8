"""The demo portal's own words in Russian, Kazakh and English. What the law says comes from the API."""

from __future__ import annotations

LANGUAGES = {"ru": "Русский", "kk": "Қазақша", "en": "English"}

WORDS: dict[str, tuple[str, str, str]] = {
    "banner": (
        "ДЕМО – это не egov.kz. Люди, деньги и ключи ненастоящие.",
        "ДЕМО – бұл egov.kz емес. Адамдар, ақша және кілттер шынайы емес.",
        "DEMO – this is not egov.kz. People, money and keys are not real.",
    ),
    "site": ("Портал гражданина", "Азамат порталы", "Citizen's portal"),
    "to_content": ("К содержанию", "Мазмұнға", "Skip to content"),
    "services": ("Услуги", "Қызметтер", "Services"),
    "mine": ("Мои заявления", "Менің өтініштерім", "My applications"),
    "enter": ("Войти", "Кіру", "Enter"),
    "leave": ("Выйти", "Шығу", "Leave"),
    "officers": ("Рабочее место инспектора", "Инспектордың жұмыс орны", "The officers' desk"),
    "choose_service": ("Что нужно оформить?", "Нені рәсімдеу керек?", "What do you need?"),
    "services_lead": (
        "Услуги регистрационной полиции по Приказу № 743. Заявление подаётся за несколько минут, подписывается ЭЦП и "
        "рассматривается за считанные рабочие часы.",
        "№ 743 бұйрық бойынша тіркеу полициясының қызметтері. Өтініш бірнеше минутта беріліп, ЭЦҚ-мен қол қойылады "
        "және санаулы жұмыс сағатында қаралады.",
        "Services of the registration police under Order No. 743. An application takes minutes, is signed "
        "electronically and decided within working hours.",
    ),
    "who": ("Кто вы?", "Сіз кімсіз?", "Who are you?"),
    "who_lead": (
        "Выберите человека или организацию из демонстрационных данных. Ключ ЭЦП уже лежит у этого портала; за "
        "организацию действует её руководитель.",
        "Көрсетілім деректерінен адамды немесе ұйымды таңдаңыз. ЭЦҚ кілті осы порталда бар; ұйым атынан оның басшысы "
        "әрекет етеді.",
        "Choose a person or an organisation of the demo data. Their key for signatures is here already; an "
        "organisation acts through its head.",
    ),
    "find_person": ("Имя, название, ИИН или БИН", "Аты, атауы, ЖСН немесе БСН", "Name, IIN or BIN"),
    "acts_through": ("руководитель:", "басшысы:", "head:"),
    "nobody_found": ("Никого не найдено.", "Ешкім табылмады.", "Nobody was found."),
    "nobody_chosen": ("Выберите кого-нибудь из списка.", "Тізімнен біреуді таңдаңыз.", "Choose somebody of the list."),
    "no_keys": (
        "Ключей ещё нет: имитатор реестров создаёт их при первом запуске. Обновите страницу через минуту.",
        "Кілттер әлі жоқ: оларды тізілімдер имитаторы алғашқы іске қосылғанда жасайды. Бір минуттан соң жаңартыңыз.",
        "No keys yet: the simulator makes them at the first start. Reload in a minute.",
    ),
    "office": ("Подразделение полиции", "Полиция бөлімшесі", "Police office"),
    "office_hint": (
        "Где будет рассмотрено заявление. Для услуг онлайн подходит любое.",
        "Өтініш қай жерде қаралады. Онлайн қызметтер үшін кез келгені жарайды.",
        "Where the application is decided. Any will do online.",
    ),
    "applicant": ("Заявитель", "Өтініш беруші", "Applicant"),
    "begin": ("Начать заявление", "Өтінішті бастау", "Begin"),
    "choose": ("Выберите", "Таңдаңыз", "Choose"),
    "nothing_yet": (
        "Заявлений пока нет. Начните с выбора услуги.",
        "Әзірге өтініш жоқ. Қызметті таңдаудан бастаңыз.",
        "No applications yet. Pick a service first.",
    ),
    "number": ("Номер", "Нөмірі", "Number"),
    "service": ("Услуга", "Қызмет", "Service"),
    "state": ("Состояние", "Күйі", "State"),
    "your_part": ("Вы", "Сіз", "You"),
    "as_applicant": ("заявитель", "өтініш беруші", "applicant"),
    "as_signer": ("ждёт вашей подписи", "қолыңызды күтуде", "waits for your signature"),
    "as_signed": ("сторона сделки", "мәміле тарапы", "party to the deal"),
    "steps": ("Шаги", "Қадамдар", "Steps"),
    "step_details": ("Данные", "Деректер", "Details"),
    "step_documents": ("Сканы документов", "Құжаттардың сканы", "Scans of documents"),
    "step_plates": ("Номерной знак", "Нөмірлік белгі", "Number plate"),
    "step_signing": ("Подписи ЭЦП", "ЭЦҚ қолтаңбалары", "Signatures"),
    "step_pay": ("Оплата", "Төлем", "Payment"),
    "step_submit": ("Подача", "Тапсыру", "Submission"),
    "done": ("готово", "дайын", "done"),
    "to_do": ("нужно", "қажет", "to do"),
    "not_asked": ("не требуется", "қажет емес", "not asked for"),
    "optional": ("по желанию", "қалауыңызша", "if you like"),
    "later": ("после данных", "деректерден соң", "after the details"),
    "open_details": ("Заполнить данные", "Деректерді толтыру", "Fill in the details"),
    "open_documents": ("Приложить документы", "Құжаттарды тіркеу", "Attach documents"),
    "open_signing": ("Прочитать и подписать", "Оқып, қол қою", "Read and sign"),
    "open_plates": ("Выбрать номер", "Нөмірді таңдау", "Choose a number"),
    "open_pay": ("Перейти к оплате", "Төлемге өту", "Go to payment"),
    "do_submit": ("Подать заявление", "Өтінішті тапсыру", "Submit"),
    "later_submit": ("когда всё готово", "бәрі дайын болғанда", "when all is ready"),
    "all_there": (
        "Всё на месте. С подачей начинается срок рассмотрения.",
        "Бәрі орнында. Тапсырумен қарау мерзімі басталады.",
        "Everything is there. The term begins when you submit.",
    ),
    "charges": ("К оплате", "Төлемге", "Charges"),
    "no_charges": (
        "Сумма появится, когда будут заполнены данные.",
        "Сома деректер толтырылғанда шығады.",
        "The amount appears once the details are filled in.",
    ),
    "paid": ("оплачено", "төленді", "paid"),
    "unpaid": ("не оплачено", "төленбеді", "not paid"),
    "save": ("Сохранить", "Сақтау", "Save"),
    "save_next": ("Сохранить и продолжить", "Сақтап, жалғастыру", "Save and continue"),
    "back_to_case": ("К заявлению", "Өтінішке", "To the application"),
    "what_act": ("Что оформляется", "Не рәсімделеді", "What is applied for"),
    "error": ("Ошибка", "Қате", "Error"),
    "errors": ("Проверьте, что введено", "Енгізілгенді тексеріңіз", "Check what you entered"),
    "attached": ("Приложено", "Тіркелді", "Attached"),
    "marked_wrong": ("Не принято", "Қабылданбады", "Not accepted"),
    "remove": ("Убрать", "Алып тастау", "Remove"),
    "file": ("Файл: JPEG, PNG или PDF", "Файл: JPEG, PNG немесе PDF", "File: JPEG, PNG or PDF"),
    "attach": ("Приложить", "Тіркеу", "Attach"),
    "no_documents": (
        "По этим данным закон не просит сканов.",
        "Осы деректер бойынша заң скан сұрамайды.",
        "The law asks for no scans here.",
    ),
    "plates_lead": (
        "Без выбора выдаётся следующий номер со склада. «?» – любой знак: 7?7, AAA.",
        "Таңдалмаса, қоймадағы келесі нөмір беріледі. «?» – кез келген таңба: 7?7, AAA.",
        "Without a choice the next number of the stock is given. “?” is any sign: 7?7, AAA.",
    ),
    "pattern": ("Какие знаки нужны", "Қандай таңбалар керек", "Which signs"),
    "look": ("Найти", "Іздеу", "Find"),
    "held": ("За вами номер", "Сізге бекітілген нөмір", "Held for you"),
    "release": ("Отказаться", "Бас тарту", "Give up"),
    "nothing_free": ("Таких номеров нет.", "Мұндай нөмірлер жоқ.", "No such numbers."),
    "you_sign": ("Вы подписываете", "Сіз мынаған қол қоясыз", "You sign"),
    "exact_text": (
        "Точный текст, который подписывается",
        "Қол қойылатын дәл мәтін",
        "The exact text that is signed",
    ),
    "who_signs": ("Кто подписывает", "Кім қол қояды", "Who signs"),
    "signed_at": ("подписано", "қол қойылды", "signed"),
    "not_signed": ("ещё не подписано", "әлі қол қойылмаған", "not signed yet"),
    "for_application": ("заявление", "өтініш", "the application"),
    "for_co_owners": ("ответ о совладельцах", "тең иелер туралы жауап", "answer about co-owners"),
    "co_owners": ("Есть ли у машины совладельцы?", "Көліктің тең иелері бар ма?", "Are there co-owners?"),
    "co_owners_hint": (
        "На это отвечает прежний владелец своей подписью.",
        "Бұған бұрынғы иесі өз қолымен жауап береді.",
        "The previous owner answers this with their signature.",
    ),
    "co_none": ("Нет, я единственный собственник", "Жоқ, мен жалғыз иесімін", "No, I am the only owner"),
    "co_agree": ("Да, и они согласны", "Иә, олар келіседі", "Yes, and they agree"),
    "co_refuse": ("Да, и не все согласны", "Иә, бірақ бәрі бірдей келіспейді", "Yes, and not all agree"),
    "answer_co_owners": ("Ответьте о совладельцах.", "Тең иелер туралы жауап беріңіз.", "Answer about co-owners."),
    "password": ("Пароль ключа", "Кілт құпиясөзі", "Password of the key"),
    "password_hint": (
        "В демо у каждого ключа пароль «demo».",
        "Демода әр кілттің құпиясөзі – «demo».",
        "In the demo: “demo”.",
    ),
    "wrong_password": (
        "Этот пароль не открывает ключ. В демо пароль «demo».",
        "Бұл құпиясөз кілтті ашпайды. Демода құпиясөз – «demo».",
        "This password does not open the key. In the demo it is “demo”.",
    ),
    "text_changed": (
        "Пока вы читали, заявление изменилось. Прочитайте новый текст и подпишите его.",
        "Сіз оқып жатқанда өтініш өзгерді. Жаңа мәтінді оқып, қол қойыңыз.",
        "The application changed while you read. Read the new text and sign it.",
    ),
    "sign": ("Подписать", "Қол қою", "Sign"),
    "nothing_to_sign": (
        "Вашей подписи здесь сейчас не ждут.",
        "Қазір мұнда сіздің қолыңыз күтілмейді.",
        "Your signature is not waited for here now.",
    ),
    "waits_for_you": (
        "Заявление ждёт вашей подписи.",
        "Өтініш сіздің қолыңызды күтуде.",
        "The application waits for your signature.",
    ),
    "applicant_goes_on": (
        "Дальше действует заявитель. Здесь видно, что происходит с заявлением.",
        "Әрі қарай өтініш беруші әрекет етеді. Мұнда өтінішпен не болып жатқаны көрінеді.",
        "The applicant goes on. Here you see what happens.",
    ),
    "due": ("Решение не позднее", "Шешім мына уақыттан кешікпейді", "Decision by"),
    "submitted": ("Подано", "Тапсырылды", "Submitted"),
    "held_by": ("Рассматривает", "Қарайды", "With"),
    "told_live": (
        "Страница обновляется сама: портал полиции присылает уведомления о каждом изменении.",
        "Бет өзі жаңарады: полиция порталы әр өзгеріс туралы хабарлайды.",
        "The page renews itself: the police portal tells of every change.",
    ),
    "course": ("Ход дела", "Істің барысы", "Course"),
    "papers": ("Документы по заявлению", "Өтініш бойынша құжаттар", "Papers"),
    "download": ("Скачать PDF", "PDF жүктеу", "Download PDF"),
    "verify": ("Проверить подлинность", "Түпнұсқалығын тексеру", "Verify"),
    "being_made": ("готовится", "дайындалуда", "being made"),
    "refusal": ("Почему отказано", "Неге бас тартылды", "Why it was refused"),
    "basis": ("Основание:", "Негізі:", "Basis:"),
    "after_refusal": (
        "Устраните причину и подайте заявление ещё раз.",
        "Себебін жойып, өтінішті қайта беріңіз.",
        "Set the reason right and apply again.",
    ),
    "sent_back": (
        "Полиция не приняла документ. Приложите другой:",
        "Полиция құжатты қабылдамады. Басқасын тіркеңіз:",
        "The police did not accept a document. Attach another one:",
    ),
    "same_file": (
        "Это тот же файл, который не был принят. Приложите другой скан.",
        "Бұл – қабылданбаған файлдың өзі. Басқа скан тіркеңіз.",
        "This is the very file that was not accepted. Attach another scan.",
    ),
    "results": ("Что выдано", "Не берілді", "What was issued"),
    "withdraw": ("Отозвать заявление", "Өтінішті қайтарып алу", "Withdraw"),
    "reason": ("Причина", "Себебі", "Reason"),
    "trouble": ("Не получилось", "Болмады", "It did not work"),
    "not_reached": (
        "Портал регистрационной полиции сейчас не отвечает. Ничего не потеряно, попробуйте через минуту.",
        "Тіркеу полициясының порталы қазір жауап бермейді. Ештеңе жоғалған жоқ, бір минуттан соң көріңіз.",
        "The registration portal does not answer now. Nothing is lost, try again in a minute.",
    ),
    "not_here": ("Такой страницы для вас нет", "Сізге мұндай бет жоқ", "There is no such page for you"),
    "not_here_way_out": (
        "Проверьте адрес. Чужие заявления здесь не видны: войдите как тот, кто подал или подписывает заявление.",
        "Мекенжайды тексеріңіз. Басқалардың өтініштері мұнда көрінбейді: өтінішті берген не қол қоятын адам ретінде "
        "кіріңіз.",
        "Check the address. Applications of others are not shown: enter as the one who filed or signs it.",
    ),
    "unreadable": ("Запрос не удалось прочитать", "Сұрауды оқу мүмкін болмады", "The request cannot be read"),
    "unreadable_way_out": (
        "Ничего не изменилось. Вернитесь к странице, обновите её и попробуйте ещё раз.",
        "Ештеңе өзгерген жоқ. Бетке оралып, оны жаңартып, қайта көріңіз.",
        "Nothing was changed. Go back to the page, reload it and try again.",
    ),
    "old_form": ("Эта форма устарела", "Бұл нысан ескірген", "This form is out of date"),
    "old_form_way_out": (
        "С тех пор вы вошли заново или страница открыта не с этого портала. Ничего не изменилось. Откройте страницу "
        "снова и повторите.",
        "Содан бері сіз қайта кірдіңіз немесе бет осы порталдан ашылмаған. Ештеңе өзгерген жоқ. Бетті қайта ашып, "
        "қайталаңыз.",
        "You have entered anew since, or the page was not opened from this portal. Nothing was changed. Open the page "
        "again and repeat.",
    ),
    "our_fault": ("Ошибка портала", "Портал қатесі", "A fault of this portal"),
    "our_fault_way_out": (
        "Это не ваша вина. Поданное и оплаченное сохранено: откройте «Мои заявления» и продолжите оттуда.",
        "Бұл сіздің кінәңіз емес. Берілгені мен төленгені сақталған: «Менің өтініштерім» бетін ашып, сол жерден "
        "жалғастырыңыз.",
        "It is not your fault. What was filed and paid is kept: open “My applications” and go on from there.",
    ),
}


def words(language: str) -> dict[str, str]:
    """Every word in one of LANGUAGES."""
    place = list(LANGUAGES).index(language)
    return {name: said[place] for name, said in WORDS.items()}
