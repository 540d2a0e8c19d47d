import { useMemo, useSyncExternalStore } from "react";
import { STORAGE } from "@/config/storage-keys";
import { useModels } from "@/features/chat/api/get-models";
import type { ModelChoice } from "@/features/chat/types";
import { Listeners } from "@/lib/listeners";
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
  const stored = useSyncExternalStore(listeners.add, () => readStored(STORAGE.model));
  const choice = useMemo(() => choiceIn(stored), [stored]);
  const isOffered = models?.providers.some(
    ({ name, models: offered }) =>
      name === choice?.provider && (choice.model === undefined || offered.includes(choice.model)),
  );
  return [isOffered ? choice : null, chooseModel];
}

const listeners = new Listeners();

function chooseModel(choice: ModelChoice): void {
  writeStored(STORAGE.model, JSON.stringify(choice));
  listeners.tell();
}

/** The provider that the next prompt goes to. */
function providerInUse(models: Models | undefined, choice: ModelChoice | null): Provider | null {
  const name = choice?.provider ?? models?.default;
  return models?.providers.find((provider) => provider.name === name) ?? null;
}

function choiceIn(text: string | null): ModelChoice | null {
  try {
    const stored = JSON.parse(text ?? "null") as Partial<ModelChoice> | null;
    if (!stored?.provider) return null;
    return stored.model ? { provider: stored.provider, model: stored.model } : { provider: stored.provider };
  } catch {
    return null;
  }
}
