"""Draws the table of a policy: the diagrams in docs/spec/approval.md are made from the file itself.

`python -m server.approval.drawing docs/spec/approval.md` rewrites what stands between the marks.
"""

import sys
from pathlib import Path

from server.approval.policy import Policy, Transition, Who
from server.approval.policy_file import default_rules

BEGIN = "<!-- drawn from schema/policies/cabinet.json: begin -->"
END = "<!-- drawn from schema/policies/cabinet.json: end -->"

_WHO = {Who.LEAD: "lead body", Who.SECRETARIAT: "Secretariat", Who.ENGINE: "server"}


def diagram(policy: Policy, name: str) -> str:
    """One procedure as a Mermaid state diagram."""
    procedure = policy.procedures[name]
    used = {state for line in procedure.transitions for state in (*line.sources, line.target)}
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{state.uk}" as {key}' for key, state in policy.states.items() if key in used]
    if policy.start in used:
        lines.append(f"    [*] --> {policy.start}")
    lines += [f"    {source} --> {line.target}: {line.verb.value}" for line in procedure.transitions for source in line.sources]
    lines += [f"    {key} --> [*]" for key, state in policy.states.items() if key in used and state.final]
    return "\n".join(lines)


def table(policy: Policy, name: str) -> str:
    """One procedure as a table: step, from, to, who, what it needs."""
    rows = [_row(line) for line in policy.procedures[name].transitions]
    return "\n".join(["| step | from | to | who | needs |", "|---|---|---|---|---|", *rows])


def drawn(policy: Policy) -> str:
    """Everything between the marks."""
    parts = [BEGIN]
    for name, procedure in policy.procedures.items():
        parts += [f"### {procedure.en}", "", "```mermaid", diagram(policy, name), "```", "", table(policy, name), ""]
    return "\n".join([*parts, END])


def redraw(page: str, policy: Policy) -> str:
    """The page with today's drawing between its marks. Raises ValueError when it has no marks."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the page has no marks to draw between")
    return before + drawn(policy) + after


def _row(line: Transition) -> str:
    needs = ", ".join(need.value for need in line.needs) or "—"
    target = f"{line.target} (procedure {line.procedure})" if line.procedure else line.target
    return f"| `{line.verb.value}` | {', '.join(line.sources)} | {target} | {', '.join(_WHO[who] for who in line.by)} | {needs} |"


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(redraw(file.read_text(encoding="utf-8"), default_rules().policy), encoding="utf-8")
