import { useCallback } from "react";
import { useLocation } from "wouter";
import { ROUTES } from "@/config/paths";
import { adoptName } from "@/features/chat/state/own-name";

/** To be called with the id that the gateway has given to the open conversation: its page goes on under that. */
export function useNaming(conversationId: string | null): (id: string) => void {
  const [, navigate] = useLocation();
  return useCallback(
    (id) => {
      if (id === conversationId) return;
      if (conversationId !== null) adoptName(conversationId, id);
      navigate(ROUTES.conversation(id), { replace: true });
    },
    [conversationId, navigate],
  );
}
