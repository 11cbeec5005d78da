"""English words that carry the logic of a sentence: negation, scope, certainty, attribution, opposites.

A fact that has a word of a class needs support for it in the paragraph: one of the same class, or another word that can
express the same. A new version of a sentence needs the same support in the old one, and the other way round, or its
meaning has changed. The words are normal forms (``text.normalize``), without apostrophes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from briefing.model.fields import ChangeClass


@dataclass(frozen=True, slots=True)
class LogicClass:
    """A class of words, and the words in a source that support them."""

    name: str
    words: frozenset[str]
    support: frozenset[str]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that deny a verb. Other negations deny a noun: "no reason", "without help".
VERBS_DENIED = _words(
    """not never cannot isnt arent wasnt werent hasnt havent hadnt wont wouldnt cant couldnt shouldnt dont doesnt
    didnt"""
)
_OTHER_DENIALS = _words(
    """lack lacks lacked lacking fail fails failed failing failure refuse refuses refused refusing refusal reject
    rejects rejected rejecting rejection deny denies denied denying denial absence absent hardly barely scarcely rarely
    seldom unable unlikely impossible prevent prevents prevented preventing avoid avoids avoided avoiding before instead
    rather exclude excludes excluded excluding opposed unwilling reluctant reluctance cease ceased except unless until
    despite doubt doubts doubted doubtful dismiss dismisses dismissed useless unaware unchanged uncertain unclear unsure
    unconvinced untrue unthinkable unconfirmed unproven unprepared unsuccessful unsuccessfully unacceptable unworkable
    unknown unjustified unpersuaded differ different
    disagree disagreed unfounded false wrong forbid forbidden ban banned prohibit prohibits prohibited refrain refrained
    withhold withheld incapable inability insufficient inadequate sceptical skeptical scepticism skepticism"""
)
NEGATIONS = VERBS_DENIED | _words("no none nor neither without nobody nothing nowhere")
DENIALS = NEGATIONS | _OTHER_DENIALS
# Words that deny what follows them, although they are not formed with "not" or "no".
WEAK_NEGATIONS = _words(
    """lack lacks lacked lacking absence unable unwilling refuse refuses refused refusing declined hardly barely
    scarcely"""
)
# Words that say of something that it was not wanted, done or likely. What follows may exist all the same.
REJECTIONS = _words(
    """reject rejects rejected rejecting rejection deny denies denied denying refusal forbid forbids forbidden forbade
    ban bans banned prohibit prohibits prohibited prevent prevents prevented avoid avoids avoided exclude excludes
    excluded fail fails failed failing failure sceptical skeptical scepticism skepticism unlikely improbable
    impossible"""
)
NEGATION = LogicClass("negation", NEGATIONS, DENIALS)
_ALL = LogicClass(
    "word for all",
    _words("all every entire entirely whole wholly always everyone everything everybody completely totally"),
    _words(
        """all every each any both entire entirely whole wholly always everyone everything everybody complete
        completely fully full total totally throughout solely forever permanent permanently constant constantly
        continue continued whatever wherever whenever most extensive perfect common overall no none never nothing
        world"""
    ),
)
_ONLY = LogicClass(
    "word for only",
    _words("only solely exclusively sole alone"),
    _words(
        """only sole solely exclusively exclusive alone merely just single one 1 except limited limit but unless
        until other apart purely simply no not never none nothing mere few little most main mainly"""
    ),
)
_CERTAIN = LogicClass(
    "word for certainty",
    _words("certain certainly definitely undoubtedly guaranteed inevitable inevitably surely"),
    _words(
        """certain certainly definitely undoubtedly doubt proved proven prove proves proof guaranteed guarantee
        guarantees inevitable inevitably surely sure must clear clearly obvious obviously bound fact confirmed
        confident will"""
    ),
)
LOGIC_CLASSES = (NEGATION, _ALL, _ONLY, _CERTAIN)


def _logic_class(name: str, words: str, other_support: str) -> LogicClass:
    return LogicClass(name, _words(words), _words(words) | _words(other_support))


# In place of words such as "unstable" in a sentence that is compared with another version of it.
PREFIXED = "un-"
_CHANGED_DENIALS = DENIALS | {PREFIXED} | _words("improbable ruled short")
_REFUSALS = _words(
    """lack lacks lacked lacking fail fails failed failing refuse refuses refused refusing reject rejects rejected
    rejecting deny denies denied denying unable unlikely improbable impossible hardly barely scarcely rarely seldom"""
)
ATTRIBUTION = _logic_class(
    "word for attribution",
    """say says said saying argue argues argued arguing claim claims claimed according believe believes believed think
    thinks thought maintain maintains maintained insist insists insisted alleges alleged allegedly reportedly supposedly
    writes wrote tells told warn warns warned view opinion""",
    """call calls called describe describes described see sees seen saw hold holds held report reports reported quote
    quotes quoted accuse accuses accused stated deny denies denied confirm confirms confirmed announce
    announces announced add adds added note notes noted suggest suggests suggested admit admits admitted acknowledge
    acknowledges acknowledged expect expects expected doubt doubts doubted predict predicts predicted agree agrees
    agreed words account accounts find finds found consider considers considered estimate estimates estimated put puts
    mention mentions mentioned names named blame blames blamed explain explains explained answered replied denounced
    condemned complain complains complained hope hopes hoped count counts counted assert asserts asserted assessment
    declare declares declared recall recalls recalled refer refers referred stress stresses stressed stipulates
    stipulated""",
)
# With these, a sentence of a source gives what someone says or thinks.
SPEAKING = (
    ATTRIBUTION.words - _words("claim claims maintain maintains view allegedly reportedly supposedly")
) | _words(
    """stated remarked noted added asserted declared announced suggested explained stressed emphasised emphasized
    predicted acknowledged admitted contended cautioned observed complained recalled"""
)
# By class of change, the words that need support in the other version of a sentence.
CHANGED_LOGIC: Mapping[ChangeClass, tuple[LogicClass, ...]] = {
    "negation": (
        LogicClass("negation", NEGATIONS, _CHANGED_DENIALS),
        LogicClass("refusal", _REFUSALS, _CHANGED_DENIALS),
    ),
    "scope": (
        _ALL,
        _ONLY,
        _logic_class(
            "word for most",
            "most mostly mainly largely chiefly primarily predominantly majority",
            "main general generally usually",
        ),
        _logic_class(
            "word for some",
            "some several various sometimes partly partially occasionally",
            "part few any occasional",
        ),
        _logic_class(
            "word for many",
            "many numerous often frequently usually",
            "multiple frequent common repeatedly several",
        ),
        _logic_class("word for few", "few rarely seldom hardly", "little small rare scarce minor limited only barely"),
    ),
    "certainty": (
        _CERTAIN,
        _logic_class(
            "word for a possibility",
            "may might could perhaps possibly maybe possible",
            "can cannot cant couldnt able unable impossible potential potentially possibility chance risk",
        ),
        _logic_class(
            "word for a probability",
            "likely probably probable unlikely improbable presumably expected",
            "expect expects probability chance",
        ),
        _logic_class(
            "word for an impression",
            "seem seems seemed appear appears appeared apparently suspected",
            "apparent impression suspicion",
        ),
    ),
    "attribution": (
        LogicClass("reference to a source", _words("according reportedly allegedly supposedly"), ATTRIBUTION.support),
    ),
}
# Words that hedge a claim.
HEDGES = frozenset(
    """may might perhaps possibly probably likely unlikely seem seems seemed expected
    suspected""".split()
)
# Words that hedge a claim of a source.
SOURCE_HEDGES = HEDGES | frozenset(
    """could would should appear appears appeared seemingly apparently reportedly allegedly potentially presumably
    suggests suggest""".split()
)
# A fact with one of these does not state as certain what its source hedges.
FACT_HEDGES = SOURCE_HEDGES | frozenset(
    """doubts doubtful sceptical skeptical can potential possible possibility chance risk uncertain unclear doubt
    whether if question conditional condition provided expects expect hopes hope fears fear believes believe thinks
    think plan plans planned intend intends wants want aim aims aimed meant prospect forecast anticipates anticipate
    predicts predict theory reading view opinion assumes assume supposes suppose liable apt prone inclined tend
    tends sign signs looks look looked believed thought said alleged rumoured presumed ready willing call calls
    called must ought imply implies hint hints open statement promise promised""".split()
)
STOP_WORDS = frozenset(
    """a an and are as at be been being both but by can could did do does down during each for from had has have having
    he her here hers him his how i if in into is it its itself may might more most much must my no nor not now of off on
    one or other our out over own per said same say says she should so some such than that the their them then there
    these they this those through to too under until up very was we were what when where which while who whom whose why
    will with would you your about above after again against all also although am among any because before between
    further just like only once since still thus upon via within without yet""".split()
)
