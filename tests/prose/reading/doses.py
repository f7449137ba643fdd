"""What doses, and the days since the last, say of the exposure."""

from __future__ import annotations

import re
from math import isnan

from reading.adjusted import LABEL
from reading.common import OPEN, openness
from reading.numbers import RATIO, N, P
from reading.omissions import exposure_label
from reading.reader import Reader, pattern

_GROUP = rf"of [^:;]+? against [^:;]+? is {RATIO}, crude {RATIO}"
_RECORDED = re.compile(rf"of (.+?) against (.+?) is ({RATIO}), crude ({RATIO})")


@pattern(
    rf"{LABEL}: the adjusted hazard ratio (?P<parts>{_GROUP}(?:; that {_GROUP})*)\."
    rf"(?: (?P<unknown>{N}) patients? whose doses are not recorded (?P<verb>is|are) left out\.)?"
)
def dose_groups(reader: Reader, match: re.Match[str]) -> None:
    at = {"outcome": reader.outcome(match["label"]), "population": "infused"}
    named = []
    for part in match["parts"].split("; that "):
        said = _RECORDED.fullmatch(part)
        assert said is not None, part
        group, reference = (reader.group(x, "dose_group") for x in (said[1], said[2]))
        reader.expect(reference.is_reference, f"{said[2]} is no reference")
        named.append(group.level)
        key = at | {"variable": "dose_group", "level": group.level}
        key["contrast"] = f"{group.level}_vs_{reference.level}"
        reader.ratio(said[3], analysis="cox_dose_groups_baseline", **key)
        reader.ratio(said[4], analysis="cox_dose_groups_crude", **key)
    every = [x.level for x in reader.world.of("dose_group") if not x.is_reference]
    reader.expect(sorted(named) == sorted(every), f"the groups are {every}, not {named}")
    _unknown(reader, match, at)


def _unknown(reader: Reader, match: re.Match[str], at: dict[str, str]) -> None:
    """Who is in no group of doses: infused, and not meant for the crude model."""
    flow = {"analysis": "flow", "population": "infused", "variable": "infused"}
    meant = sum(
        x["value"]
        for name in ("n", "excluded")
        for x in reader.world.where(
            "cox_dose_groups_crude", **at, variable="", level="", statistic=name
        )
    )
    left = reader.value(**flow, statistic="count") - meant
    reader.count(match["unknown"] or "0", left, "those without doses")
    reader.expect(not match["verb"] or (left == 1) == (match["verb"] == "is"), f"they are {left}")


_AMOUNTS = {
    "doses": "amount_doses",
    "days from last dose to apheresis": "amount_days_to_apheresis",
    "days from last dose to infusion": "amount_days_to_infusion",
}


@pattern(
    rf"(?:{LABEL}: )?[Bb]y (?P<amount>{'|'.join(_AMOUNTS)}), recorded for (?P<n>{N}) exposed "
    rf"patients, the hazard ratio per doubling of the (?P<unit>doses|days) is (?P<ratio>{RATIO}) "
    rf"\(likelihood ratio (?P<p>{P})\); (?:no relation is clear, and (?P<open>{OPEN})|"
    rf"more of it goes with a (?P<side>higher|lower) hazard)\. (?:The amounts are too few or too "
    rf"alike for a curve|Its "
    rf"curve bends with (?P<bend>{P}); at its median of (?P<median>{N}) (?P<of>doses|days) the "
    rf"hazard ratio against the unexposed is (?P<at>{RATIO}))\."
)
def amount(reader: Reader, match: re.Match[str]) -> None:
    if match["label"]:
        reader.memory["outcome"] = reader.outcome(match["label"])
    key = {"analysis": "cox_amount", "outcome": reader.memory["outcome"], "population": "infused"}
    key["variable"] = _AMOUNTS[match["amount"]]
    unit = match["amount"].partition(" ")[0]
    reader.expect({match["unit"], match["of"] or unit} == {unit}, f"it is counted in {unit}")
    reader.count(match["n"], reader.value(**key, statistic="n_evaluable"), "the exposed")
    _, low, high = reader.ratio(match["ratio"], **key, level="doubled")
    reader.p(match["p"], reader.value(**key, level="line", statistic="lr_p_value"))
    if match["open"]:
        openness(reader, match["open"], low, high)
    else:
        reader.expect(low > 1 if match["side"] == "higher" else high < 1, f"{low} to {high}")
    bend = reader.world.row(**key, level="bend", statistic="lr_p_value")
    reader.expect(bool(match["bend"]) == (bend is not None), "a curve too many or too few")
    if match["bend"] and bend:
        reader.p(match["bend"], bend["value"])
        median = reader.value(**key, level="at_median", statistic="median")
        reader.number(match["median"], median, "the median", digits=1)
        reader.ratio(match["at"], **key, level="at_median")


def _doubled(reader: Reader) -> list[float]:
    rows = reader.world.where("cox_amount", level="doubled", statistic="hazard_ratio")
    return [x["value"] for x in rows]


@pattern(
    rf"(?:This is|These are) (?P<n>{N}) relations?, (?:not|none of them) planned as the "
    r"primary question, and nobody "
    r"assigned the amounts: who is given more, or later, differs in why\."
)
def relations(reader: Reader, match: re.Match[str]) -> None:
    reader.count(match["n"], len(_doubled(reader)), "the relations")


@pattern(rf"(?:{LABEL}: )?[Nn]o ratio can be estimated for (?P<amount>{'|'.join(_AMOUNTS)})\.")
def no_amount(reader: Reader, match: re.Match[str]) -> None:
    if match["label"]:
        reader.memory["outcome"] = reader.outcome(match["label"])
    at = {"outcome": reader.memory["outcome"], "variable": _AMOUNTS[match["amount"]]}
    rows = reader.world.where("cox_amount", **at, level="doubled", statistic="hazard_ratio")
    reader.expect(all(isnan(x["value"]) for x in rows), "there is one")


@pattern(
    r"(?:The extract records no doses(?P<days> and no day of the last dose)? of (?P<what>.+?); "
    r"what they can say about it is"
    r"|(?P<kind>Doses are compared|Amounts are modelled) where the exposure has two groups; they "
    r"are) left out\."
)
def no_doses(reader: Reader, match: re.Match[str]) -> None:
    amounts = match["days"] or (match["kind"] or "").startswith("Amounts")
    analysis = "cox_amount" if amounts else "cox_dose_groups_crude"
    reader.expect(not reader.world.where(analysis), f"there is {analysis}")
    if match["what"]:
        label = exposure_label(reader)
        reader.expect(match["what"].casefold() == label.casefold(), f"the exposure is {label}")
    else:
        reader.expect(len(reader.world.of(reader.world.exposure)) > 2, "it has two")
