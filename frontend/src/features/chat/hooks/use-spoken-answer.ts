import { useEffect, useRef, useState } from "react";
import { Speaker } from "@/features/chat/state/speaker";
import type { LiveAnswer } from "@/features/chat/types";
import { useT } from "@/i18n/language";

/** What a screen reader is to hear of the answer that is being written: whole sentences, not too often. */
export function useSpokenAnswer(conversationId: string | null, answer: LiveAnswer | null): string {
  const t = useT();
  const [spoken, setSpoken] = useState("");
  const [speaker] = useState(() => new Speaker(setSpoken));
  const openId = useRef(conversationId);
  useEffect(() => () => speaker.hush(), [speaker]);
  useEffect(() => {
    // A new chat gets its id while its answer is written; any other change is another conversation.
    if (openId.current !== null && openId.current !== conversationId) speaker.hush();
    openId.current = conversationId;
  }, [speaker, conversationId]);
  useEffect(() => {
    speaker.hear(answer, { beginning: t("answer.status.writing"), ending: t("answer.status.done") });
  }, [speaker, answer, t]);
  return spoken;
}
