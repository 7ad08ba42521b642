"""Every kind of problem that reading reports: one code, one level, its words, its remedy.

The message is a format string; the words in braces are given where the problem is found. Row numbers are never in a
message (they have their own field), so that a dataset with its rows in another order has the same messages.
"""

# ruff: noqa: E501  (a kind of problem is a line)
from collections.abc import Iterable
from dataclasses import dataclass

from models.errors import Issue, Level


@dataclass(frozen=True, slots=True)
class IssueKind:
    """A kind of problem. ``level`` is the usual one; a cell that protects somebody makes it worse.

    ``on_page``: the remedy for whoever has a page before them, where ``remedy`` names a command.
    """

    code: str
    level: Level
    title: str
    message: str
    remedy: str
    on_page: str = ""


def _kinds(*rows: tuple[str, Level, str, str, str] | tuple[str, Level, str, str, str, str]) -> dict[str, IssueKind]:
    return {row[0]: IssueKind(*row) for row in rows}


FILES = _kinds(
    ("V101", "stop", "not a workbook", "{file} is no workbook, no folder of CSV files and no JSON file.", "Save it as .xlsx (File, Save as, Excel workbook) and try again."),
    ("V102", "stop", "password-protected", "{file} is protected by a password, so it cannot be opened.", "Take the password off (File, Info, Protect workbook) and save it again."),
    ("V103", "stop", "old Excel format", "{file} is in an Excel format that is not .xlsx (.xls or .xlsb).", "Open it in Excel and save it as .xlsx."),
    ("V104", "stop", "damaged file", "{file} is damaged and cannot be opened: {why}.", "Open it in Excel, let it repair the file, and save it again."),
    ("V105", "stop", "too large", "{file} is {size} when unpacked; the most is {limit}.", "Delete unused sheets, pictures and formatted empty rows, and save it again."),
    ("V106", "stop", "empty", "{file} holds no sheet with rows.", "Start from `placements template`: three sheets (Tranches, Students, Offers) are enough.", "Start from the empty workbook that can be downloaded on the page Rounds: three sheets (Tranches, Students, Offers) are enough."),
    ("V107", "stop", "missing sheet", "The sheet '{missing}' is missing.{suggestion}", "Add a sheet '{missing}' with the columns {columns}, as the empty template has it."),
    ("V108", "stop", "missing column", "The column '{missing}' is missing.{suggestion}", "Add the column '{missing}' ({note}), or name your heading for it on Lists (list 'headings')."),
    ("V109", "stop", "sheet without rows", "The sheet has headings but no rows.", "Fill in at least one row ({subject})."),
    ("V110", "warning", "sheet not there", "There is no sheet '{missing}': {cost}.", "Add the sheet when you have the facts; the run goes on without it."),
    ("V111", "warning", "unknown sheet", "The sheet '{found}' is not one of ours and was not read.{suggestion}", "Rename it if it is meant to be read: {allowed}."),
    ("V112", "warning", "unknown column", "The column '{found}' is not one of ours and was not read.{suggestion}", "Rename it, delete it, or name it on Lists (list 'headings', word '{found}', meaning: our column)."),
    ("V113", "warning", "heading recognised", "The heading '{found}' was read as '{meaning}'.", "Nothing, if that is what it means; else rename the heading."),
    ("V114", "stop", "heading twice", "Two columns are headed '{found}': it is not clear which one counts.", "Delete or rename one of them."),
    ("V115", "warning", "hidden sheet", "The sheet is hidden; it was read.", "Unhide it, or delete it if it is not meant to count."),
    ("V116", "set_aside", "no headings", "The sheet has no row of headings that we know, so none of it was read.", "Put the headings {columns} in one row."),
    ("V117", "warning", "title row", "The row '{found}' looks like a title and was skipped.", "Nothing, if it is one; else fill in the row's other cells."),
    ("V118", "warning", "total row", "The row '{found}' looks like a total and was skipped.", "Nothing, if it is one."),
    ("V119", "warning", "merged cells", "The cells {found} are merged: only the first holds the value, the others were read as blank{consequence}.", "Unmerge them (Home, Merge and centre) and fill in each cell."),
    ("V120", "warning", "rows after a gap", "More rows stand below {count} or more empty ones; they were read like any other.", "Delete them if they are not meant to count."),
    ("V121", "warning", "cells without heading", "There are cells without a heading above them; they were not read.", "Give the column a heading, or clear the cells."),
    ("V122", "stop", "column of names", "The column '{found}' looks like names or contact details of persons. Nothing was read or stored.", "Delete the column and use references (S001, PE001). Names belong in a separate file that stays with you."),
    ("V123", "stop", "full postcode", "A full postcode ({found}) stands here; districts are enough and the rest points to a home.", "Type the district only: {district}."),
    ("V124", "warning", "protected characteristic", "The column '{found}' looks like a protected characteristic; it was not read and is never used.", "Delete the column. What a student needs goes in 'adjustments', as functional needs."),
    ("V125", "warning", "old encoding", "{file} is not in UTF-8; it was read as Windows-1252.", "Check letters with accents, or save it as 'CSV UTF-8'."),
    ("V126", "stop", "JSON not readable", "{file} is not the JSON that we expect: {why}.", 'Write one object: {{"Students": [{{"student": "S001", ...}}], ...}}.'),
    ("V127", "warning", "other separator", "{file} separates its cells by {found} instead of commas; it was read so.", "Check that lists inside cells were not cut, or save it with commas."),
    ("V128", "stop", "sheet twice", "The sheets '{other}' and '{found}' would both be read as '{meaning}'.", "Delete or rename one of them."),
    ("V130", "stop", "blank sheet", "The sheet is blank.", "Put the headings {columns} in its first row, and {subject} in each row below."),
    ("V131", "stop", "nothing usable", "{what}, so there is nothing to plan.", "{how}"),
    ("V132", "stop", "empty file", "{file} is empty (0 bytes): there is nothing in it.", "Copy or download it again; a copy that broke off leaves such a file."),
    ("V133", "stop", "one CSV file", "{file} is one CSV file, which holds one sheet; Tranches, Students and Offers are three.", "{how}"),
    ("V134", "stop", "folder with the workbook", "The folder {file} holds no CSV files; it holds {inside}.", "Give the file itself: {give}"),
    ("V135", "stop", "memory", "The memory of this computer is not enough to read {file}.", "Close other programs, or delete unused sheets, pictures and formatted empty rows, and try again."),
    ("V136", "warning", "hidden rows", "Hidden or filtered rows were read like any other (rows: {count}).", "Unhide them (clear the filter) and look; delete those that are not meant to count."),
    ("V137", "warning", "struck through", "Rows with text that is struck through were read like any other (rows: {count}).", "Delete them if they are not meant to count."),
    ("V138", "warning", "hidden column", "The column is hidden; it was read.", "Unhide it, or delete it if it is not meant to count."),
    ("V139", "warning", "sheet recognised", "The sheet '{found}' was read as '{meaning}'.", "Nothing, if that is what it is; else rename it."),
    ("V140", "stop", "contact details", "{found} stands in '{column}'. Nothing was stored.", "Take it out. Contact details belong in a separate file that stays with you."),
    ("V141", "stop", "name as id", "An id in '{column}' looks like the name of a person (initials {found}). Nothing was stored.", "Use references without names (S001, PE001), on every sheet. Names belong in a separate file (id, name) that stays with you."),
    ("V142", "warning", "name of a person", "'{column}' looks like the name of a person; the initials {found} were read instead.", "Type initials or a role."),
    ("V143", "warning", "name in a note", "'{column}' names a person, so it was not read.", "Take the name out: what is needed is said without it."),
    ("V144", "warning", "broken character", "'{column}' holds half of a character, which is no text; it was read as {meaning}.", "Type the cell again."),
    ("V145", "warning", "is it a name", "Ids in '{column}' look like names of persons ({count}, beginning with {found}). They were read as ids, so they stand in the plan and in every file.", "If they are names, use references without names (S001, PE001) on every sheet; names belong in a separate file (id, name) that stays with you. If they are codes, nothing."),
    ("V146", "stop", "not the workbook itself", "{file} is what Excel keeps beside a workbook while that is open; it holds no rows.", "Give '{meant}' instead."),
    ("V129", "set_aside", "row not readable", "The row is no list of cells (found: {found}).", "Write each row as an object: column to value."),
)  # fmt: skip

