# Die Konsole der Sachbearbeitung. `{ $name }` steht für einen Wert.
console = Subrosa-Arbeitsplatz
skip = Zum Inhalt
languages = Sprache
lock = Sperren
rooms = Räume
room-queue = Fälle
case-pages = Seiten dieses Falls
stranger =
    Dieser Arbeitsplatz wurde in einem anderen Fenster geöffnet, oder diese Adresse wurde schon benutzt. Das Programm
    auf diesem Rechner druckt eine neue Adresse: drücken Sie in seinem Terminal die Eingabetaste.
turned-away-host =
    Dieser Arbeitsplatz antwortet nur unter der Adresse, die er ausgegeben hat. Öffnen Sie diese Adresse.
turned-away-origin =
    Diese Anfrage kommt von einer anderen Seite als denen dieses Arbeitsplatzes. Es wurde nichts getan.
turned-away-site =
    Diese Anfrage kommt von einer fremden Website. Es wurde nichts getan. Öffnen Sie die Adresse neu.
turned-away-method = Der Arbeitsplatz zeigt Seiten und nimmt Formulare an, sonst nichts. Es wurde nichts getan.
keystore-cheap =
    Das Passwort dieses Schlüsselspeichers ist leicht zu erraten: die Datei wurde mit weniger Aufwand versiegelt, als
    neue ihn verlangen. Sperren Sie den Arbeitsplatz und versiegeln Sie die Datei
    neu: subrosa password --keystore { $file }
form-unreadable =
    Das Formular war nicht lesbar. Es ist nichts geschehen; gehen Sie zurück und versuchen Sie es noch einmal.
form-foreign =
    Dieses Formular gehört nicht zu dieser Sitzung: der Arbeitsplatz wurde gesperrt oder neu geöffnet, seit die Seite
    entstand. Es ist nichts geschehen. Öffnen Sie die Seite neu.
form-problems = Es ist nichts geschehen. Bitte sehen Sie sich das an:

locked-title = Der Arbeitsplatz ist gesperrt
locked-lead = Das Passwort dieses Schlüsselspeichers öffnet ihn:
locked-password = Passwort
locked-open = Öffnen
locked-note = Solange er gesperrt ist, liegen weder Schlüssel noch Entschlüsseltes im Speicher dieses Programms.
locked-held =
    Sie haben gerade etwas abgeschickt, als sich der Arbeitsplatz sperrte. Es ist aufgehoben und wird wieder gezeigt,
    sobald Sie drin sind.
book-aside =
    Die eigenen Aufzeichnungen des Arbeitsplatzes (Leseprotokoll, Entwürfe, Ansichten) ließen sich nicht öffnen und
    wurden mit der Endung .unreadable beiseitegelegt. Ein neues Buch ist begonnen.

fetch-now = Abrufen
fetch-look-again = Noch einmal nachsehen
fetch-never = Noch wurde nichts abgerufen.
fetch-last = Zuletzt abgerufen { $time }.
fetch-last-without =
    { $n ->
        [one] Zuletzt abgerufen { $time }. Ein Fall konnte dabei nicht gelesen werden.
       *[other] Zuletzt abgerufen { $time }. { $n } Fälle konnten dabei nicht gelesen werden.
    }
fetch-done = Abgerufen.
fetch-failed = Das Abrufen ist abgebrochen.
fetch-charter = Die Charta wird geprüft …
fetch-keys = Schlüssel werden bereitgelegt …
fetch-board = Das Brett wird gelesen …
fetch-log = Es wird geprüft, ob das öffentliche Log weitergeht …
fetch-filing = Eingegangenes wird in die Journale geschrieben …
fetch-outbox = Wartendes wird gesendet …
fetch-cases = Die Fälle werden gelesen …
fetch-problem =
    Was nicht ging: { $why } Was früher abgerufen wurde, steht unten; verloren ist nichts. Rufen Sie wieder ab, sobald
    der Server erreichbar ist.

filters = Filter
filter-all = alle
filter-state = Stand
filter-clock = Frist
filter-assigned = Zugeteilt an
filter-regime = Regelwerk
filter-tag = Stichwort
filter-running = alle laufenden
filter-to-sign = warten auf eine Unterschrift
filter-overdue = überfällig
filter-soon = innerhalb einer Woche fällig
filter-breached = versäumt oder verspätet
filter-me = mich
filter-nobody = niemanden
filter-go = Zeigen
filter-reset = Alle zeigen
views = Gespeicherte Ansichten
pages = Seiten der Liste
choose-case = Fall auswählen
bulk-legend = Mit den ausgewählten Fällen
bulk-go = Für alle ausgewählten tun
queue-count =
    { $all ->
        [one] { $shown } von 1 Fall
       *[other] { $shown } von { $all } Fällen
    }
queue-empty =
    Noch keine Fälle. Hinweise erscheinen hier, wenn die Epoche schließt, in der sie abgegeben wurden; „Abrufen“ sucht
    nach neuen.
queue-not-fetched =
    Noch wurde nichts abgerufen. Drücken Sie „Abrufen“, oder warten Sie, bis der laufende Abruf fertig ist.
queue-no-match = Kein Fall passt zu diesen Filtern. Zeigen Sie alle, oder wählen Sie andere.
assigned-nobody = nicht zugeteilt
chip-waiting = { $n } zu unterschreiben
chip-retaliation = Vergeltungsrisiko { $n }
chip-hold = Aufbewahrungssperre
chip-turn-key = Schlüsselwechsel nötig
chip-recused = Sie sind ausgeschieden
recalled =
    Der Server war nicht erreichbar, seit Sie diesen Platz geöffnet haben. Sie sehen Ihre Fälle, wie sie beim letzten
    Abruf waren; was Sie entscheiden, wartet, bis der Server wieder da ist.
case-untitled = Fall ohne lesbaren Hinweis
sealed-title = Meldung über den versiegelten Eingang
sealed-code = Empfangscode des versiegelten Eingangs

state-empty = nicht lesbar
state-received = eingegangen
state-triage = in Vorprüfung
state-needs-info = wartet auf die Quelle
state-accepted = angenommen
state-investigating = in Ermittlung
state-referred = weitergegeben
state-substantiated = bestätigt
state-claim-open = Anspruch offen
state-award-proposed = Belohnung vorgeschlagen
state-contested = angefochten
state-award-final = Belohnung endgültig
state-paid = bezahlt
state-closed = geschlossen
state-purged = vernichtet

role-triager = Vorprüfung
role-investigator = Ermittlung
role-adjudicator = Entscheidung
role-finance = Finanzen
role-none = nimmt Hinweise entgegen
role-unknown = Rollen noch nicht abgerufen

clock-acknowledge = Eingangsbestätigung
clock-feedback = Rückmeldung
clock-in-time = { $clock }: erledigt am { $day }
clock-late = { $clock }: erledigt am { $day }, fällig war sie am { $due }
clock-running = { $clock }: fällig am { $due }
clock-overdue = { $clock }: überfällig seit { $due }
breach =
    { $clock } war am { $due } fällig und wurde versäumt; bemerkt am { $seen }. Das ist festgehalten und hält nichts
    auf.

