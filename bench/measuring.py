"""Fill a database, start one web worker as production runs it, ask it for pages, and print what that took."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from itertools import cycle, islice
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import django
import httpx
import psycopg
from django.core.management import call_command
from psycopg import sql

from bench.answering import answers
from portal.bare_machine import OUTSIDE, PYTHON, RUNTIME, Trouble, say
from portal.embedded import free_port, place, start_servers
from portal.launch import SECRET_NAMES
from portal.supervisor import Program, Supervisor, supervisor

if TYPE_CHECKING:
    from bench.pages import Page

DATABASE = "bench_portal"
# Kept apart from a portal that uses the same server: the pages' counters and sessions live there.
VALKEY_DATABASE = 7
PLACE = "bench-data"
FEW = 3_500
WARM_UP = 5
READERS = 4
PATIENCE_SECONDS = 40.0
HEADINGS = f"{'page':<40}{'queries':>8}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}{'web cpu':>9}{'db cpu':>9}{'KiB':>7}"


@dataclass(frozen=True)
class Taken:
    """What the requests for one page took, in milliseconds, and the size of the last answer in bytes.

    `web` and `database` are the milliseconds of processor time that the worker and its database connections spent on
    one of them: they say the same on a busy machine.
    """

    milliseconds: Sequence[float]
    web: float
    database: float
    size: int

    def share(self, part: float) -> float:
        """The time that `part` of the requests stayed within."""
        return share(self.milliseconds, part)


def share(times: Sequence[float], part: float) -> float:
    """The time that `part` of them stayed within."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def main(words: Sequence[str]) -> int:
    """Measure and print; the exit code tells errors, not slowness."""
    parser = argparse.ArgumentParser(prog="bench/queue.py", description=__doc__)
    parser.add_argument("--cases", type=int, default=50_000, help="open applications in the end")
    parser.add_argument("--requests", type=int, default=100, help="requests for each page")
    options = parser.parse_args(words)
    try:
        with supervisor(home=RUNTIME / "bench") as keeper:
            address = begin(keeper)
            for cases in sorted({min(FEW, options.cases), options.cases}):
                fill(cases)
                pages = import_module("bench.pages").pages()
                measure(address, f"{cases} open applications", pages, options.requests)
    except Trouble as trouble:
        say(str(trouble))
        return 1
    finally:
        tidy_up()
    return 0


def begin(keeper: Supervisor) -> str:
    """A fresh database and one web worker as production runs it. Returns its address."""
    settings = environment(keeper)
    os.environ.update(settings)
    make_database(settings["DATABASE_URL"])
    address = start(keeper, settings)
    _say_memory("Memory of the worker before its first page", address)
    return address


def tidy_up() -> None:
    """Take away what servers made for the occasion left."""
    for folder in (RUNTIME / PLACE, OUTSIDE / PLACE):
        rmtree(folder, ignore_errors=True)


def environment(keeper: Supervisor) -> dict[str, str]:
    made = {name: secrets.token_urlsafe(48) for name in SECRET_NAMES}
    servers = start_servers(keeper, place(PLACE), secrets=made, thrown_away=True, given=os.environ)
    return made | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": urlsplit(servers.database_url)._replace(path=f"/{DATABASE}").geturl(),
        "REDIS_URL": urlsplit(servers.redis_url)._replace(path=f"/{VALKEY_DATABASE}").geturl(),
        "MEDIA_ROOT": str(RUNTIME / "bench" / "media"),
        "KEYS_DIR": str(RUNTIME / "bench" / "keys"),
        "DEBUG": "false",
        "SECURE_COOKIES": "false",  # plain http to the worker itself
        "SECURE_SSL_REDIRECT": "false",
        "LOG_LEVEL": "WARNING",
    }


