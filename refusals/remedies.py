"""What the applicant can do after a refusal: advice, not law, by the register whose answer proves the ground."""

from __future__ import annotations

from applications.standards import Text

BY_REGISTER = {
    "identity": Text(
        "Have the particulars put right in the population register, or renew the identity document.",
        "Приведите в порядок сведения в регистре населения или обновите документ, удостоверяющий личность.",
        "Халық тіркеліміндегі мәліметтерді түзетіңіз немесе жеке басын куәландыратын құжатты жаңартыңыз.",
    ),
    "organisations": Text(
        "Have the particulars of the organisation put right in the register of legal entities.",
        "Приведите в порядок сведения об организации в регистре юридических лиц.",
        "Заңды тұлғалар тіркеліміндегі ұйым туралы мәліметтерді түзетіңіз.",
    ),
    "consent": Text(
        "Give consent to access to personal data in the cabinet on egov.kz or in reply to the message of 1414.",
        "Дайте согласие на доступ к персональным данным в личном кабинете на egov.kz или в ответ на сообщение 1414.",
        "egov.kz порталындағы жеке кабинетте немесе 1414 хабарламасына жауап ретінде дербес деректерге қол жеткізуге "
        "келісім беріңіз.",
    ),
    "fines": Text(
        "Execute the orders and prescriptions named above; once the payment is in the fines register, apply again.",
        "Исполните указанные постановления и предписания; когда оплата отразится в реестре штрафов, обратитесь снова.",
        "Жоғарыда аталған қаулылар мен нұсқамаларды орындаңыз; төлем айыппұлдар тіркелімінде көрінген соң қайта "
        "өтініш беріңіз.",
    ),
    "wanted_persons": Text(
        "Turn to the body that declared the search.",
        "Обратитесь в орган, объявивший розыск.",
        "Іздестіру жариялаған органға жүгініңіз.",
    ),
    "wanted_vehicles": Text(
        "Turn to the body that declared the search for the vehicle.",
        "Обратитесь в орган, объявивший транспортное средство в розыск.",
        "Көлік құралына іздестіру жариялаған органға жүгініңіз.",
    ),
    "terrorism_list": Text(
        "Turn to the Financial Monitoring Agency, which keeps the list.",
        "Обратитесь в Агентство по финансовому мониторингу, которое ведёт перечень.",
        "Тізбені жүргізетін Қаржылық мониторинг агенттігіне жүгініңіз.",
    ),
    "proliferation_list": Text(
        "Turn to the Financial Monitoring Agency, which keeps the list.",
        "Обратитесь в Агентство по финансовому мониторингу, которое ведёт перечень.",
        "Тізбені жүргізетін Қаржылық мониторинг агенттігіне жүгініңіз.",
    ),
    "restrictions": Text(
        "Turn to the body that imposed the restriction; once it is lifted, apply again.",
        "Обратитесь в орган, наложивший ограничение; после его снятия обратитесь снова.",
        "Шектеу қойған органға жүгініңіз; шектеу алынған соң қайта өтініш беріңіз.",
    ),
    "foreign_registration": Text(
        "Have the vehicle taken off the record in the state named above, then apply again.",
        "Снимите транспортное средство с учёта в указанном государстве и обратитесь снова.",
        "Көлік құралын аталған мемлекетте есептен шығарып, қайта өтініш беріңіз.",
    ),
    "vehicle_passport": Text(
        "Have a valid electronic passport of the vehicle made through the national operator's system.",
        "Оформите действующий электронный паспорт транспортного средства через систему национального оператора.",
        "Ұлттық оператордың жүйесі арқылы көлік құралының қолданыстағы электрондық паспортын ресімдеңіз.",
    ),
    "recycling": Text(
        "Pay the recycling payment in full with the operator and receive a certificate for this vehicle.",
        "Внесите оператору утилизационный платёж полностью и получите сертификат на это транспортное средство.",
        "Операторға кәдеге жарату төлемін толық енгізіп, осы көлік құралына құжат алыңыз.",
    ),
    "medical_certificates": Text(
        "Pass the medical examination of drivers; once the certificate is in the health system, apply again.",
        "Пройдите медицинское освидетельствование водителей; когда справка появится в информационной системе "
        "здравоохранения, обратитесь снова.",
        "Жүргізушілердің медициналық куәландыруынан өтіңіз; анықтама денсаулық сақтау жүйесінде пайда болған соң қайта "
        "өтініш беріңіз.",
    ),
    "driving_courses": Text(
        "Complete a driving course; once its certificate is in the system, apply again.",
        "Окончите курсы обучения; когда свидетельство появится в системе, обратитесь снова.",
        "Оқу курстарын бітіріңіз; куәлік жүйеде пайда болған соң қайта өтініш беріңіз.",
    ),
    "exams": Text(
        "Pass the exams named above, then apply again.",
        "Сдайте указанные экзамены и обратитесь снова.",
        "Жоғарыда аталған емтихандарды тапсырып, қайта өтініш беріңіз.",
    ),
    "deprivations": Text(
        "Once the term of deprivation is over, pass the exams again and apply for an issue after deprivation.",
        "По окончании срока лишения сдайте экзамены повторно и обратитесь за выдачей после лишения права управления.",
        "Айыру мерзімі аяқталған соң емтихандарды қайта тапсырып, құқықтан айырылғаннан кейін беру үшін өтініш "
        "беріңіз.",
    ),
    "payments": Text(
        "Pay the charges in full through the payment gateway.",
        "Уплатите сборы и пошлины полностью через платёжный шлюз.",
        "Алымдар мен баждарды төлем шлюзі арқылы толық төлеңіз.",
    ),
    "temporary_import": Text(
        "Put the customs documents of temporary import in order.",
        "Приведите в порядок таможенные документы о временном ввозе.",
        "Уақытша әкелу туралы кедендік құжаттарды ретке келтіріңіз.",
    ),
}
OTHERWISE = Text(
    "Remove what stands in the way and apply again.",
    "Устраните указанные обстоятельства и обратитесь снова.",
    "Көрсетілген мән-жайларды жойып, қайта өтініш беріңіз.",
)
