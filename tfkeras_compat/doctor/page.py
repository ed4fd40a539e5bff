"""What was found, as one page: no network, no file beside it, nothing of the source unescaped."""

import html
import pkgutil
import string
from typing import Any, Dict, Iterable, Iterator, List, Optional, Tuple

import tfkeras_compat
from tfkeras_compat.doctor import differences, symbols
from tfkeras_compat.doctor.reading import Found, Report
from tfkeras_compat.doctor.summary import Summary, Total
from tfkeras_compat.doctor.survey import Change
from tfkeras_compat.doctor.table import TITLES
from tfkeras_compat.doctor.weights import Weights

# State -> the end of its names in the style sheet.
_STYLES = {
    symbols.ABSENT: "absent",
    symbols.UNKNOWN: "unknown",
    symbols.NOTE: "note",
    symbols.WORKS: "works",
}
_UNREAD = '<span class="state is-absent">not read</span>'
_PLACES = 8


def page(summary: Summary, changes: List[Optional[Change]], options: Any) -> str:
    """The text of the page; ``changes`` are those of each report of ``summary``, in its order."""
    template = string.Template((pkgutil.get_data(__name__, "page.html") or b"").decode("utf-8"))
    paths = ", ".join(options.paths)
    return template.substitute(
        title=_escaped("doctor: " + paths),
        paths=_escaped(paths),
        head=_joined(_head(summary)),
        body=_joined(_body(summary, changes, options.to)),
        version=_escaped(tfkeras_compat.__version__),
    )


def _escaped(text: Any) -> str:
    return html.escape(str(text), quote=True)


def _joined(parts: Iterable[str]) -> str:
    return "\n".join(parts)


def _code(text: str) -> str:
    return "<code>%s</code>" % _escaped(text)


def _counted(number: int, thing: str) -> str:
    return "%d %s%s" % (number, thing, "" if number == 1 else "s")


# The head: what it comes to.


def _head(summary: Summary) -> Iterator[str]:
    yield '<p class="verdict">%s</p>' % _escaped(_verdict(summary))
    yield _bar(summary)
    yield '<ul class="counts">%s</ul>' % _joined(_cards(summary))
    yield '<dl class="facts">%s</dl>' % _joined(_facts(summary))


def _verdict(summary: Summary) -> str:
    counts, unreadable = summary.counts(), len(summary.unreadable)
    absent, unknown = counts[symbols.ABSENT], counts[symbols.UNKNOWN]
    if absent["symbols"]:
        subject = "%s in %s" % (
            _counted(absent["symbols"], "symbol"),
            _counted(absent["files"], "file"),
        )
        verdict = "%s need%s another way." % (subject, "s" * (absent["symbols"] == 1))
    elif unknown["symbols"]:
        verdict = "Nothing is known to be missing; %s to look at." % _counted(
            unknown["symbols"], "unknown name"
        )
    else:
        verdict = "All that it uses of TensorFlow and Keras is here."
    read = " %s can not be read." % _counted(unreadable, "file") if unreadable else ""
    return verdict + read


def _bar(summary: Summary) -> str:
    counts = summary.counts()
    parts = [
        '<i class="fill-%s" style="flex-grow:%d"></i>' % (_STYLES[state], counts[state]["uses"])
        for state in reversed(list(TITLES))
        if counts[state]["uses"]
    ]
    return '<div class="bar" aria-hidden="true">%s</div>' % "".join(parts)


def _cards(summary: Summary) -> Iterator[str]:
    counts = summary.counts()
    for state in reversed(list(TITLES)):
        found = counts[state]
        yield "<li><span>%s</span><b>%d</b><span>%s in %s</span></li>" % (
            TITLES[state].capitalize(),
            found["symbols"],
            _counted(found["uses"], "use"),
            _counted(found["files"], "file"),
        )


def _facts(summary: Summary) -> Iterator[str]:
    facts = [
        ("Read", "%s, %s" % (_counted(len(summary.reports), "file"), _lines(summary.lines))),
        ("Language", _listed(summary.languages())),
        ("Written for", _listed(_generation(each) for each in summary.generations().items())),
    ]
    for name, fact in facts:
        yield "<dt>%s</dt><dd>%s</dd>" % (name, _escaped(fact))


def _lines(number: int) -> str:
    return "{:,} lines".format(number)


def _listed(counts: Any) -> str:
    pairs = counts.items() if isinstance(counts, dict) else counts
    return ", ".join("%s (%d)" % pair for pair in pairs) or "nothing"