CELLS = _kinds(
    ("V201", "warning", "unreadable cell", "'{found}' is not {allowed}{consequence}.{hint}", "Type {allowed}{otherwise}."),
    ("V202", "warning", "unknown word", "'{found}' is not a word for {column}{consequence}.{suggestion}", "Type {allowed}."),
    ("V203", "warning", "new word", "'{found}' is not in the list of {list}; it was accepted as a new word.{suggestion}", "Correct it, or put your own words on Lists (list '{list}')."),
    ("V204", "warning", "word not in your list", "'{found}' is not in your list of {list}{consequence}.{suggestion}", "Correct the cell, or add the word to Lists (list '{list}')."),
    ("V205", "warning", "negative number", "{found} is negative; {column} is {allowed}{consequence}.", "Type {allowed}."),
    ("V206", "warning", "fraction", "{found} is not whole; {column} is {allowed}{consequence}.", "Type {allowed}."),
    ("V207", "warning", "number out of range", "{found} is out of range; {column} is {allowed}{consequence}.", "Type {allowed}."),
    ("V208", "warning", "error cell", "The cell shows the error {found}{consequence}.", "Correct the formula, or type the value."),
    ("V209", "warning", "formula", "Formulas stand here (cells: {count}); the values last computed were read, such as {found}.", "Replace the formulas by their values (copy, paste values) so that nothing moves."),
    ("V210", "warning", "formula without value", "The cell holds a formula whose value was never computed{consequence}.", "Open the workbook in Excel and save it, or type the value."),
    ("V211", "warning", "date typed as text", "Dates typed as text were read day first (cells: {count}): {found}.", "Format the cells as dates, or type dates as 2027-01-31."),
    ("V212", "warning", "id as a number", "Ids that were numbers were read as text (cells: {count}): {found}.", "Format the column as text; check that no leading zeros were lost."),
    ("V213", "warning", "stray spaces", "Stray spaces, invisible characters, or signs that mark a text were dropped (cells: {count}): {found}.", "Nothing, if the values are right."),
    ("V214", "warning", "read as", "Other words were read as ours (cells: {count}): {found}.", "Nothing, if that is what they mean; the words are {allowed}."),
    ("V215", "warning", "blank cell", "'{column}' is blank{consequence}.", "Fill it in: {allowed}, or 'not known'."),
    ("V216", "set_aside", "blank cell", "'{column}' is blank, so the row cannot be used.", "Fill it in: {allowed}{or_not_known}."),
    ("V217", "set_aside", "not known", "'{column}' may not be 'not known', so the row cannot be used.", "Type {allowed}."),
    ("V218", "warning", "list with commas", "Lists separated by commas were read so (cells: {count}): {found}.", "Separate lists by ;."),
    ("V219", "warning", "date as a number", "Numbers, or dates with a time of day, were read as dates (cells: {count}): {found}.", "Format the cells as dates."),
    ("V221", "warning", "ranking with commas", "Offers separated by commas were read as best first: {found}.", "Separate ranks by >, and offers of equal rank by =: O12 > O7 = O9."),
    ("V222", "warning", "not known counts as blank", "'{column}' reads 'not known' (cells: {count}) and counts as blank: {found}.", "Fill it in once it is known."),
    ("V223", "warning", "misspelt word", "Misspelt words were read as the ones that they are one slip from (cells: {count}): {found}.", "Correct the spelling; if another word is meant, type that: {allowed}."),
    ("V225", "warning", "qualifies when", "{subject} becomes {found}, and nobody said when; counts as {qualification}.", "Fill in qualifies_on."),
    ("V226", "warning", "is that right", "{subject} {found}: one of the two is probably wrong; they are used as they stand.", "Correct the cell that is wrong."),
    ("V227", "warning", "agency not used", "'{step}' is a date of the whole round, so '{found}' says nothing there.", "Clear the cell, or type 'closed' as the step if that agency does not work on the day."),
    ("V220", "warning", "date order", "{found}: the later date comes first{consequence}.", "Correct one of the dates."),
)  # fmt: skip

