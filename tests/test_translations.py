"""Every word of the portal in Russian and Kazakh: complete catalogs, complete law texts, no English left on a page."""

import ast
import os
import re
import shutil
import subprocess
import sys
from dataclasses import fields, is_dataclass
from decimal import Decimal
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path

import django
import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import get_default_password_validators
from django.contrib.postgres.forms import SimpleArrayField
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise

from applications.services import all_services
from applications.standards import Text
from desk.templatetags.desk import tenge

LANGUAGES = ("ru", "kk")
STANDARDS = {service.code: service.versions for service in all_services()}
NOT_SHOWN = {"tests", "bench", "locale", "staticfiles", "static", "docs", "fixtures", "deploy"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%[s\d]|%[sd]|<[^>]+>")
CYRILLIC = re.compile(r"[А-Яа-яЁё]")
# Two lower-case Latin words in a row are English; codes, units and makes of vehicles never are.
ENGLISH = re.compile(r"\b[A-Za-z]?[a-z]+ [a-z]{2,}\b")
WORD = re.compile(r"[A-Za-z]{2}")
# What is written alike in every language: a command, an address, VIN, the short name of English, rows of the law.
NAMES = re.compile(r"manage\.py verify_journal|egov\.kz|\bVIN\b|\bENG\b|\b[A-Z]{2}\.[\w.]+")
ADMINISTRATION = ("staff", "staff_new", "offices", "office_new", "tariffs", "monthly_index", "calendar")
PUBLIC = ("/sign-in/", "/services/", "/services/VR/", "/services/PD/", "/services/DL/", "/verify/nothing/", "/nowhere/")


class Message:
    """One message of a catalog: its key, the English forms, the translated forms, whether it is marked fuzzy."""

    def __init__(self, parts, is_fuzzy):
        self.key = (parts.get("msgctxt", ""), parts["msgid"])
        self.english = parts.get("msgid_plural", parts["msgid"])
        self.forms = [text for name, text in parts.items() if name.startswith("msgstr")]
        self.is_plural = "msgid_plural" in parts
        self.is_fuzzy = is_fuzzy


def read(path):
    """The messages of a .po file by key; the header has the key ("", "")."""
    messages = {}
    for block in re.split(r"\n\s*\n", path.read_text("utf-8")):
        parts, name = {}, ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            keyword, quote, rest = line.partition('"')
            name = keyword.strip() or name
            parts[name] = parts.get(name, "") + ast.literal_eval(quote + rest)
        if "msgid" in parts:
            message = Message(parts, bool(re.search(r"^#,.*fuzzy", block, re.MULTILINE)))
            messages[message.key] = message
    return messages


def catalog_path(language, base=Path(settings.BASE_DIR)):
    return base / "locale" / language / "LC_MESSAGES" / "django.po"


def nplurals(catalog):
    return int(re.search(r"nplurals=(\d+)", catalog["", ""].forms[0])[1])


@pytest.fixture(scope="module")
def catalogs():
    return {language: read(catalog_path(language)) for language in LANGUAGES}


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """Every message that the sources and templates hold now, as makemessages finds them in a copy."""
    copy = tmp_path_factory.mktemp("sources")
    for folder in Path(settings.BASE_DIR).iterdir():
        if folder.is_dir() and folder.name not in NOT_SHOWN and not folder.name.startswith("."):
            shutil.copytree(folder, copy / folder.name, ignore=_all_but_sources)
    (copy / "locale").mkdir()
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "django", "makemessages", "--locale=ru", "--no-location"]
    subprocess.run(command, cwd=copy, env=environment, check=True, capture_output=True)
    return read(copy / "locale" / "ru" / "LC_MESSAGES" / "django.po")