def _generation(pair: Tuple[str, int]) -> Tuple[str, int]:
    return _written_for(pair[0]), pair[1]


def _written_for(generation: str) -> str:
    return "Keras " + generation if generation[0].isdigit() else generation


# The body: what asks for a decision, then file by file.


def _body(summary: Summary, changes: List[Optional[Change]], step: str) -> Iterator[str]:
    anchors = {each.path: "file-%d" % n for n, each in enumerate(summary.reports)}
    open_questions = [
        each
        for state in (symbols.ABSENT, symbols.UNKNOWN, symbols.NOTE)
        for each in summary.in_state(state)
    ]
    if open_questions:
        yield "<h2>What to look at</h2>"
        yield _table(("Symbol", "What to know", "Uses"), _questions(open_questions, anchors))
    if summary.weights:
        yield "<h2>Files of weights</h2>"
        rows = (_weights_row(each, path, anchors) for path, each in summary.weights)
        yield _table(("File", "", "Loaded in"), rows)
    yield "<h2>File by file</h2>"
    yield _tools(summary)
    for report, change in zip(summary.reports, changes):
        yield _file(report, change, anchors[report.path], step)
    yield '<p id="empty" class="empty" hidden>No file is like that.</p>'


def _table(heads: Tuple[str, ...], rows: Iterable[str]) -> str:
    head = "".join('<th scope="col">%s</th>' % each for each in heads)
    return '<table class="list"><thead><tr>%s</tr></thead><tbody>%s</tbody></table>' % (
        head,
        _joined(rows),
    )


def _badge(state: str) -> str:
    return '<span class="state is-%s">%s</span>' % (_STYLES[state], TITLES[state])


def _questions(found: List[Total], anchors: Dict[str, str]) -> Iterator[str]:
    for each in found:
        note = '%s %s<div class="places">%s</div>' % (
            _badge(each.state),
            _escaped(each.note),
            _links(each, anchors),
        )
        yield '<tr><td>%s</td><td>%s</td><td class="number" data-label="Uses">%d</td></tr>' % (
            _code(each.symbol),
            note,
            each.uses,
        )


def _links(total: Total, anchors: Dict[str, str]) -> str:
    files = list(total.files.items())
    links = [
        '<a href="#%s">%s: %s</a>' % (anchors[path], _escaped(path), _escaped(_places(places)))
        for path, places in files[:_PLACES]
    ]
    more = len(files) - _PLACES
    return " ".join(links) + (" and %s" % _counted(more, "more file") if more > 0 else "")


def _places(places: Tuple[str, ...]) -> str:
    more = " ..." if len(places) > _PLACES else ""
    return ", ".join(places[:_PLACES]) + more


def _weights_row(weights: Weights, path: str, anchors: Dict[str, str]) -> str:
    state = symbols.WORKS if weights.there else symbols.UNKNOWN
    word = "there" if weights.there else "not found"
    return (
        '<tr><td>%s</td><td><span class="state is-%s">%s</span> %s</td>'
        '<td><a class="places" href="#%s">%s: %d</a></td></tr>'
        % (
            _code(weights.path),
            _STYLES[state],
            word,
            _escaped(weights.origin),
            anchors[path],
            _escaped(path),
            weights.line,
        )
    )


def _tools(summary: Summary) -> str:
    numbers = {state: sum(state in _states(each) for each in summary.reports) for state in _STYLES}
    buttons = ['<button data-state="" aria-pressed="true">All %d</button>' % len(summary.reports)]
    buttons += [
        '<button data-state="%s" aria-pressed="false">%s %d</button>'
        % (_STYLES[state], TITLES[state].capitalize(), numbers[state])
        for state in _STYLES
        if numbers[state]
    ]
    search = '<input id="search" type="search" placeholder="Find a name" aria-label="Find a name">'
    others = '<button id="open">Open all</button><button id="close">Close all</button>'
    return '<div class="tools">%s%s%s</div>' % ("".join(buttons), search, others)


def _states(report: Report) -> List[str]:
    """The states that a file is found under: those of its symbols."""
    found = {each.state for each in report.found} or {report.state}
    return sorted(found | ({symbols.ABSENT} if report.problem else set()))


# One file.


