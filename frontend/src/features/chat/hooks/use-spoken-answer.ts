import { useEffect, useRef, useState } from "react";
import { spokenSentences } from "@/features/chat/state/spoken-sentences";
import { isFinal } from "@/features/chat/state/stream-reducer";
import type { LiveAnswer } from "@/features/chat/types";

const BETWEEN_ANNOUNCEMENTS_MS = 1_500;

/** What a screen reader is to hear of the answer that is being written: whole sentences, not too often. */
export function useSpokenAnswer(answer: LiveAnswer | null): string {
  const [spoken, setSpoken] = useState("");
  const read = useRef({ messageId: "", next: 0, at: 0 });
  useEffect(() => {
    if (!answer?.messageId) return undefined;
    if (read.current.messageId !== answer.messageId) {
      read.current = { messageId: answer.messageId, next: 0, at: 0 };
    }
    const speak = () => {
      const { spoken: sentences, next } = spokenSentences(answer.text, read.current.next, isFinal(answer));
      if (!sentences) return;
      read.current = { ...read.current, next, at: Date.now() };
      setSpoken(sentences);
    };
    const wait = isFinal(answer) ? 0 : read.current.at + BETWEEN_ANNOUNCEMENTS_MS - Date.now();
    const timer = setTimeout(speak, Math.max(0, wait));
    return () => clearTimeout(timer);
  }, [answer]);
  return spoken;
}
