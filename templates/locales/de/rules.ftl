# Die Regeln der Fallarbeit, nach ihren festen Namen.
rule-unknown-member = Hier darf nur schreiben, wen die Charta nennt.
rule-wrong-role = Diese Handlung gehört zu einer anderen Rolle.
rule-finance-outside = Die Finanzseite kann Fälle weder lesen noch schreiben.
rule-not-on-team = In einem Fall darf nur sein eigenes Team schreiben.
rule-already-on-team = Diese Person gehört schon zum Team.
rule-still-member = Diese Person steht noch in der Charta.
rule-recused = Wer wegen Befangenheit ausgeschieden ist, nimmt an dem Fall nicht mehr teil.
rule-same-person = Diese Entscheidung müssen zwei verschiedene Menschen treffen.
rule-declaration-missing = Erklären Sie zuerst, dass Sie in diesem Fall nicht befangen sind.
rule-declaration-stale =
    In dem Fall ist ein neuer Name aufgetaucht: erklären Sie noch einmal, dass Sie nicht befangen sind.
rule-separation-of-duties = Wer den früheren Schritt getan hat, darf diesen nicht tun.
rule-wrong-state = Der Fall ist nicht in dem Stand, in dem das möglich ist.
rule-not-received = Ein Fall beginnt mit einem eingegangenen Hinweis, und zwar einmal.
rule-case-purged = Der Fall ist vernichtet; es kann nichts hinzukommen.
rule-time-backwards = Der Eintrag trägt ein Datum, das mehr als einen Tag vor dem anderer liegt, die stehen.
rule-from-the-future =
    Der Eintrag trägt ein Datum, das mehr als einen Tag nach dem liegt, an dem er entstanden sein kann.
rule-not-acknowledged = Die Quelle muss zuerst eine Eingangsbestätigung bekommen.
rule-not-triaged = Legen Sie zuerst Regelwerk, Rechtsraum und Vergeltungsrisiko fest.
rule-no-machine-check = Führen Sie zuerst die Maschinenprüfung durch und speichern Sie sie.
rule-leak-check-missing = Eine Frage muss die Prüfung auf Worte bestehen, die die Quelle verraten könnten.
rule-bad-digest = Der Fingerabdruck passt nicht zum Inhalt.
rule-no-such-proposal = Eine solche Entscheidung wartet nicht auf eine zweite Unterschrift.
rule-proposal-waits =
    Eine Entscheidung dieser Art wartet auf ihre zweite Unterschrift: sehen Sie sie an und bestätigen Sie sie, oder
    verwerfen Sie sie zuerst.
rule-proposal-changed =
    Das ist nicht mehr, was gezeigt wurde: sehen Sie es noch einmal an, bevor Sie unterschreiben.
rule-no-such-item = Ein solches Stück gibt es in dem Fall nicht.
rule-not-lapsed = Die Quelle hat noch Zeit zu antworten.
rule-not-withdrawn = Nur die Quelle kann den Hinweis zurückziehen, mit einer unterschriebenen Erklärung.
rule-no-consent = Die Weitergabe braucht die Zustimmung der Quelle oder eine belegte Pflicht.
rule-evidence-too-thin = Nötig sind zwei voneinander unabhängige Beweisstücke oder die Entscheidung einer Behörde.
rule-accused-not-heard =
    Die beschuldigte Seite muss gehört werden, oder es muss festgehalten sein, warum das gefährlich wäre.
