import type { ModelChoice } from "@/features/chat/types";
import type { Models, Provider } from "@/types/wire";

export interface ModelOption {
  value: string;
  label: string;
  hint?: string;
  choice: ModelChoice;
  /** Who offers it, and what that can do. */
  provider: Provider;
}

/** What can be chosen, and which of it is: the first of the usual provider when nothing was. */
export function modelOptions(
  { providers, default: usual }: Models,
  choice: ModelChoice | null,
): { options: ModelOption[]; chosen: ModelOption | undefined } {
  const options = providers.flatMap(optionsOf);
  const isChosen = ({ choice: { provider, model } }: ModelOption) =>
    provider === choice?.provider && model === choice?.model;
  return {
    options,
    chosen: options.find(isChosen) ?? options.find((option) => option.choice.provider === usual),
  };
}

/** One per model; one in all for a server that does not say which models it has. */
function optionsOf(provider: Provider): ModelOption[] {
  const { name, label, models } = provider;
  if (models.length === 0) return [{ value: name, label, choice: { provider: name }, provider }];
  return models.map((model) => ({
    value: JSON.stringify([name, model]),
    label,
    hint: model,
    choice: { provider: name, model },
    provider,
  }));
}
