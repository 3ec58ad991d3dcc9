"""The `zlahoda` command (DESIGN §5): every subcommand says on stderr what went wrong and exits with another code than 0."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from server.access.roles import GlobalRole
from server.acts.model import scheme_of
from server.compare.compare import compare
from server.compare.files import COMPARISONS, read_both
from server.errors import ConfigurationError, ZlahodaError
from server.formats import formats
from server.text.numbering import load_scheme


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 refused, 2 misused, 130 interrupted."""
    given = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = given.run
    try:
        return run(given)
    except ConfigurationError as error:
        return _fail(str(error), 2)
    except ZlahodaError as error:
        return _fail(_reason(error), 1)
    except OSError as error:
        return _fail(_first_line(error), 1)
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="zlahoda", description="Zlahoda: ministries write and agree draft acts together.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serving = commands.add_parser(
        "serve", help="run the server", description="Run the server until SIGTERM or Ctrl+C; edits on their way are saved first."
    )
    serving.add_argument("--host", metavar="H", help="address to listen on (default 127.0.0.1)")
    serving.add_argument("--port", metavar="P", type=int, help="port to listen on (default 8000)")
    _add_storage(serving)
    serving.add_argument("--redis", metavar="URL", help="redis://host:port/0, where several processes serve the same acts")
    serving.add_argument("--demo", action="store_true", default=None, help="demo accounts without passwords; loopback only")
    serving.set_defaults(run=_on_data("serve"))

    people = commands.add_parser("user", help="accounts", description="Accounts.").add_subparsers(required=True, metavar="COMMAND")
    adding = people.add_parser(
        "add", help="make an account", description="Make an account. The password is the first line of standard input."
    )
    adding.add_argument("email", metavar="EMAIL")
    adding.add_argument("--name", required=True, help="the person's name as colleagues will see it")
    adding.add_argument("--body", required=True, metavar="CODE", help="the body's code: skmu minjust minfin mvs …")
    adding.add_argument("--position", default="", help="the person's position")
    adding.add_argument("--role", default="", choices=[role.value for role in GlobalRole if role], help="a role in the whole system")
    adding.add_argument("--password-stdin", action="store_true", required=True, help="read the password from standard input")
    _add_storage(adding)
    adding.set_defaults(run=_on_data("add_user"))

    token = commands.add_parser("token", help="print an API token", description="Make an API token of a person and print it, once.")
    token.add_argument("email", metavar="EMAIL")
    token.add_argument("--name", default="zlahoda token", help="what the token is for")
    token.add_argument("--days", type=int, help="days until it expires (default: never)")
    _add_storage(token)
    token.set_defaults(run=_on_data("token"))

    how = "Read one file, write another; formats by ending: md txt json, and html to write."
    converting = commands.add_parser("convert", help="a file in another format", description=how)
    converting.add_argument("source", metavar="IN", type=Path)
    converting.add_argument("target", metavar="OUT", type=Path)
    converting.set_defaults(run=_convert)

    how = "Tell what changed between two files, without a server. Typographic changes and editors' notes are kinds of their own."
    comparing = commands.add_parser("compare", help="what changed between two files", description=how)
    comparing.add_argument("old", metavar="OLD", type=Path)
    comparing.add_argument("new", metavar="NEW", type=Path)
    comparing.add_argument("--format", choices=sorted(COMPARISONS), default="json", help="json (default), html (redline) or table-html")
    comparing.add_argument("-o", dest="output", metavar="OUT", type=Path, help="write to a file instead of standard output")
    comparing.set_defaults(run=_compare)

    _add_keeping(commands)
    return parser


def _add_keeping(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """What keeps the data safe: verify, backup, restore."""
    how = "Prove journal, revisions and the record of actions: of the server's data, or of an exported package. One line per defect."
    verifying = commands.add_parser("verify", help="prove that nothing stored was changed", description=how)
    verifying.add_argument("package", metavar="FILE.zip", type=Path, nargs="?", help="an exported package; without it, the server's data")
    _add_storage(verifying)
    verifying.set_defaults(run=_on_data("verify"))

    how = "Write everything the server holds into one file, as it is at one moment. The server need not stop."
    backing = commands.add_parser("backup", help="everything into one file", description=how)
    backing.add_argument("file", metavar="FILE", type=Path)
    _add_storage(backing)
    backing.set_defaults(run=_on_data("backup"))

    how = "Load a backup into an empty SQLite folder or PostgreSQL database and prove it. People sign in anew; API tokens hold."
    restoring = commands.add_parser("restore", help="a backup into an empty database", description=how)
    restoring.add_argument("file", metavar="FILE", type=Path)
    restoring.add_argument("--replace", action="store_true", help="set the SQLite database that is there aside, under another name")
    _add_storage(restoring)
    restoring.set_defaults(run=_on_data("restore"))


def _add_storage(parser: argparse.ArgumentParser) -> None:
    storage = parser.add_mutually_exclusive_group()
    storage.add_argument("--data", metavar="DIR", type=Path, help="folder of the SQLite database (default: data)")
    storage.add_argument("--database", metavar="URL", help="postgresql://user@host:port/name instead of SQLite")


def _on_data(name: str) -> Callable[[argparse.Namespace], int]:
    """A command that works on a server's data, by its name in `server/commands.py`."""

    def run(given: argparse.Namespace) -> int:
        from server import commands  # noqa: PLC0415 - the whole server: commands on files start a second sooner without it

        return commands.run(name, given)

    return run


def _convert(given: argparse.Namespace) -> int:
    imported = formats.read(given.source.name, given.source.read_bytes())
    scheme = load_scheme(scheme_of(imported.kind))
    export = formats.write(formats.ending_of(given.target.name), imported.tree, scheme, imported.title, imported.kind)
    given.target.write_bytes(export.content)
    for warning in imported.warnings:
        print(f"{given.source}:{warning.line}: {warning.en}", file=sys.stderr)
    return 0


def _compare(given: argparse.Namespace) -> int:
    left, right = read_both(given.old, given.new)
    content = COMPARISONS[given.format](compare(left, right))
    if given.output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        given.output.write_bytes(content)
    return 0


def _reason(error: ZlahodaError) -> str:
    fields = error.extra.get("fields")
    if isinstance(fields, dict):
        return "; ".join(f"{name}: {reason[1] if isinstance(reason, tuple) else reason}" for name, reason in fields.items())
    return str(error)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__


def _fail(reason: str, code: int) -> int:
    print(f"zlahoda: {reason}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
