import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { isSignedOut } from "@/features/accounts/api/auth-client";
import { KEYS } from "@/features/accounts/api/query-keys";
import { useGuard } from "@/features/accounts/hooks/use-reauthentication";

/** A change of one's account: who is here is asked for where the server wants that; `renews` is fetched anew then. */
export function useAccountMutation<Input, Result>(
  work: (input: Input) => Promise<Result>,
  renews: readonly QueryKey[] = [],
) {
  const client = useQueryClient();
  const guard = useGuard();
  return useMutation({
    mutationFn: (input: Input) => guard(() => work(input)),
    onSuccess: () => Promise.all(renews.map((queryKey) => client.invalidateQueries({ queryKey }))),
    onError: (error) => {
      if (isSignedOut(error)) void client.invalidateQueries({ queryKey: KEYS.session });
    },
  });
}
