# Die beiden Seiten, die im Browser laufen: einen Hinweis geben und zu ihm zurückkommen.
# Meldungen, die mit app- beginnen, gehören dem Programm der Seite; es setzt Werte wie { $done } ein.

nav-tip = Hinweis geben
nav-return = Zurückkommen
leave = Sofort weg
leave-key = Sofort verlassen und diese Seite löschen: „Sofort weg“ oben, oder zweimal schnell die Escape-Taste.
leave-title = Leere Seite
leave-text = Hier ist nichts. Sie können diesen Tab schließen.
noscript-title = Skripte sind abgeschaltet
noscript-tip =
    Diese Seite verschlüsselt Ihren Hinweis auf Ihrem eigenen Gerät. Ohne Skripte kann sie das nicht. Auch ohne Skripte
    können Sie einen Hinweis geben: mit einem Programm auf Ihrem eigenen Rechner oder mit age-Verschlüsselung. Die
    Hilfeseite erklärt, wie.
noscript-return =
    Diese Seite öffnet Ihre Nachrichten auf Ihrem eigenen Gerät. Ohne Skripte kann sie das nicht. Das Programm subrosa
    kann dasselbe: Die Hilfeseite erklärt, wie.
noscript-link = Hilfe: Hinweis geben ohne Skripte
not-installed =
    Auf diesem Server ist das Programm der Seite nicht eingerichtet. Sie können Ihren Hinweis mit dem Programm subrosa
    geben: Die Hilfeseite erklärt, wie.
loading = Die Verschlüsselung auf Ihrem Gerät wird vorbereitet … Sie können schon anfangen: Vorher wird nichts gesendet.
notice-circuit =
    Eine Seite kann sich ihren Weg durch Tor nicht aussuchen: Alles, was Sie hier tun, bis Sie eine neue Identität
    anfordern, lässt sich demselben Besuch zuordnen, aber nicht Ihrem Namen. Das Programm subrosa nimmt für jeden
    Schritt einen neuen Weg. Bei beiden kann der Server erkennen, dass Besuche mit denselben Wörtern zusammengehören.

tip-title = Hinweis geben
tip-intro =
    Was Sie schreiben, wird auf diesem Gerät verschlüsselt; öffnen können es nur die unten genannten
    Ermittlungspersonen. Auf diesem Gerät wird nichts gespeichert. Es gibt kein Konto: Sie bekommen zwölf Wörter, und
    nur mit ihnen kommen Sie zurück.
tip-resume = Einen unterbrochenen Hinweis fortsetzen
tip-resume-text =
    Wenn die Seite verloren ging, während Dateien hochgeladen wurden, geben Sie die zwölf Wörter ein, die Sie bekommen
    haben. Was angekommen ist, wird nicht noch einmal geschickt. Ihr Text wurde nirgends gespeichert: Bitte schreiben
    Sie ihn neu und wählen Sie dieselben Dateien.
tip-resume-go = Fortsetzen
tip-story = Ihr Hinweis
tip-officers = Ihn erhalten:
tip-regime = Worum geht es?
tip-regime-choose = Bitte wählen
tip-class = Was ist geschehen?
tip-class-unsure = Ich bin nicht sicher
tip-questions = Fragen
tip-questions-hint = Beantworten Sie, was Sie wissen. Lassen Sie das Übrige leer.
tip-narrative = Erzählen Sie, was geschehen ist
tip-narrative-hint =
    Wer, was, wann, wo, und woher Sie es wissen. Kurze, schlichte Sätze sind am sichersten: Der Stil kann einen Menschen
    verraten. Sagen Sie, wie viele davon wussten. Etwa 25.000 Zeichen haben Platz; längere Texte gehören in eine Datei.
tip-words = Ihre zwölf Wörter
tip-words-why =
    Schreiben Sie diese Wörter in dieser Reihenfolge auf Papier. Nur mit ihnen kommen Sie zu diesem Hinweis, zu den
    Antworten und zu einer Belohnung zurück. Sie werden einmal gezeigt. Niemand kann sie Ihnen noch einmal geben, auch
    die Ermittlungspersonen nicht.
