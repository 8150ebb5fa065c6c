# Les deux pages qui s'exécutent dans le navigateur : faire un signalement et y revenir.
# Les messages qui commencent par app- appartiennent au programme de la page ; il y insère des valeurs comme { $done }.

nav-tip = Faire un signalement
nav-return = Revenir
leave = Partir tout de suite
leave-key =
    Pour partir aussitôt et effacer cette page : « Partir tout de suite » en haut, ou deux fois, vite, la touche Échap.
leave-title = Page vide
leave-text = Il n'y a rien ici. Vous pouvez fermer cet onglet.
noscript-title = Les scripts sont désactivés
noscript-tip =
    Cette page chiffre votre signalement sur votre propre appareil. Sans scripts, elle ne le peut pas. Vous pouvez
    signaler sans scripts malgré tout : avec un programme sur votre machine, ou avec le chiffrement age. La page d'aide
    explique comment.
noscript-return =
    Cette page ouvre vos messages sur votre propre appareil. Sans scripts, elle ne le peut pas. Le programme subrosa
    sait faire la même chose : la page d'aide explique comment.
noscript-link = Aide : signaler sans scripts
not-installed =
    Le programme de la page n'est pas installé sur ce serveur. Vous pouvez faire votre signalement avec le programme
    subrosa : la page d'aide explique comment.
loading =
    Préparation du chiffrement sur votre appareil … Vous pouvez déjà commencer : rien n'est envoyé avant qu'il soit
    prêt.
notice-circuit =
    Une page ne peut pas choisir son chemin dans Tor : tout ce que vous faites ici jusqu'à ce que vous demandiez une
    nouvelle identité peut être attribué au même visiteur, mais pas à votre nom. Le programme subrosa prend un nouveau
    chemin pour chaque acte. Dans les deux cas, le serveur peut reconnaître que des visites avec les mêmes mots vont
    ensemble.

tip-title = Faire un signalement
tip-intro =
    Ce que vous écrivez est chiffré sur cet appareil et ne peut être ouvert que par les enquêteurs nommés ci-dessous.
    Rien n'est enregistré sur cet appareil. Il n'y a pas de compte : vous recevrez douze mots, et eux seuls vous
    permettront de revenir.
tip-resume = Reprendre un signalement interrompu
tip-resume-text =
    Si vous avez perdu cette page pendant l'envoi de fichiers, tapez les douze mots que vous avez reçus. Ce qui est
    arrivé n'est pas envoyé à nouveau. Votre texte n'a été enregistré nulle part : veuillez le récrire et choisir les
    mêmes fichiers.
tip-resume-go = Reprendre
tip-story = Votre signalement
tip-officers = Il sera reçu par :
tip-regime = De quoi s'agit-il ?
tip-regime-choose = Veuillez choisir
tip-class = Que s'est-il passé ?
tip-class-unsure = Je ne suis pas sûr
tip-questions = Questions
tip-questions-hint = Répondez à ce que vous savez. Laissez le reste vide.
tip-narrative = Racontez ce qui s'est passé
tip-narrative-hint =
    Qui, quoi, quand, où, et comment vous le savez. Des phrases courtes et simples sont les plus sûres : le style peut
    trahir une personne. Dites combien de personnes étaient au courant. Environ 25 000 caractères tiennent ici ; mettez
    un texte plus long dans un fichier.
tip-words = Vos douze mots
tip-words-why =
    Écrivez ces mots sur papier, dans cet ordre. Eux seuls permettent de revenir à ce signalement, aux réponses et à une
    récompense. Ils sont montrés une seule fois. Personne ne pourra vous les redonner, pas même les enquêteurs.
tip-words-written = Je les ai notés
tip-words-check = Tapez maintenant les douze mots de votre papier
tip-words-check-hint = Les majuscules et les numéros n'ont pas d'importance.
tip-words-again = Montrer encore les mots
tip-files = Fichiers
tip-files-text =
    Si vous avez des documents, ajoutez-les ici. Ils partent chiffrés, en parts égales, avant le signalement lui-même.
    Si la connexion se coupe, l'envoi reprend tout seul ; si la page est perdue, il reprend avec vos douze mots.
tip-files-warning =
    Un fichier arrive exactement tel qu'il est, avec tout ce qu'il cache : noms, heures, lieux, marques d'imprimante, ou
    une formulation faite pour votre seul exemplaire. Si cela peut mener à vous, décrivez plutôt le document.
