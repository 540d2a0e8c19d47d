import { ChevronDown } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu, MenuChoice } from "@/components/ui/menu";
import styles from "@/features/chat/components/composer.module.css";
import type { ModelChoice } from "@/features/chat/types";
import { useT } from "@/i18n/language";
import type { Models, Provider } from "@/types/wire";

interface ModelPickerProps {
  models: Models;
  choice: ModelChoice | null;
  onChange: (choice: ModelChoice) => void;
}

interface ModelOption {
  value: string;
  label: string;
  hint?: string;
  choice: ModelChoice;
}

/** One per model; one in all for a server that does not say which models it has. */
function optionsOf({ name, label, models }: Provider): ModelOption[] {
  if (models.length === 0) return [{ value: name, label, choice: { provider: name } }];
  return models.map((model) => ({
    value: JSON.stringify([name, model]),
    label,
    hint: model,
    choice: { provider: name, model },
  }));
}

/** Which model answers; nothing to show when there is only one. */
export function ModelPicker({ models, choice, onChange }: ModelPickerProps) {
  const t = useT();
  const options = models.providers.flatMap(optionsOf);
  if (options.length < 2) return null;
  const chosen =
    options.find(
      (option) => option.choice.provider === choice?.provider && option.choice.model === choice?.model,
    ) ?? options.find((option) => option.choice.provider === models.default);
  const name = chosen?.label ?? t("composer.modelTitle");
  return (
    <Menu
      side="top"
      align="start"
      trigger={
        <Button tone="quiet" className={styles.picker ?? ""} aria-label={t("composer.model", { name })}>
          <span className={styles.pickerName}>{name}</span>
          <ChevronDown aria-hidden />
        </Button>
      }
    >
      <MenuChoice
        label={t("composer.modelTitle")}
        value={chosen?.value ?? ""}
        options={options}
        onChange={(value) => {
          const option = options.find((candidate) => candidate.value === value);
          if (option) onChange(option.choice);
        }}
      />
    </Menu>
  );
}
