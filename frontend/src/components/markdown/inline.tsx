import { ExternalLink } from "lucide-react";
import type { Token, Tokens } from "marked";
import type { ReactNode } from "react";
import { Formula } from "@/components/markdown/formula";
import type { CitationToken, FormulaToken, Mark } from "@/components/markdown/grammar";
import styles from "@/components/markdown/markdown.module.css";
import { safeLink } from "@/components/markdown/safe-link";
import { VisuallyHidden } from "@/components/ui/visually-hidden";
import { useT } from "@/i18n/language";

export interface InlineContext {
  /** Shows a citation mark, or null to leave it as plain text. */
  citation: (mark: Mark) => ReactNode | null;
}

type InlineToken = Tokens.Generic | FormulaToken;

export function Inline({ tokens, context }: { tokens: Token[] | undefined; context: InlineContext }) {
  return tokens?.map((token, index) => {
    const mark = tokens[index + 1];
    const isMarked = mark?.type === "citation";
    // biome-ignore-start lint/suspicious/noArrayIndexKey: a text only grows at its end
    return token.type === "citation" ? (
      <Citation
        key={index}
        token={token as CitationToken}
        word={lastWordOf(tokens[index - 1])}
        context={context}
      />
    ) : (
      <InlineNode key={index} token={isMarked ? withoutLastWord(token) : token} context={context} />
    );
    // biome-ignore-end lint/suspicious/noArrayIndexKey: as above
  });
}

/** The last word of a text, which stays on one line with the mark behind it: no line begins with a mark. */
const LAST_WORD = /(^|\s)(\S{1,24}\s?)$/;

function lastWordOf(token: Token | undefined): string {
  return (token && isPlain(token) && LAST_WORD.exec(token.text)?.[2]) || "";
}

function withoutLastWord(token: Token): Token {
  return isPlain(token) ? { ...token, text: token.text.replace(LAST_WORD, "$1") } : token;
}

function isPlain(token: Token): token is Tokens.Text {
  return token.type === "text" && !("tokens" in token && token.tokens);
}

function InlineNode({ token, context }: { token: InlineToken; context: InlineContext }): ReactNode {
  const inner = "tokens" in token ? <Inline tokens={token.tokens} context={context} /> : null;
  switch (token.type) {
    case "strong":
      return <strong>{inner}</strong>;
    case "em":
      return <em>{inner}</em>;
    case "del":
      return <del>{inner}</del>;
    case "br":
      return <br />;
    case "codespan":
      return <code dir="ltr">{(token as Tokens.Codespan).text}</code>;
    case "link":
      return <Link href={(token as Tokens.Link).href}>{inner}</Link>;
    case "image":
      return <ImageLink {...(token as Tokens.Image)} />;
    case "inlineFormula":
    case "formula":
      return <Formula {...(token as FormulaToken)} />;
    case "html":
      return /^<br\s*\/?>$/i.test(token.raw) ? <br /> : token.raw;
    default:
      return "tokens" in token && token.tokens
        ? inner
        : withEntities("text" in token ? token.text : token.raw);
  }
}

function Link({ href, children }: { href: string; children: ReactNode }) {
  const t = useT();
  const target = safeLink(href);
  if (!target) return children;
  return (
    <a href={target} target="_blank" rel="noopener noreferrer nofollow">
      {children}
      <ExternalLink aria-hidden className={styles.external} />
      <VisuallyHidden> ({t("content.external")})</VisuallyHidden>
    </a>
  );
}

/** A picture elsewhere is never fetched (its address could carry what was written here away): it is only named. */
function ImageLink({ href, text }: { href: string; text: string }) {
  const t = useT();
  return <Link href={href}>{t("content.image", { text: text || href })}</Link>;
}

function Citation({ token, word, context }: { token: CitationToken; word: string; context: InlineContext }) {
  const marks = token.marks.map((mark) => ({ n: mark.n, shown: context.citation(mark) }));
  if (marks.every(({ shown }) => shown === null)) return withEntities(word) + token.raw;
  return marks.map(({ n, shown }, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the marks of one bracket never change places
    <span key={index} className={styles.marked}>
      {index === 0 && withEntities(word)}
      {shown ?? `[${n}]`}
    </span>
  ));
}

const ENTITY = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/gi;

/** `&amp;` as `&`: only whole character references reach the parser. */
function withEntities(text: string): string {
  return text.replace(
    ENTITY,
    (entity) => new DOMParser().parseFromString(entity, "text/html").documentElement.textContent ?? entity,
  );
}