tip-files-choose = Choisir des fichiers
tip-files-drop = ou les déposer ici
tip-files-list = Fichiers choisis
tip-review = Vérifier et envoyer
tip-review-text = Voici ce que les enquêteurs liront.
tip-send = Envoyer le signalement
tip-done = Votre signalement est arrivé
tip-done-text =
    Le serveur en a signé la réception. Les enquêteurs le verront dans quelques minutes. La loi les oblige à en accuser
    réception sous 7 jours, et à dire dans les 3 mois qui suivent ce qu'ils ont fait. Revenez avec vos douze mots, de
    préférence à des moments irréguliers.
tip-receipt = Enregistrer le reçu
tip-receipt-text =
    Le reçu prouve que vous avez déposé quelque chose, et quand. On ne peut pas y lire votre signalement, mais qui le
    trouve sur votre appareil sait que vous en avez fait un. Ne l'enregistrez que là où c'est sûr.
tip-done-leave = Partir et effacer cette page
continue = Continuer
back = Retour

return-title = Revenir à votre signalement
return-intro = Tapez vos douze mots. Ils ne quittent jamais cet appareil.
return-words = Vos douze mots
return-go = Ouvrir
return-status = Où en est votre signalement
return-messages = Messages
return-none =
    Rien de nouveau. Les réponses peuvent prendre des jours ; revenez de temps en temps, à des heures irrégulières.
return-burn = J'ai tout lu : détruire
return-burn-text =
    Personne ne pourra plus ouvrir les messages détruits, même avec vos mots. Faites-le dès que vous avez lu et
    enregistré ce qu'il vous faut : d'ici là, qui trouve vos mots peut les lire aussi. Faites-le aussi quand il n'y a
    rien de nouveau : votre visite demande alors autant au serveur qu'une visite qui a trouvé quelque chose.
return-burn-sure = Détruire ces messages pour de bon ?
return-reply = Répondre
return-reply-label = Votre message aux enquêteurs
return-send = Envoyer
return-more = Autres démarches
return-withdraw = Retirer le signalement
return-withdraw-sure = Retirer le signalement ? Les enquêteurs seront informés que vous l'avez retiré.
return-consent = Autoriser la transmission à une autorité
return-consent-sure =
    Autoriser les enquêteurs à transmettre votre signalement à une autorité ? Sans votre accord, ils ne le peuvent que
    si une loi les y oblige. Vous ne pourrez pas revenir en arrière.
return-reopen = Demander la réouverture du dossier
return-reopen-sure =
    Demander aux enquêteurs de rouvrir le dossier clos ? Deux d’entre eux décident. Si vous avez trouvé du nouveau,
    écrivez-le-leur d’abord.
return-claim = Demander la récompense
return-claim-text = Quand la récompense peut être demandée, dites ici que vous la demandez.
return-accept = Accepter un montant proposé
return-accept-amount = Le montant, en euros
return-contest = Contester la récompense proposée
return-contest-sure = Dire aux enquêteurs que vous contestez ? Un comité décidera.
return-award = Votre récompense
return-request = 1. La demander sous forme de jetons
return-request-text =
    Les administrateurs signent des nombres qu'ils ne peuvent pas voir : ainsi, personne ne pourra dire plus tard à qui
    sont ces jetons.
return-collect = 2. Chercher les signatures
return-collect-text = Il faut un jour ou plus pour que tous les administrateurs de cette période aient signé.
return-tokens = Enregistrer le fichier de jetons
return-tokens-text =
    Qui possède ce fichier possède l'argent. Ou laissez les jetons où ils sont : vos mots les retrouvent.
return-redeem-link = 3. Les encaisser en inconnu
redeem-title = Encaisser des jetons
redeem-intro =
    Ici, vous êtes un inconnu : aucun mot n'est demandé, et rien de votre signalement n'est touché. Attendez des jours
    après avoir reçu les jetons. Demandez ensuite d'abord une nouvelle identité au navigateur Tor, et n'utilisez que
    cette partie de la page.
