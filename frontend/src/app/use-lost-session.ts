import { useEffect, useState } from "react";
import { useAccount, useSession } from "@/features/accounts/api/get-session";
import { ApiProblem } from "@/lib/errors";

/** What somebody gets to hear who asks for what is theirs without being logged in. */
const REFUSALS = [401, 403, 404];

/** Whether a call was refused because whoever was logged in on this page is not any more. */
export function useLostSession(error: unknown): boolean {
  const { refetch } = useSession();
  const account = useAccount();
  const [hadAccount, setHadAccount] = useState(false);
  if (account && !hadAccount) setHadAccount(true);
  const isRefused = error instanceof ApiProblem && REFUSALS.includes(error.problem.status);
  // The page knows what it was told when it was opened.
  useEffect(() => {
    if (isRefused) void refetch();
  }, [isRefused, refetch]);
  return isRefused && hadAccount && !account;
}
