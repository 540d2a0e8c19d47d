import { ChevronDown } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu, MenuChoice } from "@/components/ui/menu";
import styles from "@/features/chat/components/composer.module.css";
import { useAbilitiesText } from "@/features/chat/hooks/use-abilities-text";
import { modelOptions } from "@/features/chat/state/model-options";
import type { ModelChoice } from "@/features/chat/types";
import { useT } from "@/i18n/language";
import type { Models } from "@/types/wire";

interface ModelPickerProps {
  models: Models;
  choice: ModelChoice | null;
  onChange: (choice: ModelChoice) => void;
}

/** Which model answers; nothing to show when there is only one. */
export function ModelPicker({ models, choice, onChange }: ModelPickerProps) {
  const t = useT();
  const abilitiesText = useAbilitiesText();
  const { options, chosen } = modelOptions(models, choice);
  if (options.length < 2) return null;
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
        options={options.map(({ hint, ...option }) => ({
          ...option,
          hint: [hint, abilitiesText(option.provider).join(" · ")].filter(Boolean).join("\n"),
        }))}
        onChange={(value) => {
          const option = options.find((candidate) => candidate.value === value);
          if (option) onChange(option.choice);
        }}
      />
    </Menu>
  );
}
