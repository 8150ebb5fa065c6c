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
report-authority = Entscheidung einer Behörde
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
