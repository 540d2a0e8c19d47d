/** What the gateway says, by its code. `{names}` are the names that it put in quotes. */
export const frServer = {
  image_seen: "Montré au modèle comme image : {names}.",
  image_by_ocr:
    "{names} : le modèle n’a pas vu l’image, seulement le texte que l’OCR y a lu ; des mots peuvent être faux ou manquer.",
  images_dropped: "Ce modèle ne voit pas les images : il répond sans celles de cette discussion.",
  documents_reading: "Les fichiers sont en cours de lecture…",
  documents_unfinished:
    "Des fichiers sont encore en cours de lecture ; la réponse s’appuie sur ce qui en a été lu.",
  document_failed: "{names} n’a pas pu être lu : la réponse n’en sait rien.",
  passages_left_out:
    "Vos fichiers sont trop longs pour être lus en entier : la réponse s’appuie sur une partie des passages.",
  history_cut: "Le début de cette discussion ne tient plus dans la question.",
  turns_dropped: "Ce modèle lit moins à la fois : les messages les plus anciens sont laissés de côté.",
  queued: "D’autres réponses passent d’abord ; la vôtre est dans la file.",
  retry: "Le modèle n’a pas répondu ; nouvel essai.",
  provider_changed: "Le modèle choisi n’a pas pu répondre ; un autre répond à sa place.",
  seam: "Le modèle s’est interrompu au milieu de sa réponse, qui continue ici.",

  document_encrypted:
    "Ce fichier est protégé par un mot de passe. Enregistrez une copie sans mot de passe et ajoutez-la.",
  document_broken:
    "Ce fichier est abîmé, ou n’est pas ce que dit son nom. Ouvrez-le, enregistrez-le à nouveau et ajoutez la copie.",
  document_empty: "Ce fichier ne contient aucun texte qui puisse être lu.",
  document_type_unsupported:
    "Ce genre de fichier ne peut pas être lu. Enregistrez-le en PDF, DOCX, PPTX, XLSX, texte ou JPEG et ajoutez-le.",
  document_too_large:
    "Ce fichier demande trop de mémoire. Partagez-le en fichiers plus petits et ajoutez-les.",
  document_timeout:
    "La lecture de ce fichier a pris trop de temps. Partagez-le en fichiers plus petits et ajoutez-les.",
  extraction_busy: "Trop de fichiers sont lus en ce moment. Réessayez dans un instant.",
  storage_full:
    "Il n’y a plus de place pour ce fichier. Supprimez des fichiers dont vous n’avez plus besoin.",
  document_not_found: "Ce fichier n’existe pas, ou n’est pas à vous.",
  document_deleted: "Ce fichier a été supprimé pendant son envoi.",

  rate_limited: "C’était beaucoup en peu de temps. Réessayez dans un instant.",
  quota_exceeded:
    "Votre part de la journée est utilisée, ou réservée à des réponses en cours. Revenez après minuit (UTC).",
  budget_exhausted: "Ce serveur a dépensé ce qu’il peut dépenser en un jour. Revenez après minuit (UTC).",
  too_many_streams:
    "Trop de vos réponses sont déjà en cours. Attendez la fin de l’une d’elles, ou arrêtez-en une.",
  too_many_shares: "Vous avez trop de liens. Cessez d’en partager un dont vous n’avez plus besoin.",
  too_many_courses: "Vous avez trop de cours. Supprimez-en un dont vous n’avez plus besoin.",
  draining: "Le serveur redémarre. Réessayez dans un instant.",
  database_unavailable: "La base de données est injoignable. Réessayez dans un instant.",
  storage_unavailable:
    "L’espace des fichiers est injoignable ou plein. Rien n’a été enregistré ; réessayez plus tard.",
  csrf_failed: "Cette page a expiré. Rechargez-la et réessayez.",
  not_signed_in: "Connectez-vous pour faire cela.",
  conversation_not_found: "Cette conversation n’existe pas, ou n’est pas à vous.",
  message_not_found: "Ce message n’existe pas, ou n’est pas à vous.",
  course_not_found: "Ce cours n’existe pas, ou n’est pas à vous.",
  generation_running: "Une réponse est encore en cours ici. Arrêtez-la, ou attendez sa fin.",
  continue_not_possible:
    "Il n’y a rien à continuer : la réponse est entière, vide, ou aussi longue qu’elle peut l’être.",
  nothing_to_regenerate: "Il n’y a pas encore ici de réponse à refaire.",
  nothing_to_share: "Il n’y a encore rien à partager : posez d’abord une question.",

  worker_unavailable: "Les modèles sont injoignables. Réessayez dans un instant.",
  no_provider: "Aucun modèle n’est disponible. La personne qui gère ce serveur peut vous en dire plus.",
  overloaded: "Trop de réponses sont demandées en ce moment. Réessayez dans un instant.",
  provider_unavailable: "Le modèle est injoignable. Réessayez dans un instant.",
  provider_failed: "Le modèle a échoué. Réessayez dans un instant.",
  provider_rate_limited: "Le modèle a atteint sa limite. Réessayez plus tard.",
  provider_timeout: "Le modèle a mis trop de temps à répondre.",
  provider_auth_failed:
    "Le modèle refuse l’accès de ce serveur. La personne qui le gère devrait vérifier sa clé.",
  provider_bad_request: "Le modèle n’a pas accepté cette demande.",
  context_too_long: "La question et ses fichiers sont trop longs pour ce modèle.",
  content_filtered: "Le modèle a refusé de répondre à cela.",
  deadline_exceeded: "La réponse a pris trop de temps.",
  stream_broken: "La réponse s’est interrompue avant sa fin.",
  answer_too_long: "La réponse est devenue trop longue et a été arrêtée.",
};
