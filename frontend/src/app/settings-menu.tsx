import { LogIn, Settings, UserRound } from "lucide-react";
import { useLocation } from "wouter";
import { Button } from "@/components/ui/button";
import { Menu, MenuChoice, MenuItem } from "@/components/ui/menu";
import { ROUTES } from "@/config/paths";
import { useAccount } from "@/features/accounts/api/get-session";
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
      <AccountItems />
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

function AccountItems() {
  const t = useT();
  const [, navigate] = useLocation();
  const account = useAccount();
  return (
    <>
      <MenuItem icon={<UserRound aria-hidden />} onSelect={() => navigate(ROUTES.account)}>
        {account?.email ?? t("account.title")}
      </MenuItem>
      {!account && (
        <MenuItem icon={<LogIn aria-hidden />} onSelect={() => navigate(ROUTES.logIn)}>
          {t("account.logIn")}
        </MenuItem>
      )}
    </>
  );
}
