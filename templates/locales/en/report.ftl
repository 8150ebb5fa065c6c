# The dossier's report. What is computed or stored goes in as it is.

report-title = Dossier of case { $case }
report-from = From the programme { $programme }
report-made =
    made { $time }. The source is anonymous, to this programme too. Do not try to find out who it is: the law of many
    countries forbids it.
report-account = Account
report-standing = Where the case stands
report-state = State: { $state }
report-triage =
    Field: { $field }, version { $version }; class { $class }; jurisdiction { $jurisdiction }; severity { $severity } of
    5
report-risk = Risk of retaliation against the source: { $risk } of 100
report-evidence = Evidence
report-evidence-none = None was added.
report-events = Events
report-events-caption = Every entry of the case's journal that is enclosed. Signatures: journal.json
report-entry = Entry
report-when = When
report-who = Who
report-role = Role
report-what = What
report-left-out = Left out
report-left-out-none = Nothing.
report-why = Why
report-verify = How to verify this
report-verify-how = Compare the programme's root fingerprint with one from another place:
report-verify-run = Then run this, or any program that follows the specification of the format; no server is needed:
report-findings = Findings of the adjudicators
report-pending = Proposed, not decided
report-pending-means =
    One person has signed each of these. A second must sign before it is decided; until then it can be dropped.
report-pending-one = { $what }: proposed by { $who }, { $time }
report-finding-of-one = Written by one adjudicator; the second signature, entry { $entry }, is left out
report-authority = Decision of an authority, in force (entry { $entry })
report-authority-replaced = Earlier decision of an authority (entry { $entry }), replaced by entry { $later }
report-sanction = Sanction: { $amount }
report-fate-signed = { $act }; signed second in entry { $entry }
report-fate-dropped = { $act }; dropped in entry { $entry }
report-fate-left-out = { $act }; entry { $entry }, which says what became of it, is left out
report-fate-fell = { $act }; it fell without a second signature
report-fate-waits = { $act }; it waits for a second signature
report-answers = { $act } (entry { $entry })
report-answers-left-out = entry { $entry }, which is left out
report-accused-reply = What the accused says
report-accused-waiver = Why the accused was not asked
report-check = Machine check
report-check-of = { $pack }, version { $version }:
report-check-proves = A check compares numbers; it proves nothing.
report-consistent = consistent with what is reported
report-inconsistent = inconsistent with what is reported
report-indeterminate = indeterminate
report-step = Step
report-formula = Formula
report-result = Result
report-piece = { $name } (entry { $entry })
report-origin = Origin: { $origin }
report-original =
    { $bytes ->
        [one] Original: 1 byte, sealed with the programme; SHA-256
       *[other] Original: { $bytes } bytes, sealed with the programme; SHA-256
    }
report-enclosed = Enclosed, with its SHA-256:
report-removed = Removed from the enclosed copy: { $what }
report-not-enclosed = Not enclosed: { $why }
report-custody = { $time }: { $how } by { $who }

# What was left out, and why; what a copy lacks; what was done with evidence. The names stand in the JSON files.
report-left-source-words = the source's own words: style identifies people
report-left-letter = a letter to the source
report-left-note = an internal note
report-left-team-keys = keys of the team
report-left-claim-key = a statement under the source's claim key
report-left-award = the award
report-left-other-case = another case
report-left-detriment = what the source suffers
report-left-disclosure = who outside the team was told something
report-left-recusal = { $who } takes no further part; the reason stays with the team
report-left-does-not-count = does not count: { $why }
report-fault-no-key = the key that it is sealed under is not at hand
report-stays-few-readers =
    { $n ->
        [one] only one person received this exact version: forwarding it would point at that person
       *[other] only { $n } people received this exact version: forwarding it would point at them
    }
report-stays-no-safe-copy = no safe copy of this kind of file can be made
report-removed-after-end = data behind the end of the picture (bytes: { $bytes })
report-removed-thumbnail = a small preview picture (bytes: { $bytes })
report-removed-comment = a comment in the file (bytes: { $bytes })
report-removed-segment = part { $name } of the file (bytes: { $bytes })
report-removed-all-but-pixels = everything but what can be seen
report-removed-pages = this copy is not whole: it has the first { $kept } of { $of } pages
report-removed-frames = this copy is not whole: of a moving picture it has the first picture only
report-removed-mark = line { $line }: { $what }
report-removed-mark-found = line { $line }: { $what }, { $found }
report-custody-taken-in = made evidence
report-custody-opened = opened
report-custody-exported = exported
report-custody-verified = digest verified