tip-words-written = Ich habe sie aufgeschrieben
tip-words-check = Geben Sie jetzt die zwölf Wörter von Ihrem Papier ein
tip-words-check-hint = Großbuchstaben und Nummern spielen keine Rolle.
tip-words-again = Wörter noch einmal zeigen
tip-files = Dateien
tip-files-text =
    Wenn Sie Unterlagen haben, fügen Sie sie hier hinzu. Sie werden verschlüsselt und in gleich großen Teilen vor dem
    Hinweis selbst hochgeladen. Bricht die Verbindung ab, geht es von allein weiter; geht die Seite verloren, geht es
    mit Ihren zwölf Wörtern weiter.
tip-files-warning =
    Eine Datei kommt genau so an, wie sie ist, mit allem, was in ihr steckt: Namen, Zeiten, Orte, Druckermarken oder ein
    Wortlaut, den es nur in Ihrem Exemplar gibt. Wenn das zu Ihnen führen könnte, beschreiben Sie das Dokument lieber.
tip-files-choose = Dateien wählen
tip-files-drop = oder hier ablegen
tip-files-list = Gewählte Dateien
tip-review = Prüfen und absenden
tip-review-text = Das werden die Ermittlungspersonen lesen.
tip-send = Hinweis absenden
tip-done = Ihr Hinweis ist angekommen
tip-done-text =
    Der Server hat den Eingang unterschrieben. Die Ermittlungspersonen sehen ihn in einigen Minuten. Nach dem Gesetz
    bestätigen sie ihn innerhalb von 7 Tagen und sagen innerhalb von 3 Monaten danach, was sie getan haben. Kommen Sie
    mit Ihren zwölf Wörtern zurück, am besten zu unregelmäßigen Zeiten.
tip-receipt = Quittung speichern
tip-receipt-text =
    Die Quittung beweist, dass Sie etwas eingereicht haben und wann. Aus ihr lässt sich Ihr Hinweis nicht lesen, aber
    wer sie auf Ihrem Gerät findet, weiß, dass Sie einen gegeben haben. Speichern Sie sie nur, wo das sicher ist.
tip-done-leave = Verlassen und diese Seite löschen
continue = Weiter
back = Zurück

return-title = Zu Ihrem Hinweis zurückkommen
return-intro = Geben Sie Ihre zwölf Wörter ein. Sie verlassen dieses Gerät nie.
return-words = Ihre zwölf Wörter
return-go = Öffnen
return-status = Wo Ihr Hinweis steht
return-messages = Nachrichten
return-none = Nichts Neues. Antworten können Tage dauern; kommen Sie ab und zu wieder, zu unregelmäßigen Zeiten.
return-burn = Ich habe alles gelesen: vernichten
return-burn-text =
    Vernichtete Nachrichten kann niemand mehr öffnen, auch nicht mit Ihren Wörtern. Tun Sie es, sobald Sie gelesen und
    gespeichert haben, was Sie brauchen: Bis dahin kann auch lesen, wer Ihre Wörter findet. Tun Sie es auch, wenn nichts
    Neues da ist: Dann fragt Ihr Besuch den Server nach genauso viel wie einer, der etwas gefunden hat.
return-burn-sure = Diese Nachrichten endgültig vernichten?
return-reply = Antworten
return-reply-label = Ihre Nachricht an die Ermittlungspersonen
return-send = Senden
return-more = Weitere Schritte
return-withdraw = Hinweis zurückziehen
return-withdraw-sure = Den Hinweis zurückziehen? Den Ermittlungspersonen wird gesagt, dass Sie ihn zurückgezogen haben.
return-consent = Weitergabe an eine Behörde erlauben
return-consent-sure =
    Den Ermittlungspersonen erlauben, Ihren Hinweis an eine Behörde weiterzugeben? Ohne Ihre Zustimmung dürfen sie das
    nur, wo ein Gesetz sie dazu verpflichtet. Das lässt sich nicht zurücknehmen.
return-reopen = Um Wiederaufnahme bitten
return-reopen-sure =
    Die Ermittlungspersonen bitten, den geschlossenen Fall wieder aufzunehmen? Zwei von ihnen entscheiden. Wenn Sie
    etwas Neues gefunden haben, schreiben Sie es ihnen zuerst.
