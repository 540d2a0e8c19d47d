import { useMutation, useQueryClient } from "@tanstack/react-query";
import { API } from "@/config/paths";
import { KEYS } from "@/features/chat/api/query-keys";
import { type ConversationPages, withFeedback } from "@/features/chat/state/known-pages";
import { requestJson } from "@/lib/api-client";
import type { Feedback, FeedbackReason } from "@/types/wire";

export interface Opinion {
  /** null takes back what was said before. */
  rating: Feedback["rating"] | null;
  reason?: FeedbackReason | null;
  comment?: string;
}

/** Say what one thinks of an answer; it stands in the place of what was said before. */
export function useGiveFeedback(messageId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (opinion: Opinion) =>
      requestJson<Feedback | null>(API.feedback(messageId), { method: "POST", body: opinion }),
    onSuccess: (feedback) =>
      client.setQueriesData<ConversationPages>(
        { queryKey: KEYS.conversations },
        (known) => known && withFeedback(known, messageId, feedback),
      ),
  });
}
