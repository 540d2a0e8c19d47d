import type { Tokens } from "marked";
import { Inline, type InlineContext } from "@/components/markdown/inline";
import styles from "@/components/markdown/markdown.module.css";
import { useT } from "@/i18n/language";

export function Table({ token, context }: { token: Tokens.Table; context: InlineContext }) {
  const t = useT();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section className={styles.table} aria-label={t("content.table")} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {token.header.map((cell, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other name
              <th key={index} style={{ textAlign: cell.align ?? undefined }}>
                <Inline tokens={cell.tokens} context={context} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, rowIndex) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a table only grows at its end
            <tr key={rowIndex}>
              {row.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other name
                <td key={index} style={{ textAlign: cell.align ?? undefined }}>
                  <Inline tokens={cell.tokens} context={context} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
