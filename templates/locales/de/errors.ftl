# Was schiefging, nach den festen Namen der Fehler. Jeder Satz sagt, was geschah, was erhalten blieb und was zu tun ist.

error-other = Etwas ging schief: { $why }
error-locked = Der Arbeitsplatz ist gesperrt. Öffnen Sie ihn, und versuchen Sie es noch einmal.
error-no-charter-yet = Die Charta wurde noch nicht abgerufen. Drücken Sie „Abrufen“, und versuchen Sie es noch einmal.
error-no-entry = Dieser Schritt ist kein eigener Eintrag. Es wurde nichts geschrieben.

error-unreachable = Der Server war nicht zu erreichen. Verloren ist nichts; versuchen Sie es noch einmal.
error-answer-too-long = Die Antwort des Servers war zu lang und wurde nicht gelesen. Verloren ist nichts.
error-server-refused = Der Server hat abgelehnt (Status { $status }, { $code }). Von Ihnen ging nichts verloren.
error-garbled =
    Die Antwort des Servers auf { $what } entspricht nicht der Spezifikation; der Server ist vielleicht defekt oder
    feindlich.

error-charter-early = Die Charta trägt ein Datum in der Zukunft. Prüfen Sie die Uhr dieses Rechners.
error-charter-late =
    Die Charta ist abgelaufen. Prüfen Sie die Uhr dieses Rechners; geht sie richtig, muss das Programm eine neue
    veröffentlichen.
error-charter-other-past =
    Der Server zeigt eine Charta, die die zuletzt gesehene nicht fortsetzt. Senden Sie nichts, und sprechen Sie mit den
    anderen.
error-charter-refused =
    Die Charta wird abgelehnt: sie ist beschädigt oder nicht mit dem Wurzelschlüssel des Programms unterschrieben.
    Senden Sie nichts, und sprechen Sie mit den anderen.
error-charter-withheld =
    Der Server zeigt Version { $version } der Charta nicht, die zwischen der zuletzt gesehenen und der jetzigen liegt;
    vielleicht verbirgt er, wer dazwischen genannt war. Senden Sie nichts.
error-charter-not-logged =
    Die Charta, die dieser Server zeigt, steht nicht im Log: vielleicht wurden Personen nur Ihnen genannt. Trauen Sie
    diesem Server nicht, und vergleichen Sie die Version der Charta mit den anderen.
error-log-unsigned =
    Die neueste Aussage des Logs ist nicht mit dem Schlüssel des Logs unterschrieben. Trauen Sie diesem Server nicht.
error-log-smaller =
    Das Log ist kleiner geworden: Einträge, die darin standen, werden verborgen.
    Behalten Sie, was Sie haben: die beiden unterschriebenen Aussagen beweisen es. Trauen Sie diesem Server nicht.
error-log-other =
    Die beiden Aussagen gehören zu verschiedenen Logs.
    Behalten Sie, was Sie haben: die beiden unterschriebenen Aussagen beweisen es. Trauen Sie diesem Server nicht.
error-log-split =
    Das Log hat zwei verschiedene Vergangenheiten derselben Größe gezeigt.
    Behalten Sie, was Sie haben: die beiden unterschriebenen Aussagen beweisen es. Trauen Sie diesem Server nicht.
error-log-not-continued =
    Das Log setzt nicht fort, was es früher gezeigt hat.
    Behalten Sie, was Sie haben: die beiden unterschriebenen Aussagen beweisen es. Trauen Sie diesem Server nicht.
error-log-proof = Das Log kann nicht beweisen, was es auflistet; vielleicht verbirgt oder ändert es Einträge.
error-log-tile =
    Ein Teil des Logs fehlt oder ist beschädigt. Versuchen Sie es noch einmal; bleibt es so, verbirgt ihn der Server.
error-log-not-there =
    Etwas, das der Server ins Log zu schreiben versprach, steht nicht darin. Behalten Sie die Quittung: sie beweist das
    gebrochene Versprechen.
