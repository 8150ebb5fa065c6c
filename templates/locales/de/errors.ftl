# Was schiefging, nach den festen Namen der Fehler. Jeder Satz sagt, was geschah, was erhalten blieb und was zu tun ist.

error-foreign = Etwas am System dieses Rechners schlug fehl; es sagt selbst: { $why }
error-locked = Der Arbeitsplatz ist gesperrt. Öffnen Sie ihn, und versuchen Sie es noch einmal.
error-no-charter-yet = Die Charta wurde noch nicht abgerufen. Drücken Sie „Abrufen“, und versuchen Sie es noch einmal.
error-no-entry = Dieser Schritt ist kein eigener Eintrag. Es wurde nichts geschrieben.

error-unreachable = Der Server war nicht zu erreichen. Verloren ist nichts; versuchen Sie es noch einmal.
error-answer-too-long = Die Antwort des Servers war zu lang und wurde nicht gelesen. Verloren ist nichts.
error-server-has-not = Der Server hat nicht oder nicht mehr, wonach gefragt wurde. Von Ihnen ging nichts verloren.
error-server-conflict =
    Beim Server liegt schon etwas, das sich damit nicht verträgt; vielleicht war jemand schneller. Von Ihnen ging nichts
    verloren. Drücken Sie „Abrufen“, und versuchen Sie es noch einmal.
error-server-busy =
    Der Server ist beschäftigt. Von Ihnen ging nichts verloren; versuchen Sie es in einer Minute noch einmal.
error-server-full =
    Der Server hat keinen Platz mehr. Von Ihnen ging nichts verloren; sagen Sie es denen, die ihn betreiben, und
    versuchen Sie es später noch einmal.
error-server-broken =
    Der Server hat selbst einen Fehler und konnte nicht antworten. Von Ihnen ging nichts verloren. Versuchen Sie es
    später noch einmal; bleibt es so, sagen Sie es denen, die ihn betreiben.
error-server-refused =
    Der Server hat abgelehnt, was dieses Programm von ihm wollte. Von Ihnen ging nichts verloren. Programm und Server
    stammen vielleicht aus verschiedenen Versionen.
error-forged-receipt =
    Die Quittung des Servers ist nicht vom Log des Programms unterschrieben: vielleicht unterschlägt er, was Sie
    gesendet haben. Trauen Sie diesem Server nicht, und senden Sie es über eine andere Adresse noch einmal.
error-garbled =
    Die Antwort des Servers entspricht nicht der Spezifikation (es ging um { $what }); der Server ist vielleicht defekt
    oder feindlich. Von Ihnen ging nichts verloren.
asked-terms = das, was er von allen verlangt
asked-keys = die angebotenen Schlüssel
asked-deposit = das Gesendete
asked-lists = die Listen des Bretts
asked-file = eine Datei
asked-message = eine Nachricht
asked-journal = das Protokoll eines Falls
asked-records = die öffentlichen Einträge
asked-log = das Log
asked-other = etwas anderes

error-charter-early = Die Charta trägt ein Datum in der Zukunft. Prüfen Sie die Uhr dieses Rechners.
error-charter-late =
    Die Charta ist abgelaufen. Prüfen Sie die Uhr dieses Rechners; geht sie richtig, muss das Programm eine neue
    veröffentlichen.
error-charter-other-past =
    Der Server zeigt eine Charta, die die zuletzt gesehene nicht fortsetzt. Senden Sie nichts, und sprechen Sie mit den
    anderen.
error-charter-format =
    Die Charta hat das Format { $format }, das dieses Programm nicht liest. Es wurde nichts gesendet. Programm und
    Server stammen aus verschiedenen Versionen: Holen Sie das Programm, das Ihr Meldeprogramm nennt, oder bitten Sie um
    eine neue Charta.
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
error-list-not-logged =
    Der Server zeigt Listen, die nicht die im Log sind (insgesamt { $count }, die erste von Epoche { $epoch }).
    Nachrichten für Sie können darin fehlen. Was sie zeigen, wurde nicht geglaubt; sie werden bei jedem Besuch noch
    einmal verlangt. Bleibt es so, trauen Sie diesem Server nicht, und sprechen Sie auf anderem Weg mit dem Programm.
error-lists-gone =
    Der Server sagt, dass er die Listen der Epochen { $from } bis { $to } nicht mehr aufbewahrt, die Sie nicht gelesen
    haben. Was darin für Sie stand, ist verloren, oder der Server hält es zurück.
