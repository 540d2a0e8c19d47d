import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { STORAGE } from "@/config/storage-keys";
import { KEYS } from "@/features/accounts/api/query-keys";
import { forgetStored, writeStored } from "@/lib/storage";
import { uuid } from "@/lib/uuid";

const CHANNEL = "lamla.identity";
/** Who tells: a channel brings what one opened beside it in the same tab has sent. */
const TAB = uuid();

/** To be called when somebody else is here than before: the page, in all tabs, then shows what is theirs. */
export function useIdentityChange() {
  const client = useQueryClient();
  return useMemo(
    () => ({
      /** What was on the page stays until it is renewed: a guest keeps it. */
      arrived: async () => {
        tellOtherTabs();
        await client.refetchQueries({ queryKey: KEYS.session });
        await client.invalidateQueries();
      },
      /** Nothing of theirs stays on the page, or in this browser. */
      left: async () => {
        forgetStored(STORAGE.drafts);
        writeStored(STORAGE.draftsOf, null);
        forgetStored(STORAGE.outbox);
        writeStored(STORAGE.kept, null);
        tellOtherTabs();
        await client.resetQueries();
      },
    }),
    [client],
  );
}

/** Follow what other tabs of this browser tell; they share its cookies. */
export function useIdentityOfOtherTabs(): void {
  const client = useQueryClient();
  useEffect(() => {
    if (typeof BroadcastChannel === "undefined") return undefined;
    const channel = new BroadcastChannel(CHANNEL);
    channel.addEventListener("message", ({ data }) => {
      if (data !== TAB) void client.resetQueries();
    });
    return () => channel.close();
  }, [client]);
}

/** Enough for whoever leaves the page at once; `arrived` and `left` do it, too. */
export function tellOtherTabs(): void {
  if (typeof BroadcastChannel === "undefined") return;
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(TAB);
  channel.close();
}
