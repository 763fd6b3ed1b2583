"""What ``doctor`` can check, as a table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ngrok_scim_cli.report.layout import wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_HEADS = ("Check", "What it checks", "Needs", "Finds")
_GAP = "  "
# The columns before the last one, which gets what is left of a page of 100.
_WIDTHS = (18, 35, 22, 19)

_CODE = re.compile(r"([A-Z]{3})([0-9]{3})")


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check that can be made.

    Attributes:
        code: its name for ``--only`` and ``--skip``.
        name: what it checks.
        category: the heading under which it stands.
        needs: what must be there to make it; may be empty.
        finds: the codes of all that it can find.
    """

    code: str
    name: str
    category: str
    needs: str
    finds: tuple[str, ...]

    def document(self) -> dict[str, object]:
        """Return it as JSON values."""
        return {
            "code": self.code,
            "name": self.name,
            "category": self.category,
            "needs": self.needs,
            "finds": list(self.finds),
        }


def render_check_table(rows: Sequence[CheckRow]) -> str:
    """Return ``rows`` as a table of at most 100 columns, under their categories."""
    lines = [_line(_HEADS)]
    category = ""
    for row in rows:
        if row.category != category:
            category = row.category
            lines += ["", category]
        lines += _lines((row.code, row.name, row.needs, shortened_codes(row.finds)))
    return "\n".join(lines) + "\n"


def shortened_codes(codes: Iterable[str]) -> str:
    """Return codes with neighbours drawn together: ``SCM503-518, USR601``."""
    runs: list[tuple[str, int, int]] = []
    for code in sorted(codes):
        matched = _CODE.fullmatch(code)
        if matched is None:
            raise ValueError(f"{code} is no finding code")
        family, number = matched[1], int(matched[2])
        if runs and runs[-1][0] == family and runs[-1][2] == number - 1:
            runs[-1] = (family, runs[-1][1], number)
        else:
            runs.append((family, number, number))
    return ", ".join(
        f"{family}{first:03}" if first == last else f"{family}{first:03}-{last:03}"
        for family, first, last in runs
    )


def _lines(cells: Sequence[str]) -> list[str]:
    """Return a row, over as many lines as its longest cell takes."""
    broken = [wrap(cell, width) or [""] for cell, width in zip(cells, _WIDTHS, strict=True)]
    height = max(map(len, broken))
    padded = [[*cell, *[""] * (height - len(cell))] for cell in broken]
    return [_line(row) for row in zip(*padded, strict=True)]


def _line(cells: Sequence[str]) -> str:
    fitted = (cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True))
    return _GAP.join(fitted).rstrip()