problem-title = Das lässt sich nicht zeigen
no-such-page = Diese Seite gibt es auf diesem Arbeitsplatz nicht.
no-such-case = Diesen Fall gibt es auf diesem Arbeitsplatz nicht.
case-purged-here = Dieser Fall ist vernichtet. Auf diesem Arbeitsplatz ist nichts davon übrig.
case-not-read = Das Journal dieses Falls wurde noch nicht gelesen. Drücken Sie „Abrufen“.
warn-turn-key =
    Dieser Fall hat gerade begonnen, oder jemand ist aus ihm ausgeschieden. Sein Schlüssel muss gewechselt werden, bevor
    irgendetwas anderes geschrieben werden kann.
warn-recused =
    Sie sind aus diesem Fall ausgeschieden. Was andere nach dem Schlüsselwechsel schreiben, öffnen Ihre Schlüssel nicht.
warn-as-read-before =
    Dieser Fall konnte beim letzten Besuch nicht gelesen werden: { $why } Gezeigt wird er, wie er davor gelesen wurde.
    Rufen Sie später noch einmal ab.
warn-declare =
    Sie haben noch nicht erklärt, dass Sie gegenüber allem, was in diesem Fall genannt ist, unbefangen sind. Die meisten
    Schritte brauchen das zuerst.
warn-contradicted =
    { $who } hat einen anderen Hinweis erhalten als den, der in diesem Fall steht. Entweder hat die Quelle verschiedenen
    Leuten Verschiedenes geschrieben, oder jemand hat ihn verändert. Vergleichen Sie, was Sie haben, bevor Sie etwas
    entscheiden.
warn-words-missing =
    Nachrichten der Quelle fehlen: { $numbers }. Vielleicht sind sie noch unterwegs, oder jemand, der sie erhalten hat,
    hält sie zurück.
warn-words-doubled =
    Die Quelle hat unter einer Nummer zweierlei gesagt: { $numbers }. Ihr wurde ein älterer Stand gezeigt, oder jemand
    anders hat ihre zwölf Wörter.
fault-no-key = ein Schlüssel der Generation { $generation } ist nicht zur Hand
fault-unreadable = der Eintrag lässt sich an seinem Platz im Journal nicht öffnen
passed-over = Eintrag { $n } zählt nicht: { $why }
passed-over-refused = Eintrag { $n }, unterschrieben von { $who }, zählt nicht: { $rule }

tab-overview = Überblick
tab-thread = Gespräch
tab-evidence = Beweise
tab-checks = Prüfungen
tab-people = Menschen
tab-award = Belohnung
tab-journal = Journal
thread-lead =
    Alles, was die Quelle und das Team einander geschrieben haben. Was Sie schreiben, ist unterschrieben und steht im
    Journal.
checks-lead = Eine Prüfung sagt, ob die Tatsachen zum Hinweis passen. Sie beweist nie etwas.
people-lead = Wer einen Schritt tut, muss vorher erklären, gegenüber allem hier Genannten unbefangen zu sein.
journal-lead = Jeder Eintrag, unterschrieben von seinem Verfasser und an den vorigen gekettet.
award-contested =
    Die Quelle hat die Belohnung angefochten; ein Ausschuss ohne die vorschlagende Person entscheidet oder hat
    entschieden.
evidence-lead = Unabhängige Ursprünge: { $n }. Eine Feststellung braucht zwei oder die Entscheidung einer Behörde.

s-waiting = Warten auf eine zweite Unterschrift
s-clocks = Gesetzliche Fristen
s-facts = Wo der Fall steht
s-notes = Notizen
s-thread = Gespräch
s-checks = Maschinenprüfungen
s-team = Team
s-entities = In diesem Fall genannt
s-award = Belohnung
s-formula = Formel
s-journal = Einträge

sign-second-as = Ansehen und als { $who } an zweiter Stelle unterschreiben
signed-first = { $who } ({ $role }) hat zuerst unterschrieben, { $time }
drop-own = Zurücknehmen
drop-other = Ablehnen

not-triaged-yet = noch nicht festgelegt
not-assessed = noch nicht eingeschätzt
notes-none = Noch keine Notizen.
files = Dateien aus dem Gespräch
files-none = Die Quelle hat keine Dateien geschickt.
evidence-items = Beweise
evidence-none =
    Noch keine Beweise. Nehmen Sie eine Datei aus dem Gespräch auf, oder etwas von anderswo mit seinem Fingerabdruck.
checks-none = Noch keine Prüfung. Sie kann laufen, sobald die Vorprüfung ein Regelwerk gewählt hat.
entities-none =
    Noch ist niemand und nichts genannt. Nennen Sie Menschen, Organisationen und Orte, damit alle ihre Befangenheit
    erklären können.
award-none = Noch keine Belohnung.
no-conversation = Die Quelle hat nur anderen geschrieben: eine von diesen Personen muss der Quelle antworten.
the-source = Die Quelle
declared-entities =
    { $n ->
        [one] { $n } war da genannt
       *[other] { $n } waren da genannt
    }
severity-n = Schwere { $n }
entry-n = Eintrag { $n }
generation-n = Generation { $n }
tag-on = angehängt: { $tag }
tag-off = abgenommen: { $tag }
handled-item = { $how }: Stück { $item }
eligible-yes = berechtigt
eligible-no = nicht berechtigt
date-odd = { $happened } (der Eintrag trägt das Datum { $stated }, das nicht stimmen kann)
does-not-count = zählt nicht
yes = ja
no = nein
digest-of-file = Aus einer Datei auf diesem Rechner berechnen:

kind-tip = Hinweis
kind-message = Nachricht
kind-acknowledgement = Eingangsbestätigung
kind-question = Frage
kind-feedback = Rückmeldung
kind-reasons = Gründe
kind-text = Nachricht
kind-notice = Mitteilung
told-state = Der Quelle wird mitgeteilt, wo der Fall steht: { $state }.
kind-statement = unterschriebene Erklärung
kind-other = eine andere Art von Nachricht
source-withdraw = Die Quelle zieht den Hinweis zurück.
source-consent-to-referral = Die Quelle stimmt der Weitergabe des Falls zu.
source-reopen = Die Quelle wünscht, dass der Fall noch einmal angesehen wird.
source-claim = Die Quelle erhebt Anspruch auf die Belohnung.
source-accept-award = Die Quelle ist mit dem Betrag von { $amount } einverstanden.
source-contest = Die Quelle ficht die Belohnung an.
source-request-tokens = Die Quelle bittet um die Marken der Belohnung.

act-accept = Den Fall annehmen
act-close = Den Fall schließen
act-refer = An eine Behörde weitergeben
act-substantiate = Als bestätigt feststellen
act-close-unsubstantiated = Als nicht erwiesen schließen
act-finalize = Die Belohnung endgültig machen
act-deny = Die Belohnung versagen
act-panel = Als Ausschuss über die Anfechtung entscheiden
act-reopen = Den Fall wieder aufnehmen
act-extend = Die Frist für die Rückmeldung verlängern
act-hold = Eine Aufbewahrungssperre beginnen
act-release-hold = Die Aufbewahrungssperre beenden
act-purge = Den Fall vernichten
takes-two = braucht zwei Menschen
acts-not-now = Jetzt nicht möglich, und warum

