import { Keyboard } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import styles from "@/app/settings-page.module.css";
import { LazyMarkdown } from "@/components/markdown/lazy-markdown";
import { Button } from "@/components/ui/button";
import { ChoiceGroup } from "@/components/ui/choice-group";
import { Notice } from "@/components/ui/notice";
import { PREFERENCES } from "@/config/preferences";
import { TrafficUsed } from "@/features/offline/components/traffic-used";
import { runCommand } from "@/hooks/use-command";
import { usePreference } from "@/hooks/use-preference";
import { setLanguage, useLanguage, useT } from "@/i18n/language";
import { LANGUAGE_OPTIONS } from "@/i18n/languages";

type Shown = "theme" | "contrast" | "motion" | "reading" | "textSize" | "dataSaver" | "letterKeys";

/** How this browser shows the page, and lets it be worked with. */
export function SettingsPage() {
  const t = useT();
  return (
    <div className={styles.scroll}>
      <title>{`${t("settings.title")} – ${t("app.name")}`}</title>
      <div className={styles.column}>
        <h1 className={styles.title}>{t("settings.title")}</h1>
        <p className={styles.intro}>{t("settings.intro")}</p>
        <Section title={t("settings.look")}>
          <Choice of="theme" />
          <Choice of="contrast" />
          <Choice of="motion" />
        </Section>
        <Section title={t("settings.words")}>
          <Choice of="reading" hint={t("settings.reading.hint")} />
          <Choice of="textSize" />
          <Sample />
        </Section>
        <Section title={t("settings.language")}>
          <LanguageChoice />
        </Section>
        <Section title={t("settings.data")}>
          <Choice of="dataSaver" hint={t("settings.dataSaver.hint")} />
          <TrafficUsed />
        </Section>
        <Section title={t("settings.keyboard")}>
          <Choice of="letterKeys" hint={t("settings.letterKeys.hint")} />
          <Button icon={<Keyboard aria-hidden />} onClick={() => runCommand("shortcuts")}>
            {t("settings.showShortcuts")}
          </Button>
        </Section>
      </div>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  const titleId = useId();
  return (
    <section className={styles.section} aria-labelledby={titleId}>
      <h2 id={titleId} className={styles.sectionTitle}>
        {title}
      </h2>
      {children}
    </section>
  );
}

function Choice<Name extends Shown>({ of: name, hint }: { of: Name; hint?: string }) {
  const t = useT();
  const [value, choose] = usePreference(name);
  const options = PREFERENCES[name].map((option) => ({
    value: option as typeof value,
    label: t(`settings.${name}.${option}` as Parameters<typeof t>[0]),
  }));
  return (
    <ChoiceGroup
      label={t(`settings.${name}`)}
      {...(hint ? { hint } : {})}
      value={value}
      options={options}
      onChange={choose}
    />
  );
}

/** A piece of an answer, to see a choice in. */
function Sample() {
  const t = useT();
  return (
    <figure className={styles.sample}>
      <figcaption>{t("settings.sample")}</figcaption>
      <LazyMarkdown text={t("settings.sampleText")} isOpen={false} context={NO_CITATIONS} />
    </figure>
  );
}

const NO_CITATIONS = { citation: () => null };

function LanguageChoice() {
  const t = useT();
  const language = useLanguage();
  const [hasFailed, setFailed] = useState(false);
  return (
    <>
      <ChoiceGroup
        label={t("settings.language")}
        value={language}
        options={LANGUAGE_OPTIONS}
        onChange={(next) => void setLanguage(next).then((isHere) => setFailed(!isHere))}
      />
      {hasFailed && <Notice tone="danger">{t("settings.languageFailed")}</Notice>}
    </>
  );
}
