export const frOffline = {
  "offline.title": "Pas de connexion.",
  "offline.works": "Vous pouvez lire ; ce que vous envoyez partira plus tard.",
  "offline.asOf": "État du {time}.",
  "offline.notKept":
    "Cette page n’est pas gardée sur cet appareil. Elle s’ouvrira au retour de la connexion.",
  "update.ready": "Une nouvelle version de Lamla est là. Ce que vous tapez est gardé.",
  "update.take": "Recharger",

  "outbox.waiting": "En attente de connexion",
  "outbox.next": "Part dès que la réponse précédente est là",
  "outbox.refused": "Non envoyé : {reason}",
  "outbox.edit": "Modifier",
  "outbox.cancel": "Supprimer",
  "outbox.again": "Réessayer",
  "outbox.save": "Garder pour l’envoi",
  "outbox.field": "Votre message en attente",
  "outbox.elsewhere": {
    one: "{n} message n’est pas encore envoyé",
    other: "{n} messages ne sont pas encore envoyés",
  },

  "traffic.title": "Données utilisées sur cet appareil",
  "traffic.used": "{today} aujourd’hui, {month} ce mois-ci",
  "traffic.counts":
    "Ce que ce navigateur a envoyé à Lamla et en a reçu, d’après ce qu’il en dit à la page : sans les données propres à la connexion, ni ce qui était déjà gardé ici.",
  "traffic.answer": "Données",
};
