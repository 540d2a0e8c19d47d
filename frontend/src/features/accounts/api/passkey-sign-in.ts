import { useMutation, useQueryClient } from "@tanstack/react-query";
import { askAuth } from "@/features/accounts/api/auth-client";
import { KEYS } from "@/features/accounts/api/query-keys";
import type { AuthAnswer, AuthState } from "@/features/accounts/types";
import { askPasskey } from "@/features/accounts/webauthn";

interface RequestOptions {
  request_options: { publicKey: PublicKeyCredentialRequestOptionsJSON };
}

/** Answer with a passkey at one of the addresses that ask for one. */
export async function showPasskey(path: string): Promise<AuthAnswer<AuthState>> {
  const { data } = await askAuth<RequestOptions>(path);
  const credential = await askPasskey(data.request_options.publicKey);
  return askAuth<AuthState>(path, { method: "POST", body: { credential } });
}

/** Sign in with a passkey: alone, or as the second step after a password. */
export function usePasskeySignIn(path: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => showPasskey(path),
    onSuccess: (answer) => client.setQueryData<AuthAnswer<AuthState>>(KEYS.auth, answer),
  });
}
