"""How many finals newly qualified posts justify, where it is answered by default: `two-universities`."""

from allocator.views.facts import Facts
from models.plan import Plan
from scenarios.answers import answered
from scenarios.answers.need import finals_needed
from scenarios.commands.choosing import asked_on, library
from scenarios.measures import measured
from scenarios.model import AS_IT_IS
from scenarios.results import CaseResult
from scenarios.running import Base, Bench


def test_need_of_two_universities() -> None:
    asked = asked_on(library("questions"), None, "questions")
    (path, (scenario,)) = next((path, known) for path, known in asked.items() if path.stem == "two-universities")
    reading = Bench(Base.read(path)).reading
    nobody = Plan(dataset_digest="", policy=reading.policy, policy_digest="", seed=1)
    counted = measured(Facts(reading.dataset, reading.policy, nobody), scenario.answer.measures)
    case = CaseResult(scenario=scenario.name, case=AS_IT_IS, base=path.stem, measured=counted, proved=True)
    answer = answered(scenario, path.stem, [case])
    posts = {str(row[0]): row[1] for row in answer.table.rows}
    # Published: 67 posts in the county, 12 in the unitary authority, which need 84 and 15 finals at 80%. The posts are
    # divided between adults' and children's services: 24 + 43 and 3 + 9, and each service rounds up for itself.
    assert posts == {"County Adults": 24, "County Children": 43, "Unitary Adults": 3, "Unitary Children": 9}
    assert (finals_needed(24 + 43), finals_needed(3 + 9)) == (84, 15)
    assert [row[2] for row in answer.table.rows] == [30, 54, 4, 12]
    assert answer.sentence.startswith("79 newly qualified posts need 100 finals if 80% are recruited; 151 are offered.")
