import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { isSignedOut } from "@/features/accounts/api/auth-client";
import { KEYS } from "@/features/accounts/api/query-keys";
import { useIdentityChange } from "@/features/accounts/hooks/use-identity";
import type { Session } from "@/types/wire";

/** To be called with what went wrong: whose session was ended in another place has left this page, too. */
export function useSignedOut(): (error: unknown) => void {
  const client = useQueryClient();
  const { left } = useIdentityChange();
  return useCallback(
    (error) => {
      // Of several calls only the first one finds somebody here: who is, is then being asked already.
      if (isSignedOut(error) && client.getQueryData<Session>(KEYS.session)?.user) void left();
    },
    [client, left],
  );
}