error-promise-broken =
    Der Server hat unterschrieben, dass etwas, das Sie gesendet haben, im Log stehen wird, und es steht nicht darin
    (insgesamt { $count }). Vielleicht hat er es unterschlagen. Ihr Schlüsselspeicher bewahrt die unterschriebenen
    Quittungen auf; sie beweisen es. Verlassen Sie sich nicht auf diesen Server, und sprechen Sie auf anderem Weg mit
    den anderen.
error-log-stands-still =
    Die neueste Aussage des Logs ist vom { $stated }; die Uhr dieses Rechners sagt { $now }. Geht Ihre Uhr richtig, dann
    steht der Server still oder hält Neueres zurück. Was Sie sehen, gilt; es kann etwas fehlen.
error-log-ahead =
    Die neueste Aussage des Logs ist vom { $stated }; die Uhr dieses Rechners sagt { $now }. Eines von beiden ist
    falsch. Stellen Sie Ihre Uhr; geht sie richtig, könnte der Server später unbemerkt stillstehen.
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
error-journal-clock =
    In diesem Fall stehen Einträge, deren Datum mehr als einen Tag nach der Uhr Ihres Computers liegt. Stellen Sie die
    Uhr richtig und versuchen Sie es noch einmal. Es wurde nichts geschrieben.
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
    { $have ->
        [one] Bisher hat eine von { $need } verwaltenden Personen diese Einlösung geprüft.
       *[other] Bisher haben { $have } von { $need } verwaltenden Personen diese Einlösung geprüft.
    } Warten Sie, bis alle es getan haben.
error-more-needed =
    Ihre Freigabe ist festgehalten: { $have } von { $need }. Wer die letzte erteilt, bekommt die Zahlungsdatei.
error-not-released =
    { $have ->
        [one] Bisher hat eine von { $need } verwaltenden Personen dieses Geld freigegeben.
       *[other] Bisher haben { $have } von { $need } verwaltenden Personen dieses Geld freigegeben.
    } Es kann nicht angekommen sein. Nichts wurde festgehalten.
error-stated-before = Das haben Sie schon festgehalten. Es ist öffentlich; nichts kam hinzu.
error-other-account =
    Die Zahlungsdatei, die es schon gibt, zahlt von einem anderen Konto des Programms. Eine Bank hielte eine zweite für
    einen anderen Auftrag.
error-arrived =
    Genügend Verwaltende haben festgehalten, dass dieses Geld angekommen ist. Es ist nichts mehr zu zahlen.
error-other-pays =
    Von genügend Verwaltenden freigegeben; die Zahlungsdatei schreibt die Person, deren Freigabe als letzte fehlte.
error-no-keyset =
    Kein Schlüsselsatz der Charta unterschreibt diese Marken jetzt: Seine Unterzeichnenden haben gewechselt, seit die
    Quelle darum bat. Wer den Wurzelschlüssel hütet, muss die alten Werte im nächsten Schlüsselsatz nennen.
error-not-a-signer = Die Charta nennt Sie mit diesen Schlüsseln nicht als Unterzeichnende dieses Schlüsselsatzes.
error-other-batch =
    Für diese Belohnung wurden früher andere Marken angeordnet oder unterschrieben. Zweierlei Marken würden das Geld
    verdoppeln; deshalb wurde nichts unterschrieben.
error-no-budget =
    Die Belohnung beträgt { $need }, und im Budget sind nur { $have } nicht vergeben. Es wurde nichts unterschrieben.
error-tokens-expired = Diese Marken galten bis zu einer Zeit, die vorbei ist. Es wird nichts gezahlt.
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
error-file-part-missing = Teil { $part } von { $of } der Datei liegt nicht mehr auf dem Server.
error-file-not-whole = Die Datei ist nicht, was die Nachricht angekündigt hat: Teile fehlen oder wurden verändert.
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
error-preview-locked =
    Die Datei ist mit einem Passwort verschlossen, deshalb kann nichts von ihr gezeigt werden. Bitten Sie die Quelle um
    eine Kopie ohne Passwort.
error-preview-too-slow =
    Die Datei braucht zu lange; vielleicht soll sie schaden. Öffnen Sie sie auf diesem Rechner mit keinem anderen
    Programm.
