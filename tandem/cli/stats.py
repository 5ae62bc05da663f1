"""`tandem stats`: the team's figures for a period, and who waits for an answer now."""

from __future__ import annotations

from datetime import datetime

import click

from desk.people import Handle
from desk.stats import Figures, Stats, Timing, Unanswered, measure
from desk.terms import ago, day
from tandem.cli.jsonl import Json, moment
from tandem.cli.output import local, print_json, say, span, table
from tandem.cli.session import Session, pass_session

_LISTED = 20
_HEAD = ("", "open", "assigned", "replies", "closed", "reopened", "first answer", "next answer", "resolution")
_MEANING = "Times are calendar time: median / 90th percentile, n cases. What each figure means: tandem stats --help"


@click.command("stats")
@click.option("--agent", "only", metavar="AGENT", help="Only this agent, beside the team.")
@click.option("--since", default="7d", show_default=True, help="A span such as 24h, 7d or 4w, or a day (UTC).")
@click.option("--json", "as_json", is_flag=True, help="All figures as one line of JSON; times in seconds.")
@pass_session
def stats_command(session: Session, only: str | None, since: str, as_json: bool) -> None:
    """Show what each agent has done, how long customers waited, and who waits now.

    open: open tickets now. assigned, closed: tickets given to the agent and closed by them, each once. replies: replies
    that the mail server accepted. reopened: closed tickets that a customer's mail opened again, counted for whoever
    closed them. first answer: from the customer's first mail to the first reply. next answer: from the oldest
    unanswered mail to each reply. resolution: from the first mail to the last close. Automatic mail, notes, spam and
    merged tickets count nowhere.
    """
    desk = session.desk
    agent = desk.agent(Handle(only)).handle if only else None
    now = desk.clock()
    stats = measure(desk.store, since=_begin(since, now), until=now, agent=agent)
    if as_json:
        print_json(stats_json(stats))
    else:
        _print(stats)


def _begin(since: str, now: datetime) -> datetime:
    begin = ago(since, now) or day(since)
    if begin is None or begin > now:
        raise click.BadParameter("say a span such as 24h, 7d or 4w, or a day as 2026-11-01", param_hint="--since")
    return begin


def stats_json(stats: Stats) -> Json:
    """All figures as `stats --json` prints them."""
    return {
        "since": moment(stats.since),
        "until": moment(stats.until),
        "agents": [_figures_json(each) for each in stats.agents],
        "team": _figures_json(stats.team),
        "unanswered": [{"id": each.number, "waiting": each.waiting} for each in stats.unanswered],
    }


def _figures_json(figures: Figures) -> Json:
    return {
        "agent": figures.agent,
        "open": figures.open,
        "assigned": figures.assigned,
        "replies": figures.replies,
        "closed": figures.closed,
        "reopened": figures.reopened,
        "first_response": _timing_json(figures.first_response),
        "next_response": _timing_json(figures.next_response),
        "resolution": _timing_json(figures.resolution),
    }


def _timing_json(timing: Timing) -> Json:
    return {"median": timing.median, "p90": timing.p90, "n": timing.n}


def _print(stats: Stats) -> None:
    say(f"Since {local(stats.since)}")
    table([_HEAD, *(_row(each) for each in (*stats.agents, stats.team))], right=frozenset(range(1, 6)), stretch=0)
    say(_waiting(stats.unanswered))
    say(_MEANING)


def _row(figures: Figures) -> tuple[str, ...]:
    return (
        figures.agent or "team",
        str(figures.open),
        str(figures.assigned),
        str(figures.replies),
        str(figures.closed),
        f"{figures.reopened} ({_share(figures.reopened, figures.closed)})",
        _timing(figures.first_response),
        _timing(figures.next_response),
        _timing(figures.resolution),
    )


def _share(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}%" if whole else "-"


def _timing(timing: Timing) -> str:
    if timing.median is None or timing.p90 is None:
        return "- / - n=0"
    return f"{span(timing.median)} / {span(timing.p90)} n={timing.n}"


def _waiting(unanswered: tuple[Unanswered, ...]) -> str:
    if not unanswered:
        return "Nobody waits for an answer."
    listed = " · ".join(f"{each.number} {span(each.waiting)}" for each in unanswered[:_LISTED])
    more = f" · and {len(unanswered) - _LISTED} more" if len(unanswered) > _LISTED else ""
    return f"Unanswered now: {listed}{more}"