REFERENCES = _kinds(
    ("V301", "set_aside", "duplicate", "{subject} stands on {count} rows that differ; {cost}.", "Keep one of the rows.{extra}"),
    ("V302", "warning", "row repeated", "{subject} stands on {count} rows that are equal; it counts once.", "Delete the others."),
    ("V303", "set_aside", "not listed", "'{found}' is not on {where}{consequence}.{suggestion}", "Correct it, or add it to {where}."),
    ("V304", "warning", "other spelling", "'{found}' was read as '{meaning}'.", "Nothing, if that is what it means."),
    ("V305", "warning", "numbered", "Rows without an id (rows: {count}) were numbered {found}, in order of their contents.", "Type the ids into the sheet, or go on with the copy in which 'allocate' fills them in (its name ends in -with-ids), so that they stay the same from run to run.", "Type the ids into the sheet and send it again, so that they stay the same when rows are added or changed."),
    ("V306", "set_aside", "reserved id", "'{found}' has a meaning of its own and cannot be an id.", "Give the row another id."),
    ("V307", "warning", "nearly the same", "'{found}' and '{other}' look like one thing; they were read as two.", "Correct the spelling if they are one."),
    ("V308", "set_aside", "row set aside", "'{found}' is on {listed}, but its row was set aside ({cause}){consequence}.", "Put that row right, or correct '{found}'."),
    ("V309", "set_aside", "id cannot be used", "'{found}' cannot be an id, since '{separator}' {why}; the row was not used.", "Give the row an id without '{separator}', and write it so wherever it is named."),
    ("V310", "warning", "long id", "The id '{found}' has {count} characters; {limit} are more than enough.", "Use a short reference, such as S001; notes belong in 'note'."),
    ("V320", "warning", "is it the same", "Is '{found}' the same as '{near}'? It was read as that, so that no rule is passed over.", "Type '{near}' if it is; if it is another, add it to {where}."),
)  # fmt: skip