redeem-file = Votre fichier de jetons
redeem-crowd = Parmi quoi les jetons se cachent
redeem-crowd-text =
    Le nombre dit de combien de récompenses de cette période un jeton de cette valeur peut venir. Un petit nombre vous
    cache mal : mieux vaut attendre qu'il ait grandi. Plusieurs jetons encaissés ensemble peuvent venir de moins de
    récompenses que chacun seul ; n'encaissez donc jamais tout d'un coup.
redeem-value = Valeur
redeem-number = Récompenses dont il peut venir
redeem-choose = Choix
redeem-rail = Mode de paiement
redeem-send = Encaisser les jetons choisis
redeem-done = Envoyé. Les administrateurs vérifient les jetons et paient. Rien n'y nomme ni vous ni votre signalement.

app-rail-sepa = Virement SEPA
app-rail-sepa-payee = Qui est payé
app-rail-sepa-payee-hint =
    Le plus souvent, le compte de tiers de votre avocat. La banque et les administrateurs voient ce nom.
app-rail-sepa-iban = IBAN
app-rail-sepa-bic = BIC, si la banque le demande
app-rail-sepa-country = Pays du bénéficiaire, deux lettres
app-rail-sepa-town = Ville du bénéficiaire
app-rail-sepa-reference = Texte sur le relevé bancaire
app-rail-sepa-reference-preset = Compte de tiers

app-step = Étape { $done } sur { $all }
app-working = Un instant …
app-yes = Oui
app-no = Non
app-clock =
    L'horloge de cet appareil est décalée d'environ { $hours } heures. Rien n'est perdu, mais les dates affichées ici
    peuvent être fausses. Veuillez la régler.
    .hours-one =
        L'horloge de cet appareil est décalée d'environ { $hours } heure. Rien n'est perdu, mais les dates affichées ici
        peuvent être fausses. Veuillez la régler.
app-questions-arrived = Les questions sur ce sujet viennent d'arriver. Répondez à ce que vous savez, puis continuez.
app-file-reading = Lecture
app-file-sending = Transfert : { $done } sur { $all } parts
    .all-one = Transfert : { $done } sur { $all } part
app-file-done = Arrivé, les { $all } parts
    .all-one = Arrivé, en une part
app-file-paused = En pause à { $done } sur { $all } parts
    .all-one = En pause à { $done } sur { $all } part
app-file-waiting = La connexion est coupée. Nouvel essai automatique …
app-file-queued = Attend son tour
app-file-full =
    Le serveur n'a plus de place pour des fichiers en ce moment. Ce qui est arrivé y reste un certain temps ; réessayez
    plus tard, ou envoyez le signalement sans ce fichier.
app-pause = Pause
app-resume = Reprendre
app-remove = Ne pas envoyer
app-save = Enregistrer
app-progress = Avancement de { $name }
app-files-open = Certains fichiers ne sont pas encore arrivés. Attendez-les, ou ne les envoyez pas.
app-review-about = Sujet
app-review-class = Ce qui s'est passé
app-review-story = Vos mots
app-review-files = Fichiers
app-review-no-files = aucun
app-resumed =
    Votre envoi précédent a été retrouvé. Récrivez votre signalement et choisissez les mêmes fichiers ; ce qui est
    arrivé n'est pas envoyé à nouveau.
app-filed-before =
    Ce signalement est déposé : il était arrivé avant que la page soit perdue. Utilisez « Revenir » avec les mêmes mots
    pour le suivre.
app-nothing-before = Rien n'a été envoyé sous ces mots. Vous pouvez recommencer à neuf.
app-fallback =
    À noter : { $name } n'avait plus de clés fraîches. Votre premier message à cette personne est moins bien protégé
    jusqu'à ce que ses clés changent.
app-words-differ = Ce sont douze mots valables, mais pas ceux qui ont été montrés. Veuillez comparer avec votre papier.
app-sent = Envoyé. Le serveur en a signé la réception.
app-burnt = Détruits. Personne ne peut plus ouvrir ces messages.
app-from = De { $name }
app-unreadable =
    { $count } messages n'ont pas pu être ouverts. Ils ont peut-être expiré, ou le serveur les retient. Réessayez plus
    tard.
    .count-one =
        Un message n'a pas pu être ouvert. Il a peut-être expiré, ou le serveur le retient. Réessayez plus tard.
