import type { enContent } from "@/i18n/en-content";

/** What is shown within answers. */
export const frContent = {
  "diagram.draw": "Dessiner le schéma",
  "diagram.drawing": "Dessin en cours…",
  "diagram.hide": "N’afficher que sa source",
  "diagram.again": "Fermer",
  "diagram.name": "Schéma",
  "diagram.alt": "Schéma ; sa source suit.",
  "diagram.source": "Source du schéma",
  "diagram.drawn": "Le schéma est dessiné.",
  "diagram.wrong":
    "Impossible de le dessiner : sa source contient une erreur. Redemandez le schéma ou corrigez-le à la main.",
  "diagram.notLoaded": "L’outil de dessin n’a pas pu être chargé. La source est là, entière.",
  "diagram.tooSlow": "Le dessin prenait trop de temps et a été arrêté. La source est là, entière.",
  "diagram.tooLong": "Ce schéma est trop long pour être dessiné. Sa source est là, entière.",
} satisfies Record<keyof typeof enContent, string>;