return-claim = Belohnung beanspruchen
return-claim-text = Wenn die Belohnung beansprucht werden kann, sagen Sie hier, dass Sie sie beanspruchen.
return-accept = Einem vorgeschlagenen Betrag zustimmen
return-accept-amount = Der Betrag in Euro
return-contest = Der vorgeschlagenen Belohnung widersprechen
return-contest-sure = Den Ermittlungspersonen sagen, dass Sie widersprechen? Dann entscheidet ein Gremium.
return-award = Ihre Belohnung
return-request = 1. Als Wertmarken anfordern
return-request-text =
    Die Verwalter unterschreiben Zahlen, die sie nicht sehen können. So kann später niemand sagen, wessen Marken es
    sind.
return-collect = 2. Unterschriften abholen
return-collect-text = Es dauert einen Tag oder länger, bis alle Verwalter dieses Zeitraums unterschrieben haben.
return-tokens = Datei mit den Marken speichern
return-tokens-text =
    Wer diese Datei hat, hat das Geld. Oder lassen Sie die Marken, wo sie sind: Mit Ihren Wörtern finden Sie sie wieder.
return-redeem-link = 3. Als Unbekannter einlösen
redeem-title = Marken einlösen
redeem-intro =
    Hier sind Sie ein Unbekannter: Nach Wörtern wird nicht gefragt, und nichts von Ihrem Hinweis wird berührt. Warten
    Sie Tage, nachdem Sie die Marken abgeholt haben. Fordern Sie dann im Tor Browser zuerst eine neue Identität an und
    benutzen Sie nur diesen Teil der Seite.
redeem-file = Ihre Datei mit den Marken
redeem-crowd = Worunter sich die Marken verbergen
redeem-crowd-text =
    Die Zahl sagt, aus wie vielen Belohnungen dieses Zeitraums eine Marke dieses Werts stammen kann. Eine kleine Zahl
    verbirgt Sie schlecht: Warten Sie lieber, bis sie gewachsen ist. Mehrere Marken, die zusammen eingelöst werden,
    können aus weniger Belohnungen stammen als jede allein; lösen Sie deshalb nie alles auf einmal ein.
redeem-value = Wert
redeem-number = Belohnungen, aus denen sie stammen kann
redeem-choose = Auswahl
redeem-rail = Wie gezahlt wird
redeem-send = Gewählte Marken einlösen
redeem-done = Gesendet. Die Verwalter prüfen die Marken und zahlen. Nichts darin nennt Sie oder Ihren Hinweis.

app-rail-sepa = SEPA-Überweisung
app-rail-sepa-payee = Wer das Geld bekommt
app-rail-sepa-payee-hint =
    Meist das Anderkonto Ihrer Anwältin oder Ihres Anwalts. Die Bank und die Verwalter sehen diesen Namen.
app-rail-sepa-iban = IBAN
app-rail-sepa-bic = BIC, falls die Bank danach fragt
app-rail-sepa-country = Land des Empfängers, zwei Buchstaben
app-rail-sepa-town = Ort des Empfängers
app-rail-sepa-reference = Text auf dem Kontoauszug
app-rail-sepa-reference-preset = Anderkonto

app-step = Schritt { $done } von { $all }
app-working = Einen Augenblick …
app-yes = Ja
app-no = Nein
app-clock =
    Die Uhr dieses Geräts geht um etwa { $hours } Stunden falsch. Dadurch geht nichts verloren, aber Daten auf dieser
    Seite können falsch sein. Bitte stellen Sie sie richtig.
    .hours-one =
        Die Uhr dieses Geräts geht um etwa eine Stunde falsch. Dadurch geht nichts verloren, aber Daten auf dieser Seite
        können falsch sein. Bitte stellen Sie sie richtig.
app-questions-arrived =
    Die Fragen zu diesem Thema sind eben eingetroffen. Beantworten Sie, was Sie wissen, und gehen Sie dann weiter.
app-file-reading = Wird gelesen
app-file-sending = Wird übertragen: { $done } von { $all } Teilen
    .all-one = Wird übertragen: { $done } von einem Teil
app-file-done = Angekommen, alle { $all } Teile
    .all-one = Angekommen, in einem Teil
app-file-paused = Angehalten bei { $done } von { $all } Teilen
    .all-one = Angehalten bei { $done } von einem Teil
app-file-waiting = Die Verbindung ist weg. Es wird von allein weiter versucht …
app-file-queued = Wartet, bis sie an der Reihe ist
app-file-full =
    Der Server hat gerade keinen Platz für Dateien. Was angekommen ist, bleibt eine Zeit lang dort; versuchen Sie es
    später, oder senden Sie den Hinweis ohne diese Datei.