def make_database(database_url: str) -> None:
    """Make the database anew, with the portal's tables, reference data, offices and accounts."""
    with psycopg.connect(urlsplit(database_url)._replace(path="/postgres").geturl(), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    django.setup()
    with timed("Static files, tables, reference and demo data"):
        import_module("portal.prepare").main(["assets"])
        call_command("migrate", interactive=False, verbosity=0)
        with open(os.devnull, "w") as nowhere:
            call_command("load_reference", stdout=nowhere)
            call_command("load_demo", stdout=nowhere)
        import_module("django.core.cache").cache.clear()


def fill(cases: int) -> None:
    with timed(f"Filled up to {cases} open applications"):
        everything = import_module("bench.seeding").fill(cases, import_module("django.utils.timezone").now())
        with import_module("django.db").connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    say(f"  {everything} applications in all, drafts and decided ones included")


def start(keeper: Supervisor, environment: Mapping[str, str]) -> str:
    """Start one web worker the way production does. Returns its address."""
    port = free_port()
    command = [str(PYTHON), "-m", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", "1", "--threads", "8", "--preload", "--no-control-socket"]
    keeper.start(Program(name="web", command=command, environment=environment))
    address = f"http://127.0.0.1:{port}"
    keeper.wait_until(lambda: answers(f"{address}/health/"), what="The web worker", seconds=60.0)
    return address


def measure(address: str, title: str, pages: Sequence[Page], requests: int) -> dict[str, Taken]:
    """Ask the worker at `address` for every page, print the table under `title`, and return its rows by page."""
    rows: dict[str, Taken] = {}
    clients = {name: _signed_in(address, name) for name in sorted({page.username for page in pages})}
    say(f"\n{title}, {requests} requests for each page, load of the machine {os.getloadavg()[0]:.1f}")
    say(HEADINGS)
    for page in pages:
        client = clients[page.username]
        rows[page.name] = _ask(address, [_ways(page, client)], requests)
        _say_row(page.name, str(_queries(page, client)), rows[page.name])
    queue = next(page for page in pages if page.paths == ["/queue/"])
    readers = [_ways(queue, clients[queue.username]) for _reader in range(READERS)]
    _say_row(f"{queue.name}, {READERS} at once", "", _ask(address, readers, requests // READERS))
    _say_memory("Memory of the worker", address)
    return rows


def _say_row(name: str, queries: str, taken: Taken) -> None:
    figures = (taken.share(0.5), taken.share(0.95), max(taken.milliseconds), taken.web, taken.database)
    say(f"{name:<40}{queries:>8}{''.join(f'{figure:9.1f}' for figure in figures)}{taken.size / 1024:7.0f}")


def _signed_in(address: str, username: str) -> httpx.Client:
    client = httpx.Client(base_url=address, follow_redirects=True, timeout=PATIENCE_SECONDS)
    client.get("/sign-in/")
    form = {"username": username, "password": import_module("offices.demo").DEMO_PASSWORD}
    answer = _post(client, "/sign-in/", form)
    if answer.status_code != 200 or "session" not in client.cookies:
        raise Trouble(f"{username} could not sign in: {answer.status_code}.")
    return client


def _post(client: httpx.Client, path: str, form: Mapping[str, str]) -> httpx.Response:
    return client.post(path, data={**form, "csrfmiddlewaretoken": client.cookies["csrf"]})


def _ways(page: Page, client: httpx.Client) -> Iterator[Callable[[], httpx.Response]]:
    """Endless requests for the page, its variants in turn. Raises Trouble when one answers with another status."""
    token = ""

    def answer(path: str, word: str) -> httpx.Response:
        if word:
            return _post(client, path, {"q": word})
        return client.get(path, headers={"X-Background": "1"} if page.is_background else {})

    def ask(path: str, word: str) -> httpx.Response:
        nonlocal token
        answered = answer(path.replace("{token}", token), word)
        if answered.status_code != page.status and "{token}" in path:
            # A list counts as unchanged until the minute ends.
            token = _token(client)
            answered = answer(path.replace("{token}", token), word)
        if answered.status_code != page.status:
            raise Trouble(f"{page.name}: {path} answered with {answered.status_code} instead of {page.status}.")
        return answered

    for path, word in cycle((path, word) for path in page.paths for word in page.searched or [""]):
        yield partial(ask, path, word)


def _token(client: httpx.Client) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/queue/").text)
    if found is None:
        raise Trouble("The queue carries no token.")
    return found[1]


def _ask(address: str, readers: Sequence[Iterator[Callable[[], httpx.Response]]], requests: int) -> Taken:
    """What `requests` requests of each reader take, warm-up left out; all readers ask at once."""
    for ways in readers:
        for ask in islice(ways, WARM_UP):
            size = len(ask().content)
    web, database = _worker(address).busy, database_busy()
    with ThreadPoolExecutor(len(readers)) as pool:
        taken = [took for times in pool.map(lambda ways: _times(ways, requests), readers) for took in times]
    web, database = _worker(address).busy - web, database_busy() - database
    return Taken(taken, web * 1000 / len(taken), database * 1000 / len(taken), size)


def _times(ways: Iterator[Callable[[], httpx.Response]], requests: int) -> list[float]:
    """The milliseconds of up to `requests` requests, one after the other; a page that is far too slow gets fewer."""
    milliseconds: list[float] = []
    ends_at = time.monotonic() + PATIENCE_SECONDS
    for ask in islice(ways, requests):
        started = time.perf_counter()
        ask()
        milliseconds.append((time.perf_counter() - started) * 1000)
        if time.monotonic() > ends_at:
            break
    return milliseconds


def _queries(page: Page, client: httpx.Client) -> int:
    """How many queries the page makes, counted in this process, in the same session."""
    test = import_module("django.test")
    capture = import_module("django.test.utils").CaptureQueriesContext
    reader = test.Client(SERVER_NAME="127.0.0.1", headers={"X-Background": "1"} if page.is_background else {})
    reader.cookies["session"] = client.cookies["session"]
    path = page.paths[0].format(token=_token(client)) if "{token}" in page.paths[0] else page.paths[0]
    if page.searched:
        reader.post(path, {"q": page.searched[0]})
    else:
        reader.get(path)
    with capture(import_module("django.db").connection) as queries:
        reader.get(path)
    return sum(query["sql"] not in ("BEGIN", "COMMIT") for query in queries)


def _say_memory(when: str, address: str) -> None:
    worker = _worker(address)
    say(f"{when}: {worker.memory:.0f} MB, its share of them {worker.share:.0f} MB")


@dataclass(frozen=True)
class Worker:
    """The web worker: megabytes resident, and of these its own share (pages it has in common counted in parts).

    `busy` is the seconds of processor time it has used.
    """

    memory: float
    share: float
    busy: float


def _worker(address: str) -> Worker:
    """The worker behind `address`: of the processes started for it the one whose parent is another of them."""
    mark = f"--bind\0{address.removeprefix('http://')}\0".encode()
    parents = {}
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (process / "cmdline").read_bytes():
                parents[process.name] = _numbers_of(process, "status")["PPid"]
    number = next(number for number, parent in parents.items() if str(parent) in parents)
    process = Path("/proc", number)
    memory = _numbers_of(process, "smaps_rollup")
    return Worker(memory["Rss"] / 1024, memory["Pss"] / 1024, busy(process))


def _numbers_of(process: Path, file: str) -> dict[str, int]:
    lines = (line.partition(":") for line in (process / file).read_text().splitlines())
    return {name: int(word) for name, _, rest in lines if (word := rest.strip().partition(" ")[0]).isdigit()}


def database_busy() -> float:
    """Seconds of processor time of the connections to the measured database; 0 where its server is elsewhere."""
    used = 0.0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            title = (process / "cmdline").read_bytes()
            if title.startswith(b"postgres:") and DATABASE.encode() in title:
                used += busy(process)
    return used


def busy(process: Path) -> float:
    times = (process / "stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def timed(step: str) -> Iterator[None]:
    """Say how long the step took."""
    started = time.monotonic()
    yield
    say(f"{step}: {time.monotonic() - started:.1f} s")