def _all_but_sources(folder, names):
    return [name for name in names if not (Path(folder, name).is_dir() or name.endswith((".py", ".html", ".txt")))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalog_has_every_message_of_the_sources(language, catalogs, sources):
    assert len(sources) > 1000
    assert sorted(set(sources) - set(catalogs[language])) == []
    assert sorted(set(catalogs[language]) - set(sources)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_message_is_translated_with_its_placeholders(language, catalogs):
    wrong = []
    for key, message in catalogs[language].items():
        placeholders = sorted(PLACEHOLDER.findall(message.english))
        if message.is_fuzzy or not all(form.strip() for form in message.forms):
            wrong.append(("fuzzy or empty", key))
        if key[1] and any(sorted(PLACEHOLDER.findall(form)) != placeholders for form in message.forms):
            wrong.append(("placeholders", key))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_have_the_forms_of_the_language(language, catalogs):
    """As many forms as Django's own catalog has, or the two catalogs would not work together."""
    forms = nplurals(catalogs[language])
    plurals = [message for message in catalogs[language].values() if message.is_plural]
    assert len(plurals) > 10
    assert forms == nplurals(read(Path(django.__file__).parent / "conf" / catalog_path(language, Path())))
    assert {len(message.forms) for message in plurals} == {forms}


def forms_below(base):
    """Every form class of the portal; its packages lie beside manage.py, where the environment may lie, too."""
    for form in base.__subclasses__():
        yield from forms_below(form)
        if (settings.BASE_DIR / form.__module__.partition(".")[0]).is_dir():
            yield form


def said_about(field):
    """What Django says of what is wrong with a field of a form, as lazy words."""
    yield from field.error_messages.values()
    for validator in field.validators:
        yield getattr(validator, "message", "")
        yield from getattr(validator, "messages", {}).values()
    if isinstance(field, SimpleArrayField):
        yield from said_about(field.base_field)


def in_words(message, language):
    """A message in `language`; one that counts has no words without its numbers."""
    with translation.override(language):
        return str(message) or message % {"limit_value": 5, "show_value": 7, "max": 5, "length": 7}


def test_what_a_form_can_say_is_said_in_kazakh():
    """Where Django's own catalog lacks a message, a page in Kazakh would show it in Russian."""
    import_module(settings.ROOT_URLCONF)
    found = set(forms_below(forms.BaseForm))
    messages = {message for form in found for field in form.base_fields.values() for message in said_about(field)}
    for form in found:
        if issubclass(form, forms.BaseModelForm):
            columns = [form._meta.model._meta.get_field(name) for name in form._meta.fields or ()]
            messages |= {column.error_messages[code] for column in columns for code in ("unique", "invalid_choice")}
    same = {
        in_words(message, "en")
        for message in messages
        if isinstance(message, Promise) and in_words(message, "kk") == in_words(message, "ru")
    }
    assert len(found) > 25
    assert same == set()
    for validator in get_default_password_validators():
        said = [translation.override(language)(validator.get_error_message)() for language in LANGUAGES]
        assert said[0] != said[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_gettext_takes_the_catalog(language, tmp_path):
    command = ["msgfmt", "--check-format", "--check-header", "-o", tmp_path / "django.mo", catalog_path(language)]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")


def texts(value):
    """Every wording in three languages inside a standard."""
    if isinstance(value, Text):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))
    elif isinstance(value, dict):
        yield from texts(list(value.values()))
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from texts(item)


@pytest.mark.parametrize("service", sorted(STANDARDS))
def test_law_texts_stand_in_three_languages(service):
    found = list(texts(STANDARDS[service]))
    assert len(found) > 50
    assert [text for text in found if not (text.en.strip() and text.ru.strip() and text.kk.strip())] == []
    assert [text for text in found if not (CYRILLIC.search(text.ru) and CYRILLIC.search(text.kk))] == []


class Words(HTMLParser):
    """What a page says to people: its texts, and the attributes that are shown or read aloud."""

    SPOKEN = frozenset({"title", "placeholder", "aria-label", "alt", "data-wait", "data-again", "data-words"})
    SILENT = frozenset({"script", "style", "pre", "kbd"})

    def __init__(self, html):
        super().__init__()
        self.said, self.language, self._silent = [], "", 0
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self._silent += tag in self.SILENT
        self.language = dict(attributes).get("lang", "") if tag == "html" else self.language
        self.said += [value for name, value in attributes if name in self.SPOKEN and value]

    def handle_endtag(self, tag):
        self._silent -= tag in self.SILENT

    def handle_data(self, data):
        if not self._silent and data.strip():
            self.said.append(" ".join(data.split()))


TEMPLATES = [path for path in Path(settings.BASE_DIR, "templates").rglob("*.html") if "papers" not in path.parts]
MARKUP = (
    re.compile(r"{% *(blocktranslate|block main_class)\b.*?{% *end(blocktranslate|block) *%}", re.DOTALL),
    re.compile(r"{#.*?#}"),
    re.compile(r"{%.*?%}", re.DOTALL),
    re.compile(r"{{.*?}}", re.DOTALL),
)


def test_templates_hold_no_word_outside_a_translation():
    """Papers are printed in both languages at once and carry them in their own templates."""
    left = {}
    for path in TEMPLATES:
        html = path.read_text("utf-8")
        for tag in MARKUP:
            html = tag.sub("", html)
        words = {text for text in Words(html).said if WORD.search(NAMES.sub("", text))}
        if words:
            left[path.name] = words
    assert len(TEMPLATES) > 60
    assert left == {}


def english_on(html, catalog):
    """The words of a page that are English: untranslated messages, and anything that reads like a sentence."""
    untranslated = {key[1] for key, message in catalog.items() if key[1] not in message.forms}
    return {text for text in Words(html).said if text in untranslated or ENGLISH.search(NAMES.sub("", text))}


@pytest.fixture
def addresses(road):
    """Account and address of pages that hold many words, most of them about one case with a match to judge."""
    case = road.held("P-17", "V-03")
    check = case.checks.get(outcome="needs_human")
    of_case = ("case", "approve", "refuse", "inspection")
    shown = [("officer", reverse(f"desk:{name}", args=[case.number])) for name in of_case]
    shown.append(("officer", reverse("desk:check", args=[case.number, check.pk])))
    shown += [("supervisor", reverse(f"desk:{name}", args=[case.number])) for name in ("take_over", "withdraw")]
    shown += [("front_desk", reverse(f"desk:{name}")) for name in ("queue", "intake_start", "handover_list")]
    shown += [("administrator", reverse(f"desk:{name}")) for name in ADMINISTRATION]
    shown += [("administrator", reverse(f"api:{name}")) for name in ("systems", "system_new")]
    shown += [("contact_centre", "/contact-centre/"), ("auditor", "/journal/"), ("officer", "/search/?q=zz")]
    return shown + [("", address) for address in PUBLIC]


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_in_the_language_and_have_no_english_left(language, addresses, road, catalogs):
    left = {}
    for username, address in addresses:
        client = Client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        if username:
            client.force_login(road.people[username])
        html = client.get(address).content.decode()
        assert Words(html).language == language, address
        if english := english_on(html, catalogs[language]):
            left[address] = english
    assert left == {}


@pytest.mark.parametrize(("language", "written"), [("ru", "18 597 ₸"), ("kk", "18 597 ₸"), ("en", "18,597 ₸")])
def test_money_is_grouped_in_every_language(language, written):
    with translation.override(language):
        assert tenge(Decimal(18597)).replace("\N{NO-BREAK SPACE}", " ") == written
