import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { API } from "@/config/paths";
import { KEYS } from "@/features/sharing/api/query-keys";
import { requestJson } from "@/lib/api-client";
import type { Share } from "@/types/wire";

/** The link of a conversation; null while it has none. */
export function useShare(conversationId: string) {
  return useQuery({
    queryKey: KEYS.share(conversationId),
    queryFn: async ({ signal }) =>
      (await requestJson<{ share: Share | null }>(API.share(conversationId), { signal })).share,
  });
}

/** Make the link of a conversation, or have the one there is show the conversation as it is now. */
export function useMakeShare(conversationId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => requestJson<Share>(API.share(conversationId), { method: "POST" }),
    onSuccess: (share) => tell(client, conversationId, share),
  });
}

/** Have the link of a conversation lead nowhere any more. */
export function useStopShare() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (conversationId: string) =>
      requestJson<void>(API.share(conversationId), { method: "DELETE" }),
    onSuccess: (_, conversationId) => tell(client, conversationId, null),
  });
}

function tell(client: QueryClient, conversationId: string, share: Share | null): Promise<void> {
  client.setQueryData(KEYS.share(conversationId), share);
  return client.invalidateQueries({ queryKey: KEYS.shares });
}