error-policy-withheld =
    Die Charta nennt { $name }, aber der Server gibt es nicht heraus. Versuchen Sie es später, oder sagen Sie es dem
    Programm.
error-policy-altered =
    Was der Server als { $name } ausgibt, ist nicht das, worauf sich die Charta festlegt. Benutzen Sie diesen Server
    nicht, bevor Sie es dem Programm gesagt haben.

error-journal-forked =
    Der Server zeigt eine andere Vergangenheit dieses Journals als früher. Machen Sie mit diesem Fall nicht weiter,
    bevor Sie mit den anderen gesprochen haben.
error-journal-no-key =
    Der Schlüssel der Generation { $generation } fehlt; ohne ihn lässt sich der Fall nicht kennen. Sprechen Sie mit den
    anderen.
error-journal-other-key =
    Der Schlüssel, den Sie bekommen haben, ist nicht der, zu dem { $who } in diesem Fall gewechselt hat: Sie und die
    anderen lesen vielleicht Verschiedenes. Fragen Sie diese Person, und sagen Sie es einer dritten.
error-journal-cut =
    Der Server verbirgt Einträge dieses Falls, die Sie schon gelesen haben (damals { $seen }, jetzt { $shown }). Machen
    Sie mit diesem Fall nicht weiter, bevor Sie mit den anderen gesprochen haben.
error-event-unwritable = Der Eintrag lässt sich nicht schreiben. Geändert ist nichts.
error-journal-busy =
    Gerade schreiben andere in diesen Fall. Von Ihnen ging nichts verloren; versuchen Sie es noch einmal.
error-journal-access =
    { $who } hat den Schlüssel dieses Falls gewechselt, und der Teil für Sie taugt nichts. Fragen Sie diese Person, und
    sagen Sie es einer dritten.
error-no-wrap-key =
    Die Charta nennt keinen Schlüssel von { $who } aus dem Team dieses Falls; der Schlüssel des Falls lässt sich nicht
    wechseln.
error-wrap-failed = Der neue Schlüssel des Falls ließ sich nicht verpacken. Geändert ist nichts.
error-journal-keeper =
    Der Server will wissen, dass jemand aus der Fallbearbeitung fragt, und mit Ihren Schlüsseln lässt sich das nicht
    zeigen.
error-journal-purged = Dieser Fall ist vernichtet; hier ist nichts davon übrig.

error-message-too-long = Die Nachricht ist zu lang: { $bytes } Bytes. Legen Sie langen Text in eine Datei.
error-message-unreadable = Die Nachricht ist beschädigt, oder ein neueres Programm hat sie geschrieben.
error-conversation-damaged =
    Das Gespräch mit der Quelle konnte nicht weitergehen: seine Schlüssel passen nicht. Gesendet wurde nichts.
error-envelope = Die Nachricht ließ sich nicht versiegeln. Gesendet wurde nichts.
error-not-saved =
    Ihr Schlüsselspeicher ließ sich nicht schreiben. Auf dem Server wurde nichts gelöscht. Schaffen Sie Platz auf diesem
    Rechner, und versuchen Sie es noch einmal.
error-key-too-many = Es wären mehr Schlüssel zu hinterlegen, als eine Meldung fasst. Nichts wurde gesendet.
error-key-not-made =
    Ein Schlüssel ließ sich nicht erzeugen. Gesendet wurde nichts; versuchen Sie es noch einmal.
error-not-in-charter = Die Charta nennt Sie nicht mit diesen Schlüsseln als Sachbearbeitung.
error-no-case = Den Fall { $case } gibt es auf diesem Arbeitsplatz nicht.
error-no-conversation =
    Dieser Fall kam ohne ein eigenes Gespräch zu Ihnen; antworten muss jemand, dem die Quelle geschrieben hat.