app-filed-on = Déposé le { $date }.
app-acknowledge-by = Les enquêteurs doivent en accuser réception avant la fin du { $date }.
app-feedback-by =
    Ils doivent vous dire ce qui a été fait au plus tard le { $date }, ou trois mois après leur accusé de réception si
    c'est plus tôt.
app-award = Votre récompense est définitive : { $amount }.
app-signed = { $count } administrateurs ont signé jusqu'ici.
    .count-one = { $count } administrateur a signé jusqu'ici.
app-not-yet = Tous ceux de cette période doivent signer. Revenez dans un jour ou plus.
app-ordered = Votre récompense est publique : deux décideurs l'ont ordonnée, et l'argent est mis de côté.
app-not-ordered =
    Aucune pièce publique ne dit encore que votre récompense est ordonnée et l'argent mis de côté. Ce qu'un enquêteur
    annonce n'est pas une récompense à lui seul.
app-tokens-ready = Tous les administrateurs de cette période ont signé. Vos jetons sont prêts.
app-requested = C'est demandé. Revenez dans un jour ou plus chercher les signatures.
app-small = peu : mieux vaut attendre
app-redeemed = encaissé
app-state-received = Il a été reçu. Personne n'a encore rien décidé.
app-state-triage = On vérifie s'il relève de ce programme.
app-state-needs-info = Les enquêteurs vous ont posé une question. Veuillez répondre ci-dessous.
app-state-accepted = Il a été retenu. Une enquête suivra.
app-state-investigating = Une enquête est en cours.
app-state-substantiated = Ce que vous avez signalé s'est révélé vrai.
app-state-claim-open = Vous pouvez demander une récompense.
app-state-award-proposed = Une récompense a été proposée. Vous pouvez l'accepter ou la contester.
app-state-contested = Vous avez contesté la récompense proposée. Un comité décide.
app-state-award-final = La récompense est définitive.
app-state-paid = La récompense a été versée en jetons.
app-state-closed = Le dossier est clos.
app-state-purged = Le dossier est clos et son contenu a été détruit.
app-state-referred = Il a été transmis à une autorité.
app-state-other = Les enquêteurs disent : { $name }

app-error-empty = Veuillez remplir ce champ.
app-error-own-words =
    Votre texte contient douze mots secrets. Ils sont pour vous seul : qui les a peut répondre en
    votre nom. Retirez-les. Rien de ce texte n'a été envoyé.
app-error-unreachable = Le serveur est injoignable. Rien n'est perdu. Vérifiez que Tor est connecté, et réessayez.
app-error-not-arrived =
    La partie de cette page qui chiffre n'est pas arrivée, ou ce n'est pas celle que la page annonce. Rien n'a été
    envoyé, et ce que vous avez écrit est toujours là. Vérifiez que Tor est connecté, et réessayez. Si cela persiste,
    n'utilisez pas cette page : d'autres moyens sont décrits sous « Comment signaler ».
app-error-garbled =
    Le serveur a répondu quelque chose d'anormal. Il est peut-être en panne, ou quelqu'un se tient entre vous et lui.
    Rien n'a été envoyé. Réessayez plus tard.
app-error-full =
    Le serveur est plein en ce moment. Rien n'a été enregistré. Ce que vous avez écrit est toujours ici ; réessayez plus
    tard.
app-error-busy = Le serveur est surchargé. Rien n'a été enregistré. Réessayez dans une minute.
app-error-work = Le serveur a demandé plus de calcul que prévu. Rien n'a été enregistré. Veuillez réessayer.
app-error-unavailable = Le serveur ne peut rien enregistrer ni lire en ce moment. Rien n'est perdu. Réessayez plus tard.
app-error-refused = Le serveur n'a pas accepté cela. Rien n'a été enregistré. Rechargez la page et réessayez.
app-error-conflict =
    Un autre onglet ou un autre appareil utilise les mêmes douze mots et a été plus rapide. Rien n'est perdu : votre
    texte est toujours ici et n'a pas été envoyé. Lisez ce qui est nouveau, puis envoyez-le à nouveau.
app-error-arrived = La connexion s'est coupée, mais votre message était arrivé. Inutile de l'envoyer à nouveau.
app-error-working = Veuillez attendre que l'étape précédente soit terminée.
app-error-damaged = Quelque chose dans la réponse est abîmé. Rien n'a été envoyé. Rechargez la page et réessayez.
app-error-no-charter = Ce programme n'a pas encore publié qui sont ses enquêteurs. On ne peut rien déposer aujourd'hui.
app-error-charter =
    La liste des enquêteurs n'est pas signée par la clé que cette page indique. N'envoyez rien. Comparez l'empreinte de
    la première page avec l'avis imprimé.