reason-out-of-scope = nicht zuständig
reason-duplicate-of = Doppel von { $case }
reason-informative = gut zu wissen, kein Verstoß
reason-abusive = kein Hinweis
reason-lapsed = keine Antwort in der Frist
reason-withdrawn = von der Quelle zurückgezogen
reason-unsubstantiated = nicht erwiesen
reason-no-claim = niemand hat Anspruch erhoben
reason-denied = Belohnung versagt
verdict-consistent = stimmig
verdict-inconsistent = widersprüchlich
verdict-indeterminate = unentschieden
because-indeterminate = Keine Regel der Prüfung sagt etwas zu diesen Tatsachen.
check-arithmetic = Die Rechnung, Schritt für Schritt
check-given = angegeben
check-in-force = gültig am { $on }, seit { $since }: { $source }
check-rule = Regel
check-unknown = nicht bekannt
check-numbers =
    { $n ->
        [one] 1 Zahl
       *[other] { $n } Zahlen
    }
check-dates =
    { $n ->
        [one] 1 Tag
       *[other] { $n } Tage
    }
check-items =
    { $n ->
        [one] 1 Angabe
       *[other] { $n } Angaben
    }
check-characters =
    { $n ->
        [one] ein Zeichen
       *[other] { $n } Zeichen
    }
accused-reply = Antwort der beschuldigten Seite
accused-waiver = Nicht gefragt, weil
visible-team = für das Team
visible-adjudicators = für die Entscheidung
entity-person = Person
entity-organisation = Organisation
entity-place = Ort
handled-opened = geöffnet
handled-exported = ausgegeben
handled-verified = Fingerabdruck geprüft
relation-duplicate-of = Doppel von
relation-corroborated-by = gestützt durch
relation-related = verwandt mit
custody = Wer es in der Hand hatte
custody-taken = aufgenommen
custody-derived = abgeleitet: Stück { $item }, { $name }
readers-n =
    { $n ->
        [one] 1 Mensch bekam diese Fassung
       *[other] { $n } Menschen bekamen diese Fassung
    }
readers-few =
    { $n ->
        [one] 1 Mensch bekam diese Fassung: nie weitergeben, Tatsachen nacherzählen
       *[other] { $n } Menschen bekamen diese Fassung: nie weitergeben, Tatsachen nacherzählen
    }
person-declared = unbefangen erklärt
person-undeclared = nicht erklärt
person-recused = ausgeschieden
person-investigates = ermittelt
person-assigned = hat den Fall
harm-h1 = leicht
harm-h2 = ernst
harm-h3 = schwer
harm-h4 = katastrophal
realised-realised = es ist geschehen
realised-near-miss = es wäre beinahe geschehen
realised-latent = es hätte geschehen können

# Eine Regelung oder ein Paket von Fragen mit seinem Titel. Die Kennung dient dem Vergleich mit der Charta.
of-version = { $title }, Version { $version }
of-version-and-id = { $title }, Version { $version } ({ $id })
policy-eu-pilot = Europäischer Pilot
policy-sec-like = Nach den Regeln der SEC (USA)
policy-irs-like = Nach den Regeln des IRS (USA)
policy-hmrc-like = Nach den Regeln von HMRC (Vereinigtes Königreich)

f-state = Stand
f-since = Seit
f-assigned = Zugeteilt an
f-received = Eingegangen
f-regime = Regelwerk
f-class = Art des Verstoßes
f-jurisdiction = Rechtsraum
f-severity = Schwere
f-retaliation = Vergeltungsrisiko
f-authority = Behörde
f-packet = Fingerabdruck des Pakets
f-duty = Pflicht zur Weitergabe
f-closed = Geschlossen
f-keep-until = Aufzubewahren bis
f-reason = Begründung
f-reasons = Gründe
f-findings = Feststellungen
f-award-ref = Öffentlicher Name der Belohnung
f-budget = Budget
f-unreserved = Davon frei
f-amount = Betrag
f-amount-signed = Sie unterschreiben für
f-sanction = Eingezogene Strafe
f-own-part = Von der Quelle selbst verursachter Teil
f-up = Erhöhende Umstände
f-down = Senkende Umstände
f-flop = Schätzung des Laufs
f-threshold = Geltende Schwelle
f-harm = Schaden
f-interim = Früher gezahlt
f-origin = Herkunft
f-media = Art und Größe
f-sha256 = SHA-256
f-derived-from = Abgeleitet von
f-readers = Empfänger
f-proposer = Vorgeschlagen von
f-proposed-at = Vorgeschlagen
f-policy = Regelung
f-batch-digest = Hashwert der verdeckten Marken der Quelle
f-named = In diesem Fall genannt
f-signed = Unterschrieben von
f-reference = Aktenzeichen dort
f-accepted = Die Quelle ist einverstanden
f-panel = Ein Ausschuss hat entschieden
f-reasons-sent = Gründe gesendet
f-batch = Verdeckte Marken sind da
f-signatures = Unterschriften unter der Anweisung
f-head = Kopf der Kette
f-official = Amtsperson, die im Amt handelte
f-programme-staff = Aus diesem Programm oder einem Haushalt von dort
f-compliance-too-early = Aus Aufsicht oder Revision, zu früh nach der Meldung im Haus
f-knowingly-false = Wusste, dass der Hinweis falsch ist
f-review = Rechtliche Prüfung
f-rate = Anteil an der Strafe
f-a1 = A1, Anteil an der Strafe
f-a2 = A2, nach Rechenmenge
f-a3 = A3, nach Schaden
f-gross = Das Größere von A1 und A2 + A3
f-cap = Obergrenze dieses Falls
col-when = Wann
col-who = Wer
col-what = Was
col-role = Rolle
col-entry = Eintrag
col-details = Näheres
col-file = Datei
col-size = Größe
col-name = Name
col-roles = Rollen
col-conflict = Befangenheit
col-part = Aufgabe
col-kind = Art
col-quantity = Größe
col-formula = Formel
col-result = Ergebnis

event-received = Hinweis eingegangen
event-message-received = Nachricht der Quelle
event-source-stated = Erklärung der Quelle
event-tip-contradicted = Hat einen anderen Hinweis erhalten
event-message-sent = Nachricht an die Quelle
event-conflict-denied = Unbefangen erklärt
event-recused = Ausgeschieden
event-entity-named = Genannt
event-triage-opened = Vorprüfung begonnen
event-triage-set = Vorprüfung festgelegt
event-retaliation-assessed = Vergeltungsrisiko eingeschätzt
event-machine-checked = Maschinenprüfung
event-investigation-opened = Ermittlung begonnen
event-investigator-joined = Weitere Ermittlung
event-evidence-added = Beweis aufgenommen
event-evidence-handled = Beweis behandelt
event-accused-heard = Beschuldigte Seite gehört
event-authority-decided = Entscheidung einer Behörde
event-proposed = Zuerst unterschrieben
event-confirmed = Als Zweite unterschrieben
event-proposal-dropped = Entscheidung fallen gelassen
event-claim-window-opened = Anspruch eröffnet
event-claim-filed = Anspruch aufgenommen
event-claim-window-closed = Niemand hat Anspruch erhoben
event-award-proposed = Belohnung vorgeschlagen
event-token-request-received = Verdeckte Marken eingegangen
event-order-signed = Anweisung unterschrieben
event-paid = Bezahlt
event-assigned = Zugeteilt
event-member-added = Zum Team gekommen
event-member-left = Aus dem Programm ausgeschieden
event-key-turned = Schlüssel gewechselt
event-tagged = Stichwort
event-noted = Notiz
event-linked = Verbunden
event-disclosed = Außerhalb des Teams mitgeteilt
event-detriment-noted = Tagebuch der Vergeltung
event-position-stated = Stellung der Quelle
position-insider = arbeitet oder arbeitete dort
position-compliance = Mitarbeit in Compliance oder Revision
position-outsider = hat anders davon erfahren