error-no-colleague = Ein Fall kann nur einer anderen Person übergeben werden, die die Charta für die Fallarbeit nennt.
error-not-yet =
    Etwas, das vorher kommen muss, ist noch nicht da. Drücken Sie „Abrufen“, und sehen Sie sich den Fall noch einmal an.
error-keys-wrong = Die Schlüssel von { $name } sind nicht die, die die Charta nennt. Gesendet wurde nichts.
error-keys-withheld =
    Der Server bietet keine Schlüssel von { $name } an, obwohl die Charta diese Person nennt; vielleicht hält er sie
    zurück.

error-not-administrator = Die Charta nennt Sie nicht mit diesen Schlüsseln als Verwaltung.
error-no-such-deed = Diese Anweisung oder Einlösung gibt es hier nicht. Drücken Sie „Abrufen“.
error-batch-unfit = Die verdeckten Marken passen nicht zur Anweisung. Unterschrieben wurde nichts.
error-issuer-keys = Die Schlüssel des Ausgebers sind nicht brauchbar. Unterschrieben wurde nichts.
error-no-denomination-key =
    Die verdeckten Marken können nicht unterschrieben werden: ein Schlüssel fehlt, oder es sind zu viele. Nichts
    wurde unterschrieben.
error-record-too-long = Das ist zu viel für einen Eintrag. Nichts wurde unterschrieben.
error-signed-before =
    Für diese Belohnung haben Sie schon unterschrieben; ging die Antwort verloren, wird sie noch einmal gesendet, Neues
    wird nicht unterschrieben.
error-return-address = Die Rücksendeadresse der Quelle ist nicht lesbar. Gesendet wurde nichts.
error-token-forged = Eine Marke dieser Einlösung ist nicht von Ihnen unterschrieben. Gezahlt wird nichts.
error-proof-failed = Ihr Teil ließ sich nicht beweisen. Gezahlt wird nichts.
error-spent-before = Eine Marke dieser Einlösung wurde schon in einer anderen eingelöst. Gezahlt wird nichts.
error-not-verified =
    Bisher haben { $have } von { $need } Verwaltenden diese Einlösung geprüft. Warten Sie, bis alle es getan haben.
error-second-needed =
    Ihre Freigabe ist festgehalten; bevor die Zahlungsdatei geschrieben wird, muss eine zweite verwaltende Person
    freigeben.
error-other-pays = Von zweien freigegeben; die Zahlungsdatei schreibt die andere Person, die als Zweite freigab.
error-payment-missing = Ein Feld der Zahlung ist leer.
error-payment-iban = Eine IBAN dieser Zahlung ist nicht gültig. Gezahlt wird nichts.
error-payment-text =
    Ein Text dieser Zahlung passt nicht in eine Zahlungsdatei; erlaubt sind einfache lateinische Buchstaben, Ziffern und
    / - ? : ( ) . , ' +
error-payment-amount = Der Betrag ist größer, als eine Überweisung tragen darf, oder null. Gezahlt wird nichts.
error-payment-date = Das Datum lässt sich nicht schreiben. Prüfen Sie die Uhr dieses Rechners.

error-keystore-foreign = Das ist kein Schlüsselspeicher von Subrosa.
error-keystore-newer =
    Diesen Schlüsselspeicher hat eine neuere Version von Subrosa geschrieben; bitte aktualisieren Sie.
error-keystore-damaged =
    Dieser Schlüsselspeicher ist beschädigt; stellen Sie ihn aus einer Sicherung wieder her. Das Passwort wurde nicht
    geprüft.
error-keystore-cost = Dieser Schlüsselspeicher verlangt mehr Speicher oder Zeit, als erlaubt ist.
error-keystore-password = Das Passwort ist falsch.
error-keystore-memory =
    Der Speicher reicht nicht, um das Passwort zu prüfen. Schließen Sie andere Programme, und versuchen Sie es noch
    einmal.