CONTENT = _kinds(
    ("V401", "set_aside", "student without request", "{subject} has no request{why}, so nothing is looked for.", "{how}."),
    ("V402", "warning", "first not recorded", "{subject}: a final, but no first placement is recorded; only offers that are statutory, or may be, come into question.", "Add the first placement to History, or fill in first_agency, first_team, first_areas and first_statutory."),
    ("V403", "warning", "scheme without lock", "{subject} is on the scheme '{scheme}' but the request is not locked to agencies or authorities.", "Fill in Requests.locked_agencies or locked_authorities."),
    ("V404", "warning", "practice assessor", "{subject}: the practice assessor '{found}' {why}, so this trainee can take nobody.", "Name a current PEPS2 (not the trainee), or university."),
    ("V405", "warning", "window too short", "{subject} is open from {start} to {end}; at {days_a_week} days a week that holds {held} placement days of the {needed} needed.", "Ask the agency for another end or more days a week."),
    ("V406", "warning", "request's dates too short", "{subject} must lie between {start} and {end}; at {days_a_week} days a week that holds {held} placement days of the {needed} needed.", "Correct earliest_start or latest_end."),
    ("V407", "warning", "place without coordinates", "'{found}' has no coordinates: travel from or to it cannot be estimated and waits for a measured time.{suggestion}", "Add a row to Places (place, latitude, longitude), or a measured row to Travel."),
    ("V408", "set_aside", "earlier attempt", "{subject} is left out, since {other} of the same student and stage counts.", "Delete the earlier request, or move it to a past tranche."),
    ("V409", "warning", "tranche's status", "{subject} has no status and was read as '{found}'.", "Fill in status: deciding, later or past."),
    ("V410", "warning", "which tranche", "Rows that name no tranche, while several are being decided (rows: {count}), were read as {found}.", "Fill in the tranche."),
    ("V411", "set_aside", "no tranche", "{subject} names no tranche, and no tranche being decided takes it, so {consequence}.", "Name a tranche, or correct status, stages and programmes on Tranches."),
    ("V412", "warning", "not of this tranche", "{subject} is in {tranche}, which is for {allowed}.", "Correct the tranche, or its stages and programmes."),
    ("V413", "set_aside", "spokes", "{subject}: '{found}' is no spoke, since {why}; nobody new is placed there until it can be read.", "Type agency/team/place=days (several separated by ;), such as North Trust/Ward 4/CR0=20, or clear the cell."),
    ("V440", "warning", "lead as spoke", "{subject}: '{found}' is its own team, which has the days that the spokes leave; it was passed over.", "Delete it from 'spokes'."),
    ("V439", "warning", "no day for the lead", "{subject}: its spokes take {days} of the {needed} days of a {stage}, which leaves its own team none, so no {stage} of that length is placed there.", "Correct the days in 'spokes'."),
    ("V414", "warning", "PE not listed", "{subject} names the PE '{found}', who is not on Educators; the name is passed over.{suggestion}", "Add the PE to Educators, or type TBC."),
    ("V415", "warning", "statutory not stated", "No offer says whether it is statutory ({column}): {cost}.", "Fill in {column} on Offers or Teams."),
    ("V416", "warning", "first placement twice", "{subject}: History has the first placement, so the first_ columns were not used.", "Nothing; clear the first_ columns."),
    ("V417", "warning", "minimum over capacity", "{subject} asks for at least {minimum} students but has {capacity} places.", "Correct minimum or capacity."),
    ("V418", "warning", "nothing left to do", "{subject}: History credits {credited} of {needed} days, so nothing would be left; the policy's days were taken.", "Fill in Requests.days, or correct History."),
    ("V419", "warning", "place outside England", "'{found}' lies outside England; are latitude and longitude swapped?", "Correct the coordinates."),
    ("V420", "set_aside", "commitment of whom", "A commitment names exactly one of agency, team (of an agency) and PE; this row names {found}.", "Fill in one of them."),
    ("V421", "warning", "example rows", "Rows of the template's example ({found}) are still there beside your own.", "Delete the example rows."),
    ("V423", "warning", "neither PE nor pool", "{subject}: '{found}' is neither a PE nor a pool, so it was passed over.", "Type {allowed}."),
    ("V424", "warning", "for nobody", "{subject}: nobody is of '{found}'.{suggestion}", "Correct it if a programme, university or student of this input is meant."),
    ("V425", "stop", "round unreadable", "{subject}: the row of this round cannot be used{cause}, and it is {why}; without it the plan would be one of other rounds.", "Put the row right; the message about the cell says what is allowed."),
    ("V426", "warning", "round has begun", "{subject} begins on {found}, before today ({today}): its placements would start in the past.", "Correct first_day, give it the status past, or set as_of on Policy to the day that the plan is for."),
    ("V427", "warning", "year typed wrong?", "{found} in '{column}' is {why}.", "Correct the year, if another one is meant."),
    ("V428", "warning", "fall-backs in a circle", "PEs take over from each other in a circle: {found}.", "Name a PE who is not in the circle."),
    ("V429", "warning", "final before first", "{subject}: the final is in {found}, before the first in {first}; so at most one of the two is placed.", "Correct the tranche of one of them."),
    ("V430", "warning", "beside the employer's", "{name}, which the employer found, {does} on {day} ({source}), so {subject} {what}.", "Correct the day, if {name} {does} on another."),
    ("V431", "warning", "at the same time", "{subject} stays and {theirs}, but {name}, which the employer found, {does} on {day} ({source}): the student has two placements at once.", "Correct one of the days, or give {subject} free (decision unlock)."),
    ("V432", "warning", "employer's dates not known", "Nobody has said when {name}, which the employer found, {does}: {subject} may be placed at the same time, so its match is provisional.", "Fill in {column} of {name} on Requests."),
    ("V433", "warning", "percent or fraction", "{subject}: {found} was read as {found} percent.", "Type 73, not 0.73, if the figure is a share; format the column as a number."),
    ("V438", "warning", "evidence and flag", "{subject}: statutory_dfe is {found}, and {why}; the flag counts as it stands.", "Ask the agency; correct the flag or the evidence."),
    ("V437", "warning", "part without a place", "No agency or team is of the part '{found}', so these students can only have places that are of no part (E20).{suggestion}", "Correct it, or fill in 'part' on Agencies or Teams."),
    ("V441", "warning", "two statutory too late", "{subject}: two statutory placements are asked of {found} (statutory_least), and the first ({where}) was not; only {request} is left, so there can be one at most. It is still placed in a statutory offer only.", "Correct the first placement's flag if it was statutory, or approve it by equivalence; else tell the university that the guarantee cannot be kept for this student."),
    ("V442", "warning", "figure that cannot be", "{subject}: {column} is '{found}', and {why}; it stands in the reports as it is.", "Correct the cell."),
    ("V443", "warning", "no district", "'{found}' is no postcode district, as the others in '{column}' are (such as {others}), and nobody knows a travel time from or to it, so what depends on one waits for a measured time.{suggestion}", "Type the postcode district; or add '{found}' to Places (place, latitude, longitude), or measured rows to Travel."),
    ("V422", "set_aside", "row cannot be used", "{subject} cannot be placed in this run: {why}.", "Put its row right, as the message about it says."),
)  # fmt: skip