def _file(report: Report, change: Optional[Change], anchor: str, step: str) -> str:
    rows = differences.rows(change.old, change.new) if change else []
    states = ",".join(_STYLES[state] for state in _states(report))
    summary = '<span class="path">%s</span>%s<span class="meta">%s</span>' % (
        _escaped(report.path),
        _UNREAD if report.problem else _badge(report.state),
        _meta(report, rows),
    )
    inside = _joined(_inside(report, change, rows, step))
    return (
        '<details class="file" id="%s" data-states="%s"><summary>%s</summary>'
        '<div class="inside">%s</div></details>' % (anchor, states, summary, inside)
    )


def _meta(report: Report, rows: List[differences.Row]) -> str:
    parts = [report.language, _lines(report.lines)] if not report.problem else []
    parts += ["notebook"] if report.is_notebook else []
    if report.generation:
        parts.append(_written_for(report.generation.generation))
    text = _escaped(" \u00b7 ".join(parts))
    return text + (" \u00b7 " + _size(rows) if rows else "")


def _size(rows: List[differences.Row]) -> str:
    changed = [each for each in rows if each.kind == differences.CHANGED]
    old, new = [sum(side is not None for side in sides) for sides in zip(*_sides(changed))]
    return '<span class="plus">+%d</span> <span class="minus">\u2212%d</span>' % (new, old)


def _sides(rows: List[differences.Row]) -> List[Tuple[Any, Any]]:
    return [(each.old, each.new) for each in rows]


def _inside(
    report: Report, change: Optional[Change], rows: List[differences.Row], step: str
) -> Iterator[str]:
    if report.problem:
        yield "<p>It can not be read: %s</p>" % _escaped(report.problem)
    if report.generation:
        sign = report.generation
        yield '<p class="faint">Written for %s, as %s in line %d shows.</p>' % (
            _escaped(_written_for(sign.generation)),
            _code(sign.spelling),
            sign.line,
        )
    yield from _found(report)
    if change and change.refusal:
        yield "<h3>migrate --to %s leaves it as it is</h3><p>%s</p>" % (
            _escaped(step),
            _escaped(change.refusal),
        )
    if rows:
        yield "<h3>What migrate --to %s changes</h3>%s" % (_escaped(step), _difference(rows))


def _found(report: Report) -> Iterator[str]:
    heads = ("Symbol", "What to know", "Lines")
    noted = [each for each in report.found if each.state != symbols.WORKS]
    working = [each for each in report.found if each.state == symbols.WORKS]
    if noted:
        yield _table(heads, map(_found_row, noted))
    if working:
        yield "<details><summary>%s</summary>%s</details>" % (
            _counted(len(working), "symbol") + " that work" + "s" * (len(working) == 1),
            _table(("Symbol", "Lines"), map(_working_row, working)),
        )
    if not report.found and not report.problem:
        yield '<p class="faint">It uses neither TensorFlow nor Keras.</p>'


def _found_row(found: Found) -> str:
    return "<tr><td>%s</td><td>%s %s</td>%s</tr>" % (
        _code(found.symbol),
        _badge(found.state),
        _escaped(found.note),
        _lines_cell(found),
    )


def _working_row(found: Found) -> str:
    return "<tr><td>%s</td>%s</tr>" % (_code(found.symbol), _lines_cell(found))


def _lines_cell(found: Found) -> str:
    return '<td data-label="Lines">%s</td>' % _escaped(_places(found.places))


def _difference(rows: List[differences.Row]) -> str:
    columns = '<colgroup><col class="n"><col><col class="n"><col></colgroup>'
    return '<table class="diff">%s<tbody>%s</tbody></table>' % (columns, _joined(map(_row, rows)))


def _row(row: differences.Row) -> str:
    if row.kind == differences.GAP:
        return '<tr class="gap"><td colspan="4">\u22ef</td></tr>'
    changed = row.kind == differences.CHANGED
    sides = _side(row.old, "old" if changed else "", "before") + _side(
        row.new, "new" if changed else "", "after"
    )
    return '<tr class="%s">%s</tr>' % (row.kind, sides)


def _side(side: Optional[differences.Side], style: str, place: str) -> str:
    if side is None:
        return '<td class="n none %s"></td><td class="none %s"></td>' % (place, place)
    classes = (style + " " + place).strip()
    text = "".join(_piece(*piece) for piece in side.pieces)
    return '<td class="n %s">%d</td><td class="%s">%s</td>' % (classes, side.number, classes, text)


def _piece(text: str, differs: bool) -> str:
    return "<mark>%s</mark>" % _escaped(text) if differs else _escaped(text)
