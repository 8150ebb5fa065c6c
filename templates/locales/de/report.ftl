# Der Bericht des Dossiers. Was berechnet oder gespeichert ist, steht unverändert darin.

report-title = Dossier zum Fall { $case }
report-from = Vom Programm { $programme }
report-made =
    erstellt { $time }. Die Quelle ist anonym, auch gegenüber diesem Programm. Versuchen Sie nicht herauszufinden, wer
    sie ist: Das Recht vieler Staaten verbietet es.
report-account = Darstellung
report-standing = Stand des Falls
report-state = Stand: { $state }
report-triage =
    Gebiet: { $field }, Version { $version }; Art { $class }; Rechtsraum { $jurisdiction }; Schwere { $severity } von 5
report-risk = Gefahr von Vergeltung gegen die Quelle: { $risk } von 100
report-evidence = Beweismittel
report-evidence-none = Keine aufgenommen.
report-events = Ereignisse
report-events-caption = Alle beigelegten Einträge des Fallprotokolls. Unterschriften: journal.json
report-entry = Eintrag
report-when = Wann
report-who = Wer
report-role = Rolle
report-what = Was
report-left-out = Weggelassen
report-left-out-none = Nichts.
report-why = Warum
report-verify = So wird dies geprüft
report-verify-how = Vergleichen Sie den Fingerabdruck des Wurzelschlüssels mit einem aus anderer Quelle:
report-verify-run =
    Führen Sie dann dies aus, oder ein anderes Programm nach der Spezifikation des Formats; ein Server ist nicht nötig:
report-findings = Feststellungen der Entscheidenden
report-pending = Vorgeschlagen, nicht entschieden
report-pending-means =
    Eine Person hat dies unterschrieben. Erst mit einer zweiten Unterschrift ist es entschieden; bis dahin kann es
    fallen gelassen werden.
report-pending-one = { $what }: vorgeschlagen von { $who }, { $time }
report-finding-of-one = Von einer Person geschrieben; die zweite Unterschrift, Eintrag { $entry }, ist weggelassen
report-authority = Entscheidung einer Behörde, gültig (Eintrag { $entry })
report-authority-replaced = Frühere Entscheidung einer Behörde (Eintrag { $entry }), ersetzt durch Eintrag { $later }
report-sanction = Sanktion: { $amount }
report-fate-signed = { $act }; zweite Unterschrift in Eintrag { $entry }
report-fate-dropped = { $act }; fallen gelassen in Eintrag { $entry }
report-fate-left-out = { $act }; was daraus wurde, steht in Eintrag { $entry }, der weggelassen ist
report-fate-fell = { $act }; ohne zweite Unterschrift hinfällig geworden
report-fate-waits = { $act }; wartet auf eine zweite Unterschrift
report-answers = { $act } (Eintrag { $entry })
report-answers-left-out = Eintrag { $entry }, der weggelassen ist
report-accused-reply = Was die beschuldigte Seite sagt
report-accused-waiver = Warum die beschuldigte Seite nicht befragt wurde
report-check = Rechnerische Prüfung
report-check-of = { $pack }, Version { $version }:
report-check-proves = Eine Prüfung vergleicht Zahlen; sie beweist nichts.
report-consistent = passt zu dem, was gemeldet wurde
report-inconsistent = widerspricht dem, was gemeldet wurde
report-indeterminate = nicht entscheidbar
report-step = Schritt
report-formula = Formel
report-result = Ergebnis
report-piece = { $name } (Eintrag { $entry })
report-origin = Herkunft: { $origin }
report-original =
    { $bytes ->
        [one] Original: 1 Byte, versiegelt beim Programm; SHA-256
       *[other] Original: { $bytes } Bytes, versiegelt beim Programm; SHA-256
    }
report-enclosed = Beigelegt, mit SHA-256:
report-removed = Aus der beigelegten Kopie entfernt: { $what }
report-not-enclosed = Nicht beigelegt: { $why }
report-custody = { $time }: { $how }, { $who }

# Was weggelassen ist und warum; was einer Kopie fehlt; was mit Beweismitteln geschah. Die Namen stehen in den
# JSON-Dateien.
report-left-source-words = die eigenen Worte der Quelle: ein Stil verrät, wer schreibt
report-left-letter = ein Brief an die Quelle
report-left-note = eine interne Notiz
report-left-team-keys = Schlüssel des Teams
report-left-claim-key = eine Erklärung mit dem Anspruchsschlüssel der Quelle
report-left-award = die Belohnung
report-left-other-case = ein anderer Fall
report-left-detriment = was der Quelle angetan wird
report-left-disclosure = wem außerhalb des Teams etwas gesagt wurde
report-left-recusal = { $who } wirkt nicht weiter mit; der Grund bleibt beim Team
report-left-does-not-count = zählt nicht: { $why }
report-fault-no-key = der Schlüssel, mit dem er versiegelt ist, ist nicht zur Hand
report-stays-few-readers =
    { $n ->
        [one] nur eine Person hat genau diese Fassung erhalten: sie weiterzugeben würde auf diese Person zeigen
       *[other] nur { $n } Personen haben genau diese Fassung erhalten: sie weiterzugeben würde auf sie zeigen
    }
report-stays-no-safe-copy = von einer solchen Datei lässt sich keine sichere Kopie machen
report-removed-after-end = Daten hinter dem Ende des Bildes (Bytes: { $bytes })
report-removed-thumbnail = ein kleines Vorschaubild (Bytes: { $bytes })
report-removed-comment = ein Kommentar in der Datei (Bytes: { $bytes })
report-removed-segment = Teil { $name } der Datei (Bytes: { $bytes })
report-removed-all-but-pixels = alles außer dem, was zu sehen ist
report-removed-pages = diese Kopie ist nicht vollständig: sie hat die ersten { $kept } von { $of } Seiten
report-removed-frames = diese Kopie ist nicht vollständig: von einem bewegten Bild hat sie nur das erste Bild
report-removed-mark = Zeile { $line }: { $what }
report-removed-mark-found = Zeile { $line }: { $what }, { $found }
report-custody-taken-in = als Beweismittel aufgenommen
report-custody-opened = geöffnet
report-custody-exported = ausgegeben
report-custody-verified = Fingerabdruck geprüft