error-preview-no-sandbox =
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
error-dossier-language = In der Sprache „{ $language }“ gibt es keine Worte für einen Bericht. Geschrieben wurde nichts.
error-dossier-no-account =
    Schreiben Sie eine Darstellung des Falls in eigenen Worten: sie geht an Stelle der Worte der Quelle hinaus.
    Geschrieben wurde nichts.
error-dossier-unsound =
    Was entstand, hält der Prüfung nicht stand; geschrieben wurde darum nichts. Rufen Sie ab, und versuchen Sie es noch
    einmal.

input-kind-number = eine Zahl wie 16384 oder 1e25, ohne Einheit
input-kind-numbers = Zahlen, je Zeile eine oder mit Semikolon dazwischen
input-kind-date = ein Tag wie 2026-11-30
input-kind-dates = Tage wie 2026-11-30, je Zeile einer oder mit Semikolon dazwischen
input-kind-text = ein Text
input-kind-texts = Texte, je Zeile einer oder mit Semikolon dazwischen
input-kind-yes-no = yes (ja) oder no (nein)
error-check-no-input = Die Prüfung kennt die Angabe { $name } nicht.
error-check-kind = „{ $name }“ ist nicht von der richtigen Art; erwartet: { $kind }.
error-check-number = „{ $name }“ ist nicht als Zahl lesbar, oder als zwei verschiedene.
error-check-range = „{ $name }“ liegt außerhalb dessen, was die Prüfung zulässt: { $range }.
error-check-long = „{ $name }“ ist zu lang: höchstens { $most } Einträge oder Zeichen.
error-check-arithmetic =
    Der Schritt { $step } der Prüfung (Zeile { $line } des Regelwerks) lässt sich mit diesen Tatsachen nicht rechnen.
error-award-overflow = Die Zahlen sind zu groß für die Formel.
error-award-own-part = Der eigene Teil der Quelle ist größer als die Strafe.
error-award-threshold = Die Schwelle ist null; ein Lauf wird danach belohnt, wie weit er über einer liegt.
error-award-range = Eine Zahl liegt außerhalb dessen, was die Formel zulässt.
error-award-number = Das ist keine ganze Zahl von Rechenschritten, wie 1e25.

# Was ein Besuch nicht aufnehmen konnte. Der Besuch selbst ging weiter.
error-ended-early =
    Der Besuch endete vorzeitig; was bis dahin kam, wird verwendet, der Rest kommt beim nächsten. { $why }
error-message-lost = Eine Nachricht, die sich nie öffnen ließ, bewahrt der Server nicht mehr auf; sie ist verloren.
error-message-withheld =
    Eine Nachricht für Sie ist aufgelistet, aber der Server gibt sie nicht heraus; sie wird noch einmal verlangt.
error-message-altered = Eine Nachricht ließ sich nicht öffnen; sie wird noch einmal verlangt. { $why }
error-message-key-gone = Eine Nachricht ließ sich nicht öffnen, und auch später geht es nicht. { $why }
error-message-damaged = Eine Nachricht wurde geöffnet und ist nicht lesbar. { $why }
error-message-unknown = Eine Nachricht wurde geöffnet; dieses Programm kennt ihre Art nicht. { $why }
error-no-tip = Jemand hat Ihnen geschrieben, ohne vorher einen Hinweis gegeben zu haben; aufbewahrt wird es nicht.
error-tip-forwarded =
    Ein Hinweis kam zu Ihnen in einem Gespräch, das seine Quelle nicht mit Ihnen begonnen hat. Wer ihn weitergeschickt
    hat, besitzt eine Kopie und ist nicht die Quelle. Er wurde nicht behalten. Sagen Sie es den anderen.
error-words-not-signed =
    Etwas kam als Worte einer Quelle, das die Quelle nicht für Sie unterschrieben hat; es wurde nicht behalten.
error-second-conversation =
    Eine Quelle hat mit Ihnen ein zweites Gespräch über einen Hinweis begonnen, den Sie haben; was sie dort sagt, wird
    nicht gelesen. Fragen Sie die Quelle im ersten, ob sie das war.
error-other-charter =
    Eine Quelle hat unter einer Charta geschrieben, die Sie nicht kennen: Vielleicht zeigt der Server Quellen andere
    Zuständige als Ihnen. Vergleichen Sie die Charta mit den anderen und mit dem Besitzer des Wurzelschlüssels.
error-words-refused = Eine Nachricht einer Quelle ließ sich nicht in ihren Fall aufnehmen. { $why }
error-not-for-administrators =
    Jemand hat eine Nachricht gesendet, die nicht für die Verwaltung ist; aufbewahrt wird sie nicht.