app-pause = Anhalten
app-resume = Fortsetzen
app-remove = Weglassen
app-save = Speichern
app-progress = Fortschritt von { $name }
app-files-open = Einige Dateien sind noch nicht angekommen. Warten Sie auf sie, oder lassen Sie sie weg.
app-review-about = Worum es geht
app-review-class = Was geschehen ist
app-review-story = Ihre Worte
app-review-files = Dateien
app-review-no-files = keine
app-resumed =
    Ihr früherer Upload wurde gefunden. Schreiben Sie Ihren Hinweis noch einmal und wählen Sie dieselben Dateien; was
    angekommen ist, wird nicht noch einmal geschickt.
app-filed-before =
    Dieser Hinweis ist eingereicht: Er war angekommen, bevor die Seite verloren ging. Mit „Zurückkommen“ und denselben
    Wörtern verfolgen Sie ihn weiter.
app-nothing-before = Unter diesen Wörtern wurde nichts gesendet. Sie können neu beginnen.
app-fallback =
    Hinweis: Für { $name } waren keine frischen Schlüssel mehr da. Ihre erste Nachricht an diese Person ist weniger gut
    geschützt, bis deren Schlüssel wechseln.
app-words-differ = Das sind zwölf gültige Wörter, aber nicht die gezeigten. Bitte vergleichen Sie mit Ihrem Papier.
app-sent = Gesendet. Der Server hat den Eingang unterschrieben.
app-burnt = Vernichtet. Diese Nachrichten kann niemand mehr öffnen.
app-from = Von { $name }
app-unreadable =
    { $count } Nachrichten ließen sich nicht öffnen. Vielleicht sind sie abgelaufen, oder der Server hält sie zurück.
    Versuchen Sie es später noch einmal.
    .count-one =
        Eine Nachricht ließ sich nicht öffnen. Vielleicht ist sie abgelaufen, oder der Server hält sie zurück. Versuchen
        Sie es später noch einmal.
app-filed-on = Eingereicht am { $date }.
app-acknowledge-by = Die Ermittlungspersonen müssen den Eingang bis zum { $date } bestätigen.
app-feedback-by =
    Was unternommen wurde, müssen sie Ihnen spätestens bis zum { $date } sagen, oder drei Monate nach ihrer Bestätigung,
    wenn das früher ist.
app-award = Ihre Belohnung steht fest: { $amount }.
app-signed = Bisher haben { $count } Verwalter unterschrieben.
    .count-one = Bisher hat ein Verwalter unterschrieben.
app-not-yet = Alle dieses Zeitraums müssen unterschreiben. Kommen Sie in einem Tag oder später wieder.
app-ordered = Ihre Belohnung ist öffentlich: Zwei Entscheidende haben sie angeordnet, und das Geld ist zurückgelegt.
app-not-ordered =
    Noch sagt kein öffentlicher Beleg, dass Ihre Belohnung angeordnet und das Geld zurückgelegt ist. Was eine
    Ermittlungsperson ankündigt, ist allein noch keine Belohnung.
app-tokens-ready = Alle Verwalter dieses Zeitraums haben unterschrieben. Ihre Marken sind fertig.
app-requested = Angefordert. Kommen Sie in einem Tag oder später wieder und holen Sie die Unterschriften ab.
app-small = wenige: besser warten
app-redeemed = eingelöst
app-state-received = Er ist eingegangen. Noch hat niemand etwas entschieden.
app-state-triage = Es wird geprüft, ob er unter dieses Programm fällt.
app-state-accepted = Er wurde angenommen. Eine Untersuchung folgt.
app-state-investigating = Er wird untersucht.
app-state-substantiated = Was Sie gemeldet haben, hat sich bestätigt.
app-state-claim-open = Sie können eine Belohnung beanspruchen.
app-state-award-proposed = Eine Belohnung wurde vorgeschlagen. Sie können zustimmen oder widersprechen.
app-state-contested = Sie haben der vorgeschlagenen Belohnung widersprochen. Ein Gremium entscheidet.
app-state-award-final = Die Belohnung steht fest.
app-state-paid = Die Belohnung wurde in Wertmarken ausgezahlt.
app-state-closed = Der Fall ist abgeschlossen.
app-state-needs-info = Die Ermittlungspersonen haben Sie etwas gefragt. Bitte antworten Sie unten.
app-state-purged = Der Fall ist abgeschlossen, und sein Inhalt wurde vernichtet.
app-state-referred = Er wurde an eine Behörde weitergegeben.
app-state-other = Die Ermittlungspersonen sagen: { $name }

