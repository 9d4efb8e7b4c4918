"""How a command ends when something is wrong: one line on standard error, and an exit status."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import contextmanager
from io import TextIOWrapper
from typing import TYPE_CHECKING

import click

from bot.terminal import safe
from index import NewsdeskError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import NoReturn

USER_ERROR = 2
INTERRUPTED = 130
"""As a shell has it: 128 and SIGINT's number."""


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Turn what a person can mend into one line and exit status 2, Ctrl-C into 130.

    What cannot be read from standard input, or printed in the terminal's encoding, is replaced by a mark.
    """
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        yield
    except (click.Abort, KeyboardInterrupt):
        _fail("stopped; what was done so far is kept", status=INTERRUPTED)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(USER_ERROR)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "newsdesk"
        _fail(f"{error.format_message().rstrip('.')}; see {command} --help")
    except click.ClickException as error:
        _fail(error.format_message())
    except NewsdeskError as error:
        _fail(str(error))
    except (sqlite3.Error, OSError, UnicodeError) as error:
        _fail(f"{error}; nothing that was committed is lost, run the command again once that is mended")


def _fail(message: str, *, status: int = USER_ERROR) -> NoReturn:
    click.echo(f"newsdesk: {safe(' '.join(message.split()))}", err=True)
    sys.exit(status)
