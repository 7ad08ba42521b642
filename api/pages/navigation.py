"""The pages of a round, in the order in which people need them; and what a page says after a form was taken."""

from collections.abc import Mapping
from typing import NamedTuple


class Section(NamedTuple):
    """A page of a round: its title, its address below the round's; ``shared``: agencies may see it on a projector."""

    title: str
    path: str
    shared: bool = True


SECTIONS: Mapping[str, tuple[Section, ...]] = {
    "Meeting": (
        Section("Overview", ""), Section("Board", "/board"), Section("Not placed", "/not-placed"),
        Section("Decisions", "/decisions"),
    ),
    "Plan": (
        Section("Students", "/students"), Section("Places", "/places"), Section("Agencies", "/agencies"),
        Section("Educators", "/educators"), Section("Map", "/map", shared=False),
        Section("Figures", "/figures"),
    ),
    "What if": (
        Section("Moves", "/moves"), Section("Compare", "/compare"), Section("Scenarios", "/scenarios"),
    ),
    "Papers": (
        Section("Publish", "/publish"), Section("Versions", "/versions"), Section("Letters", "/letters", shared=False),
        Section("Share", "/share", shared=False), Section("Replies", "/replies", shared=False),
        Section("Chase list", "/chase"), Section("Calendar", "/calendar"),
        Section("Results day", "/results-day", shared=False), Section("Return", "/return"),
    ),
    "Data": (Section("Workbooks", "/workbooks", shared=False), Section("Runs", "/runs"),),
}  # fmt: skip
"""By group."""
NOTICES: Mapping[str, str] = {
    "password-set": "Your password is set. Sign in with it.",
    "decided": "The decision is taken, and a plan of it is being worked out.",
    "decided-no-plan": "The decision is taken. No plan could be asked for: see the runs.",
    "decided-once": "This decision was sent twice. It is taken once: nothing more was changed.",
    "no-question": "No question is open.",
    "asked": "The questions are asked. Their answers come here when all of their plans are made.",
    "stop-asked": "The run was asked to stop. What it has not answered stays open.",
    "answers-shared": "The Alliance sees these answers now, without small numbers.",
    "answers-not-shared": "The Alliance does not see these answers any more.",
    "round-made": "The round is made. Send its workbook now.",
    "round-changed": "The round is changed.",
    "round-deleted": "The round is deleted for good, with everything in it.",
    "planned": "The plan is worked out. This is what it says.",
    "planned-anew": "The plan is worked out: the pages are of it now.",
    "run-deleted": "The run is deleted, with its results.",
    "account-changed": "The account is changed.",
    "account-disabled": "The account is disabled and signed out everywhere; its tokens and links have ended.",
    "account-enabled": "The account is enabled. Make a new link for its owner.",
    "token-revoked": "The token is revoked: it lets nobody in any more.",
    "published": "The plan is published: this version is in force. The letters can go out.",
    "marked": "The step is taken.",
    "reply-sent": "Your reply was sent to the placements team.",
    "draft-kept": "Your draft is kept. It is not sent yet.",
    "forms-read": "The forms were read.",
    "replies-looked-at": "The replies are being looked at.",
    "replies-accepted": "What you chose was accepted, and a new plan is being worked out.",
    "replies-refused": "What you chose was refused; the agency reads the reason.",
    "results-entered": "The results were entered, and a new plan is being worked out.",
    "shared": "The plan is shared.",
    "shared-no-more": "The plan is not shared any more.",
}
"""What is said at the top of a page that a form led to, by the word ``done`` of its address."""
