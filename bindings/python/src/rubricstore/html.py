"""What notebooks show: trees, differences and scores.

Everything that comes from a rubric is escaped. Colours are the notebook's own, made weaker or
stronger, so that they can be read in light and in dark; nothing is loaded from elsewhere.
"""

from __future__ import annotations

from html import escape
from json import dumps

from .edits import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .document import Criterion, Rubric
    from .history import Diff
    from .pin import PinnedRubric
    from .score import Score

_STYLE = """<style>
.rubricstore{font:13px/1.45 ui-sans-serif,system-ui,sans-serif;max-width:60em}
.rubricstore ul{list-style:none;margin:0;padding-left:1.3em;
border-left:1px solid rgba(128,128,128,.35)}
.rubricstore>ul{border:0;padding-left:0}
.rubricstore li{margin:.15em 0}
.rubricstore code{font:12px ui-monospace,monospace;background:none;color:inherit}
.rubricstore .muted{opacity:.65}
.rubricstore .bar{display:inline-block;width:5em;height:.6em;margin-right:.5em;
background:rgba(128,128,128,.22)}
.rubricstore .bar i{display:block;height:100%;background:rgba(70,130,200,.85)}
.rubricstore .bar i.cost{background:rgba(205,85,65,.85)}
.rubricstore .share{display:inline-block;min-width:4em;text-align:right;margin-right:.6em;
font-variant-numeric:tabular-nums}
.rubricstore .tag{border:1px solid rgba(128,128,128,.5);border-radius:.6em;padding:0 .5em;
font-size:11px;margin-left:.4em}
.rubricstore summary{cursor:pointer}
.rubricstore p{margin:.2em 0 .4em 1.3em;white-space:pre-wrap}
.rubricstore table{border-collapse:collapse}
.rubricstore td,.rubricstore th{padding:.15em .8em .15em 0;text-align:left;vertical-align:top;
background:none}
.rubricstore ins{text-decoration:none;background:rgba(70,160,90,.25)}
.rubricstore del{background:rgba(205,85,65,.22)}
</style>"""


def _block(*parts: str) -> str:
    return f'{_STYLE}<div class="rubricstore">{"".join(parts)}</div>'


def _number(value: float | None) -> str:
    return "–" if value is None else escape(f"{value:.4g}")


def _tag(text: str) -> str:
    return f'<span class="tag">{escape(text)}</span>'


def pin(pinned: PinnedRubric) -> str:
    """A pinned rubric as a tree."""
    about = f'<b>{escape(pinned.id)}</b><code class="muted">@{escape(pinned.commit[:12])}</code>'
    return _block(_tree(pinned.rubric, about))


def rubric(document: Rubric) -> str:
    """A rubric as a tree."""
    return _block(_tree(document, f"<b>{escape(document.id)}</b>"))


def _tree(document: Rubric, about: str) -> str:
    aggregation = document.aggregation
    clip = aggregation.clip
    rule = (
        f"judge {document.judge.mode}, reward {aggregation.method}, "
        + (f"clipped to {clip[0]:g}…{clip[1]:g}" if clip else "not clipped")
        + f", missing {aggregation.missing}, na {aggregation.na}"
    )
    title = f" {escape(document.title)}" if document.title else ""
    shares = document.shares()
    rows = "".join(_row(criterion, shares) for criterion in document.criteria)
    return f'<div>{about}{title}</div><div class="muted">{escape(rule)}</div><ul>{rows}</ul>'


def _row(criterion: Criterion, shares: dict[str, float]) -> str:
    share = shares.get(criterion.id)
    costs = criterion.polarity == "negative" and criterion.credit == "penalty"
    percent = "–" if share is None else f"{'−' if costs else ''}{share:.1%}"
    width = 0.0 if share is None else 100 * share
    kind = " class=cost" if costs else ""
    bar = f'<span class="bar"><i{kind} style="width:{width:.1f}%"></i></span>'
    head = (
        f'{bar}<span class="share">{percent}</span><code>{escape(criterion.id)}</code> '
        f'{escape(criterion.title)} <span class="muted">weight {criterion.weight:g}, '
        f"{escape(_kind(criterion))}</span>{_tags(criterion)}"
    )
    body = "".join(f"<p>{text}</p>" for text in _texts(criterion))
    inner = "".join(_row(child, shares) for child in criterion.criteria)
    if body:
        head = f"<details><summary>{head}</summary>{body}</details>"
    return f"<li>{head}{f'<ul>{inner}</ul>' if inner else ''}</li>"