DECISIONS = _kinds(
    ("V503", "set_aside", "decision incomplete", "{subject} needs {missing}; the row was not used.", "Fill in {missing}."),
    ("V504", "set_aside", "no exception possible", "{rule}: no exception is possible{why}; the row was not used.", "Exceptions can be made to {allowed}."),
    ("V505", "set_aside", "exception's value", "'{found}' is no value for an exception to {rule}; the row was not used.", "Type {allowed}."),
    ("V506", "set_aside", "about what", "'{found}' {why}; the row was not used.{suggestion}", "Type student, offer, pe or supervisor and fill in that column."),
    ("V507", "set_aside", "two fixes", "{subject} is fixed in different ways ({found}); none of them holds: {subject} is not placed.", "Keep one of the decisions."),
    ("V508", "set_aside", "contradiction", "{subject} contradicts '{other}', which {does} and stands{consequence}.", "Delete one of the two decisions."),
    ("V509", "set_aside", "forbidding row unreadable", "{subject} may forbid something and cannot be read in full, so {consequence}.", "Correct the row."),
    ("V510", "warning", "fix of a kept match", "{subject} was not used: the match of {found} is kept.", "Unlock the match first if it is to move."),
    ("V511", "warning", "request no longer there", "The published request '{found}' is not on this input, so the row counts as over.{suggestion}", "Nothing, if the request is gone."),
    ("V513", "warning", "no effect", "{subject} has no effect: {why}.", "Nothing, or correct the row."),
    ("V514", "warning", "withdrawal to come", "{subject} holds from {found}, which is to come: {consequence}.", "Nothing, if that is so."),
    ("V515", "warning", "several answers", "{subject} has several answers; '{found}' stands.", "Keep the answer that counts."),
    ("V518", "warning", "decision to come", "{subject} is dated {found}, after today ({today}): {consequence}.", "Correct the date, or decide it again on that day."),
    ("V519", "warning", "cell not used", "{subject}: {why}, so it was not used.", "Clear the cell, or decide it in a row of its own."),
    ("V516", "warning", "kept despite its row", "{subject}: {why}; the match is kept as published.", "See the message about the row that is meant."),
    ("V520", "set_aside", "nothing to undo", "{subject}: {why}; nothing was undone.{suggestion}", "Type in value what stands in the column id of the decision that is to be undone."),
    ("V521", "warning", "undone", "{subject} was undone by {other}, so it does not count.", "Nothing, if that is so."),
    ("V522", "set_aside", "more held than is free", "{subject} holds {places} of the places of {offer}, of which {free} can be held beside older holds and kept matches; the row was not used.", "Hold fewer places, undo an older hold, or unlock a match there."),
    ("V523", "warning", "match without its request", "The published request '{found}' is not on this input, though its match stays: {held} held for it.{suggestion}", "Put the row of the student or the request back; or say in status that the match has ended or came to nothing."),
    ("V517", "set_aside", "cells contradict", "{subject}: {why}; {consequence}.", "Correct the cell that is wrong, or clear it."),
)  # fmt: skip

