import { LogIn, Settings, SlidersHorizontal, UserRound } from "lucide-react";
import { useLocation } from "wouter";
import { Button } from "@/components/ui/button";
import { Menu, MenuChoice, MenuItem } from "@/components/ui/menu";
import { ROUTES } from "@/config/paths";
import { PREFERENCES } from "@/config/preferences";
import { useAccount } from "@/features/accounts/api/get-session";
import { usePreference } from "@/hooks/use-preference";
import { setLanguage, useLanguage, useT } from "@/i18n/language";
import { LANGUAGE_OPTIONS } from "@/i18n/languages";

/** The account, and what is changed most often; all else is on the page of settings. */
export function SettingsMenu() {
  const t = useT();
  const [, navigate] = useLocation();
  const language = useLanguage();
  const [theme, setTheme] = usePreference("theme");
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
        options={PREFERENCES.theme.map((value) => ({ value, label: t(`settings.theme.${value}`) }))}
        onChange={setTheme}
      />
      <MenuChoice
        label={t("settings.language")}
        value={language}
        options={LANGUAGE_OPTIONS}
        onChange={(next) => void setLanguage(next)}
      />
      <MenuItem icon={<SlidersHorizontal aria-hidden />} onSelect={() => navigate(ROUTES.settings)}>
        {t("settings.more")}
      </MenuItem>
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
