"""Two commands on a bare machine: what they start, what they say when they cannot, and that nothing is left behind."""

import contextlib
import errno
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import psycopg
import pytest
import redis
from django.conf import settings

from portal import bare_machine, embedded, launch
from portal.bare_machine import Trouble, check_room, install_packages, is_held, only_one, sentence_of
from portal.embedded import Postgres, free_port, place, start_servers
from portal.supervisor import MARK, Program, supervisor

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
DEAF = [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); print(1); time.sleep(600)"]
PARENT = [
    sys.executable,
    "-c",
    "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])",
]
FAILING = [sys.executable, "-c", "raise SystemExit('no such register')"]
# A key of the demo's authority signs, and the portal believes it.
SIGN = """
from pathlib import Path
from django.utils import timezone
from registers.electronic_signatures import verify
from registers.simulator import authority
print(verify(b"text", authority.sign(Path(".runtime/pki"), "850412330078", b"text"), now=timezone.now()).signer)
"""
SECRETS = {name: uuid.uuid4().hex for name in launch.SECRET_NAMES}


def marked(home):
    """Every living process that a supervisor with this home started."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and f"{MARK}={home}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
    return found


def wait_for(condition, *, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def answer_of(address):
    """The page at an address; empty while nobody listens there."""
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.read()
    except urllib.error.URLError:
        return b""


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A folder of its own for the launcher, and a place outside it as under a closed home; both cleared at the end."""
    outside = Path("/var/lib") / f"portal-test-{uuid.uuid4().hex[:12]}"
    monkeypatch.setattr(embedded, "RUNTIME", tmp_path)
    monkeypatch.setattr(embedded, "OUTSIDE", outside)
    yield tmp_path
    shutil.rmtree(outside, ignore_errors=True)