SETTINGS = _kinds(
    ("V601", "set_aside", "unknown setting", "'{found}' is not a setting; the row was not used.{suggestion}", "`placements policy` prints every key.", "Correct the name of the setting, or delete the row."),
    ("V602", "set_aside", "setting's value", "'{found}' is no value for {subject}; the default ({default}) holds.{suggestion}", "Type {allowed}."),
    ("V603", "set_aside", "settings do not fit", "{subject} = {found} was not used: {why}.", "Correct one of the settings."),
    ("V604", "warning", "settings that cannot be", "{subject} = {found}, and {why}; both hold as they stand.", "Correct the one that is wrong."),
)  # fmt: skip

PLANS = _kinds(
    ("V701", "stop", "plan not readable", "{file} is no plan: {why}.", "Give a plan.json, or a sheet with student, stage and offer (or agency and team)."),
    ("V702", "set_aside", "plan row not usable", "{subject}: {why}; the row was not judged.{suggestion}", "Correct the row."),
    ("V703", "warning", "offer chosen", "{agency}, {team} has {count} offers that could be meant; taken so that least is broken: {taken}.", "Name the offer if another one is meant."),
    ("V704", "warning", "plan of another input", "The plan was made from another input or policy than the one it is judged by.", "Nothing, if that is what you want to know."),
)  # fmt: skip