room-sign = Zu unterschreiben
room-search = Suche
room-numbers = Zahlen
room-readings = Leseprotokoll
room-keys = Tasten
said-done = Getan. Es steht im Journal, von Ihnen unterschrieben.
waiting-confirm = Zweite Unterschrift unter die Entscheidung von Eintrag { $n }
said-kept = Der Server ist nicht erreichbar. Ihr Schritt liegt in Ihrer Schlüsseldatei und wartet hier.
said-dropped = Vergessen. Ins Journal wurde er nicht geschrieben.
room-waiting = Wartend
waiting-lead =
    Was Sie tun, während der Server nicht erreichbar ist, wird hier aufgehoben und neu entschieden: an dem, was aus dem
    Fall bis dahin geworden ist. Was eine Regel dann verbietet, bleibt hier, bis Sie es verwerfen.
waiting-none = Nichts wartet. Was Sie tun, während der Server nicht erreichbar ist, erscheint hier.
waits-for-server = Wartet auf den Server. Drücken Sie „Abrufen“, sobald es eine Verbindung gibt.
waiting-drop = Diesen Schritt verwerfen
waiting-changed =
    Der Fall sagt inzwischen etwas anderes, als Ihnen gezeigt wurde: diese Handlung wird nicht unterschrieben. Sehen Sie
    sie noch einmal an.
waiting-again = Noch einmal ansehen
s-queued = Wartend
s-settled = Geschrieben, seit dieser Arbeitsplatz offen ist
settled-none = Nichts, das wartete, wurde geschrieben, seit dieser Arbeitsplatz offen ist.
settled-entry = Er steht im Journal als Eintrag { $seq }.
settled-before = Davor, Eintrag { $seq }
settled-order =
    In der Zwischenzeit haben andere in diesem Fall geschrieben. Die Reihenfolge im Journal ist die, in der Einträge den
    Server erreichten; Ihr Schritt wurde an diesen neu entschieden:
f-made-at = Getan
f-seen = Einträge, die Sie da kannten
see-case = Zum Fall
said-view = Die Liste der Ansichten ist geändert.
held-back = Das haben Sie gerade abgeschickt, als sich der Arbeitsplatz sperrte. Damit ist noch nichts geschehen.
draft-back = Das ist ein aufgehobener Entwurf. Damit ist noch nichts geschehen.
no-such-act = Diese Handlung gibt es nicht.
act-not-now = Das ist jetzt nicht möglich oder schon geschehen.
act-failed =
    { $why } Was Sie getippt haben, steht unten. Drücken Sie „Abrufen“, sehen Sie nach, ob es angekommen ist, und
    versuchen Sie es dann noch einmal.
sign-as = Als { $who } unterschreiben
sign-second-now = Als { $who } an zweiter Stelle unterschreiben
drop-now = Als { $who } fallen lassen
go-on = Weiter: noch ist nichts unterschrieben
go-back = Zurück und ändern
go-back-unsigned = Zurück, ohne zu unterschreiben
cancel = Lassen
confirm-signer = { $who } unterschreibt in der Rolle { $role }: { $act }
drop-signer = { $who } lässt fallen: { $act }
confirm-one = Ihre Unterschrift steht im Journal und lässt sich nicht zurücknehmen.
confirm-two =
    Ihre ist eine von zwei Unterschriften. Erst wenn eine zweite Person unterschreibt, geschieht es; bis dahin kann es
    fallen gelassen werden.
confirm-second = Mit Ihrer Unterschrift ist die Entscheidung getroffen. Sie lässt sich nicht zurücknehmen.
confirm-drop =
    Die Entscheidung fällt; sie kann wieder vorgeschlagen werden. Das Journal zeigt, dass Sie sie fallen ließen.
two-lead =
    Das braucht zwei verschiedene Menschen. Hier unterschreiben Sie zuerst. Danach liegt es bei den anderen
    unter „Zu unterschreiben“, und eine zweite Person unterschreibt, nachdem ihr alles gezeigt wurde.
f-first = Erste Unterschrift
sign-lead = Entscheidungen zweier Menschen. Was Sie unterschreiben können, steht oben.
sign-none = Auf Ihre Unterschrift wartet nichts.
sign-none-others = Auf andere wartet nichts.
s-mine = Für Sie
s-others = Für andere
s-acts = Was sich tun lässt

group-source = Der Quelle schreiben
group-intake = Eingang
group-investigation = Ermittlung
group-award = Belohnung
group-keeping = Den Fall führen

act-acknowledge = Eingang bestätigen
act-ask = Eine Frage stellen
act-feedback = Rückmeldung geben
act-reasons = Gründe senden
act-write = Eine Nachricht schreiben
act-declare = Sich für unbefangen erklären
act-name = Person, Organisation oder Ort nennen
act-open-triage = Vorprüfung beginnen
act-triage = Ergebnis der Vorprüfung festhalten
act-risk = Vergeltungsrisiko einschätzen
act-check = Maschinenprüfung durchführen
act-investigate = Ermittlung beginnen
act-join = Mitermitteln
act-evidence = Beweis aufnehmen
act-handle = Festhalten, was mit einem Beweis geschah
act-accused = Festhalten, dass die beschuldigte Seite gehört wurde
act-authority = Entscheidung einer Behörde festhalten
act-open-claim = Frist für Ansprüche eröffnen
act-file-claim = Anspruch der Quelle aufnehmen
act-close-claim = Schließen: niemand hat Anspruch erhoben
act-propose-award = Belohnung vorschlagen
act-sign-order = Anweisung an die Verwaltung unterschreiben
act-deliver = Anweisung an die Verwaltung übergeben
act-paid = Festhalten, dass bezahlt ist
act-assign = Zuteilen
act-bring = Weitere Person hinzuziehen
act-note = Notiz schreiben
act-tag = Stichwort
act-link = Mit anderem Fall verbinden
act-recuse = Wegen Befangenheit ausscheiden

lead-acknowledge = Die Quelle erfährt, dass der Hinweis angekommen ist. Das hält die Sieben-Tage-Frist an.
lead-ask =
    Der Fall wartet auf die Quelle, bis sie antwortet; die gesetzlichen Fristen laufen weiter. Der Text wird auf Worte
    geprüft, die die Quelle verraten könnten.
lead-feedback = Was getan wurde oder geplant ist. Das hält die Drei-Monats-Frist an.
lead-declare =
    Sie erklären, gegenüber allem in diesem Fall Genannten unbefangen zu sein. Wenn Sie es nicht sind, scheiden Sie
    stattdessen aus.
lead-name = Ein neuer Name fragt alle im Team noch einmal nach ihrer Befangenheit.
lead-risk = Fünf Fragen, von 0 (nein) bis 3 (sicher). Eine Drohung zählt doppelt.
lead-close = Sobald eine zweite Person aus der Vorprüfung unterschrieben hat, ist der Fall geschlossen.
lead-check =
    Füllen Sie aus, was bekannt ist, und lassen Sie den Rest leer. Sie sehen die Rechnung, bevor etwas gespeichert wird.