class TestSentences:
    def test_a_second_start_is_refused_and_a_dead_one_leaves_no_lock(self, tmp_path):
        lock = tmp_path / "run.lock"
        words = (
            "import time\nfrom pathlib import Path\nfrom portal.bare_machine import only_one\n"
            f"with only_one(Path({str(lock)!r}), 'x'):\n print(1, flush=True)\n time.sleep(600)"
        )
        with subprocess.Popen([sys.executable, "-c", words], stdout=subprocess.PIPE, cwd=settings.BASE_DIR) as holder:
            holder.stdout.readline()
            assert is_held(lock)
            with (
                pytest.raises(Trouble, match=rf"already running \(process {holder.pid}\)"),
                only_one(lock, "already running"),
            ):
                pass
            holder.kill()
        with only_one(lock, "already running"):
            assert lock.exists()

    def test_a_port_in_use_names_the_word_that_chooses_another(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            with pytest.raises(Trouble, match=rf"Port {port} is in use .* `make run PORT=\d+`"):
                launch._check_ports(
                    {"PORT": str(port), "DEMO_PORTAL_PORT": "8200", "SIMULATOR_URL": "http://elsewhere.example"}
                )

    @pytest.mark.parametrize("value", ["0", "70000", "eight"])
    def test_what_is_no_port_is_said(self, monkeypatch, value):
        monkeypatch.setenv("PORT", value)
        with pytest.raises(Trouble, match="PORT must be a port"):
            launch._environment({})

    def test_a_full_disk_is_said_before_and_during(self):
        with pytest.raises(Trouble, match=r"disk is nearly full: .* MB are free"):
            check_room(10**18)
        assert "disk is full" in sentence_of(OSError(errno.ENOSPC, "No space left on device"))

    def test_a_folder_of_another_account_is_said(self):
        assert "/srv/x" in sentence_of(PermissionError(errno.EACCES, "Permission denied", "/srv/x"))

    def test_what_the_system_lacks_is_said_where_apt_may_not_be_used(self, monkeypatch):
        monkeypatch.setattr(bare_machine, "installer", lambda: None)
        with pytest.raises(Trouble, match=r"lacks no-such-package\. Install them with"):
            install_packages(["tzdata", "no-such-package"])

    def test_a_server_that_does_not_answer_is_said(self, machine):
        given = {"DATABASE_URL": "postgres://127.0.0.1:1/portal", "REDIS_URL": "redis://127.0.0.1:1/0"}
        with supervisor(home=machine) as keeper, pytest.raises(Trouble, match="server of REDIS_URL does not answer"):
            start_servers(keeper, place("data"), secrets=SECRETS, thrown_away=True, given=given)


class TestSupervisor:
    def test_nothing_is_left_not_even_the_deaf_and_the_children(self, tmp_path):
        with supervisor(home=tmp_path) as keeper:
            keeper.start(Program(name="deaf", command=DEAF, grace_seconds=0.3))
            keeper.start(Program(name="parent", command=PARENT))
            wait_for(lambda: len(marked(tmp_path)) == 3 and (tmp_path / "logs" / "deaf.log").exists())
        assert marked(tmp_path) == []

    def test_a_killed_program_is_started_again_and_its_children_are_not_kept(self, tmp_path, capsys):
        with supervisor(home=tmp_path) as keeper:
            keeper.start(Program(name="worker", command=PARENT))
            wait_for(lambda: len(marked(tmp_path)) == 2)
            before = marked(tmp_path)
            os.kill(keeper._running["worker"].process.pid, signal.SIGKILL)
            wait_for(lambda: _looked_after(keeper) and len(set(marked(tmp_path)) - set(before)) == 2)
            assert set(before).isdisjoint(marked(tmp_path))
        assert "worker stopped (killed by SIGKILL); starting it again" in capsys.readouterr().out

    def test_a_program_that_will_not_stay_up_ends_all_with_its_last_words(self, tmp_path, monkeypatch):
        monkeypatch.setattr("portal.supervisor.QUICK_DEATHS_ALLOWED", 2)
        with supervisor(home=tmp_path) as keeper:
            keeper.start(Program(name="simulator", command=FAILING))
            with pytest.raises(Trouble, match="2 times in a row: no such register"):
                keeper.watch()
        assert marked(tmp_path) == []

    def test_a_death_while_starting_is_said_at_once(self, tmp_path):
        with supervisor(home=tmp_path) as keeper:
            keeper.start(Program(name="web", command=FAILING))
            with pytest.raises(Trouble, match="web stopped while starting: no such register"):
                keeper.wait_until(lambda: False, what="The web server", seconds=10)

    def test_a_killed_supervisor_takes_its_programs_with_it(self, tmp_path):
        words = (
            "from pathlib import Path\nfrom portal.supervisor import *\n"
            f"with supervisor(home=Path({str(tmp_path)!r})) as keeper:\n"
            f" keeper.start(Program(name='worker', command={SLEEP!r}))\n print(1, flush=True)\n keeper.watch()"
        )
        with subprocess.Popen([sys.executable, "-c", words], stdout=subprocess.PIPE, cwd=settings.BASE_DIR) as killed:
            killed.stdout.readline()
            assert len(marked(tmp_path)) == 1
            killed.kill()
        wait_for(lambda: marked(tmp_path) == [])


def _looked_after(keeper):
    for running in keeper._running.values():
        keeper._look_after(running)
    return True


class TestServers:
    def test_both_start_keep_the_data_and_outlive_a_stale_lock(self, machine):
        """Under root they run as an ordinary account, below a folder that account can reach."""
        with supervisor(home=machine) as keeper:
            servers = start_servers(keeper, place("data"), secrets=SECRETS, thrown_away=True, given={})
            with psycopg.connect(servers.database_url) as connection:
                connection.execute("CREATE TABLE kept AS SELECT 1 AS answer")
                (superuser,) = connection.execute("SHOW is_superuser").fetchone()
            assert redis.Redis.from_url(servers.redis_url).ping()
            owner = Path(f"/proc/{keeper._running['postgres'].process.pid}").stat().st_uid
        assert (superuser, owner == 0) == ("off", False)
        # The number of a server that died long ago belongs to another process by now: this one.
        lock = place("data").folder / "postgres" / "postmaster.pid"
        lock.write_text(f"{os.getpid()}\n{lock.parent}\n")
        with supervisor(home=machine) as keeper:
            servers = start_servers(keeper, place("data"), secrets=SECRETS, thrown_away=True, given={})
            with psycopg.connect(servers.database_url) as connection:
                assert connection.execute("SELECT answer FROM kept").fetchone() == (1,)
        assert marked(machine) == []

    def test_lost_passwords_are_said(self, machine):
        with supervisor(home=machine) as keeper:
            start_servers(keeper, place("data"), secrets=SECRETS, thrown_away=True, given={})
        others = {name: uuid.uuid4().hex for name in SECRETS}
        with supervisor(home=machine) as keeper, pytest.raises(Trouble, match=r"other passwords .* `make reset`"):
            start_servers(keeper, place("data"), secrets=others, thrown_away=True, given={})

    def test_a_lock_of_a_living_server_is_respected(self, machine):
        where = place("data")
        postgres = Postgres(where=where, port=free_port(), password=uuid.uuid4().hex, thrown_away=True)
        with supervisor(home=machine) as keeper:
            keeper.start(postgres.program())
            keeper.wait_until(embedded._answers(postgres), what="PostgreSQL", seconds=30)
            with pytest.raises(Trouble, match=r"Another PostgreSQL \(process \d+\) uses"):
                postgres.program()


class TestRun:
    @pytest.fixture
    def clone(self, tmp_path):
        """The files of this repository in a folder of their own, with the environment that is already there."""
        folder = tmp_path / "clone"
        listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True).stdout
        for name in names.splitlines():
            if (source := settings.BASE_DIR / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, folder / name)
        (folder / ".venv").symlink_to(settings.BASE_DIR / ".venv")
        yield folder
        subprocess.run([sys.executable, "-I", "portal/bare_machine.py", "reset"], cwd=folder, check=True)

    @contextlib.contextmanager
    def running(self, clone, stop_with):
        """The portal as `make run` starts it, stopped by a signal at the end. Gives what it said and the seconds."""
        ports = {name: str(free_port()) for name in ("PORT", "SIMULATOR_PORT", "DEMO_PORTAL_PORT")}
        dropped = ("DATABASE_URL", "REDIS_URL", "MEDIA_ROOT", "KEYS_DIR", "SECURE_COOKIES", "SECURE_SSL_REDIRECT")
        kept = {name: value for name, value in os.environ.items() if name not in (*dropped, MARK)}
        began, lines = time.monotonic(), []
        with subprocess.Popen(
            [str(clone / ".venv/bin/python"), "-m", "portal.launch", "run"],
            cwd=clone,
            env={**kept, **ports},
            stdout=subprocess.PIPE,
            text=True,
        ) as portal:
            for line in portal.stdout:
                lines.append(line.rstrip())
                if "Ctrl-C stops everything" in line:
                    break
            seconds = time.monotonic() - began
            try:
                yield lines, seconds
            finally:
                portal.send_signal(stop_with)
            assert "Stopped; no process is left" in portal.stdout.read()
        assert (portal.returncode, marked(clone / ".runtime")) == (0, [])

    def test_starts_twice_keeps_the_data_and_leaves_no_process(self, clone):
        with self.running(clone, signal.SIGINT) as (first, _):
            address = re.search(r"The portal is running: (http://127\.0\.0\.1:\d+)", "\n".join(first)).group(1)
            with urllib.request.urlopen(f"{address}/health/") as answer:
                assert answer.read() == b'{"database": true, "cache": true}'
            # The demo portal tells what the portal's API told it: it is connected.
            demo = re.search(r"demo portal beside it: (http://127\.0\.0\.1:\d+)", "\n".join(first)).group(1)
            wait_for(lambda: b"/new/VR/VR-2/" in answer_of(demo), seconds=30)
            command = [str(clone / ".venv/bin/python"), "-m", "portal.launch", "manage", "shell", "-v0", "-c", SIGN]
            assert subprocess.check_output(command, cwd=clone, text=True) == "850412330078\n"
            secrets = (clone / ".runtime" / "secrets.env").read_text()
            assert sum("Demo-" in line for line in first) >= 6
        with self.running(clone, signal.SIGTERM) as (second, seconds):
            # Fifteen seconds of a machine that does nothing else; here other tests run beside this one.
            assert seconds < 15 * max(1, os.getloadavg()[0] / os.cpu_count())
            assert [line for line in second if "Making the database" in line] == []
            assert (clone / ".runtime" / "secrets.env").read_text() == secrets