error-reply-altered = Eine Antwort einer Quelle ließ sich nicht lesen; sie wird noch einmal verlangt. { $why }
error-reply-withheld =
    Eine Antwort einer Quelle ist aufgelistet, aber der Server gibt sie nicht heraus; sie wird noch einmal verlangt.
error-sealed-no-identity =
    Die versiegelte Einsendung { $code } wartet: dieser Arbeitsplatz hat keine Schlüssel für den versiegelten Eingang.
error-sealed-later =
    Die versiegelte Einsendung { $code } ist aufbewahrt und noch nicht offen; sie wird noch einmal versucht. { $why }
error-sealed-never = Die versiegelte Einsendung { $code } lässt sich hier nicht öffnen. { $why }
error-sealed-gone = Ihre Datei ist nicht mehr auf dem Server.
error-sealed-file = Ihre Datei ist nicht die angekündigte: Teile fehlen oder wurden verändert.
error-sealed-not-for-us = Sie wurde nicht für die Schlüssel dieses Arbeitsplatzes versiegelt.
error-sealed-damaged = Sie ist beschädigt oder abgeschnitten.
error-sealed-too-long = Sie ist länger, als der versiegelte Eingang annimmt.
error-handover-for-others =
    Jemand hat Ihnen die Schlüssel eines Falls übergeben, zu dessen Team Sie nicht gehören; aufbewahrt wurden sie nicht.
error-handover-later = Ein Fall, der Ihnen übergeben wurde, ist noch nicht lesbar; es wird noch einmal versucht.
error-handover-unreadable =
    Ein Fall, der Ihnen übergeben wurde, ist nicht lesbar; seine Schlüssel wurden nicht aufbewahrt. { $why }
error-views-forged =
    Jemand hat Ihnen im Namen einer Person aus dem Kreis der Zuständigen geschrieben, wie weit Fälle reichen. Das ist
    nicht von ihr unterschrieben; geglaubt wurde es nicht.
error-views-unsent =
    Wie weit Ihre Fälle reichen, konnte { $who } nicht mitgeteilt werden: Der Server bietet für diese Person keine guten
    Schlüssel an oder hat den Brief abgelehnt. Vielleicht hält er Sie auseinander. Es wird wieder versucht, wenn Ihre
    Fälle weitergegangen sind.
error-head-other =
    Fall { $case }: Im Log steht beim Eintrag { $entry } ein anderes Journal, als Sie sehen. Entweder zeigt der
    Server Ihnen und den anderen zwei Journale dieses Falls, oder ein Programm der anderen ist falsch. Lesen Sie
    einander den Kopf der Kette des Journals vor.
error-head-hidden =
    Fall { $case }: Nach dem Log gibt es einen Eintrag { $entry }, aber der Server zeigt ihn Ihnen nicht. Fragen
    Sie die anderen, was darin steht.
error-head-not-logged =
    Fall { $case }: Der Eintrag { $entry } steht nicht im Log, obwohl er dort stehen muss. Vielleicht zeigt der
    Server ihn nur Ihnen. Fragen Sie die anderen, ob sie ihn haben.
error-head-split =
    Fall { $case }: { $who } hat ein anderes Journal gesehen als Sie, spätestens beim Eintrag { $count }. Entweder zeigt
    der Server Ihnen beiden verschiedene, oder das Programm dieser Person ist falsch. Machen Sie mit diesem Fall nicht
    weiter, bevor Sie miteinander gesprochen haben.
error-head-behind =
    Fall { $case }: { $who } hat { $count } Einträge gelesen, und der Server hat Ihnen bei mehreren Besuchen nicht so
    viele gezeigt. Vielleicht hält er Sie zurück. Fragen Sie diese Person, was neu ist.
error-order-refused = Eine Anweisung für eine Belohnung wird abgelehnt. { $why }
error-redemption-empty = Eine Einlösung enthält keine gültigen Marken; aufbewahrt wird sie nicht.
error-ratchet-key = Ein Schlüssel der Gegenseite ist nicht gültig.
error-ratchet-altered = Sie wurde unterwegs verändert.
error-ratchet-key-gone = Der Schlüssel dafür ist nicht mehr da; vielleicht wurde sie schon gelesen.
error-ratchet-repeated = Sie wurde unterwegs verändert oder schon gelesen.

