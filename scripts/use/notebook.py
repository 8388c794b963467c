"""Three questions asked of a release, each with a chart and a sentence that is computed from the data. A marimo notebook.

In: the Parquet files of a release, by default in `dist/release/` of the project; another folder: `-- --release <folder>`.
Out: a page (`marimo edit`, `marimo run`, `marimo export html`), or the three sentences (`python notebook.py`).
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="OpenAI leadership changes: three charts")


@app.cell
def _():
    import pathlib
    import textwrap
    from datetime import timedelta

    import altair as alt
    import marimo as mo
    import polars as pl

    return alt, mo, pathlib, pl, textwrap, timedelta


@app.cell
def _(mo, pathlib):
    _project = pathlib.Path(__file__).resolve().parents[2]
    release = pathlib.Path(str(mo.cli_args().get("release") or _project / "dist" / "release"))
    return (release,)


@app.cell
def _(mo, pl, release):
    # A cell that lacks its files stops here, with a sentence, and so do those that need it.
    needed = ("tenures_flat", "departures", "people", "codes", "founders_now", "organisations", "sources", "build_info")
    missing = [name for name in needed if not (release / "parquet" / f"{name}.parquet").is_file()]
    if missing:
        advice = f"No {missing[0]}.parquet in {release / 'parquet'}; make a release with `make release` or name its folder by `--release`."
        if mo.app_meta().mode == "script":
            raise SystemExit(advice)
        mo.stop(True, mo.callout(mo.md(advice), kind="warn"))

    def read(name):
        """Return a table or view of the release."""
        return pl.read_parquet(release / "parquet" / f"{name}.parquet")

    return (read,)


@app.cell
def _(alt):
    ink, muted, line = "#1d1c1a", "#5c5952", "#dcd8cf"
    blue, pale, green, rust, grey = "#1f5673", "#b9d0dc", "#2d6a3f", "#9a3412", "#6f6a60"

    def dress(chart, height):
        """Give a chart its size and quiet axes."""
        return (
            chart.properties(width="container", height=height, autosize=alt.AutoSizeParams(type="fit", contains="padding"))
            .configure(font="system-ui, -apple-system, Segoe UI, Helvetica Neue, Arial, sans-serif", background="transparent")
            .configure_view(stroke=None)
            .configure_axis(
                labelColor=muted,
                titleColor=muted,
                labelFontSize=12,
                titleFontSize=12,
                titleFontWeight="normal",
                domainColor=line,
                tickColor=line,
                gridColor=line,
            )
            .configure_legend(
                labelColor=ink, labelFontSize=12, titleColor=muted, orient="top", symbolType="square", symbolSize=130, labelLimit=300
            )
        )

    def choose_colours(names, colours):
        """Return the scale that gives each name its colour."""
        return alt.Scale(domain=names, range=colours)

    return blue, green, grey, ink, line, muted, pale, rust, choose_colours, dress


@app.cell
def _(mo, read):
    about = dict(read("build_info").iter_rows())
    mo.md(
        f"""
        # OpenAI leadership changes: three charts

        Version {about["dataset_version"]}, {(read("sources")["access"] == "held").sum()} sources read line by line.
        What is pale, the sources leave open. Data: CC BY 4.0.
        """
    )
    return


@app.cell
def _(pl, read):
    # Who sat in the chief executive's chair: for each holder the time in which the sources leave no doubt and the longest that they
    # allow, on Pacific clocks.
    def read_instants(*columns):
        """Return instants of the data as times on Pacific clocks."""
        return [
            pl.col(name)
            .str.to_datetime("%Y-%m-%dT%H:%MZ", time_zone="UTC")
            .dt.convert_time_zone("America/Los_Angeles")
            .dt.replace_time_zone(None)
            for name in columns
        ]

    chair = (
        read("tenures_flat")
        .filter(post_id="openai-ceo", asserted_as="fact")
        .filter(pl.col("standing") != "refuted")
        .with_columns(read_instants("certain_from", "certain_to", "possible_from", "possible_to"))
        .select("person", "capacity", "end_reason", "certain_from", "certain_to", "possible_from", "possible_to", "tenure_id")
        .sort("certain_from")
    )
    return chair, read_instants


@app.cell
def _(chair, pl, timedelta):
    # The gap: from the last instant of the one who was removed to the first at which he is certainly back.
    removed = chair.filter(end_reason="removed").row(0, named=True)
    returned = chair.filter(pl.col("person") == removed["person"], pl.col("certain_from") > removed["certain_to"]).row(0, named=True)
    others = chair.filter(pl.col("person") != removed["person"], pl.col("certain_from") < returned["certain_from"])
    shown = {
        name: (end - start) / timedelta(hours=1) for name, start, end in others.select("person", "certain_from", "certain_to").iter_rows()
    }
    drawn_from, drawn_to = removed["certain_to"].replace(hour=0, minute=0), returned["certain_to"]
    gap_hours = (returned["certain_from"] - removed["certain_to"]) / timedelta(hours=1)
    chair_conclusion = (
        f"Between the last hour in which {removed['person']} certainly held the post and the first in which he certainly held it again lie "
        f"{gap_hours:.0f} hours. The sources show a successor beyond doubt for {sum(shown.values()):.0f} of them: "
        + ", ".join(f"{name} for {hours:.0f}" if hours else f"{name} at one instant only" for name, hours in shown.items())
        + f". For the other {gap_hours - sum(shown.values()):.0f} they leave open who was chief executive."
    )
    return chair_conclusion, drawn_from, drawn_to, gap_hours, shown


@app.cell
def _(alt, blue, chair, chair_conclusion, choose_colours, drawn_from, drawn_to, dress, mo, pale, pl, timedelta):
    def draw_chair():
        first, last = pl.lit(drawn_from), pl.lit(drawn_to)
        bars = pl.concat(
            chair.select(
                "person",
                pl.lit(kind).alias("shown"),
                pl.col(f"{name}_from").fill_null(first).alias("start"),
                pl.col(f"{name}_to").fill_null(last).alias("end"),
            )
            for name, kind in (("possible", "as far as the sources allow"), ("certain", "beyond doubt"))
        )
        bars = bars.with_columns(pl.max_horizontal("start", first), pl.min_horizontal("end", last)).filter(pl.col("start") <= pl.col("end"))
        base = alt.Chart(bars).encode(
            y=alt.Y(
                "person:N",
                sort=list(dict.fromkeys(chair["person"])),
                title=None,
                axis=alt.Axis(labelFontSize=13, ticks=False, domain=False),
            ),
            tooltip=["person", "shown", alt.Tooltip("start:T", format="%-d %b %H:%M"), alt.Tooltip("end:T", format="%-d %b %H:%M")],
        )
        time = alt.X(
            "start:T",
            title="November 2023, Pacific time",
            scale=alt.Scale(domain=[drawn_from.isoformat(), drawn_to.isoformat()], nice=False),
            axis=alt.Axis(
                format="%a %-d",
                values=[(drawn_from + timedelta(days=day)).isoformat() for day in range((drawn_to - drawn_from).days + 1)],
                labelAlign="left",
                labelOffset=4,
                tickSize=16,
            ),
        )
        colour = alt.Color(
            "shown:N",
            title=None,
            scale=choose_colours(["beyond doubt", "as far as the sources allow"], [blue, pale]),
        )
        spans = (
            base.transform_filter("datum.start < datum.end")
            .mark_bar(height=26)
            .encode(x=time, x2="end:T", color=colour, order=alt.Order("shown:N"))
        )
        instants = (
            base.transform_filter("+datum.start == +datum.end").mark_tick(thickness=3, height=26, opacity=1).encode(x=time, color=colour)
        )
        return dress(spans + instants, 200)

    chair_chart = draw_chair()
    mo.vstack([mo.md("## Who was chief executive, hour by hour?"), chair_chart, mo.md(chair_conclusion)])
    return (chair_chart,)


@app.cell
def _(pl, read):
    # Exits and leaves from OpenAI whose month is known, by what came of them.
    labels = dict(read("codes").filter(list="destination_kind").select("code", "label").iter_rows())
    exits = (
        read("departures")
        .filter(organisation_id="openai", asserted_as="fact")
        .filter(pl.col("standing") != "refuted", pl.col("person_id").is_not_null(), pl.col("same_as").is_null())
        .join(read("people").select(person_id="id", person="label"), on="person_id")
        .with_columns(
            outcome=pl.when(pl.col("reversed_by").is_not_null())
            .then(pl.lit("Came back"))
            .otherwise(pl.col("destination_kind").fill_null("not_stated").replace_strict(labels))
        )
        .select("month", "person", "outcome", "manner", "announced_earliest", departure_id="id")
        .sort("month", "announced_earliest", "person")
    )
    dated = exits.filter(pl.col("month").is_not_null())
    counts = dict(dated.group_by("outcome").len().iter_rows())
    back, founded, joined = (counts.get(name, 0) for name in ("Came back", "Founded", "Joined"))
    year = dated["month"].max()[:4]
    exits_conclusion = (
        f"The sources give the month of {len(dated)} exits and leaves, {dated['month'].str.starts_with(year).sum()} of them in {year}. "
        f"{back} ended in a return; of the {len(dated) - back} others {founded} led to a firm of one’s own, {joined} to another firm, and "
        f"of {counts.get('Not stated', 0)} no source says where they led. {len(exits) - len(dated)} more are reported without a month."
    )
    return counts, dated, exits, exits_conclusion


@app.cell
def _(alt, blue, choose_colours, dated, dress, exits_conclusion, green, grey, ink, mo, pale, pl, rust):
    def draw_exits():
        months = pl.date_range(
            pl.lit(dated["month"].min() + "-01").str.to_date(), pl.lit(dated["month"].max() + "-01").str.to_date(), "1mo", eager=False
        )
        every_month = pl.select(months.dt.strftime("%Y-%m").alias("month"))["month"].to_list()
        tiles = dated.with_columns(
            place=pl.int_range(pl.len()).over("month"),
            surname=pl.col("person").str.split(" ").list.last(),
        )
        names_year = "(datum.index == 0 || substring(datum.value, 5) == '01')"
        base = alt.Chart(tiles).encode(
            x=alt.X(
                "month:O",
                title=None,
                scale=alt.Scale(domain=every_month, paddingInner=0.04, paddingOuter=0),
                axis=alt.Axis(
                    labelAngle=0,
                    ticks=False,
                    labelPadding=8,
                    labelExpr=f"[timeFormat(toDate(datum.value + '-15'), '%b'), {names_year} ? substring(datum.value, 0, 4) : '']",
                ),
            ),
            y=alt.Y("place:O", sort="descending", axis=None, scale=alt.Scale(paddingInner=0.08, paddingOuter=0)),
            tooltip=["person", "month", "outcome", "manner"],
        )
        colours = {"Came back": pale, "Founded": green, "Joined": blue, "Not stated": grey, "Independent": rust}
        colours |= dict.fromkeys(sorted(set(tiles["outcome"]) - set(colours)), ink)
        used = [name for name in colours if name in set(tiles["outcome"])]
        return dress(
            base.mark_rect(cornerRadius=3).encode(
                color=alt.Color("outcome:N", title=None, scale=choose_colours(used, [colours[name] for name in used]))
            )
            + base.mark_text(fontSize=11).encode(
                text="surname", color=alt.condition("datum.outcome == 'Came back'", alt.value(ink), alt.value("white"))
            ),
            150,
        )

    exits_chart = draw_exits()
    mo.vstack([mo.md("## Who left in which month, and for what?"), exits_chart, mo.md(exits_conclusion)])
    return (exits_chart,)


@app.cell
def _(pl, read, read_instants, timedelta):
    # Founders who had not left, from the founding to the end of what the sources could know. An exit counts from the latest instant
    # that its date allows.
    last_exits = (
        read("departures")
        .filter(organisation_id="openai")
        .join(read("who_left").filter(for_good=1).select(id="departure_id"), on="id", how="semi")
        .with_columns(
            pl.coalesce("announced_latest", "effective_latest").alias("left_by"), pl.coalesce("announced", "effective").alias("said")
        )
        .filter(pl.col("left_by").is_not_null())
        .sort("left_by")
        .group_by("person_id", maintain_order=True)
        .last()
        .select("person_id", "said", *read_instants("left_by"))
    )
    founders = read("founders_now").join(last_exits, on="person_id", how="left").select("founder", "state", "said", "left_by")
    gone = founders.filter(state="left").sort("left_by")
    there = founders.filter(state="no exit told").sort("founder")["founder"].to_list()
    begun = read("organisations").filter(id="openai").select(read_instants("founded_latest")).item()
    known_to = read("sources").filter(access="held").select(read_instants("published_latest"))["published_latest"].max()
    in_last_year = (gone["left_by"] > known_to - timedelta(days=366)).sum()
    founders_conclusion = (
        f"Of the {len(founders)} founders whom the sources name, {len(gone)} have left, {in_last_year} of them in the last "
        f"twelve months that the sources cover. Of {len(there)} no source tells an exit: {', '.join(there)}. "
        "Exits that were taken back within days, and leaves, are not counted."
    )
    return begun, founders, founders_conclusion, gone, known_to, there


@app.cell
def _(alt, begun, blue, dress, founders, founders_conclusion, gone, ink, known_to, mo, pl, rust, there):
    def draw_founders():
        steps = pl.DataFrame(
            {
                "when": [begun, *gone["left_by"], known_to],
                "founders": [*range(len(founders), len(there) - 1, -1), len(there)],
                "label": ["", *(f"{name}, {said}" for name, said in gone.select("founder", "said").iter_rows()), ""],
            }
        )
        base = alt.Chart(steps).encode(
            x=alt.X("when:T", title=None, axis=alt.Axis(format="%Y", tickCount="year", grid=False, labelBound=True)),
            y=alt.Y(
                "founders:Q",
                title="founders who had not left",
                scale=alt.Scale(domain=[0, len(founders) + 0.5]),
                axis=alt.Axis(values=list(range(len(founders) + 1)), format="d", domain=False, grid=False),
            ),
        )
        exits = base.transform_filter("datum.label != ''")
        end = base.transform_filter(alt.datum.when == alt.expr.toDate(known_to.isoformat()))
        return dress(
            base.mark_line(interpolate="step-after", color=blue, strokeWidth=2.5)
            + exits.mark_point(filled=True, size=60, color=rust, opacity=1)
            + exits.mark_text(align="right", baseline="middle", dx=-8, dy=2, fontSize=12, color=ink).encode(text="label")
            + end.mark_text(align="right", dy=18, fontSize=12, color=blue, text=f"still there: {', '.join(there)}"),
            260,
        )

    founders_chart = draw_founders()
    mo.vstack([mo.md("## How many founders are left?"), founders_chart, mo.md(founders_conclusion)])
    return (founders_chart,)


@app.cell
def _(chair_conclusion, exits_conclusion, founders_conclusion, mo, textwrap):
    if mo.app_meta().mode == "script":
        print(*(textwrap.fill(text, 110) for text in (chair_conclusion, exits_conclusion, founders_conclusion)), sep="\n\n")
    return


if __name__ == "__main__":
    app.run()
