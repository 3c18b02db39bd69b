"""The partner's command line: `python3 -m partner golden` prints, writes or checks the golden vectors."""

import argparse
import sys
from pathlib import Path

from .golden import golden_text

_GOLDEN_FILE = (
    Path(__file__).resolve().parents[2] / "packages/protocol/test-support/golden/partner-golden.json"
)


def main(arguments: list[str]) -> int:
    """Runs one command and gives the exit status."""
    parser = argparse.ArgumentParser(prog="partner", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    golden = commands.add_parser("golden", help="the golden bytes of every message and option")
    what = golden.add_mutually_exclusive_group()
    what.add_argument("--write", action="store_true", help=f"write {_GOLDEN_FILE.name}")
    what.add_argument("--check", action="store_true", help="fail when the file is not what would be written")
    chosen = parser.parse_args(arguments)
    return _golden(chosen)


def _golden(chosen: argparse.Namespace) -> int:
    text = golden_text()
    if chosen.write:
        _GOLDEN_FILE.parent.mkdir(parents=True, exist_ok=True)
        _GOLDEN_FILE.write_text(text, encoding="utf-8")
    elif chosen.check:
        if not _GOLDEN_FILE.exists() or _GOLDEN_FILE.read_text(encoding="utf-8") != text:
            print(f"{_GOLDEN_FILE} is not current: run `python3 -m partner golden --write` in e2e", file=sys.stderr)
            return 1
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
