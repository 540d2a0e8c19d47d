import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useLocation } from "wouter";
import { keeperOf } from "@/app/keeping";
import { ROUTES } from "@/config/paths";
import { useAccount, useRenewedSession, useSession } from "@/features/accounts/api/get-session";
import { KEYS } from "@/features/chat/api/query-keys";
import { useDelivery } from "@/features/chat/hooks/use-delivery";
import { useOnline } from "@/hooks/use-online";
import { keepPage } from "@/lib/page-update";
import { countTraffic } from "@/lib/traffic";

const PROBE_MS = 10_000;

/** What looks after bad lines, once the page stands: keeps it and its data, sends what waits, counts bytes. */
export function OfflineDesk() {
  const session = useSession();
  useEffect(countTraffic, []);
  useKeptPage();
  useKeptQueries();
  useProbe();
  // Until the gateway has said who is here, nothing is sent in anybody's name.
  return session.data && !session.isStale ? <Deliverer /> : null;
}

function Deliverer() {
  const client = useQueryClient();
  const renewSession = useRenewedSession();
  const accountId = useAccount()?.id ?? null;
  const [location, navigate] = useLocation();
  useDelivery({
    accountId,
    onDelivered: (message, conversationId) => {
      renewSession();
      void client.invalidateQueries({ queryKey: KEYS.lists });
      void client.invalidateQueries({ queryKey: KEYS.conversation(message.conversationId) });
      if (conversationId === message.conversationId) return;
      void client.invalidateQueries({ queryKey: KEYS.conversation(conversationId) });
      if (location === ROUTES.conversation(message.conversationId)) {
        navigate(ROUTES.conversation(conversationId), { replace: true });
      }
    },
  });
  return null;
}

function useKeptPage(): void {
  useEffect(() => {
    // The development server changes its files under their names.
    if (import.meta.env.PROD) void keepPage().catch(() => undefined);
  }, []);
}

function useKeptQueries(): void {
  const client = useQueryClient();
  useEffect(() => {
    let stop: (() => void) | null = null;
    let isGone = false;
    void keeperOf(client).then((keeper) => {
      if (!isGone) stop = keeper.start();
    });
    return () => {
      isGone = true;
      stop?.();
    };
  }, [client]);
}

/** The browser sees a network, and nobody answers: asked again from time to time, since no event will tell. */
function useProbe(): void {
  const client = useQueryClient();
  const isOpen = useOnline();
  useEffect(() => {
    if (isOpen) return undefined;
    const timer = setInterval(() => {
      if (navigator.onLine) void client.refetchQueries({ type: "active" });
    }, PROBE_MS);
    return () => clearInterval(timer);
  }, [client, isOpen]);
}
