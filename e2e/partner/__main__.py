"""The partner's command line: golden vectors, the list of scenarios, and one scenario against a running server."""

import argparse
import json
import sys
import traceback
from pathlib import Path

from .game import Place, playing
from .golden import golden_text
from .scenarios import SCENARIOS

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
    commands.add_parser("scenarios", help="the list of scenarios, as JSON")
    play = commands.add_parser("play", help="one scenario against a server that runs")
    play.add_argument("scenario", help="an id of the list")
    play.add_argument("--place", required=True, help="where the server is, as JSON: the fields of partner.game.Place")
    chosen = parser.parse_args(arguments)
    return {"golden": _golden, "scenarios": _list, "play": _play}[chosen.command](chosen)


def _list(_: argparse.Namespace) -> int:
    fields = [
        {"id": each.id, "name": each.name, "against": each.against, "tls": each.tls, "fresh": each.fresh}
        for each in SCENARIOS
    ]
    print(json.dumps(fields, ensure_ascii=False))
    return 0


def _play(chosen: argparse.Namespace) -> int:
    number, found = next((at, each) for at, each in enumerate(SCENARIOS) if each.id == chosen.scenario)
    fields = json.loads(chosen.place)
    certificates = fields["certificates"]
    place = Place(
        **{
            **fields,
            "log_file": Path(fields["log_file"]),
            "certificates": None if certificates is None else Path(certificates),
        }
    )
    try:
        with playing(place, number) as game:
            found.play(game)
    except Exception:
        traceback.print_exc()
        return 1
    return 0


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