lead-investigate = Von hier an ermitteln Sie: die Belohnung können Sie später nicht vorschlagen.
lead-evidence =
    Eine Datei aus dem Gespräch, oder etwas von anderswo mit seinem Fingerabdruck. Zwei Stücke einer Herkunft sind nicht
    unabhängig.
lead-refer =
    Eine Person aus der Ermittlung und eine aus der Entscheidung unterschreiben. Ohne die unterschriebene Zustimmung der
    Quelle nennen Sie die Pflicht.
lead-open-claim = Die Bekanntmachung ist öffentlich und darf nicht auf diesen Fall hinweisen. Die Quelle hat 90 Tage.
lead-file-claim = Die Quelle hat einen Anspruch unterschrieben. Beantworten Sie, was Sie über die Berechtigung wissen.
lead-propose-award = Die Formel der Regelung ergibt den Betrag; Sie sehen die Zahlen, bevor Sie unterschreiben.
lead-panel =
    Der Ausschuss tagt ohne die Person, die die Belohnung vorgeschlagen hat. Die Formel ergibt den Betrag aus den
    Tatsachen, wie Sie sie sehen.
lead-finalize = Der Betrag wird im Budget zurückgelegt, und die Quelle kann um ihre Marken bitten.
lead-sign-order = Zwei Personen aus der Entscheidung unterschreiben über die eigenen verdeckten Marken der Quelle.
lead-purge = Alles Lesbare wird vernichtet, auf dem Server und hier. Die Fingerabdrücke von Beweisen und Marken bleiben.
lead-recuse =
    Sie verlassen diesen Fall endgültig. Nach dem Schlüsselwechsel öffnen Ihre Schlüssel nichts mehr, was geschrieben
    wird.
lead-bring =
    Die Person kommt ins Team dieses Falls und erhält seine Schlüssel, nur für sie versiegelt. Sie liest alles, vom
    ersten Wort an.

    Wer wegen Befangenheit ausgeschieden ist, kann nicht zurückkehren. Wer zum Team gehört, den Fall aber nicht öffnen
    kann, erhält die Schlüssel noch einmal.
lead-authority = Mit der Entscheidung einer Behörde genügt ein Ursprung der Beweise.

message-acknowledge =
    Danke. Ihr Hinweis ist angekommen, und wir sehen ihn uns an. Innerhalb von drei Monaten hören Sie von uns. Kommen
    Sie mit Ihren zwölf Wörtern wieder, um unsere Fragen zu lesen.
message-feedback = Was wir bisher getan haben und was wir vorhaben:
message-reasons = Die Gründe für unsere Entscheidung:

ask-text = Nachricht
ask-entity = Name
ask-kind = Was ist es?
ask-class = Art des Verstoßes
ask-jurisdiction = Rechtsraum
ask-severity = Schwere
ask-guessable = Kann die beschuldigte Seite erraten, wer gemeldet hat?
ask-power = Hat die beschuldigte Seite Macht über die Arbeit der Quelle?
ask-threatened = Wurde Vergeltung angedroht, oder ist sie geschehen?
ask-dependence = Ist die Quelle auf die Stelle angewiesen (Visum, Familie, einziges Einkommen)?
ask-few-knew = Wissen wenige Menschen, was im Hinweis steht?
ask-close = Warum?
ask-other = Anderer Fall
ask-on = Tag der Tat, dessen Schwellen gelten
ask-file = Datei
ask-name = Name, falls anders als die Datei
ask-sha256 = SHA-256 der Datei, falls sie nicht aus dem Gespräch ist
ask-size = Länge in Bytes, falls sie nicht aus dem Gespräch ist
ask-media = Medientyp, falls bekannt
ask-origin = Woher es kommt
ask-derived = Abgeleitet von
ask-readers = Wie viele Menschen genau diese Fassung bekamen, falls jemand es weiß
ask-item = Stück
ask-how = Was geschah damit?
ask-heard = Was wird festgehalten?
ask-words = In Worten
ask-authority = Behörde
ask-reference = Ihr Aktenzeichen
ask-sanction = Eingezogene Strafe, in Euro
ask-own-part = Davon der Teil, den die Quelle selbst verursacht hat, in Euro
ask-up = Erhöhende Umstände
ask-down = Senkende Umstände
ask-flop = Schätzung des Laufs, in Rechenschritten
ask-threshold = Beim Melden geltende Schwelle, in Rechenschritten
ask-harm = Schaden
ask-realised = Wie weit kam es?
ask-interim = In diesem Fall früher gezahlt, in Euro
ask-packet = SHA-256 des geschwärzten Pakets
ask-duty = Pflicht, die es ohne Zustimmung verlangt
ask-findings = Feststellungen
ask-notice = Öffentliche Bekanntmachung
ask-official = Ist die Quelle eine Amtsperson, die im Amt handelte?
ask-programme-staff = Gehört die Quelle zu diesem Programm oder zu einem Haushalt von dort?
ask-compliance-too-early = Aus Aufsicht oder Revision, weniger als 120 Tage nach der Meldung im Haus?
ask-knowingly-false = Wusste die Quelle, dass der Hinweis falsch ist?
ask-review = Rechtliche Prüfung (Staatsunternehmen, Embargogebiet)
ask-policy = Regelung
ask-reasons = Gründe
ask-holder = An wen?
ask-colleague = Person
bring-again = { $who } (gehört schon zum Team; Schlüssel noch einmal senden)
ask-note = Notiz
ask-visibility = Gezeigt
ask-tag = Stichwort
ask-tagging = Anhängen oder abnehmen?
ask-relation = Wie gehören sie zusammen?
ask-reason = Begründung
hint-jurisdiction = Zwei Großbuchstaben, wie DE, oder EU
hint-origin = Zum Beispiel: die Quelle; das Elektrizitätswerk; ein öffentliches Register
hint-flop = Zum Beispiel 3,0252e25
hint-threshold = Zum Beispiel 1e25
hint-readers = Unter zehn wird es nie weitergegeben
hint-derived = Das versiegelte Original einer bereinigten Kopie
hint-number = Eine Zahl in dieser Einheit, wie 16384 oder 1e25; leer, wenn nicht bekannt
hint-list = Ein Eintrag je Zeile; leer, wenn nicht bekannt
hint-optional = Leer, wenn nicht bekannt
hint-sanction = 1400000 oder 1.400.000,00; leer, wenn es keine gibt
hint-notice = Ohne Namen, Ort, Zeit oder anderes, das auf diesen Fall weist
severity-1 = 1, leicht
severity-2 = 2
severity-3 = 3
severity-4 = 4
severity-5 = 5, schwer
scale-0 = 0, nein
scale-1 = 1, vielleicht
scale-2 = 2, wahrscheinlich
scale-3 = 3, sicher
reason-duplicate = Doppel des unten gewählten Falls
file-elsewhere = von anderswo, mit Fingerabdruck
derived-from-nothing = nichts: es ist ein Original
other-none = keiner
harm-none = keiner
answer-no = nein
answer-yes = ja
review-not-needed = nicht nötig
review-passed = gemacht, mit gutem Ergebnis
review-failed = gemacht, mit schlechtem Ergebnis
tagging-on = anhängen
tagging-off = abnehmen
not-known = nicht bekannt
declare-nobody = In diesem Fall ist noch niemand und nichts genannt.
s-thresholds = Schwellen dieses Regelwerks
s-checklist = Wonach in diesem Regelwerk zu suchen ist
s-result = Ergebnis
look-for = Zu suchen
verified = mit der Quelle verglichen
not-compared = noch nicht mit der Quelle verglichen
col-effective = Gilt ab
col-source = Quelle
col-verified = Geprüft
wrong-empty = Bitte ausfüllen.
wrong-choice = Bitte eines wählen.
wrong-digest = Ein SHA-256-Fingerabdruck hat 64 hexadezimale Ziffern.
wrong-number = Das ist keine Zahl, die hier passt.
wrong-date = Das ist kein Tag des Kalenders. Schreiben Sie ihn als Jahr-Monat-Tag, etwa 2026-11-30.
wrong-only-with = Das zählt nur zusammen mit „{ $field }“: geben Sie auch das an, oder lassen Sie dies, wie es war.
wrong-unused = Das hat neben Ihren anderen Angaben keinen Platz: lassen Sie es leer, oder ändern Sie jene.
amount-unreadable = „{ $text }“ ist nicht als Betrag lesbar. Schreiben Sie etwa 137.500,00 oder 137500,00.
amount-ambiguous =
    „{ $text }“ kann { $one } oder { $other } heißen. Schreiben Sie den Betrag ohne Trennzeichen und mit beiden
    Nachkommastellen, etwa 137500,00.
