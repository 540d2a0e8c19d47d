import type { LanguagePack } from "@/i18n/catalogue";
import { fr } from "@/i18n/fr";
import { frServer } from "@/i18n/fr-server";

/** All that French needs, in one piece. */
export const french: LanguagePack = {
  catalogue: fr,
  serverSentences: frServer,
  quotes: ["«\u00a0", "\u00a0»"],
};
