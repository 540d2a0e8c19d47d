import { useEffect, useRef, useState } from "react";
import { spokenSentences } from "@/features/chat/state/spoken-sentences";
import { isFinal } from "@/features/chat/state/stream-reducer";
import type { LiveAnswer } from "@/features/chat/types";
import { useT } from "@/i18n/language";

const BETWEEN_ANNOUNCEMENTS_MS = 1_500;

/** What a screen reader is to hear of the answer that is being written: whole sentences, not too often. */
export function useSpokenAnswer(answer: LiveAnswer | null): string {
  const t = useT();
  const [spoken, setSpoken] = useState("");
  const read = useRef({ messageId: "", next: 0, at: 0 });
  useEffect(() => {
    if (!answer?.messageId) return undefined;
    if (read.current.messageId !== answer.messageId) {
      read.current = { messageId: answer.messageId, next: 0, at: Date.now() };
      setSpoken(t("answer.status.writing"));
    }
    const speak = (ending: string) => {
      const { spoken: sentences, next } = spokenSentences(answer.text, read.current.next, isFinal(answer));
      if (!sentences && !ending) return;
      read.current = { ...read.current, next, at: Date.now() };
      setSpoken([sentences, ending].filter(Boolean).join(" "));
    };
    if (isFinal(answer)) {
      // At once: the stored message is about to take this one's place. How else it ended, its notice says.
      speak(answer.phase === "complete" ? t("answer.status.done") : "");
      return undefined;
    }
    const waitMs = read.current.at + BETWEEN_ANNOUNCEMENTS_MS - Date.now();
    const timer = setTimeout(() => speak(""), Math.max(0, waitMs));
    return () => clearTimeout(timer);
  }, [answer, t]);
  return spoken;
}
