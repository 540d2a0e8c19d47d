import { useState } from "react";
import { STORAGE } from "@/config/storage-keys";
import { useModels } from "@/features/chat/api/get-models";
import type { ModelChoice } from "@/features/chat/types";
import { readStored, writeStored } from "@/lib/storage";
import type { Models, Provider } from "@/types/wire";

/** What can answer, which of it was chosen, and whether that is the small built-in model. */
export function useChosenModel() {
  const models = useModels().data;
  const [choice, setChoice] = useModelChoice(models);
  return { models, choice, setChoice, isWeakModel: providerInUse(models, choice)?.weak ?? false };
}

/** Which model is to answer; null leaves it to the server. A model that is no longer offered is forgotten. */
function useModelChoice(models: Models | undefined): [ModelChoice | null, (choice: ModelChoice) => void] {
  const [choice, setChoice] = useState<ModelChoice | null>(storedChoice);
  const isOffered = models?.providers.some(
    ({ name, models: offered }) =>
      name === choice?.provider && (choice.model === undefined || offered.includes(choice.model)),
  );
  const choose = (next: ModelChoice) => {
    setChoice(next);
    writeStored(STORAGE.model, JSON.stringify(next));
  };
  return [isOffered ? choice : null, choose];
}

/** The provider that the next prompt goes to. */
function providerInUse(models: Models | undefined, choice: ModelChoice | null): Provider | null {
  const name = choice?.provider ?? models?.default;
  return models?.providers.find((provider) => provider.name === name) ?? null;
}

function storedChoice(): ModelChoice | null {
  try {
    const stored = JSON.parse(readStored(STORAGE.model) ?? "null") as Partial<ModelChoice> | null;
    if (!stored?.provider) return null;
    return stored.model ? { provider: stored.provider, model: stored.model } : { provider: stored.provider };
  } catch {
    return null;
  }
}