# Schritte, die zu früh kommen.
error-order-unsigned = Die Anweisung trägt noch nicht die Unterschriften zweier Entscheidender. Gesendet wurde nichts.
error-tokens-not-asked = Die Quelle hat die Marken dieser Belohnung noch nicht verlangt. Gesendet wurde nichts.
error-no-return-box = Die Anfrage der Quelle lässt jemanden aus der Verwaltung aus. Gesendet wurde nichts.
error-purge-unconfirmed = Erst müssen zwei Personen die Vernichtung bestätigen. Vernichtet wurde nichts.
error-kept-charter-old =
    Sie haben eine neuere Charta gesehen als die, die auf diesem Rechner liegt. Drücken Sie „Abrufen“, sobald der Server
    erreichbar ist.
error-rule-unknown =
    Eine Regel, die dieses Programm nicht kennt, verbietet es: { $rule }. Bitte bringen Sie das Programm auf den
    neuesten Stand.

# Was eine Prüfung der öffentlichen Einträge findet. Die Bewegungen heißen wie in den Einträgen.
error-record-wrong = Eintrag { $record }: { $why }
error-record-not-logged = Eintrag { $record } war dem Log für die Epoche { $epoch } versprochen und steht nicht darin.
error-list-changed = Die Liste der Epoche { $epoch } ist nicht die im Log: sie wurde danach verändert.
error-charter-secret = Version { $version } der Charta steht nicht im Log: jemand wurde im Geheimen genannt.
error-proof-malformed = Er hat nicht die Form seiner Art.
error-proof-other-issuer = Unterschrieben hat nicht sein Ausgeber.
error-proof-worthless = Er enthält eine Marke ohne Wert.
error-proof-issuance = Es ist nicht bewiesen, dass der Ausgeber seinen veröffentlichten Schlüssel benutzt hat.
error-proof-redemption =
    Es ist nicht bewiesen, dass diese Marken mit dem veröffentlichten Schlüssel unterschrieben wurden.
error-proof-nullifiers = Seine Entwertungszeichen gehören nicht zu seinen Marken.
error-books-unreadable = Er ist nicht lesbar.
error-books-malformed = Er hat nicht die Form seiner Art.
error-books-unknown-signer = Wer unterschrieben hat, steht nicht in der Charta.
error-books-bad-signature = Seine Unterschrift ist nicht gültig.
error-books-not-officer = Wer unterschrieben hat, gehört nicht zur Fallarbeit.
error-books-not-finance = Wer unterschrieben hat, gehört nicht zur Verwaltung der Belohnungen.
error-books-wrong-issuer = Wer unterschrieben hat, hat nicht die Nummer dieses Ausgebers.
error-books-out-of-range = Der Wert der Marken liegt außerhalb des Möglichen.
error-books-double-spend = Eine Marke darin wurde schon eingelöst.
error-books-unknown-charter = Er nennt eine Charta, die nicht in der Kette steht.
error-books-old-charter = Er nennt eine Charta, die nicht mehr galt, als er veröffentlicht wurde.
error-books-unknown-keyset = Die Charta nennt seinen Schlüsselsatz nicht.
error-books-bad-order = Die Anordnung darin ist nicht von zwei Entscheidenden der Charta unterschrieben.
error-books-ordered-twice = Die Belohnung { $award } wurde zweimal angeordnet, verschieden.
error-books-reserved-twice = Derselbe Ausgeber hatte eine Marke darin für eine andere Einlösung vorgemerkt.
error-books-not-reserved = Er beweist Marken, die nicht genügend Ausgeber für diese Einlösung vorgemerkt hatten.
error-books-too-few-signatures =
    „{ $movement }“, { $amount }: von { $have ->
        [one] einer verwaltenden Person
       *[other] { $have } verwaltenden Personen
    } erklärt oder unterschrieben; es braucht { $need }.
error-books-award-without-order =
    { $amount } sind für eine Belohnung zurückgelegt, die keine zwei Entscheidenden anordneten.
error-books-issued-without-tokens =
    { $amount } sind als ausgegeben gebucht; die Einträge der Unterzeichnenden belegen es nicht.
error-books-redeemed-without-tokens =
    { $amount } sind als eingelöst gebucht; die Einträge genügend vieler Ausgeber belegen es nicht.
error-books-tokens-without-order =
    Marken der Belohnung { $award } wurden unterschrieben, die keine Entscheidenden angeordnet haben.