app-error-charter-format =
    La liste des enquêteurs est écrite pour une autre version de cette page. Rien n'a été envoyé. Rechargez la page. Si
    cela persiste, le programme doit publier la liste à nouveau.
app-error-charter-early =
    La liste des enquêteurs porte une date future. Veuillez vérifier l'horloge de cet appareil, puis rechargez.
app-error-charter-late =
    La liste des enquêteurs a expiré. Vérifiez l'horloge de cet appareil. Si elle est juste, le programme doit en
    publier une nouvelle.
app-error-clock =
    L'horloge de cet appareil est décalée d'environ { $hours } heures, et les clés des enquêteurs ne peuvent donc pas
    être vérifiées. Rien n'a été envoyé. Réglez l'horloge, puis rechargez.
    .hours-one =
        L'horloge de cet appareil est décalée d'environ { $hours } heure, et les clés des enquêteurs ne peuvent donc pas
        être vérifiées. Rien n'a été envoyé. Réglez l'horloge, puis rechargez.
app-error-policy-withheld =
    Le serveur ne donne pas les questions que le programme a signées. Rien n'a été envoyé. Réessayez plus tard.
app-error-policy-altered = Les questions de ce serveur ne sont pas celles que le programme a signées. N'envoyez rien.
app-error-no-regime = Veuillez choisir de quoi il s'agit.
app-error-answer =
    Cette réponse n'est pas lisible. Écrivez un nombre, ou une date comme 2026-11-30, ou laissez-la vide et racontez
    avec vos mots.
app-accept-sure = Vous êtes sur le point de signer votre accord sur { $amount }. Est-ce bien ce montant ?
app-error-amount-unreadable =
    « { $text } » n’est pas lisible comme un montant. Écrivez par exemple 137 500,00 ou 137500,00.
app-error-amount-ambiguous =
    « { $text } » peut se lire { $one } ou { $other }. Écrivez le montant sans séparateurs et avec deux décimales,
    par exemple 137500,00.
app-error-amount-digits = « { $text } » demande deux chiffres de centimes, ou aucun : par exemple 137500,00 ou 137500.
app-error-amount-zero = Le montant est nul.
app-error-amount-negative =
    « { $text } » est inférieur à zéro. Écrivez un montant supérieur à zéro, par exemple 137500,00.
app-error-amount-too-large = « { $text } » est trop grand.
app-error-amount-other-currency = « { $given } » est une autre monnaie. Ici, les montants sont en { $wanted }.
app-error-number-unreadable =
    « { $text } » n’est pas lisible comme un nombre. Écrivez-le simplement, par exemple 16384, 0,5 ou 1e25.
app-error-number-ambiguous =
    « { $text } » peut se lire { $one } ou { $other }. Écrivez le nombre sans séparateurs, par exemple 16384.
app-error-number-fraction = « { $text } » n’est pas un nombre entier.
app-error-number-negative = « { $text } » est inférieur à zéro.
app-error-number-too-large = « { $text } » est trop grand.
app-error-too-long =
    Votre texte est trop long : { $bytes } octets. Veuillez le raccourcir, ou en mettre une partie dans un fichier.
    .bytes-one =
        Votre texte est trop long : { $bytes } octet. Veuillez le raccourcir, ou en mettre une partie dans un fichier.
app-error-keys-wrong =
    Les clés de { $name } ne sont pas celles que le programme a signées. Rien n'a été envoyé. N'utilisez pas ce serveur
    aujourd'hui.
app-error-keys-withheld =
    Le serveur ne propose aucune clé pour { $name }, bien que le programme nomme cette personne. Rien n'a été envoyé.
    Réessayez plus tard ; si cela persiste, le serveur les retient.
app-error-no-officer = Le programme ne nomme personne qui reçoive des signalements. On ne peut rien déposer aujourd'hui.
app-error-forged-receipt =
    Le reçu du serveur n'est pas signé par le journal du programme. Gardez vos mots, ne faites pas confiance à ce
    serveur, et déposez à nouveau par une autre adresse.