amount-digits = „{ $text }“ braucht zwei Stellen für Cent oder gar keine, etwa 137500,00 oder 137500.
amount-zero = Ein Betrag von null kann nicht erklärt werden.
amount-negative = „{ $text }“ liegt unter null. Schreiben Sie einen Betrag über null, etwa 137500,00.
amount-too-large = „{ $text }“ ist zu groß.
amount-other-currency = „{ $given }“ ist eine andere Währung. Beträge stehen hier in { $wanted }.
number-unreadable = „{ $text }“ ist nicht als Zahl lesbar. Schreiben Sie sie schlicht, etwa 16384, 0,5 oder 1e25.
number-ambiguous =
    „{ $text }“ kann { $one } oder { $other } heißen. Schreiben Sie die Zahl ohne Trennzeichen, etwa 16384.
number-fraction = „{ $text }“ ist keine ganze Zahl.
number-negative = „{ $text }“ liegt unter null.
number-too-large = „{ $text }“ ist zu groß.
wrong-jurisdiction = Zwei Buchstaben, wie DE.
wrong-no-pack =
    Das Regelwerk, auf das dieser Fall festgelegt ist, ist hier nicht bekannt; es kann keine Prüfung laufen. Drücken Sie
    „Abrufen“.
wrong-no-budget = Die öffentlichen Bücher waren nicht lesbar.
wrong-no-facts = Nennen Sie eine Strafe, einen Lauf mit seiner Schwelle oder einen Schaden.
wrong-leak = Sehen Sie sich jede Stelle an, und sagen Sie dann, dass es so gehen darf.
wrong-view-name = Eine Ansicht braucht einen Namen von höchstens 80 Buchstaben.
s-leak = Könnte das die Quelle verraten?
leak-lead =
    Diese Stellen stehen in dem, was die Quelle schrieb, oder nur wenige kennen sie. Sagen Sie es mit anderen Worten.
    Die Prüfung sieht nur Wörter, nicht, was sie andeuten.
leak-answer = Ich habe mir jede Stelle angesehen, und der Text darf so gehen.
leak-quote = Wörtlich von der Quelle
leak-number = Zahl, wie die Quelle sie schrieb
leak-person = Im Fall genannte Person
leak-file = Datei der Quelle
leak-few = Beweis, den wenige bekamen

search-label = Wörter
search-hint = Alle müssen in dem Fall stehen: Hinweis, Nachrichten, Notizen, Namen, Beweise.
search-go = Suchen
search-lead = Die Suche liest, was auf diesem Rechner entschlüsselt wurde. Den Server fragt sie nicht.
search-none = Kein Fall hat alle diese Wörter.
search-found =
    { $n ->
        [one] 1 Fall gefunden
       *[other] { $n } Fälle gefunden
    }
s-search = Suche
s-found = Gefunden
col-case = Fall
col-state = Stand
col-hit = Wo
col-cases = Fälle
col-outcome = Ergebnis
readings-lead =
    Wer an diesem Arbeitsplatz was geöffnet hat. Die Liste ist mit Ihren Schlüsseln versiegelt und bleibt auf diesem
    Rechner; sie wird geschrieben, bevor eine Seite gezeigt wird.
readings-none = Noch wurde nichts geöffnet.
s-readings = Leseprotokoll
reading-page = Seite geöffnet
reading-preview = Datei in der Vorschau
reading-download = Original gespeichert
reading-search = von der Suche gefunden
reading-export = ausgegeben
numbers-lead =
    { $n ->
        [one] Über 1 lesbaren Fall dieses Arbeitsplatzes.
       *[other] Über { $n } lesbare Fälle dieses Arbeitsplatzes.
    }
s-states = Stände
s-ages = Alter
s-breaches = Fristen
s-outcomes = Ausgänge
chart-states = Fälle nach Stand
chart-ages = Laufende Fälle nach Alter
chart-clocks = Gesetzliche Fristen
chart-outcomes = Beendete Fälle nach Ausgang
outcomes-none = Noch ist kein Fall beendet.
age-week = unter einer Woche
age-month = unter einem Monat
age-quarter = unter drei Monaten
age-half = unter sechs Monaten
age-more = älter
part-in-time = rechtzeitig
part-missed = versäumt
part-running = läuft
keys-lead = Jede Seite geht auch ohne sie. Während Sie tippen, tun sie nichts.
s-keys = Tastenkürzel
key-rooms = zu einer Seite
key-move = nächster Fall, voriger Fall
key-choose = den Fall auswählen
key-tabs = Seite des Falls
key-search = suchen
key-fetch = abrufen
key-lock = sperren
key-help = diese Liste
view-name = Name dieser Ansicht
view-keep = Diese Filter als Ansicht behalten
view-forget = Diese Ansicht vergessen
bulk-what = Handlung
bulk-take = Mir zuteilen
bulk-declare = Mich für unbefangen erklären
bulk-open-triage = Vorprüfung beginnen
bulk-tag = Mit dem Stichwort unten versehen
bulk-title = Mehrere Fälle auf einmal
bulk-none = Es war kein Fall ausgewählt. Gehen Sie zurück und haken Sie welche an.
s-bulk = Was daraus wurde

chip-unread = Stand vom letzten Abruf
no-such-file = Diese Datei gibt es hier nicht. Öffnen Sie sie noch einmal.
file-too-large =
    Diese Datei ist zu groß, um hier im Speicher gehalten zu werden. Speichern Sie sie mit dem Programm: subrosa officer
    files.
act-failed-file =
    Die Datei ließ sich nicht holen oder der Eintrag nicht schreiben: { $why } Verloren ist nichts; versuchen Sie es
    noch einmal.
