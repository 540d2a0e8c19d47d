import { useT } from "@/i18n/language";
import type { Provider } from "@/types/wire";

/** English has about three words in four tokens. */
const WORDS_PER_TOKEN = 0.75;

/** What a provider's models can do, and cannot, in a few words each. */
export function useAbilitiesText(): (provider: Provider) => string[] {
  const t = useT();
  return ({ abilities, prompt_budget_tokens, weak, state }) => [
    ...(state === "ready" ? [] : [t("model.away")]),
    ...(weak ? [t("model.local")] : []),
    t(abilities.images ? "model.seesPictures" : "model.noPictures"),
    t("model.reads", { n: rounded(prompt_budget_tokens * WORDS_PER_TOKEN) }),
    ...(abilities.json_schema ? [t("model.structured")] : []),
  ];
}

/** To its first two digits: no more is known. */
function rounded(count: number): number {
  return Number(count.toPrecision(2));
}
