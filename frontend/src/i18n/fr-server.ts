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
};
