import type { RefObject } from "react";
import type { VisibleMessage } from "@/features/chat/state/visible-messages";
import { useCommand } from "@/hooks/use-command";
import { useT } from "@/i18n/language";
import { copyText } from "@/lib/copy-text";
import { showToast } from "@/lib/toasts";

/** What a key, or the palette, can do with the open conversation. */
export function useChatCommands(
  messages: VisibleMessage[],
  field: RefObject<HTMLTextAreaElement | null>,
): void {
  const t = useT();
  const answer = messages.findLast(({ role, text, live }) => role === "assistant" && text !== "" && !live);
  const copy = async (text: string) => {
    if (await copyText(text)) showToast({ text: t("palette.copied") });
  };
  useCommand("compose", () => field.current?.focus());
  useCommand("copyAnswer", answer ? () => void copy(answer.text) : null);
}
