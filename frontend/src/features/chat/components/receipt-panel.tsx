import { Popover } from "radix-ui";
import { type ReactNode, type RefObject, useId } from "react";
import { useModels } from "@/features/chat/api/get-models";
import styles from "@/features/chat/components/receipt-panel.module.css";
import { bytesOfAnswer } from "@/features/chat/state/answer-bytes";
import { outcomeOf } from "@/features/chat/state/try-outcome";
import type { VisibleMessage } from "@/features/chat/state/visible-messages";
import { useMomentText } from "@/hooks/use-moment-text";
import { useLanguage, useT } from "@/i18n/language";
import type { Language } from "@/i18n/languages";
import { savesData } from "@/lib/data-saver";
import { formatBytes } from "@/lib/format-bytes";
import type { Receipt } from "@/types/wire";

interface ReceiptPanelProps {
  message: VisibleMessage;
  /** What opened it: it stands there, and the focus goes back there. */
  button: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
}

/** How an answer came about: who was asked, what came of it, how long it took, how much was read and written. */
export function ReceiptPanel({ message, button, onClose }: ReceiptPanelProps) {
  const t = useT();
  const titleId = useId();
  return (
    <Popover.Root open onOpenChange={onClose}>
      <Popover.Anchor virtualRef={button as RefObject<HTMLButtonElement>} />
      <Popover.Content
        className={styles.panel}
        aria-labelledby={titleId}
        side="top"
        align="start"
        sideOffset={4}
        collisionPadding={8}
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          button.current?.focus();
        }}
        onInteractOutside={(event) => {
          // The button closes it by itself.
          if (event.target instanceof Node && button.current?.contains(event.target)) event.preventDefault();
        }}
      >
        <h3 id={titleId} className={styles.title}>
          {t("receipt.title")}
        </h3>
        <Facts message={message} />
      </Popover.Content>
    </Popover.Root>
  );
}

function Facts({ message }: { message: VisibleMessage }) {
  const t = useT();
  const language = useLanguage();
  const momentText = useMomentText();
  const nameOf = useProviderNames();
  const { provider, model, usage, created_at } = message;
  const receipt = message.live?.receipt ?? message.receipt ?? null;
  const facts: [string, ReactNode][] = [];
  const seconds = (ms: number) => t("receipt.seconds", { n: secondsText(ms, language) });
  if (provider) facts.push([t("receipt.model"), [nameOf(provider), model].filter(Boolean).join(" · ")]);
  if (receipt?.first_token_ms != null) facts.push([t("receipt.first"), seconds(receipt.first_token_ms)]);
  if (receipt) facts.push([t("receipt.total"), seconds(receipt.total_ms)]);
  if (usage?.input_tokens != null && usage.output_tokens != null) {
    const counts = { input: usage.input_tokens, output: usage.output_tokens };
    facts.push([t("receipt.tokens"), t("receipt.tokensOf", counts)]);
  }
  const bytes = savesData() ? bytesOfAnswer(message.id) : null;
  if (bytes) facts.push([t("traffic.answer"), formatBytes(bytes, language)]);
  if (created_at) facts.push([t("receipt.saved"), momentText(created_at)]);
  if (facts.length === 0) return <p>{t("receipt.none")}</p>;
  return (
    <>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {receipt && receipt.tries.length > 0 && <Tries tries={receipt.tries} {...{ seconds, nameOf }} />}
    </>
  );
}

interface TriesProps {
  tries: Receipt["tries"];
  seconds: (ms: number) => string;
  nameOf: (provider: string) => string;
}

function Tries({ tries, seconds, nameOf }: TriesProps) {
  const t = useT();
  const id = useId();
  return (
    <>
      <h4 id={id} className={styles.subtitle}>
        {t("receipt.tries")}
      </h4>
      <ol className={styles.tries} aria-labelledby={id}>
        {tries.map(({ provider, model, outcome, ms }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they never change places
          <li key={index} title={model}>
            <span>{nameOf(provider)}</span>
            <span className={outcome === "ok" ? undefined : styles.bad}>
              {t(`receipt.outcome.${outcomeOf(outcome)}`)}
            </span>
            <span>{seconds(ms)}</span>
          </li>
        ))}
      </ol>
    </>
  );
}

/** The label of a provider; of one that is not offered any more its name. */
function useProviderNames(): (provider: string) => string {
  const providers = useModels().data?.providers ?? [];
  return (provider) => providers.find(({ name }) => name === provider)?.label ?? provider;
}

/** Tenths of a second, and hundredths where it is quick. */
function secondsText(ms: number, language: Language): string {
  const digits = ms < 1000 ? 2 : 1;
  return (ms / 1000).toLocaleString(language, { maximumFractionDigits: digits });
}