marks-found =
    { $n ->
        [one]
            1 Zeichen, das Menschen nicht sehen. Es kann ein Exemplar von allen anderen unterscheiden: geben Sie diese
            Datei nie weiter.
       *[other]
            { $n } Zeichen, die Menschen nicht sehen. Sie können ein Exemplar von allen anderen unterscheiden: geben
            Sie diese Datei nie weiter.
    }
mark-invisible = unsichtbares Zeichen
mark-look-alike = Buchstabe, der wie ein anderer aussieht
mark-odd-space = Leerraum ungewöhnlicher Breite
mark-spacing = mehrere Leerzeichen
col-line = Zeile
col-column = Spalte
s-marks = Verborgene Zeichen
s-file = Datei
s-preview = Vorschau
page-n = { $name }, Seite { $n } von { $of }, neu gezeichnet
preview-lead =
    Was hier steht, ist aus Bildpunkten oder Buchstaben neu gezeichnet, von einem Vorgang ohne Netz. Von der Datei
    selbst läuft nichts.
preview-refused = { $why }
preview-failed = Die Vorschau ist gescheitert. Von der Datei ist nichts gelaufen.
save-original = Das versiegelte Original speichern
original-warning = Das Original ist so, wie die Quelle es schickte. Öffnen Sie es nur auf einem Rechner ohne Netz.
make-copy = Eine Kopie ohne Zeichen herstellen und als abgeleiteten Beweis aufnehmen
save-copy = Die Kopie speichern
copy-needs-item = Nehmen Sie die Datei zuerst als Beweis auf; dann lässt sich eine Kopie ableiten.
copy-name = Kopie von { $name } ohne Zeichen
copy-name-pages = Kopie von { $name } ohne Zeichen, nicht vollständig: die ersten { $kept } von { $of } Seiten
copy-name-frames = Kopie von { $name } ohne Zeichen, nicht vollständig: das erste Bild eines bewegten
preview-lacks-pages =
    Nicht die ganze Datei: das sind die ersten { $kept } von { $of } Seiten. Auch einer Kopie fehlen die anderen.
preview-lacks-frames =
    Nicht die ganze Datei: es ist ein bewegtes Bild, und das ist sein erstes. Auch einer Kopie fehlen die anderen.
said-copied =
    Die Kopie ist hergestellt und aufgenommen. Speichern Sie sie jetzt: sie bleibt, bis sich der Arbeitsplatz sperrt.

room-treasury = Kasse
treasury-lead =
    Anweisungen kommen von zwei Entscheidenden, Einlösungen von Fremden. Was Sie unterschreiben, ist sofort öffentlich,
    unter Ihrem Namen.
s-orders = Anweisungen
s-redemptions = Einlösungen
s-books = Öffentliche Bücher
s-subject = Worum es geht
orders-none = Keine Anweisungen. Sie kommen, wenn zwei Entscheidende eine unterschrieben haben.
redemptions-none = Keine Einlösungen. Sie kommen von Menschen, die niemand nennen kann.
order-to-sign = zu unterschreiben
order-waits = unterschrieben, noch nicht zugestellt: drücken Sie „Abrufen“
order-sent = unterschrieben und zugestellt
stage-received = zu prüfen
stage-refused = abgelehnt: es wird nichts gezahlt
stage-reserved = von Ihnen vorgemerkt, wartet auf andere
stage-verified = geprüft, freizugeben
stage-paid = Zahlungsdatei geschrieben
stage-others-release = von Ihnen freigegeben, wartet auf andere
stage-settle = von allen freigegeben, die es braucht; das Geld ist unterwegs
stage-settled = angekommen
f-released-by = Freigegeben von
f-settled-by = Ankunft erklärt von
deed-pay-again = Die Zahlungsdatei noch einmal sichern
lead-pay-again =
    Die Datei ist dieselbe wie zuvor, mit derselben Auftragsnummer. Eine Bank, die sie schon hat, zahlt kein zweites
    Mal.
fund-waits =
    Wartet auf weitere Verwaltende. Wer zustimmt, erklärt denselben Betrag mit genau den Worten der Entscheidung.
fund-same = { $who } hat denselben Betrag mit denselben Worten erklärt.
fund-other =
    Dieser Betrag wartet schon, mit anderen Worten erklärt: { $who }. Ihrer würde nicht dazu gezählt. Vergleichen Sie
    die Worte.
f-stated-by = Erklärt von
nobody-yet = noch niemand
f-ordered-by = Angewiesen von
f-redemption = Einlösung
f-tokens = Marken
f-rail = Zahlungsweg
f-verified-by = Geprüft von
deed-sign = Die verdeckten Marken unterschreiben
deed-verify = Die Marken erkennen und vormerken
deed-pay = Das Geld freigeben
deed-settle = Erklären, dass das Geld angekommen ist
deed-fund = Erklären, dass das Programm Geld hat
lead-sign =
    Für jede Belohnung unterschreiben Sie einmal. Die Ausgabe wird öffentlich, und die Antwort geht an einen Ort, den
    nur die Quelle kennt.
lead-verify =
    Ihr Teil jeder Marke wird erkannt, und Sie merken die Marken öffentlich für diese Einlösung vor und für keine
    andere. Haben das genügend Verwaltende getan, sind sie ausgegeben, und Ihr Programm veröffentlicht den Beweis von
    selbst.
lead-pay =
    So viele Verwaltende geben frei, wie die Marken erkannt haben. Wer die letzte Freigabe erteilt, bekommt die
    Zahlungsdatei; sie geht einmal an die Bank.
lead-settle = Es zählt, wenn so viele Verwaltende dasselbe erklären, wie die Marken erkannt haben.
lead-fund =
    Es zählt, wenn so viele Verwaltende, wie die Charta sagt, denselben Betrag mit denselben Worten erklären.
ask-money = Betrag in Euro
ask-decision = Beschluss dahinter; alle geben dieselben Worte an
rail-sepa = SEPA-Überweisung
rail-sepa-payee = Empfänger
rail-sepa-iban = IBAN des Empfängers
rail-sepa-bic = Bank des Empfängers (BIC)
rail-sepa-country = Land des Empfängers
rail-sepa-town = Ort des Empfängers
rail-sepa-reference = Text der Zahlung
rail-sepa-debtor-name = Kontoinhaber des Programms
rail-sepa-debtor-iban = IBAN des Programms
rail-sepa-debtor-bic = Bank des Programms (BIC)
books-funded = Je eingegangenes Geld
books-unreserved = Frei
books-escrow = Hinterlegt
books-issued = Als Marken ausgegeben
books-redeemed = Eingelöst
books-outstanding = Offen: ausgegeben minus eingelöst
books-owed = Eingelöst und nicht abgeschlossen
books-paid = Ausgezahlt
books-unread =
    Anweisungen, Einlösungen und öffentliche Bücher wurden nicht abgerufen, seit dieser Arbeitsplatz offen ist; darum
    steht hier nichts. Drücken Sie „Abrufen“, und versuchen Sie es noch einmal.
books-empty = Noch ist nichts gebucht.
books-balance = Die Bücher gehen auf, und jeder Eintrag ist von jemandem unterschrieben, den die Charta nennt.
books-wrong =
    In den Büchern stimmt etwas nicht. Unterschreiben Sie nichts, bevor Sie mit den anderen Verwaltenden gesprochen
    haben.
books-wait =
    Wartet auf andere Verwaltende: was eine Person erklärt hat, müssen andere auch erklären, bevor es gilt.
