"""As many invented studies as a test wants, each of another kind and year than its neighbours."""

from bot.core.record import Name, Paragraph, Record
from bot.core.study import Study
from tests.references import erowid

FORMS = (
    (
        "{} in the sleepless rat",
        "Rats were injected with {} (5 mg/kg i.p.) every day.",
        "{} significantly reduced sleep latency in rats compared with saline (p < 0.05).",
    ),
    (
        "{} for imaginary hiccups: a randomised, double-blind trial",
        "Forty healthy volunteers were given {} (20 mg, by mouth) or placebo.",
        "{} significantly reduced the number of hiccups compared with placebo (p < 0.01).",
    ),
    ("Binding of {} in vitro", "Membranes were incubated.", "We conclude that {} does not bind to imaginary receptors."),
    ("The pharmacology of {}: a review", "This review summarises invented papers.", "All of them are invented."),
    ("A note on the taste of {}", "", ""),
)
SUBSTANCES = ("newtol", "pretendoline", "inventamine", "Δ9-fictol")


def invented_studies(count: int) -> list[Study]:
    """Give studies that nobody could take for real ones; every tenth is retracted, every eleventh has no year."""
    return [_study(number) for number in range(1, count + 1)]


def _study(number: int) -> Study:
    title, methods, result = FORMS[number % len(FORMS)]
    name = SUBSTANCES[number % len(SUBSTANCES)]
    capital = name[0].upper() + name[1:]
    told = [(methods.format(name), "METHODS"), (result.format(capital if result.startswith("{") else name), "RESULTS")]
    abstract = [Paragraph(*part) for part in told if methods]
    return Study(
        Record(
            erowid(number),
            title.format(capital),
            authors=(Name("Doe", "J. A."), Name("Roe", "R. B."))[: 1 + number % 2],
            container_title="J Imag Pharmacol",
            issued=((1961 + number * 7 % 60,),) if number % 11 else (),
            volume=str(number),
            page="2260-3",
            abstract=tuple(abstract),
            retraction="NOTE: Retracted by its authors." if number % 10 == 2 else None,
        )
    )
