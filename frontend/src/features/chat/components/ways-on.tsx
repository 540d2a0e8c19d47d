import { ChevronDown, FastForward, RotateCcw } from "lucide-react";
import { Button, IconButton } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { useModels } from "@/features/chat/api/get-models";
import type { AssistantMessageProps } from "@/features/chat/components/assistant-message";
import styles from "@/features/chat/components/message.module.css";
import type { ModelChoice } from "@/features/chat/types";
import { useT } from "@/i18n/language";
import type { Provider } from "@/types/wire";

type WaysOnProps = Pick<AssistantMessageProps, "message" | "onRetry" | "onContinue">;

/** What can be done about an answer that is not whole: go on from what is there, by this model or another, or ask anew. */
export function WaysOn({ message, onRetry, onContinue }: WaysOnProps) {
  const t = useT();
  const providers = useModels().data?.providers ?? [];
  const { text, state } = message;
  const retry = onRetry && state !== "complete" && (
    <Button tone={text ? "quiet" : "plain"} icon={<RotateCcw aria-hidden />} onClick={onRetry}>
      {t("common.retry")}
    </Button>
  );
  if (!text || !onContinue) return retry;
  const [first, ...others] = waysOf(message, providers);
  const label = ({ name }: Way) => (name ? t("answer.continueWith", { name }) : t("answer.continue"));
  return (
    <div className={styles.ways}>
      {first && (
        <Button icon={<FastForward aria-hidden />} onClick={() => onContinue(first.choice)}>
          {label(first)}
        </Button>
      )}
      {retry}
      {others.length > 0 && (
        <Menu trigger={<IconButton label={t("answer.moreWays")} icon={<ChevronDown aria-hidden />} />}>
          {others.map((way) => (
            <MenuItem key={way.name ?? ""} onSelect={() => onContinue(way.choice)}>
              {label(way)}
            </MenuItem>
          ))}
        </Menu>
      )}
    </div>
  );
}

interface Way {
  /** Of the provider; null for the one that wrote the answer. */
  name: string | null;
  choice: ModelChoice | null;
}

/** The best way first: the model that wrote it, or where that has failed another one that can be reached. */
function waysOf({ provider, model, state }: WaysOnProps["message"], providers: Provider[]): Way[] {
  const isOffered = providers.some(({ name }) => name === provider);
  const same: Way = { name: null, choice: isOffered ? { provider, ...(model ? { model } : {}) } : null };
  const others = providers
    .filter(({ name, state: reach }) => name !== provider && reach === "ready")
    .map(({ name, label }): Way => ({ name: label, choice: { provider: name } }));
  return state === "failed" ? [...others, same] : [same, ...others];
}
