"""What the repository hands to others: locks, settings table, image and compose file agree with the code."""

import ast
import re
import tomllib

import pytest
import yaml
from django.conf import settings

from portal.bare_machine import PACKAGES_TO_RUN

ROOT = settings.BASE_DIR
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
LOCKS = ["requirements.txt", "requirements-dev.txt"]
LONG_RUNNING = sorted(set(SERVICES) - {"setup"})
OURS = sorted(name for name, service in SERVICES.items() if service["image"].startswith("portal:"))


def settings_read():
    """Every environment variable that portal/settings.py reads, with its default where that is a plain value."""
    found = {}
    for node in ast.walk(ast.parse((ROOT / "portal" / "settings.py").read_text())):
        if not isinstance(node, ast.Call) or ast.unparse(node.func).split(".")[0] != "env" or not node.args:
            continue
        defaults = [keyword.value for keyword in node.keywords if keyword.arg == "default"]
        found[node.args[0].value] = defaults[0] if defaults else None
    return found


def settings_table():
    """The table of docs/operations.md: variable → default as written."""
    text = (ROOT / "docs" / "operations.md").read_text().split("## Settings", 1)[1]
    return dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", text, re.MULTILINE))


def test_the_settings_table_names_every_variable_and_no_other():
    assert sorted(settings_table()) == sorted(settings_read())


@pytest.mark.parametrize("name", sorted(settings_read()))
def test_the_settings_table_gives_the_default(name):
    default, written = settings_read()[name], settings_table()[name]
    if default is None:
        assert written == "required"
    elif isinstance(default, ast.Name):
        assert written == f"as `{default.id}`"
    elif ".runtime" in (source := ast.unparse(default)):
        assert written.strip("`").split("/") == re.findall(r"'([^']+)'", source)
    else:
        value = eval(compile(ast.Expression(default), "settings", "eval"), {"__builtins__": {}})
        joined = ",".join(value) if isinstance(value, list) else value
        assert written == (f"`{joined}`" if joined not in ("", {}) else "empty")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_versions_and_hashes_and_no_host_or_path(lock):
    lines = (ROOT / lock).read_text().splitlines()
    allowed = re.compile(r"|[\w.-]+==[\w.+]+ \\|    --hash=sha256:[0-9a-f]{64}( \\)?| *#[^/]*:?")
    assert [line for line in lines if not allowed.fullmatch(line)] == []
    assert len([line for line in lines if "==" in line]) > 40


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_all_that_is_asked_for(lock):
    asked = re.findall(r"^([A-Za-z][\w.-]*)", (ROOT / lock.replace(".txt", ".in")).read_text(), re.MULTILINE)
    pinned = re.findall(r"^([\w.-]+)==", (ROOT / lock).read_text(), re.MULTILINE)
    assert asked
    assert {name.lower().replace("_", "-") for name in asked} <= set(pinned)


def test_both_locks_agree():
    run, dev = (dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE)) for lock in LOCKS)
    assert {name: (run[name], dev[name]) for name in run.keys() & dev.keys() if run[name] != dev[name]} == {}


def test_the_image_copies_what_exists_and_every_app():
    copied = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    ]
    apps = {app for app in settings.INSTALLED_APPS if (ROOT / app).is_dir()}
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
    assert [source for source in copied if not (ROOT / source).exists()] == []
    assert apps | set(contract) - {"examples"} | {"templates", "static", "locale", "fixtures"} <= set(copied)


def test_the_image_has_what_papers_are_drawn_with_and_runs_as_nobody_special():
    assert [package for package in PACKAGES_TO_RUN if package not in DOCKERFILE] == []
    assert re.findall(r"^USER (\w+)$", DOCKERFILE, re.MULTILINE) == ["portal"]
    assert DOCKERFILE.index("USER portal") < DOCKERFILE.index("\nCMD")
    assert "HEALTHCHECK" in DOCKERFILE


def test_no_image_is_unpinned():
    images = [service["image"] for service in SERVICES.values()]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert [image for image in images if not re.search(r":\d+(\.\d+)+", image)] == []


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_a_service_is_watched_and_comes_back(name):
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")


@pytest.mark.parametrize("name", OURS)
def test_a_service_sets_only_what_operations_explains(name):
    assert set(SERVICES[name]["environment"]) <= set(settings_table()) - {"TEST_DB_SUFFIX", "DEBUG"}


def test_every_value_asked_of_the_operator_is_explained():
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    text = (ROOT / "docs" / "operations.md").read_text()
    assert asked
    assert sorted(name for name in asked if name not in text) == []


def test_compose_has_the_parts_of_the_house():
    assert {"proxy", "web", "worker", "beat", "postgres", "valkey", "simulator"} <= set(SERVICES)
    assert [name for name in SERVICES if "replicas" in SERVICES[name].get("deploy", {})] == ["web", "worker"]
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["proxy"]
    proxy = SERVICES["proxy"]["networks"]["portal"]["ipv4_address"]
    assert SERVICES["web"]["environment"]["TRUSTED_PROXIES"] == proxy


def test_ci_runs_the_test_command_of_the_readme():
    commands = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if "make" in line]
    assert commands == ["exec make test"]