ISSUE_KINDS: dict[str, IssueKind] = FILES | CELLS | REFERENCES | CONTENT | DECISIONS | SETTINGS | PLANS
"""Every kind by code."""
LEAVES_OUT: frozenset[str] = frozenset((
    "V111", "V112", "V117", "V118", "V121",
    "V220", "V308", "V405", "V406", "V417", "V424", "V429", "V439", "V510", "V511", "V513", "V518",
))  # fmt: skip
"""Kinds of warnings by which something that was typed is not used, or nobody fits: a run shows them with its plan."""
IN_DOUBT: frozenset[str] = frozenset(("V223", "V307", "V320"))
"""Kinds of warnings by which something may be meant otherwise, or two things may be one, so that what is typed of one
misses the other: shown, too."""


def shown_with_plan(issues: Iterable[Issue]) -> tuple[list[Issue], list[Issue]]:
    """The problems that a run shows with its plan.

    Parameters
    ----------
    issues
        All problems of the input.

    Returns
    -------
    tuple of list
        First what is set aside, then what else is not used, then what may be one thing, each in the given order; and
        the others.
    """
    aside: list[Issue] = []
    unused: list[Issue] = []
    doubtful: list[Issue] = []
    others: list[Issue] = []
    for issue in issues:
        if issue.level != "warning":
            aside.append(issue)
        else:
            (unused if issue.code in LEAVES_OUT else doubtful if issue.code in IN_DOUBT else others).append(issue)
    return [*aside, *unused, *doubtful], others
