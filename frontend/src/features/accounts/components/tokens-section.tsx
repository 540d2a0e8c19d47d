import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Section } from "@/components/ui/section";
import styles from "@/components/ui/section.module.css";
import { useMakeToken, useRevokeToken, useTokens } from "@/features/accounts/api/tokens";
import { Failure, Loaded } from "@/features/accounts/components/loaded";
import { NewToken } from "@/features/accounts/components/new-token";
import { TokenForm } from "@/features/accounts/components/token-form";
import { useDateText } from "@/features/accounts/hooks/use-date-text";
import type { Token } from "@/features/accounts/types";
import { useT } from "@/i18n/language";

/** What programs of one's own show instead of a session. */
export function TokensSection() {
  const t = useT();
  const tokens = useTokens();
  const make = useMakeToken();
  const [isMaking, setMaking] = useState(false);
  return (
    <Section title={t("account.tokens")} intro={t("account.tokensIntro")}>
      <Loaded query={tokens} lines={[65]}>
        {(items) => <Tokens tokens={items} />}
      </Loaded>
      {make.data && <NewToken token={make.data.token} onClose={make.reset} />}
      {isMaking ? (
        <TokenForm make={make} onClose={() => setMaking(false)} />
      ) : (
        <div className={styles.actions}>
          <Button onClick={() => setMaking(true)}>{t("account.tokenNew")}</Button>
        </div>
      )}
    </Section>
  );
}

function Tokens({ tokens }: { tokens: Token[] }) {
  const t = useT();
  const [toRevoke, setToRevoke] = useState<Token | null>(null);
  const revoke = useRevokeToken();
  return (
    <>
      {tokens.length > 0 && (
        // biome-ignore lint/a11y/noRedundantRoles: Safari forgets the role of a list without bullets
        <ul role="list" className={styles.list} aria-label={t("account.tokens")}>
          {tokens.map((token) => (
            <TokenRow key={token.id} token={token} onRevoke={() => setToRevoke(token)} />
          ))}
        </ul>
      )}
      <Failure of={revoke.error} />
      {toRevoke && (
        <ConfirmDialog
          title={t("account.tokenRevokeTitle")}
          text={t("account.tokenRevokeText", { name: toRevoke.name })}
          confirmLabel={t("account.revoke")}
          cancelLabel={t("common.cancel")}
          onCancel={() => setToRevoke(null)}
          onConfirm={() => {
            setToRevoke(null);
            revoke.mutate(toRevoke.id);
          }}
        />
      )}
    </>
  );
}

function TokenRow({ token, onRevoke }: { token: Token; onRevoke: () => void }) {
  const t = useT();
  const dateText = useDateText();
  const { name, prefix, scopes, expires_at: until, last_used_at: lastUsed } = token;
  const details = [
    `${prefix}…`,
    scopes.map((scope) => t(`account.scope.${scope}`)).join(", "),
    until ? t("account.until", { date: dateText(until) }) : t("account.forever"),
    lastUsed ? t("account.lastUsed", { date: dateText(lastUsed) }) : t("account.neverUsed"),
  ];
  return (
    <li className={styles.row}>
      <span className={styles.name}>
        {name}
        <span className={styles.detail}>{details.join(" · ")}</span>
      </span>
      <Button aria-label={t("account.revokeNamed", { name })} onClick={onRevoke}>
        {t("account.revoke")}
      </Button>
    </li>
  );
}