error-keystore-unwritable =
    Der Schlüsselspeicher lässt sich nicht schreiben. Ihr letzter Schritt ist nicht aufgehoben; schaffen Sie Platz auf
    diesem Rechner, und versuchen Sie es noch einmal.
error-keystore-other-role =
    { $path } enthält Schlüssel einer anderen Rolle, oder eine andere Version des Programms hat es geschrieben.
error-file-io =
    Das System hat { $path } verweigert. Sehen Sie nach, ob der Datenträger voll ist oder die Datei jemand anderem
    gehört, und versuchen Sie es noch einmal.
error-file-exists = { $path } gibt es schon; überschrieben wurde nichts.
error-file-locked = { $path } wird von einem anderen laufenden Programm benutzt; warten Sie, bis es beendet ist.
error-index-damaged =
    Das Suchverzeichnis in { $path } ist beschädigt oder gehört zu einem anderen Schlüsselspeicher; löschen Sie den
    Ordner, dann wird es neu angelegt.
error-index-full = Das Suchverzeichnis ist voll. Fälle lassen sich lesen, neue sind über Wörter nicht zu finden.

error-preview-kind =
    Eine Datei dieser Art wird hier nicht gezeigt. Sehen Sie sie auf einem Rechner ohne Netz an, und schreiben Sie auf,
    was darin steht.
error-preview-too-large = Die Datei ist zu groß, um hier gezeigt zu werden.
error-preview-damaged =
    Die Datei lässt sich nicht als das lesen, was sie zu sein vorgibt; vielleicht ist sie beschädigt oder soll schaden.
    Öffnen Sie sie auf diesem Rechner mit keinem anderen Programm.
error-preview-too-slow =
    Die Datei braucht zu lange; vielleicht soll sie schaden. Öffnen Sie sie auf diesem Rechner mit keinem anderen
    Programm.
error-preview-no-fence =
    Dieser Rechner kann die Datei eines Fremden nicht einzäunen, deshalb wird nichts gezeigt. Sehen Sie sie auf einem
    Rechner ohne Netz an.
error-preview-no-poppler =
    PDF-Dateien brauchen das Programm pdftoppm (Paket poppler-utils), das hier nicht installiert ist.
error-preview-process = Der eigene Vorgang der Vorschau ist gescheitert. Von der Datei ist nichts gelaufen.

error-dossier-archive = Ein Name oder eine Länge passt nicht in das Archiv eines Dossiers. Geschrieben wurde nichts.
error-dossier-recipient = „{ $recipient }“ ist kein age-Empfänger; er sieht aus wie age1… oder age1pq1…
error-dossier-identity = Die Identitätsdatei enthält keine age-Identität.
error-dossier-nobody = Sagen Sie, für wen das Dossier ist.
error-dossier-age = Das Dossier ließ sich nicht verschlüsseln. Geschrieben wurde nichts.
error-dossier-changed = Der Fall hat sich geändert, während das Dossier entstand; versuchen Sie es noch einmal.
error-dossier-report = Der Bericht ließ sich nicht erstellen; geschrieben wurde nichts.

error-check-no-input = Die Prüfung kennt die Angabe { $name } nicht.
error-check-kind = „{ $name }“ ist nicht von der Art, die die Prüfung erwartet.
error-check-number = „{ $name }“ ist nicht als Zahl lesbar, oder als zwei verschiedene.
error-check-range = „{ $name }“ liegt außerhalb dessen, was die Prüfung zulässt.
error-check-arithmetic =
    Der Schritt { $step } der Prüfung (Zeile { $line } des Regelwerks) lässt sich mit diesen Tatsachen nicht rechnen.
error-award-overflow = Die Zahlen sind zu groß für die Formel.
error-award-range = Eine Zahl liegt außerhalb dessen, was die Formel zulässt.
error-award-number = Das ist keine ganze Zahl von Rechenschritten, wie 1e25.