app-error-empty = Bitte füllen Sie das aus.
app-error-own-words =
    In Ihrem Text stehen zwölf geheime Wörter. Sie sind nur für Sie: wer sie hat, kann in Ihrem Namen
    antworten. Nehmen Sie sie heraus. Von dem Text wurde nichts gesendet.
app-error-unreachable =
    Der Server ist nicht erreichbar. Nichts ging verloren. Prüfen Sie, ob Tor verbunden ist, und versuchen Sie es noch
    einmal.
app-error-not-arrived =
    Der Teil dieser Seite, der verschlüsselt, ist nicht angekommen, oder er ist nicht der, den die Seite nennt. Nichts
    wurde gesendet, und was Sie geschrieben haben, ist noch da. Prüfen Sie, ob Tor verbunden ist, und versuchen Sie es
    noch einmal. Bleibt es dabei, benutzen Sie diese Seite nicht: Unter „So melden Sie“ stehen andere Wege.
app-error-garbled =
    Der Server hat etwas geantwortet, was er nicht sollte. Er ist vielleicht gestört, oder jemand steht zwischen Ihnen
    und ihm. Nichts wurde gesendet. Versuchen Sie es später noch einmal.
app-error-full =
    Der Server ist im Augenblick voll. Nichts wurde gespeichert. Was Sie geschrieben haben, steht noch hier; versuchen
    Sie es später.
app-error-busy = Der Server ist ausgelastet. Nichts wurde gespeichert. Versuchen Sie es in einer Minute noch einmal.
app-error-work =
    Der Server verlangte mehr Rechenarbeit als erwartet. Nichts wurde gespeichert. Bitte versuchen Sie es noch einmal.
app-error-unavailable =
    Der Server kann gerade nichts speichern oder lesen. Nichts ging verloren. Versuchen Sie es später noch einmal.
app-error-refused =
    Der Server hat das nicht angenommen. Nichts wurde gespeichert. Laden Sie die Seite neu und versuchen Sie es noch
    einmal.
app-error-conflict =
    Ein anderer Tab oder ein anderes Gerät benutzt dieselben zwölf Wörter und war schneller. Nichts ist verloren: Ihr
    Text steht noch hier und wurde nicht gesendet. Lesen Sie das Neue und senden Sie ihn dann noch einmal.
app-error-arrived =
    Die Verbindung brach ab, aber Ihre Nachricht war angekommen. Sie müssen sie nicht noch einmal senden.
app-error-working = Bitte warten Sie, bis der vorige Schritt fertig ist.
app-error-damaged =
    Etwas in der Antwort ist beschädigt. Nichts wurde gesendet. Laden Sie die Seite neu und versuchen Sie es noch
    einmal.
app-error-no-charter =
    Dieses Programm hat noch nicht veröffentlicht, wer seine Ermittlungspersonen sind. Heute kann nichts eingereicht
    werden.
app-error-charter =
    Die Liste der Ermittlungspersonen ist nicht mit dem Schlüssel unterschrieben, den diese Seite nennt. Senden Sie
    nichts. Vergleichen Sie den Fingerabdruck auf der ersten Seite mit der gedruckten Bekanntmachung.
app-error-charter-format =
    Die Liste der Ermittlungspersonen ist für eine andere Version dieser Seite geschrieben. Es wurde nichts gesendet.
    Laden Sie die Seite neu. Bleibt es dabei, muss das Programm die Liste neu veröffentlichen.
app-error-charter-early =
    Die Liste der Ermittlungspersonen trägt ein Datum in der Zukunft. Prüfen Sie bitte die Uhr dieses Geräts und laden
    Sie die Seite neu.
app-error-charter-late =
    Die Liste der Ermittlungspersonen ist abgelaufen. Prüfen Sie die Uhr dieses Geräts. Geht sie richtig, muss das
    Programm eine neue Liste veröffentlichen.
