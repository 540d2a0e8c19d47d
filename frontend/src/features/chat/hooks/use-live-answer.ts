import { useMemo, useSyncExternalStore } from "react";
import type { AnswerStream } from "@/features/chat/state/answer-stream";
import { grownMessage, type VisibleMessage } from "@/features/chat/state/visible-messages";
import type { LiveAnswer } from "@/features/chat/types";

/** The answer that is being written, with each word as it comes. */
export function useLiveAnswer(stream: AnswerStream): LiveAnswer | null {
  return useSyncExternalStore(stream.subscribeToText, stream.snapshot).answer;
}

/** A message with its text as it is now. Only the one that is being written listens, so only that one is drawn again. */
export function useGrownMessage(message: VisibleMessage, stream: AnswerStream): VisibleMessage {
  const isLive = message.live !== null;
  const subscribe = isLive ? stream.subscribeToText : listenToNothing;
  const answer = useSyncExternalStore(subscribe, () => (isLive ? stream.snapshot().answer : null));
  return useMemo(() => (answer ? grownMessage(message, answer) : message), [message, answer]);
}

const listenToNothing = () => () => undefined;