rule-feedback-missing = Die Quelle muss zuerst eine Rückmeldung bekommen.
rule-reason-missing = Es braucht eine Begründung.
rule-claim-window-open = Die Frist für Ansprüche läuft noch.
rule-claim-window-over = Die Frist für Ansprüche ist vorbei.
rule-bad-claim = Die Erklärung ist nicht mit dem eigenen Schlüssel der Quelle unterschrieben.
rule-wrong-journal = Was die Quelle geschrieben hat, gehört zu einem anderen Fall.
rule-not-addressed = An die Person, die das einträgt, hat die Quelle es nicht geschrieben.
rule-words-repeated = Diese Nachricht der Quelle steht schon im Fall.
rule-recipient-left-out = Zum ersten Team gehören alle, denen die Quelle geschrieben hat.
rule-same-tip = Das ist der Hinweis, den der Fall enthält.
rule-statement-used = Diese Erklärung der Quelle wurde schon verwendet.
rule-claim-missing = Die Quelle hat keinen Anspruch erhoben.
rule-not-eligible = Die Antworten zur Berechtigung lassen keine Belohnung zu.
rule-eligibility-wrong =
    Die Antwort zu Compliance-Mitarbeitern widerspricht der Stellung und den Daten, die der Fall festhält.
rule-policy-unknown =
    Die Belohnung nennt eine Regelung, die nicht in der Charta steht oder deren Beträge in einer anderen Währung sind
    als Belohnungen.
rule-amount-wrong = Der Betrag ist nicht der, den die Formel der Regelung ergibt.
rule-award-zero =
    Über eine Belohnung von nichts wird nicht entschieden: für diese Tatsachen und dieses Budget ergibt die Formel
    keinen Betrag.
rule-award-open = Die Quelle kann noch widersprechen: warten Sie, oder holen Sie ihre unterschriebene Zustimmung ein.
rule-contest-over = Die Frist für den Widerspruch ist vorbei.
rule-contest-window-open = Die Frist für den Widerspruch läuft noch.
rule-reasons-not-sent = Die Quelle muss zuerst die Gründe bekommen.
rule-panel-includes-proposer = Wer die Belohnung vorgeschlagen hat, kann nicht im Ausschuss sitzen.
rule-budget-short = Das freie Budget deckt die Belohnung nicht.
rule-no-token-request = Die verdeckten Marken der Quelle sind nicht angekommen.
rule-batch-not-signed = Die Quelle hat für diese verdeckten Marken nicht unterschrieben.
rule-order-mismatch = Die Anweisung passt nicht zum Fall.
rule-already-signed = Diese Person hat schon unterschrieben.
rule-bad-signature = Die Unterschrift ist nicht gültig.
rule-not-issued =
    Alle, die unterzeichnen, müssen die Marken unterschrieben haben, und genügend Verwaltende müssen das öffentlich
    erklärt haben.
rule-no-new-evidence = Zum Wiederaufnehmen braucht es neue Beweise oder den unterschriebenen Wunsch der Quelle.
rule-retention-running = Der Fall muss länger aufbewahrt werden.
rule-legal-hold = Eine Aufbewahrungssperre hält den Fall fest.
rule-no-legal-hold = Es gibt keine Aufbewahrungssperre.
rule-already-extended = Die Frist für die Rückmeldung wurde schon verlängert.
rule-deadline-passed = Die Frist ist abgelaufen.
rule-key-must-turn =
    Der Fall hat begonnen, oder jemand ist ausgeschieden: Zuerst muss sein Schlüssel gewechselt werden.
rule-wrong-key-generation = Der Eintrag steht nicht unter dem jetzigen Schlüssel des Falls.
rule-wraps-wrong = Der neue Schlüssel muss für jedes verbliebene Mitglied verpackt sein und für niemanden sonst.
rule-too-long = Der Text ist zu lang.
rule-malformed = Der Eintrag ist nicht lesbar.
rule-chain-broken = Der Eintrag folgt nicht auf den vor ihm.
rule-out-of-range = Eine Zahl oder ein Datum liegt außerhalb des Bereichs.
rule-ledger-unbalanced = Die Bewegung geht nicht auf, oder ein Konto käme unter null.
rule-ledger-duplicate = Diese Bewegung wurde schon gebucht.
rule-no-such-award = Eine solche Belohnung steht nicht im Buch.
