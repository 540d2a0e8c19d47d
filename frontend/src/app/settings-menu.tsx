import { Settings } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu, MenuChoice } from "@/components/ui/menu";
import { THEMES, useTheme } from "@/hooks/use-theme";
import { LANGUAGES, type Language, setLanguage, useLanguage, useT } from "@/i18n/language";

const LANGUAGE_OPTIONS = Object.entries(LANGUAGES).map(([value, label]) => ({
  value: value as Language,
  label,
}));

export function SettingsMenu() {
  const t = useT();
  const language = useLanguage();
  const [theme, setTheme] = useTheme();
  return (
    <Menu
      side="top"
      align="start"
      trigger={
        <Button tone="quiet" icon={<Settings aria-hidden />}>
          {t("settings.title")}
        </Button>
      }
    >
      <MenuChoice
        label={t("settings.theme")}
        value={theme}
        options={THEMES.map((value) => ({ value, label: t(`settings.theme.${value}`) }))}
        onChange={setTheme}
      />
      <MenuChoice
        label={t("settings.language")}
        value={language}
        options={LANGUAGE_OPTIONS}
        onChange={setLanguage}
      />
    </Menu>
  );
}