app-error-clock =
    Die Uhr dieses Geräts geht um etwa { $hours } Stunden falsch, deshalb lassen sich die Schlüssel der
    Ermittlungspersonen nicht prüfen. Nichts wurde gesendet. Stellen Sie die Uhr richtig und laden Sie die Seite neu.
    .hours-one =
        Die Uhr dieses Geräts geht um etwa eine Stunde falsch, deshalb lassen sich die Schlüssel der Ermittlungspersonen
        nicht prüfen. Nichts wurde gesendet. Stellen Sie die Uhr richtig und laden Sie die Seite neu.
app-error-policy-withheld =
    Der Server gibt die Fragen nicht heraus, die das Programm unterschrieben hat. Nichts wurde gesendet. Versuchen Sie
    es später noch einmal.
app-error-policy-altered =
    Die Fragen auf diesem Server sind nicht die, die das Programm unterschrieben hat. Senden Sie nichts.
app-error-no-regime = Bitte wählen Sie, worum es geht.
app-error-answer =
    Diese Antwort ist nicht lesbar. Schreiben Sie bitte eine Zahl oder ein Datum wie 2026-11-30, oder lassen Sie sie
    leer und erzählen Sie es in eigenen Worten.
app-accept-sure = Sie unterschreiben gleich, dass Sie { $amount } zustimmen. Ist das der Betrag?
app-error-amount-unreadable =
    „{ $text }“ ist nicht als Betrag lesbar. Schreiben Sie bitte etwa 137.500,00 oder 137500,00.
app-error-amount-ambiguous =
    „{ $text }“ kann { $one } oder { $other } heißen. Schreiben Sie den Betrag bitte ohne Trennzeichen und mit
    beiden Nachkommastellen, etwa 137500,00.
app-error-amount-digits = „{ $text }“ braucht zwei Stellen für Cent oder gar keine, etwa 137500,00 oder 137500.
app-error-amount-zero = Der Betrag ist null.
app-error-amount-negative =
    „{ $text }“ liegt unter null. Schreiben Sie bitte einen Betrag über null, etwa 137500,00.
app-error-amount-too-large = „{ $text }“ ist zu groß.
app-error-amount-other-currency = „{ $given }“ ist eine andere Währung. Beträge stehen hier in { $wanted }.
app-error-number-unreadable =
    „{ $text }“ ist nicht als Zahl lesbar. Schreiben Sie sie bitte schlicht, etwa 16384, 0,5 oder 1e25.
app-error-number-ambiguous =
    „{ $text }“ kann { $one } oder { $other } heißen. Schreiben Sie die Zahl bitte ohne Trennzeichen, etwa 16384.
app-error-number-fraction = „{ $text }“ ist keine ganze Zahl.
app-error-number-negative = „{ $text }“ liegt unter null.
app-error-number-too-large = „{ $text }“ ist zu groß.
app-error-too-long =
    Ihr Text ist zu lang: { $bytes } Bytes. Kürzen Sie ihn bitte, oder legen Sie einen Teil in eine Datei.
app-error-keys-wrong =
    Die Schlüssel von { $name } sind nicht die, die das Programm unterschrieben hat. Nichts wurde gesendet. Benutzen Sie
    diesen Server heute nicht.
app-error-keys-withheld =
    Der Server bietet keine Schlüssel für { $name } an, obwohl das Programm diese Person nennt. Nichts wurde gesendet.
    Versuchen Sie es später; bleibt es so, hält der Server sie zurück.
app-error-no-officer = Das Programm nennt niemanden, der Hinweise entgegennimmt. Heute kann nichts eingereicht werden.
app-error-forged-receipt =
    Die Quittung des Servers ist nicht vom Protokoll des Programms unterschrieben. Behalten Sie Ihre Wörter, trauen Sie
    diesem Server nicht, und reichen Sie über eine andere Adresse noch einmal ein.
app-error-nothing-found =
    Zu diesen Wörtern wurde nichts gefunden. Wenn Sie gerade erst eingereicht haben, warten Sie ein paar Minuten. Sonst
    vergleichen Sie die Wörter mit Ihrem Papier. Nachrichten, die lange nicht abgeholt werden, laufen ab.
app-error-withheld =
    Der Server führt auf, was für Sie aufbewahrt wird, gibt es aber nicht heraus. Versuchen Sie es noch einmal; bleibt
    es so, hält er es zurück.
app-error-reply-gone =
    Eine Nachricht wurde vernichtet, bevor Sie sie gelesen haben: Sie ist abgelaufen, oder der Fall ist endgültig
    geschlossen.