app-error-nothing-found =
    Rien n'a été trouvé pour ces mots. Si vous venez de déposer, attendez quelques minutes. Sinon, comparez les mots
    avec votre papier. Les messages qu'on ne vient pas chercher pendant longtemps expirent.
app-error-withheld =
    Le serveur annonce ce qui est gardé pour vous mais ne le donne pas. Réessayez ; si cela persiste, il le retient.
app-error-reply-gone =
    Un message a été détruit avant que vous le lisiez : il a expiré, ou le dossier est clos définitivement.
app-error-replaced = Votre dernière visite n'est pas encore publiée. Revenez dans quelques minutes.
app-error-other-charter =
    Le serveur nomme d'autres enquêteurs que lors de votre dernière visite. Quelqu'un cherche peut-être à les remplacer.
    N'envoyez rien.
app-error-log =
    Le journal public du serveur ne continue pas ce que vous avez vu auparavant. Ne faites pas confiance à ce serveur.
    Gardez vos mots.
app-error-list-not-logged =
    Le serveur a montré une liste de messages qui n'est pas celle de son journal public. Des messages pour vous peuvent
    y manquer. Rien n'est perdu : revenez plus tard, elle sera demandée à nouveau. Si cela dure, ne faites pas confiance
    à ce serveur. Gardez vos mots.
app-error-log-stands-still =
    La dernière déclaration du journal public du serveur date du { $stated }. L'horloge de votre appareil indique
    { $now }. Si votre horloge est juste, le serveur est arrêté ou retient quelque chose. Ce que vous voyez est
    authentique ; quelque chose peut manquer. Revenez plus tard.
app-error-log-ahead =
    La dernière déclaration du journal public du serveur date du { $stated }. L'horloge de votre appareil indique
    { $now }. L'une des deux est fausse. Veuillez mettre votre horloge à l'heure.
app-error-no-award = Il n'y a pas encore de récompense définitive pour ce signalement.
app-error-false-signature =
    La signature d'un administrateur est fausse. Revenez plus tard ; les autres peuvent encore répondre.
app-error-not-enough-signatures =
    Tous les administrateurs de cette période n'ont pas encore signé. Revenez dans un jour ou plus.
app-error-no-token = Veuillez choisir au moins un jeton.
app-error-spent = Ce jeton a déjà été encaissé.
app-error-several-periods =
    Ces jetons ont été signés à des périodes différentes. Veuillez encaisser à part ceux de chaque période.
app-error-tokens-expired = Ces jetons étaient acceptés jusqu’à une date qui est passée.
app-error-not-tokens = Ce n'est pas un fichier de jetons, ou il a été modifié.
app-error-other-programme = Ces jetons appartiennent à un autre programme.
app-error-payout =
    Une banque refuserait ceci. Veuillez vérifier. Les banques n’acceptent que des lettres sans accents : Koeln, pas
    Köln.
app-error-not-a-receipt = Ce n'est pas un reçu.
app-error-no-mail = Il n'y a rien à détruire.
app-error-no-words = Veuillez d'abord taper vos douze mots.
app-error-word-count = Mots comptés : { $found }. Il en faut douze.
    .found-one = Mot compté : { $found }. Il en faut douze.
app-error-unknown-word = Le mot { $position }, « { $word } », n'est pas dans la liste.
app-error-did-you-mean = Vouliez-vous dire { $suggestions } ?
app-error-checksum =
    Tous les mots sont dans la liste, mais ils ne vont pas ensemble. L'un a sans doute été pris pour un autre, ou deux
    ont changé de place. Veuillez comparer avec votre papier.
app-error-file-changed = Le fichier a changé pendant la lecture. Veuillez le choisir à nouveau.
app-error-file-vanished =
    Le fichier n'est plus lisible : il a été déplacé, modifié ou supprimé. Personne ne peut ouvrir ce qui en est arrivé.
    Choisissez-le à nouveau, ou ne l'envoyez pas.
app-error-file-too-large = Le fichier dépasse 4 Gio. Veuillez le découper.
app-error-file-gone = Le fichier n'est plus sur le serveur.
app-error-file-altered = Le fichier a été altéré en chemin. Il a été jeté.
app-error-engine =
    Le programme de chiffrement n'a pas pu être chargé. Rechargez la page. Si cela persiste, utilisez le programme
    subrosa.
