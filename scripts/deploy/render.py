"""Write the configuration of nginx or the systemd unit from its template, with this machine's paths and the server's own limits.

In: `nginx` or `unit` and options. Out: the text on standard output, or in the file that `--out` names, which is whole or not
there. The figures that the proxy and the unit must agree on with the server are taken from `scripts/presentation/settings.py`.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from leadership import paths  # noqa: E402
from leadership.replacing import replace_text  # noqa: E402
from presentation import settings  # noqa: E402

NAME = re.compile(r"@([A-Z_]+)@")
SAFE = re.compile(r"[A-Za-z0-9_.:/\[\]*-]+")  # nothing that ends a value in the syntax of nginx or systemd, no space
# Headers on what nginx answers itself; the replicas set their own on what they answer, so none is ever sent twice.
OWN_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Access-Control-Allow-Origin", "*"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"),
)


class UnusableError(Exception):
    """A setting that cannot be written into a configuration; its text says which and why."""


def fill(template: str, settings: dict[str, str]) -> str:
    """Return the template with every @NAME@ replaced. Raises KeyError for a name without a setting."""
    return NAME.sub(lambda found: settings[found[1]], template)


def longest_wait() -> int:
    """Return how many seconds the slowest answer may take: a reader's own query behind all those that may wait before it."""
    limits, each = settings.LIMITS, settings.SETTINGS["sql_time_limit_ms"] / 1000
    rounds = (limits["own_queries_waiting"] + limits["own_queries_at_once"]) / limits["own_queries_at_once"]
    return round(rounds * each) + 10


def nginx_configuration(
    listen: str,
    replicas: list[str],
    release: Path,
    name: str = "_",
    user: str = "www-data",
    rate: int = 20,
    sql_rate: int = 2,
    fail_seconds: int = 10,
    base_url: str = "/",
) -> str:
    """Return a complete nginx.conf. Raises UnusableError."""
    if len(set(replicas)) != len(replicas) or not replicas:
        raise UnusableError("name each replica once, by --replica host:port")
    release = release.resolve()
    if not (release / "leadership.db").is_file():
        raise UnusableError(f"{release} holds no leadership.db; make a release first")
    for value in (listen, name, user, str(release), *replicas):
        if not SAFE.fullmatch(value):
            raise UnusableError(f"{value!r} cannot be written into a configuration: only letters, digits and _ . : / [ ] * - can")
    limits = settings.LIMITS
    servers = [f"server {replica} max_fails=1 fail_timeout={fail_seconds}s;" for replica in replicas]
    return fill(
        (HERE / "nginx.conf.in").read_text(encoding="utf-8"),
        {
            "USER": user,
            "LISTEN": listen,
            "NAME": name,
            "SERVERS": "\n        ".join(servers),
            "RELEASE": str(release),
            "RATE": str(rate),
            "BURST": str(rate * 5),
            "SQL_RATE": str(sql_rate),
            "SQL_BURST": str(sql_rate * 5),
            "CONNECTIONS": str(max(20, rate * 2)),
            "BODY_BYTES": str(limits["body_bytes"] + 1000),
            "BODY_SECONDS": str(limits["body_seconds"] + 1),
            "PREFIX": base_url,
            "ADDRESS_BYTES": str(limits["address_bytes"] + 1000),
            "READ_SECONDS": str(longest_wait()),
            "HEADERS": "\n            ".join(f'add_header {header} "{value}" always;' for header, value in OWN_HEADERS),
        },
    )


def systemd_unit(folder: Path, python: Path, database: Path, base_url: str = "/") -> str:
    """Return the unit of one replica that runs in `folder`. Raises UnusableError."""
    folder, database = folder.resolve(), database.resolve()
    for value, kind in ((folder / "scripts" / "commands" / "serve.py", "script"), (python, "Python"), (database, "database")):
        if not value.is_file():
            raise UnusableError(f"{value} is no {kind}; give the folder in which `make build` was run")
        if not SAFE.fullmatch(str(value)):
            raise UnusableError(f"{str(value)!r} cannot be written into a unit: only letters, digits and _ . : / [ ] * - can")
    in_home = any(path.parts[1:2] in (("home",), ("root",)) for path in (folder, python, database))
    return fill(
        (HERE / "leadership@.service.in").read_text(encoding="utf-8"),
        {
            "FOLDER": str(folder),
            "PYTHON": str(python),
            "DATABASE": str(database),
            "BASE_URL": base_url,
            "STOP_SECONDS": str(settings.LIMITS["stop_seconds"] + 5),
            "PROTECT_HOME": "read-only" if in_home else "yes",  # who installs into a home directory must at least be able to read it
        },
    )


def write(text: str, out: Path | None) -> None:
    """Write to standard output, or to a file that is replaced as a whole."""
    if out is None:
        sys.stdout.write(text)
        return
    replace_text(out, text)


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the configuration of nginx or the systemd unit from its template.")
    kinds = parser.add_subparsers(dest="kind", required=True)
    nginx = kinds.add_parser("nginx", help="nginx before several replicas")
    nginx.add_argument("--listen", default="80", help="port, or address:port")
    nginx.add_argument("--name", default="_", help="the host's name")
    nginx.add_argument("--replica", action="append", metavar="HOST:PORT", help="once for each; 127.0.0.1:8001 and :8002 if none is given")
    nginx.add_argument("--release", type=Path, default=paths.ROOT / "dist" / "release", help="the folder that `make release` wrote")
    nginx.add_argument("--user", default="www-data", help="as whom the workers run")
    nginx.add_argument("--rate", type=int, default=20, help="requests a second and reader; five times as many at once")
    nginx.add_argument("--sql-rate", type=int, default=2, help="the same for SQL that readers write")
    nginx.add_argument("--fail-seconds", type=int, default=10, help="how long a replica that failed is left alone")
    unit = kinds.add_parser("unit", help="systemd unit of one replica, leadership@.service")
    unit.add_argument("--folder", type=Path, default=paths.ROOT)
    unit.add_argument("--python", type=Path, default=paths.ROOT / ".venv" / "bin" / "python")
    unit.add_argument("--database", type=Path, default=paths.DATABASE)
    for kind in (nginx, unit):
        kind.add_argument(
            "--base-url", type=settings.read_base_url, default="/", help="the path below which the site stands; the same for both"
        )
        kind.add_argument("--out", type=Path, help="write here instead of standard output")
    options = parser.parse_args()
    try:
        if options.kind == "nginx":
            replicas = options.replica or ["127.0.0.1:8001", "127.0.0.1:8002"]
            for figure in ("rate", "sql_rate", "fail_seconds"):
                if getattr(options, figure) < 1:
                    raise UnusableError(f"--{figure.replace('_', '-')} must be 1 or more")
            text = nginx_configuration(
                options.listen,
                replicas,
                options.release,
                options.name,
                options.user,
                options.rate,
                options.sql_rate,
                options.fail_seconds,
                options.base_url,
            )
        else:
            text = systemd_unit(options.folder, options.python.absolute(), options.database, options.base_url)
        write(text, options.out)
    except (UnusableError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
