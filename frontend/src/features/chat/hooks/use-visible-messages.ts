import { useMemo } from "react";
import type { StreamState } from "@/features/chat/state/answer-stream";
import { type VisibleMessage, visibleMessages } from "@/features/chat/state/visible-messages";
import type { Message } from "@/types/wire";

/** The messages to show; the same list until one comes, goes, or ends. */
export function useVisibleMessages(
  stored: Message[] | undefined,
  { answer, question }: Pick<StreamState, "answer" | "question">,
): VisibleMessage[] {
  return useMemo(() => visibleMessages(stored ?? [], answer, question), [stored, answer, question]);
}