def _kind(criterion: Criterion) -> str:
    if criterion.is_group:
        return f"group, {criterion.rollup}"
    scale = criterion.scale
    if scale.kind == "binary":
        return "binary"
    ends = f"{scale.min:g}…{scale.max:g}"
    return f"{len(scale.levels)} levels {ends}" if scale.kind == "levels" else ends


def _tags(criterion: Criterion) -> str:
    tags: list[str] = []
    if criterion.polarity == "negative":
        tags.append(f"negative, {criterion.credit}")
    if criterion.gate is not None:
        gate = criterion.gate
        cap = "" if gate.cap is None else f" {gate.cap:g}"
        tags.append(f"below {gate.min:g}: {gate.effect}{cap}")
    if criterion.status != "active":
        tags.append(criterion.status)
    if criterion.pinned:
        tags.append("pinned")
    return "".join(_tag(tag) for tag in tags)


def _texts(criterion: Criterion) -> list[str]:
    texts = [escape(criterion.text)] if criterion.text else []
    if criterion.applies_when:
        texts.append(f'<span class="muted">Applies when:</span> {escape(criterion.applies_when)}')
    for level in criterion.scale.levels:
        label = f" {escape(level.label)}" if level.label else ""
        texts.append(f"<b>{level.value:g}</b>{label} {escape(level.text)}")
    for reason in criterion.lower_when:
        texts.append(f'<span class="muted">Lower when:</span> {escape(reason)}')
    return texts


def diff(difference: Diff) -> str:
    """A difference: what it means, and the edits."""
    head = (
        f"<div><b>{escape(difference.rubric)}</b> <code>{escape(difference.from_[:12])}</code> → "
        f"<code>{escape(difference.to[:12])}</code>{_tag(difference.comparability)}</div>"
        f'<div class="muted">{escape(difference.sentence)}</div>'
    )
    rows = "".join(
        f"<tr><td>{escape(words(_headline(edit)))}</td><td>{_side(edit, 'before', 'del')}</td>"
        f"<td>{_side(edit, 'after', 'ins')}</td></tr>"
        for edit in difference.edits
    )
    return _block(head, f"<table>{rows}</table>")


def _headline(edit: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in edit.items() if key not in ("before", "after")}


def _side(edit: dict[str, Any], side: str, element: str) -> str:
    if side not in edit:
        return ""
    return f"<{element}>{escape(_plain(edit[side]))}</{element}>"


def _plain(value: Any) -> str:
    if isinstance(value, (str, float)):
        return value if isinstance(value, str) else f"{value:g}"
    text = dumps(value, ensure_ascii=False)
    return text if len(text) <= 400 else text[:399] + "…"


def score(result: Score) -> str:
    """A score: the reward, and what the criteria did where it is explained."""
    if result.reward is None:
        reasons = "".join(
            f"<li><code>{escape(str(reason.criterion or ''))}</code> {escape(reason.message)}"
            f"{_tag(reason.code)}</li>"
            for reason in result.unscorable
        )
        return _block(f"<div><b>no reward</b></div><ul>{reasons}</ul>")
    head = f"<div>reward <b>{_number(result.reward)}</b>, raw {_number(result.raw)}</div>"
    rows = "".join(
        f"<tr><td><code>{escape(item.id)}</code></td><td>{escape(item.treatment)}</td>"
        f"<td>{_number(item.verdict)}</td><td>{_number(item.share)}</td>"
        f"<td>{_number(item.contribution)}</td></tr>"
        for item in result.contributions
    )
    fired = "".join(
        f"<div>gate of <code>{escape(gate.id)}</code>: at most {_number(gate.limit)}</div>"
        for gate in result.gates
        if gate.fired
    )
    names = "".join(f"<th>{name}</th>" for name in ("", "", "verdict", "share", "contribution"))
    return _block(head, f"<table><tr>{names}</tr>{rows}</table>" if rows else "", fired)
