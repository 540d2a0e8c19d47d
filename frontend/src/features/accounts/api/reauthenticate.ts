import { useMutation } from "@tanstack/react-query";
import { askAuth } from "@/features/accounts/api/auth-client";
import { showPasskey } from "@/features/accounts/api/passkey-sign-in";
import { AUTH_API } from "@/features/accounts/paths";
import type { AuthState } from "@/features/accounts/types";

/** What somebody who is signed in shows again. */
export type Proof = { by: "password" | "code"; text: string } | { by: "passkey" };

export function useReauthenticate() {
  return useMutation({ mutationFn: reauthenticate });
}

async function reauthenticate(proof: Proof): Promise<void> {
  if (proof.by === "passkey") await showPasskey(AUTH_API.passkeyAgain);
  else if (proof.by === "password") await tell(AUTH_API.passwordAgain, { password: proof.text });
  else await tell(AUTH_API.codeAgain, { code: proof.text });
}

function tell(path: string, body: Record<string, string>) {
  return askAuth<AuthState>(path, { method: "POST", body });
}
