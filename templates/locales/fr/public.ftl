# Textes des pages publiques. Un message par ligne ; les lignes en retrait le continuent.
skip = Aller au texte
nav-label = Pages
nav-start = Accueil
nav-help = Aide
nav-languages = Langues
footer = Ce site ne dépose aucun cookie, ne charge rien d’ailleurs et ne garde aucune trace de ses visiteurs.
footer-charter = Charte, version { $version }

landing-title = Signaler un manquement en toute confiance
landing-what = Ici, vous pouvez signaler à ce programme un manquement aux règles sur l’intelligence artificielle. Vous ne donnez
    pas votre nom. Vous pourrez revenir lire les réponses et recevoir une récompense sans dire qui vous êtes.
landing-warning = N’ouvrez pas ce site depuis un appareil ou un réseau de votre employeur. Utilisez le navigateur Tor sur
    votre propre appareil.
landing-promise-title = Ce sur quoi vous pouvez compter
landing-promise-server = Tout ce que vous envoyez est scellé sur votre appareil. Ce serveur ne peut pas le lire et ne sait pas qui l’a envoyé.
landing-promise-account = Il n’y a pas de compte. Douze mots sont votre seule clé. Personne ne peut les retrouver à votre place.
landing-promise-reward = Une récompense est versée en jetons aveugles : la personne qui paie ne peut pas voir à quel signalement ils se rapportent.
landing-submit-title = Comment signaler
landing-submit = On signale au moyen d’un petit programme, sur son propre appareil.
landing-submit-link = Lisez comment faire
landing-notice-title = Votre situation juridique
landing-notice-none = Le programme n’a pas encore publié sa charte. L’information sur votre situation juridique se trouvera ici. Attendez-la avant de signaler.
landing-keys-title = Clés à comparer
landing-keys = Comparez ces clés avec celles que le programme a publiées ailleurs, par exemple sur papier. Si la clé racine diffère, n’utilisez pas ce site.
landing-key-root = Clé racine, qui signe la charte
landing-key-log = Clé du journal public

help-title = Aide
help-before-title = Avant de commencer
help-before-place = Choisissez un lieu et un appareil que votre employeur ne contrôle pas.
help-before-tor = Connectez-vous par Tor. Sinon, le réseau voit que vous parlez à ce serveur.
help-before-files = Un fichier peut contenir des noms, des marques d’imprimante et des lieux. N’envoyez que le nécessaire, et demandez-vous qui d’autre avait le même fichier.
help-submit-title = Faire un signalement
help-submit-get = Procurez-vous le programme dans les publications du dispositif de signalement et vérifiez sa signature.
help-submit-compare = Comparez la clé racine affichée avec celle que vous avez trouvée ailleurs.
help-submit-new = Commencez un signalement :
help-submit-words = Notez les douze mots affichés et gardez-les là où personne ne les trouvera. Ils ne seront plus montrés.
help-return-title = Revenir
help-return = Lisez les réponses, sur n’importe quel appareil, avec vos seuls douze mots :
help-return-burn = Dès que vous confirmez avoir lu une réponse, elle est détruite et ne pourra plus jamais être ouverte, pas même avec vos mots.
help-limits-title = Ce que ce dispositif ne peut pas faire
help-limits-words = Si vous perdez les douze mots, personne ne pourra vous rendre votre signalement ni votre récompense.
help-limits-content = Il ne peut pas cacher qui vous êtes si le texte ou les fichiers le montrent.
help-limits-machine = Il ne peut pas protéger un appareil que quelqu’un d’autre contrôle.
