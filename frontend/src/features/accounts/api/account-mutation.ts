import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { useGuard } from "@/features/accounts/hooks/use-reauthentication";
import { useSignedOut } from "@/features/accounts/hooks/use-signed-out";

/** A change of one's account: who is here is asked for where the server wants that; `renews` is fetched anew then. */
export function useAccountMutation<Input, Result>(
  work: (input: Input) => Promise<Result>,
  renews: readonly QueryKey[] = [],
) {
  const client = useQueryClient();
  const guard = useGuard();
  const notice = useSignedOut();
  return useMutation({
    mutationFn: (input: Input) => guard(() => work(input)),
    onSuccess: () => Promise.all(renews.map((queryKey) => client.invalidateQueries({ queryKey }))),
    onError: notice,
  });
}