error-books-more-redeemed-than-issued =
    Ausgeber { $issuer } erkannte { $recognised } Marken zu { $denomination } unter einem Schlüssel, der { $signed }
    unterschrieb.
error-records-hidden =
    Der Schub der Epoche { $epoch } im Log verbürgt nicht die öffentlichen Einträge, die gezeigt werden: Einträge wurden
    verborgen, hinzugefügt oder geändert.
error-books-tokens-without-booking =
    Marken der Belohnung { $award } wurden unterschrieben, aber die Bücher zeigen sie nicht als ausgegeben.
error-books-redemption-without-booking = Die Einlösung { $redemption } wurde geprüft, aber die Bücher zeigen sie nicht.
error-books-escrow-wrong = Das Treuhandkonto hat nicht, was es schuldet.
movement-budget-added = Geld für das Budget
movement-award-reserved = Belohnung zurückgelegt
movement-tokens-issued = Marken ausgegeben
movement-tokens-redeemed = Marken eingelöst
movement-payout-released = Auszahlung freigegeben
movement-payout-settled = Auszahlung abgeschlossen
movement-award-cancelled = Belohnung aufgehoben

# Was zu sehen war, als eine Regel nein sagte: in Klammern hinter der Regel.
error-note-not-member-then = zu jener Zeit kein Mitglied
error-note-not-an-officer = gehört laut Charta nicht zur Fallarbeit
error-note-role-not-given = die Charta gibt dieser Person die Rolle „{ $role }“ nicht
error-note-acting-as = in der Rolle „{ $role }“
error-note-one-of-each = zwei Rollen sind nötig: „{ $one }“ und „{ $other }“
error-note-case-is = der Fall: { $state }
error-note-proposed-in = Eintrag { $entry }
error-note-others-key = der Schlüssel gehört jemand anderem
error-note-numbers-too-large = die Zahlen sind zu groß für die Formel
error-note-formula-range = eine Zahl liegt außerhalb dessen, was die Formel erlaubt
error-note-formula-gives = die Formel ergibt { $amount }
error-note-received-later = ein Hinweis kann nicht in der Zukunft eingegangen sein
error-note-jurisdiction-or-severity = Rechtsraum oder Schwere
error-note-answers-range = Antworten gehen von 0 bis 3
error-note-other-pack = die Prüfung ist nicht aus dem Gebiet, unter dem der Fall geführt wird
error-note-not-from-source = der Beleg ist keine Nachricht der Quelle
error-note-linked-to-itself = ein Fall wird nicht mit sich selbst verknüpft
error-note-duplicate-of-itself = ein Fall ist keine Wiederholung seiner selbst
error-note-first-left = wer zuerst unterschrieb, hat den Fall verlassen; schlagen Sie es noch einmal vor
error-note-first-must-declare = wer zuerst unterschrieb, muss sich noch einmal erklären
error-note-later-outcome = dieses Ergebnis gehört in einen späteren Abschnitt
error-note-adjudicators-end = eine Ermittlung beenden Entscheidende
error-note-triaged-before = wer den Fall vorgeprüft hat, ermittelt nicht darin
error-note-investigated-before = wer ermittelt hat, schlägt keine Belohnung vor
error-note-policy-differs = Kennung oder Version weichen ab
error-note-not-a-claim = die Erklärung ist kein Anspruch
error-note-claim-needs-answers = zu einem Anspruch gehören die Antworten über die Berechtigung
error-note-earlier-batch = die Anweisung über frühere Marken wird schon unterschrieben
error-note-other-amount-agreed = die Quelle war mit einem anderen Betrag einverstanden
error-note-panel-decided = ein Gremium hat entschieden
error-note-record-unreadable = ein Eintrag ist nicht lesbar
error-note-other-record = ein Eintrag handelt von etwas anderem
error-note-source-claimed = die Quelle hat Anspruch erhoben
error-note-held-already = es gibt schon eine
error-note-other-batch-signed = die Quelle hat für andere Marken unterschrieben
error-note-order-unsigned = erst müssen zwei Entscheidende die Anweisung unterschreiben
error-note-other-batch-ordered = die verdeckten Marken sind nicht die angewiesenen
error-note-account-short = auf dem Konto, von dem es abgeht, sind keine { $amount }
error-note-amount-zero = ein Betrag von null
error-note-booked = { $movement }
error-note-award-or-reference = eine Bewegung nennt ihre Belohnung oder ihren Bezug, nicht beides
error-note-due = fällig ist { $due }, nicht { $given }