books-caption =
    { $n ->
        [one] Summen über 1 öffentlichen Eintrag
       *[other] Summen über { $n } öffentliche Einträge
    }
no-such-deed = Diese Anweisung oder Einlösung gibt es hier nicht. Drücken Sie „Abrufen“.
said-released =
    Ihre Freigabe ist öffentlich. Wer die letzte nötige Freigabe erteilt, bekommt die Zahlungsdatei.
said-deed = Getan, und öffentlich erklärt unter Ihrem Namen.
fetch-books = Die öffentlichen Bücher werden gelesen …

s-alike = Gleiche Fälle und Fälle, die diesen stützen
alike-none = Kein anderer Fall dieses Arbeitsplatzes teilt Beweise oder Namen mit diesem.
alike-because =
    { $files ->
        [one] 1 Datei
       *[other] { $files } Dateien
    } und { $names ->
        [one] 1 Name
       *[other] { $names } Namen
    } gemeinsam
alike-unlinked = nicht verbunden
alike-earlier = jener kam zuerst
alike-later = dieser kam zuerst
col-linked = Verbunden als
col-suggested = Vorgeschlagen
col-priority = Vorrang nach Eingang

# Das Dossier, und was die Quelle schützt.
act-detriment = Ins Tagebuch der Vergeltung schreiben
act-position = Die Stellung der Quelle festhalten
act-disclose = Festhalten, was nach außen mitgeteilt wurde
lead-detriment =
    Was die Quelle wegen ihrer Meldung erleidet, Tag für Tag. Eine Nachricht der Quelle im Schriftwechsel ist der Beleg:
    Ihr Fingerabdruck und ihre Zeit stehen im Journal.
lead-position =
    Wer in Compliance oder Revision arbeitet, muss nach der internen Meldung 120 Tage warten, bevor eine Belohnung
    möglich ist; der Arbeitsplatz zählt sie.
lead-disclose =
    Alles, was auf die Quelle deuten könnte und jemandem außerhalb des Teams mitgeteilt wurde: wem, was in allgemeinen
    Worten, und aus welchem Grund.
ask-day = An welchem Tag?
ask-what = Was ist der Quelle geschehen?
ask-message = Die Nachricht der Quelle, die davon berichtet
ask-position = Was ist die Quelle?
ask-inside = Tag ihrer internen Meldung, falls es eine gab
ask-told-to = Wem?
ask-told-what = Was, in allgemeinen Worten?
ask-ground = Einwilligung der Quelle oder gesetzliche Pflicht
hint-told-to = Eine Stelle; ein Name nur, wo es sein muss
hint-inside = Leer lassen, wenn es keine gab
diary-message = Eintrag { $n }
diary-no-message = keine
diary = Tagebuch der Vergeltung
diary-none = Das Tagebuch der Vergeltung ist leer.
disclosures = Außerhalb des Teams mitgeteilt
disclosures-none = Nichts, was auf die Quelle deuten könnte, wurde außerhalb des Teams mitgeteilt.
col-day = Tag
col-receipt = Beleg
col-to = Wem
col-ground = Grund
f-position = Stellung der Quelle
position-unknown = nicht festgehalten
position-inside = { $position }, meldete intern am { $day }
s-protection = Schutz der Quelle
s-dossier = Dossier
dossier-about =
    Ein Bündel für eine Behörde: Bericht, Beweise, Journal und die Nachweise, mit denen es jeder ohne dieses Programm
    prüfen kann.
dossier-title = Ein Dossier zusammenstellen
dossier-make = Zusammenstellen, verschlüsseln und speichern
dossier-lead =
    Das Dossier wird für die Empfänger und für niemanden sonst verschlüsselt und von Ihrem Browser gespeichert. Dass
    jedes beigelegte Beweisstück hinausging, wird vorher ins Journal geschrieben.

    Die eigenen Worte der Quelle und die Spuren in ihren Dateien bleiben hier, außer Sie kreuzen es unten an.

    Das Holen und Kopieren der Beweise kann einige Minuten dauern.
ask-recipients = Für wen: age-Empfänger
hint-recipients =
    Einer je Zeile, jeder beginnt mit age1. Erfragen Sie sie bei der Behörde auf einem Weg, dem Sie trauen.
ask-account = Ihre Darstellung des Falls, in eigenen Worten
hint-account = Sie geht anstelle der Worte der Quelle hinaus. Zitieren Sie die Quelle nicht.
ask-redactions = Weitere Einträge weglassen
hint-redactions = Einer je Zeile: die Nummer des Eintrags, =, und der Grund. Zum Beispiel: 12=nennt eine dritte Person
ask-with-words = Auch die eigenen Worte der Quelle beilegen. Ihr Stil kann die Quelle verraten.
ask-with-originals = Originale statt Kopien ohne Spuren beilegen. Ihre Metadaten können die Quelle verraten.
s-dossier-holds = Was es enthält
dossier-holds-report-name = Bericht
dossier-holds-report = Ihre Darstellung, Tatsachen, Fristen und Entscheidungen
dossier-holds-evidence-name = Beweise
dossier-holds-evidence = von jeder Datei eine Kopie ohne Spuren, und die Fingerabdrücke der Originale
dossier-holds-journal-name = Journal
dossier-holds-journal = die Kette der Einträge, jeder unterschrieben; was fehlt, mit seinem Grund
dossier-holds-proofs-name = Nachweise
dossier-holds-proofs =
    die Fassungen der Charta und ihr Platz im öffentlichen Verzeichnis; `subrosa audit dossier` prüft alles ohne Server
dossier-failed = Das Dossier wurde nicht zusammengestellt: { $why }
wrong-redaction = „{ $line }“ ist keine Nummer mit = und Grund.

# Anzahlen, wie das Programm sie nennt.
count-messages =
    { $n ->
        [one] 1 Nachricht
       *[other] { $n } Nachrichten
    }
count-tokens =
    { $n ->
        [one] 1 Marke
       *[other] { $n } Marken
    }
count-administrators =
    { $n ->
        [one] 1 Person der Verwaltung
       *[other] { $n } Personen der Verwaltung
    }
count-receipts =
    { $n ->
        [one] 1 Quittung
       *[other] { $n } Quittungen
    }
count-leaves =
    { $n ->
        [one] 1 Blatt
       *[other] { $n } Blätter
    }
count-versions =
    { $n ->
        [one] 1 Version
       *[other] { $n } Versionen
    }
count-records =
    { $n ->
        [one] 1 Eintrag
       *[other] { $n } Einträge
    }
count-cases =
    { $n ->
        [one] 1 Fall
       *[other] { $n } Fälle
    }
count-parts =
    { $n ->
        [one] 1 Teil
       *[other] { $n } Teile
    }
count-bytes =
    { $n ->
        [one] 1 Byte
       *[other] { $n } Bytes
    }
count-entries =
    { $n ->
        [one] 1 Eintrag
       *[other] { $n } Einträge
    }
count-pieces =
    { $n ->
        [one] 1 Stück
       *[other] { $n } Stücke
    }
count-files =
    { $n ->
        [one] 1 Datei
       *[other] { $n } Dateien
    }
count-officers =
    { $n ->
        [one] 1 Person der Fallarbeit
       *[other] { $n } Personen der Fallarbeit
    }
