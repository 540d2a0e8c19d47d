import { useLiveAnswer } from "@/features/chat/hooks/use-live-answer";
import { useSpokenAnswer } from "@/features/chat/hooks/use-spoken-answer";
import type { AnswerStream } from "@/features/chat/state/answer-stream";

interface SpokenAnswerProps {
  conversationId: string | null;
  stream: AnswerStream;
}

/** What a screen reader hears of the answer; apart from the page, which is not drawn again for each word. */
export function SpokenAnswer({ conversationId, stream }: SpokenAnswerProps) {
  const spoken = useSpokenAnswer(conversationId, useLiveAnswer(stream));
  return (
    <p className="visually-hidden" aria-live="polite">
      {spoken}
    </p>
  );
}