app-error-replaced = Ihr letzter Besuch ist noch nicht aufgeführt. Kommen Sie in ein paar Minuten wieder.
app-error-other-charter =
    Der Server nennt andere Ermittlungspersonen als bei Ihrem letzten Besuch. Vielleicht will jemand andere an ihre
    Stelle setzen. Senden Sie nichts.
app-error-log =
    Das öffentliche Protokoll des Servers setzt nicht fort, was Sie früher gesehen haben. Trauen Sie diesem Server
    nicht. Behalten Sie Ihre Wörter.
app-error-list-not-logged =
    Der Server hat eine Liste von Nachrichten gezeigt, die nicht die in seinem öffentlichen Protokoll ist. Nachrichten
    für Sie können darin fehlen. Nichts ging verloren: kommen Sie später wieder, dann wird sie noch einmal verlangt.
    Bleibt es so, trauen Sie diesem Server nicht. Behalten Sie Ihre Wörter.
app-error-log-stands-still =
    Die neueste Aussage des öffentlichen Protokolls ist vom { $stated }. Die Uhr Ihres Geräts sagt { $now }. Geht Ihre
    Uhr richtig, dann steht der Server still oder hält etwas zurück. Was Sie sehen, ist echt; es kann etwas fehlen.
    Kommen Sie später wieder.
app-error-log-ahead =
    Die neueste Aussage des öffentlichen Protokolls ist vom { $stated }. Die Uhr Ihres Geräts sagt { $now }. Eines von
    beiden ist falsch. Bitte stellen Sie Ihre Uhr.
app-error-no-award = Für diesen Hinweis gibt es noch keine endgültige Belohnung.
app-error-false-signature =
    Die Unterschrift eines Verwalters ist falsch. Holen Sie später noch einmal ab; die anderen können noch antworten.
app-error-not-enough-signatures =
    Noch haben nicht alle Verwalter dieses Zeitraums unterschrieben. Kommen Sie in einem Tag oder später wieder.
app-error-no-token = Bitte wählen Sie mindestens eine Marke.
app-error-spent = Diese Marke wurde schon eingelöst.
app-error-several-periods =
    Diese Marken wurden in verschiedenen Zeiträumen unterschrieben. Bitte lösen Sie die eines Zeitraums für sich ein.
app-error-tokens-expired = Diese Marken galten bis zu einer Zeit, die vorbei ist.
app-error-not-tokens = Das ist keine Datei mit Marken, oder sie wurde verändert.
app-error-other-programme = Diese Marken gehören zu einem anderen Programm.
app-error-payout =
    Eine Bank würde das zurückweisen. Bitte prüfen Sie es. Banken nehmen nur Buchstaben ohne Umlaute und Akzente: Koeln,
    nicht Köln.
app-error-not-a-receipt = Das ist keine Quittung.
app-error-no-mail = Es gibt nichts zu vernichten.
app-error-no-words = Bitte geben Sie zuerst Ihre zwölf Wörter ein.
app-error-word-count = Das sind { $found } Wörter. Es müssen zwölf sein.
    .found-one = Das ist ein Wort. Es müssen zwölf sein.
app-error-unknown-word = Wort { $position }, „{ $word }“, steht nicht auf der Wortliste.
app-error-did-you-mean = Meinten Sie { $suggestions }?
app-error-checksum =
    Alle Wörter stehen auf der Liste, aber sie passen nicht zusammen. Wahrscheinlich wurde eines verwechselt, oder zwei
    haben die Plätze getauscht. Bitte vergleichen Sie mit Ihrem Papier.
app-error-file-changed = Die Datei hat sich beim Lesen verändert. Bitte wählen Sie sie noch einmal.
app-error-file-vanished =
    Die Datei ist nicht mehr lesbar: Sie wurde verschoben, verändert oder gelöscht. Was von ihr angekommen ist, kann
    niemand öffnen. Wählen Sie sie noch einmal, oder lassen Sie sie weg.
app-error-file-too-large = Die Datei ist größer als 4 GiB. Bitte teilen Sie sie.
app-error-file-gone = Die Datei liegt nicht mehr auf dem Server.
app-error-file-altered = Die Datei wurde unterwegs verändert. Sie wurde verworfen.
app-error-engine =
    Das Verschlüsselungsprogramm ließ sich nicht laden. Laden Sie die Seite neu. Bleibt es so, benutzen Sie das Programm
    subrosa.
